"""``POST /api/feedback``: taken, refused where it makes no sense, noted as the setting has it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from kb.feedback.questions import Complaint, Location, complaints, groups
from kb.staff.database import opened
from kb.types import Span
from server.question_log import Notes
from tests.support.served import ANSWERS, served

PATH = "/api/feedback"
SAID: dict[str, Any] = {
    "question": "路灯谁维护？",
    "snapshot": "s1",
    "verdict": "answer",
    "useful": False,
    "reason": "答非所问，打13812345678找我",
    "quote": {"letter_id": "old", "start": 3, "end": 9},
}


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    return Notes(tmp_path / "staff.db")


@pytest.fixture
def client(notes: Notes) -> TestClient:
    return served(notes=notes)


def kept(notes: Notes) -> list[Complaint]:
    notes.close()
    assert notes.path
    with opened(notes.path) as database:
        return [
            one
            for group in groups(database, state="open", limit=9)
            for one in complaints(database, group.id)
        ]


def test_what_was_useless_is_kept_with_its_masked_reason_and_its_quote(
    client: TestClient, notes: Notes
) -> None:
    response = client.post(PATH, json=SAID)
    assert (response.status_code, response.content) == (204, b"")
    (complaint,) = kept(notes)
    assert complaint.reason == "答非所问，打138****5678找我"
    assert complaint.quote == Location(letter_id="old", span=Span(start=3, end=9))


def test_what_was_useful_is_taken_and_in_no_queue(client: TestClient, notes: Notes) -> None:
    assert client.post(PATH, json=SAID | {"useful": True}).status_code == 204
    assert kept(notes) == []


def test_reason_and_quote_may_be_left_out(client: TestClient, notes: Notes) -> None:
    bare = {key: SAID[key] for key in ("question", "snapshot", "verdict", "useful")}
    assert client.post(PATH, json=bare).status_code == 204
    assert client.post(PATH, json=bare | {"reason": None, "quote": None}).status_code == 204
    assert [(one.reason, one.quote) for one in kept(notes)] == [(None, None)] * 2


def test_two_hundred_code_points_of_reason_are_taken_whatever_their_width(
    client: TestClient, notes: Notes
) -> None:
    assert client.post(PATH, json=SAID | {"reason": "𠮷" * 200}).status_code == 204
    assert [one.reason for one in kept(notes)] == ["𠮷" * 200]


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"question": " "}, "问题是空的"),
        ({"question": "问" * 1001}, "超过 1000 个字"),
        ({"question": "\ud83d"}, "question 含有无法识别的字符"),
        ({"verdict": "joke"}, "verdict 不是可用的值"),
        ({"useful": "no"}, "useful 应是 true 或 false"),
        ({"reason": "长" * 201}, "reason 太长，最多 200 个字"),
        ({"snapshot": ""}, "snapshot 不能是空的"),
        ({"quote": {"letter_id": "old", "start": 9, "end": 9}}, "quote 的 start、end"),
        ({"quote": {"letter_id": "old", "start": -1, "end": 9}}, "quote 的 start、end"),
        ({"quote": {"letter_id": "old", "start": 0, "end": 10**30}}, "quote 的 start、end"),
        ({"quote": {"letter_id": "old", "start": 0}}, "quote.end 没有写"),
        ({"quote": {"letter_id": "old", "start": 0, "end": 1, "x": 1}}, "letter_id、start、end"),
        ({"more": 1}, "可用的是 question、snapshot、verdict、useful、reason、quote"),
    ],
)
def test_what_makes_no_sense_is_refused_and_not_kept(
    client: TestClient, notes: Notes, change: dict[str, Any], detail: str
) -> None:
    body = json.dumps(SAID | change).encode()
    response = client.post(PATH, content=body, headers={"content-type": "application/json"})
    assert response.status_code == 422, response.text
    assert detail in response.json()["detail"]
    assert kept(notes) == []


def test_what_is_no_json_is_refused(client: TestClient) -> None:
    assert client.post(PATH, data=SAID).status_code == 415
    headers = {"content-type": "application/json"}
    assert client.post(PATH, content=b"{", headers=headers).status_code == 400
    assert client.post(PATH, content=b" " * 70_000, headers=headers).status_code == 413
    assert client.get(PATH).status_code == 405


def test_a_page_of_another_site_may_not_say_anything(client: TestClient, notes: Notes) -> None:
    response = client.post(PATH, json=SAID, headers={"origin": "https://evil.example"})
    assert response.status_code == 403
    assert kept(notes) == []


def test_feedback_is_taken_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "staff.db").mkdir()
    notes = Notes(tmp_path / "staff.db")
    assert served(notes=notes).post(PATH, json=SAID).status_code == 204
    notes.close()
    assert served(settings=ANSWERS).post(PATH, json=SAID).status_code == 204
