"""``POST /api/ask`` with the questions before: what is taken over, and how that is undone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from server.api import replies
from tests.support.served import ROAD, ask, served

PATH = "/api/ask"


@pytest.fixture(scope="module")
def client() -> TestClient:
    return served()


def asked_after(client: TestClient, question: str, **more: Any) -> dict[str, Any]:
    """The reply to a question that follows another one."""
    before = ["农村公路硬化率是多少"]
    response = client.post(PATH, json={"question": question, "before": before, **more})
    assert response.status_code == 200, response.text
    reply: dict[str, Any] = response.json()
    replies.Reply.model_validate(reply)
    return reply


def test_a_follow_up_is_answered_as_it_was_resolved(client: TestClient) -> None:
    reply = asked_after(client, "什么时候完成？")
    assert reply["question"] == "农村公路硬化率：什么时候完成？"
    assert reply["resolved"] == {
        "question": reply["question"],
        "carried": [{"kind": "subject", "text": "农村公路硬化率"}],
        "mended": [],
    }
    assert ROAD in [quote["text"] for quote in reply["quotes"]]


def test_what_was_taken_over_can_be_undone(client: TestClient) -> None:
    reply = asked_after(client, "什么时候完成？", carry=False)
    assert (reply["question"], reply["resolved"]) == ("什么时候完成？", None)


def test_a_question_that_stands_alone_is_not_resolved(client: TestClient) -> None:
    reply = asked_after(client, "水渠由谁管护")
    assert (reply["question"], reply["resolved"]) == ("水渠由谁管护", None)
    assert ask(client, "水渠由谁管护")["resolved"] is None


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"before": ["问"] * 6}, "before 太多，最多 5 个"),
        ({"before": "问"}, "before 应是列表"),
        ({"before": [1]}, "before.0 应是字符串"),
        ({"before": ["\ud800"]}, "before.0 含有无法识别的字符"),
        ({"carry": "no"}, "carry 应是 true 或 false"),
    ],
)
def test_earlier_questions_that_make_no_sense_are_named(
    client: TestClient, body: dict[str, Any], words: str
) -> None:
    response = client.post(
        PATH,
        content=json.dumps({"question": "问", **body}),
        headers={"content-type": "application/json"},
    )
    assert response.status_code == 422
    assert words in response.json()["detail"]


@pytest.mark.parametrize("blank", ["", " ", "\u3000\n"])
def test_an_empty_question_before_is_as_none(client: TestClient, blank: str) -> None:
    asked = {"question": "农村公路硬化率是多少", "before": [blank]}
    response = client.post(PATH, json=asked)
    assert (response.status_code, response.json()["resolved"]) == (200, None)
