"""What staff decide of missed questions: what the buttons of the queue do."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kb.feedback.rulings import Case
from tests.support.fakes import MemoryStore
from tests.support.noted import LIFT, refused
from tests.support.served import OLD, SECRET, Page
from tests.support.staffing import QUEUE, decide, in_force, put, recorded, shown, staffed


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "staff.db"


@pytest.fixture
def client(path: Path) -> TestClient:
    return staffed(path)


def test_one_click_makes_a_case_that_is_to_be_refused(path: Path, client: TestClient) -> None:
    put(path, refused(LIFT[0]))
    page = shown(client)
    (form,) = (f for f in page.all("form", method="post") if "确实没有答案" in f.text)
    fields = {i.attributes["name"]: i.attributes["value"] for i in page.all("input", name="seen")}
    button = page.all("button", value="case")[0].attributes
    response = client.post(
        form.attributes["action"], data={**fields, button["name"]: button["value"]}
    )
    assert response.status_code == 303
    assert in_force(path) == [Case(id=1, question=LIFT[0], gold=None)]
    after = shown(client, response.headers["location"])
    assert "已归入“定了答案”" in after.one("p", role="status").text
    assert not after.all("table")
    assert len(shown(client, QUEUE + "?state=case").all("tr")) == 2


@pytest.mark.parametrize(
    "letter", [{"near": "old"}, {"letter": "old"}, {"near": "x", "letter": "old"}]
)
def test_a_case_with_an_answer_keeps_the_place_of_its_words(
    path: Path, client: TestClient, letter: dict[str, str]
) -> None:
    put(path, refused("水渠谁管？"))
    words = "今后纳入\r\n市级管护名录"
    response = decide(
        client, became="case", answered="yes", words=words, question="水渠由谁管护？", **letter
    )
    assert response.status_code == 303
    (case,) = in_force(path)
    assert case.question == "水渠由谁管护？"
    assert case.gold is not None
    assert case.gold.words == "今后纳入市级管护名录"
    assert case.gold.place.letter_id == "old"
    assert OLD[case.gold.place.span.start - 1 : case.gold.place.span.end - 1] == case.gold.words
    assert "今后纳入市级管护名录" in shown(client, QUEUE + "/1").one("q").text


@pytest.mark.parametrize(
    ("fields", "status", "problem"),
    [
        ({"letter": "old", "words": "不在里面的话"}, 422, "没有这段原话"),
        ({"letter": "old"}, 422, "填上其中回答问题的原话"),
        ({"words": "水渠"}, 422, "要选一份复文"),
        ({"letter": "nothing", "words": "水渠"}, 404, "没有这份复文"),
        ({"letter": "桥", "words": SECRET[:4]}, 404, "没有这份复文"),
        ({"letter": "old", "words": "长" * 2001}, 422, "超过 2000 个字"),
    ],
)
def test_gold_that_cannot_be_is_told_and_what_was_typed_is_kept(
    path: Path, client: TestClient, fields: dict[str, str], status: int, problem: str
) -> None:
    put(path, refused("水渠谁管？"))
    response = decide(client, became="case", answered="yes", question="水渠由谁管？", **fields)
    assert response.status_code == status
    page = Page.of(response.text)
    assert problem in page.one("p", role="alert").text
    assert page.one("textarea").text == fields.get("words", "")
    assert page.one("input", name="letter").attributes["value"] == fields.get("letter", "")
    assert page.one("input", id="question").attributes["value"] == "水渠由谁管？"
    assert recorded(path) == []


def test_not_dealing_with_it_needs_a_reason_and_can_be_taken_back(
    path: Path, client: TestClient
) -> None:
    put(path, refused(LIFT[0]))
    assert decide(client, became="dropped").status_code == 422
    assert decide(client, became="dropped", reason="不是问题").status_code == 303
    assert decide(client, became="open", seen="1").status_code == 303
    assert [(e.who, e.was, e.became) for e in recorded(path)] == [
        ("王芳", "dropped", "open"),
        ("王芳", "open", "dropped"),
    ]


def test_of_two_who_decide_at_once_the_second_is_told_and_sees_the_first(
    path: Path, client: TestClient
) -> None:
    put(path, refused(LIFT[0]))
    assert decide(client, became="done").status_code == 303
    response = decide(client, became="dropped", reason="无关")
    assert response.status_code == 409
    assert "刚被别人处理过" in response.text
    assert "待处理 → 已处理" in Page.of(response.text).one("main").text
    assert len(recorded(path)) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"became=done",
        b"became=gone&seen=0",
        b"became=done&seen=x",
        b"\xff\xfe",
        b"became=done&seen=" + b"9" * 40,
        b"&".join(b"a=1" for _ in range(99)),
        b"became=done&seen=0&reason=" + b"a" * 501,
    ],
)
def test_a_form_that_is_not_ours_is_refused(path: Path, client: TestClient, body: bytes) -> None:
    put(path, refused(LIFT[0]))
    assert client.post(QUEUE + "/1", content=body).status_code == 422
    assert recorded(path) == []


def test_the_queue_can_be_worked_off_while_there_is_no_snapshot(path: Path) -> None:
    client = staffed(path, store=MemoryStore())
    put(path, refused(LIFT[0], "old"))
    assert LIFT[0] in shown(client).one("table").text
    assert decide(client, became="done").status_code == 303
