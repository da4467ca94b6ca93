"""提案交办 in the console: who has what to answer until when, and what is late."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kb.store.register import Outcome, RegisterRow
from tests.support.fakes import MemoryStore
from tests.support.promises import ORGAN
from tests.support.served import Page, letters
from tests.support.staffing import shown
from tests.support.stores import put
from tests.support.town import WATER, came, founded

HERE = "/staff/proposals"
NOTHING = Outcome(standing="unanswered")


def row(number: int, **fields: object) -> RegisterRow:
    whole = {"assembly": "市政协十四届三次会议", "proposers": ("<b>某甲</b>",), **fields}
    return RegisterRow(file="t.csv", place=f"第{number}行", numbers=(str(number),), **whole)  # type: ignore[arg-type]


def store_of(*found: tuple[RegisterRow, Outcome]) -> MemoryStore:
    store = MemoryStore()
    with store.draft() as draft:
        for letter in letters():
            put(draft, letter)
        draft.registers.put("/t.csv", [one for one, _ in found])
        draft.registers.settle([outcome for _, outcome in found])
        draft.publish()
    return store


STORE = store_of(
    (row(1, title="关于路的提案", host=(ORGAN,), due="2026-05-31"), NOTHING),
    (row(2, title="水渠", host=(WATER,), handed_on="2026-03-01", due="2026-08-31"), NOTHING),
    (row(3, host=(WATER,), due="2026-05-31", replied_on="2026-06-05"),
     Outcome(standing="joined", letters=("old",))),
    *((row(number, organs=(WATER,)), Outcome(standing="ambiguous", why="届次没有写"))
      for number in range(4, 60)),
)  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return founded(tmp_path / "staff.db")


def client_of(path: Path, who: str = "manager", store: MemoryStore = STORE) -> TestClient:
    return came(path, who, store)


def rows(page: Page) -> list[str]:
    return [one.text for one in page.all("tr")[1:]]


def test_what_is_late_is_marked_and_first(path: Path) -> None:
    page = shown(client_of(path), HERE)
    first, second = rows(page)[:2]
    assert "▲ 超期 30 天" in first
    assert "关于路的提案" in first
    assert f"主办 {ORGAN}" in first
    assert "没有答复" in second
    assert "2026-03-01" in second
    assert "超期" not in second
    assert "<b>某甲</b>" in first


def test_numbers_lead_to_lists_of_as_many_and_pages_to_the_rest(path: Path) -> None:
    client = client_of(path)
    page = shown(client, HERE)
    (numbers,) = page.all("ul", class_="numbers")
    linked = [one for one in page.all("a") if one.text[0].isdecimal() and one.text in numbers.text]
    assert [one.text for one in linked] == [
        "1 ▲ 过了办复期限", "2 没有答复", "56 说不准", "1 有答复",
    ]  # fmt: skip
    for one in linked:
        told = shown(client, one.attributes["href"]).one("p", class_="tally").text
        assert told.startswith(f"共 {one.text.split()[0]} 件")
    (following,) = page.all("a", rel="next")
    assert len(rows(shown(client, following.attributes["href"]))) == 9


def test_a_late_reply_and_its_letter_are_shown(path: Path) -> None:
    page = shown(client_of(path), f"{HERE}?standing=joined")
    (only,) = rows(page)
    assert "晚于期限" in only
    assert "2026-06-05 答复" in only
    (link,) = (one for one in page.all("a") if one.attributes["href"] == "/staff/letters/old")
    assert "答复：old" in link.text


def test_who_is_bound_to_an_organ_has_its_own_at_hand(path: Path) -> None:
    client = client_of(path, "reviewer")
    (own,) = (one for one in shown(client, HERE).all("a") if one.text == "只看本单位")
    page = shown(client, own.attributes["href"])
    assert [WATER in one for one in rows(page)] == [False]
    assert "1 ▲ 过了办复期限" in page.one("main").text.replace("\n", " ")


def test_without_a_register_the_page_says_how_to_bring_one(path: Path) -> None:
    for store in (store_of(), MemoryStore()):
        assert "还没有交办表" in shown(client_of(path, store=store), HERE).one("main").text


def test_readers_and_citizens_see_no_register(path: Path) -> None:
    assert client_of(path, "reader").get(HERE).status_code == 403
    assert HERE not in client_of(path, "reader").get("/staff").text
