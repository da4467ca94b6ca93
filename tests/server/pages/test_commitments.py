"""A public letter shows its confirmed commitments with public evidence, and no others."""

from __future__ import annotations

from pathlib import Path

from fastapi.testclient import TestClient

from kb.ledger.edit import link, move
from kb.staff.database import opened
from kb.types import Letter, Span
from server.question_log import Notes
from tests.support.fakes import MemoryStore
from tests.support.promises import CARS, LIFTS, PROMISES, RIVER, WANG, all_entries, letter_of, put
from tests.support.served import Page, page_of, served
from tests.support.stores import publish

KEPT = "截至2025年5月已新增加装电梯64部"
SECRET = "内部通报：电梯只装了12部"


def span(letter: Letter, words: str) -> Span:
    start = letter.text.index(words)
    return Span(start=start, end=start + len(words))


def shown(folder: Path, *, reworded: bool = False) -> Page:
    """The page of a letter with three promises: one kept, one waiting, one rejected."""
    letter = letter_of(*PROMISES)
    later = letter_of(KEPT, letter_id="后来", issued_on="2025-06-01")
    closed = letter_of(SECRET, letter_id="内部", publicity="closed", issued_on="2025-06-02")
    path = folder / "staff.db"
    with opened(path) as database:
        put(database, letter)
        lifts, _, river = all_entries(database)
        link(database, lifts.seen, later, span(later, KEPT), relation="fulfils", by=WANG)
        lifts = all_entries(database)[0]
        link(database, lifts.seen, closed, span(closed, SECRET), relation="contradicts", by=WANG)
        move(database, all_entries(database)[0].seen, "done", by=WANG)
        move(database, river.seen, "rejected", by=WANG)
    if reworded:
        letter = letter_of(*(one.replace("60部", "80部") for one in PROMISES))
    store = MemoryStore()
    publish(store, letter, later, closed)
    client: TestClient = served(store=store, notes=Notes(path))
    return page_of(client, "/letters/甲")


def test_what_staff_confirmed_is_shown_with_its_evidence(tmp_path: Path) -> None:
    told = shown(tmp_path).one("section", class_="promises").text
    assert "● 已完成" in told
    assert LIFTS in told
    assert f"已兑现：{KEPT}" in told


def test_what_nobody_confirmed_or_is_not_public_is_not(tmp_path: Path) -> None:
    told = shown(tmp_path).one("section", class_="promises").text
    for words in (CARS, RIVER, SECRET, "说法不一", WANG.who):
        assert words not in told


def test_words_that_no_longer_stand_in_the_letter_are_not_shown(tmp_path: Path) -> None:
    assert not shown(tmp_path, reworded=True).all("section", class_="promises")
