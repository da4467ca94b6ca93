"""Candidates of evidence: both quotes side by side, and a click that links what is verbatim."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kb.ledger.events import entry
from kb.ledger.history import evidence_of
from kb.staff.database import opened
from tests.support.fakes import MemoryStore
from tests.support.promises import LIFTS, letter_of, put
from tests.support.served import Page
from tests.support.staffing import shown, staffed
from tests.support.stores import publish

BUILT = "按照原定2025年6月底前的期限，已新增加装电梯60部，全部完成"
LATER = letter_of(
    BUILT, "感谢您的关心", letter_id="后来", issued_on="2025-09-01", title="关于加装电梯提案的答复"
)
HERE = "/staff/commitments/1/candidates"


@pytest.fixture
def client(path: Path) -> TestClient:
    store = MemoryStore()
    publish(store, letter_of(LIFTS), LATER)
    with opened(path) as database:
        put(database, letter_of(LIFTS))
    return staffed(path, store=store)


def sent(page: Page, act: str) -> dict[str, str]:
    """What the form of this act sends, untouched; the first of each name."""
    form = next(one for one in page.all("form") if one.attributes["action"].endswith(f"/{act}"))
    begin = page.elements.index(form)
    found: dict[str, str] = {}
    for one in page.elements[begin + 1 :]:
        if one.name == "form":
            break
        if one.name == "input":
            found.setdefault(one.attributes["name"], one.attributes.get("value", ""))
        if one.name == "option" and "selected" in one.attributes:
            found.setdefault("relation", one.attributes["value"])
    return found


def test_a_candidate_stands_beside_the_promise_and_says_why(client: TestClient) -> None:
    page = shown(client, HERE)
    promise, said = (one.text for one in page.all("blockquote"))
    assert promise == LIFTS
    assert said in LATER.text
    assert "60部" in said
    assert "可能已兑现" in page.one("main").text
    assert "为什么：" in page.one("main").text


@pytest.mark.parametrize(
    ("words", "day", "note"),
    [
        ("加装电梯60部已于5月27日全部建成", "2025-05-27", "按原话里的日子填的"),
        ("加装电梯60部已全部建成", "2025-09-01", "晚于末日 2025年6月30日，照此记为逾期完成"),
    ],
)
def test_the_day_of_completion_is_that_of_the_quote(
    path: Path, words: str, day: str, note: str
) -> None:
    store = MemoryStore()
    later = letter_of(words, letter_id="后", issued_on="2025-09-01", title="关于加装电梯提案的答复")
    publish(store, letter_of(LIFTS), later)
    with opened(path) as database:
        put(database, letter_of(LIFTS))
    page = shown(staffed(path, store=store), HERE)
    assert sent(page, "move")["done_on"] == day
    assert note in page.one("main").text


def test_what_is_done_in_part_cannot_be_closed_by_a_click(path: Path) -> None:
    half = letter_of(
        "已新增加装电梯35部，其余25部正在施工",
        letter_id="一半",
        issued_on="2025-09-01",
        title="关于加装电梯提案的答复",
    )
    store = MemoryStore()
    publish(store, letter_of(LIFTS), half)
    with opened(path) as database:
        put(database, letter_of(LIFTS))
    page = shown(staffed(path, store=store), HERE)
    assert "已新增加装电梯35部" in page.one("main").text
    assert "可能已兑现" not in page.one("main").text
    assert not [one for one in page.all("form") if one.attributes["action"].endswith("/move")]


def test_one_click_closes_a_promise_with_its_evidence(path: Path, client: TestClient) -> None:
    fields = sent(shown(client, HERE), "move")
    response = client.post("/staff/commitments/1/move", data=fields)
    assert response.status_code == 303
    with opened(path) as database:
        assert entry(database, 1).status == "done"
        (proof,) = evidence_of(database, 1)
    assert (proof.relation, proof.letter_id) == ("fulfils", LATER.id)
    assert proof.span.of(LATER.text) == proof.text


def test_a_candidate_can_be_linked_alone_and_is_then_offered_no_more(
    path: Path, client: TestClient
) -> None:
    fields = sent(shown(client, HERE), "link") | {"relation": "progresses"}
    assert client.post("/staff/commitments/1/link", data=fields).status_code == 303
    with opened(path) as database:
        assert entry(database, 1).status == "proposed"
        assert [one.relation for one in evidence_of(database, 1)] == ["progresses"]
    assert "没有找到" in shown(client, HERE).one("main").text


def test_htmx_is_sent_the_candidates_alone(client: TestClient) -> None:
    part = client.get(HERE, headers={"hx-request": "true"}).text
    assert "<html" not in part
    assert Page.of(part).all("form")
    whole = shown(client, HERE)
    assert whole.one("a", href="/staff/commitments/1")


@pytest.mark.parametrize("number", ["99", "0", "x", "１", "9" * 30])
def test_a_commitment_that_is_not_there_has_none(client: TestClient, number: str) -> None:
    shown(client, f"/staff/commitments/{number}/candidates", status=404)
