"""``/ask`` and the API about promises: what staff confirmed, beside the quote and never in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kb.text.tokens import tokens
from server.question_log import Notes
from tests.support.fakes import MemoryStore
from tests.support.ledgers import decided, proposed
from tests.support.promises import WANG, letter_of
from tests.support.served import page_of, served
from tests.support.stores import publish

PARK = "我局将于2025年6月底前建成滨河公园"
BUS = "计划2027年3月底前开通夜班公交"
SCHOOL = "拟于2026年12月底前设立护学岗20处"
NEWS = "滨河公园完成九成"
SECRET = "我局将于2025年3月底前拆除秘密仓库"


def client_of(folder: Path, *, confirmed: bool = True) -> TestClient:
    letter = letter_of(PARK, BUS, SCHOOL)
    later = letter_of(NEWS, letter_id="后来", issued_on="2026-01-01")
    closed = letter_of(SECRET, letter_id="内部", publicity="closed")
    path = folder / "staff.db"
    proposed(path, letter, closed)
    if confirmed:
        decided(path, "滨河公园", "under_way", proof=(later, NEWS))
        decided(path, "夜班公交", "not_started")
        decided(path, "秘密仓库", "under_way")
    store = MemoryStore(tokenize=tokens)
    publish(store, letter, later, closed)
    return served(store=store, notes=Notes(path))


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    return client_of(tmp_path)


def test_a_promise_is_quoted_and_its_state_stands_beside_it(client: TestClient) -> None:
    page = page_of(client, "/ask?q=滨河公园答应什么时候建好")
    (card,) = page.all("article", class_="quote")
    assert page.one("blockquote").text == PARK
    state = page.one("div", class_="promise").text
    assert "▲ 正在办理（已过期限） · 期限 2025年6月30日前" in state
    assert f"有进展：{NEWS}" in state
    assert "以上状态是本单位自己的记录" in state
    assert state in card.text
    assert WANG.who not in page.one("main").text


def test_the_overdue_are_a_list_that_says_whose_record_it_is(client: TestClient) -> None:
    page = page_of(client, "/ask?q=逾期的有哪些")
    told = page.one("h2", id="verdict").text
    assert "共 1 条" in told
    assert "本单位自己的记录，截至2026年6月30日" in told
    assert PARK in page.one("ol", class_="promises").text


@pytest.mark.parametrize("question", ["秘密仓库的承诺办了没有", "逾期的有哪些", "还有哪些没办"])
def test_a_letter_that_is_not_public_is_in_no_answer(client: TestClient, question: str) -> None:
    assert "仓库" not in client.post("/api/ask", json={"question": question}).text.replace(
        question, ""
    )


def test_the_api_gives_state_and_evidence_with_their_places(client: TestClient) -> None:
    reply = client.post("/api/ask", json={"question": "滨河公园的事办了没有"}).json()
    (quote,) = reply["quotes"]
    standing = quote["standing"]
    assert quote["text"] == PARK
    assert (standing["state"], standing["told"]) == ("under_way", "正在办理")
    assert (standing["due"], standing["overdue"]) == ("2025年6月30日前", True)
    assert [(one["letter_id"], one["text"]) for one in standing["evidence"]] == [("后来", NEWS)]
    assert standing["record"] == "以上状态是本单位自己的记录"


def test_the_stream_tells_the_state_with_its_quote(client: TestClient) -> None:
    told = client.post("/api/ask/stream", json={"question": "滨河公园的事办了没有"}).text
    quote = told.split("event: quote")[1].split("event:")[0]
    assert "正在办理" in quote


@pytest.mark.parametrize(
    "question",
    ["滨河公园答应什么时候建好", "护学岗的事办了没有", "逾期的有哪些", "滨河公园什么时候建成"],
)
def test_what_nobody_confirmed_has_no_state(tmp_path: Path, question: str) -> None:
    told = client_of(tmp_path, confirmed=False).post("/api/ask", json={"question": question})
    for words in ("正在办理", "还没有启动", "已完成", "自己的记录"):
        assert words not in told.text


def test_a_damaged_ledger_fails_no_question(tmp_path: Path) -> None:
    client = client_of(tmp_path)
    for file in tmp_path.glob("staff.db*"):
        file.write_bytes(b"damaged" * 1000)
    reply = client.post("/api/ask", json={"question": "滨河公园答应什么时候建好"})
    assert reply.status_code == 200
    assert PARK in reply.json()["quotes"][0]["text"]
    assert reply.json()["quotes"][0]["standing"] is None
    assert page_of(client, "/letters/甲").one("main")
