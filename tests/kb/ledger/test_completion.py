"""When what is done was done: in time or late, kept apart; what was put off keeps its first day."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kb.errors import WrongUse
from kb.extract.types import Due
from kb.ledger import edit
from kb.ledger.completion import redate
from kb.ledger.events import Proof, entry
from kb.ledger.history import changes, history
from kb.ledger.queries import Wanted, counts, total
from kb.ledger.rebuild import verify
from kb.ledger.types import Kept, excerpt
from kb.ledger.undo import undo
from kb.staff.database import opened
from tests.support.promises import (
    ABOUT_LIFTS,
    LATER,
    PROMISES,
    TODAY,
    WANG,
    confirm,
    letter_of,
    put,
    seen,
)

LAST = "2025-06-30"  # of the first promise
YEARS = Due(raw="2025年年底前", first="2025-01-01", last="2025-12-31", precision="year")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with opened(tmp_path / "staff.db") as database:
        put(database, letter_of(*PROMISES))
        confirm(database)
        yield database
        verify(database)  # whatever was done, the events give it


def complete(book: sqlite3.Connection, day: str | None) -> None:
    edit.move(book, seen(book), "done", by=WANG, reason="看过", done_on=day)


def put_off(book: sqlite3.Connection, due: Due = YEARS) -> None:
    edit.correct(book, seen(book), {"due": due}, by=WANG, reason="汛期停工")


@pytest.mark.parametrize(
    ("day", "kept"),
    [(LAST, "on_time"), ("2025-07-01", "late"), ("2024-06-01", "on_time"), (None, "unknown")],
)
def test_what_is_done_is_in_time_or_late_by_its_last_day(
    book: sqlite3.Connection, day: str | None, kept: Kept
) -> None:
    complete(book, day)
    now = entry(book, 1)
    assert (now.status, now.done_on, now.kept) == ("done", day, kept)
    (whole,) = counts(book, [], today=TODAY)
    assert whole.kept == {kept: 1}
    assert total(book, Wanted(kept=kept)) == 1


def test_without_a_last_day_nobody_can_say_whether_it_was_in_time(book: sqlite3.Connection) -> None:
    edit.move(book, seen(book, 3), "under_way", by=WANG)
    edit.move(book, seen(book, 3), "done", by=WANG, reason="看过", done_on="2025-01-01")
    assert entry(book, 3).kept == "unknown"


@pytest.mark.parametrize("day", ["2026-07-02", "2026-02-30", "昨天", "20250630", "2024-05-05"])
def test_a_day_that_cannot_be_is_refused(book: sqlite3.Connection, day: str) -> None:
    with pytest.raises(WrongUse, match="日期"):
        complete(book, day)
    assert entry(book, 1).status == "not_started"


def test_late_stays_late_whatever_becomes_of_the_last_day(book: sqlite3.Connection) -> None:
    complete(book, "2025-08-01")
    put_off(book)
    now = entry(book, 1)
    assert (now.kept, now.extensions, now.put_off_from) == ("late", 1, LAST)


def reopen(book: sqlite3.Connection) -> None:
    edit.move(book, seen(book), "under_way", by=WANG, reason="又停了")


def test_late_stays_late_through_reopening_and_another_last_day(book: sqlite3.Connection) -> None:
    complete(book, "2025-08-01")
    reopen(book)
    put_off(book)
    for day in ("2025-08-01", "2025-06-01", None):
        complete(book, day)
        assert entry(book, 1).kept == "late", day
        reopen(book)


@pytest.mark.parametrize("day", ["2025-08-01", None])
def test_a_corrected_day_does_not_wash_lateness_off(
    book: sqlite3.Connection, day: str | None
) -> None:
    complete(book, "2025-08-02")
    put_off(book)
    redate(book, seen(book), day, by=WANG, reason="看错了")
    assert entry(book, 1).kept == "late", "by the last day that held when it was first late"


def test_lateness_that_was_undone_or_a_slip_of_the_day_is_none(book: sqlite3.Connection) -> None:
    complete(book, "2025-08-01")
    undo(book, seen(book), by=WANG)
    complete(book, LAST)
    assert entry(book, 1).kept == "on_time"
    redate(book, seen(book), "2025-08-01", by=WANG, reason="写错")
    redate(book, seen(book), LAST, by=WANG, reason="验收单上是6月30日")
    reopen(book)
    complete(book, LAST)
    assert entry(book, 1).kept == "on_time"


def test_a_last_day_that_was_read_too_late_makes_it_late(book: sqlite3.Connection) -> None:
    complete(book, "2025-06-15")
    earlier = Due(raw="5月底前", first="2025-05-01", last="2025-05-31", precision="month")
    edit.correct(book, seen(book), {"due": earlier}, by=WANG)
    assert (entry(book, 1).kept, entry(book, 1).extensions) == ("late", 0)


def test_a_corrected_day_says_anew_whether_it_was_in_time(book: sqlite3.Connection) -> None:
    complete(book, "2025-08-01")
    with pytest.raises(WrongUse, match="理由"):
        redate(book, seen(book), LAST, by=WANG, reason=" ")
    redate(book, seen(book), LAST, by=WANG, reason="验收单上是6月30日")
    assert (entry(book, 1).done_on, entry(book, 1).kept) == (LAST, "on_time")
    assert ("完成情况", "逾期完成", "按期完成") in changes(history(book, 1)[0])


def test_only_what_is_done_has_such_a_day(book: sqlite3.Connection) -> None:
    with pytest.raises(WrongUse, match="不是“已完成”"):
        redate(book, seen(book), LAST, by=WANG, reason="看过")
    complete(book, LAST)
    edit.move(book, seen(book), "under_way", by=WANG, reason="又停了")
    assert (entry(book, 1).done_on, entry(book, 1).kept) == (None, None)


def test_what_is_put_off_keeps_its_first_day_in_sight(book: sqlite3.Connection) -> None:
    put_off(book)
    again = Due(raw="2026年年底前", first="2026-01-01", last="2026-12-31", precision="year")
    put_off(book, again)
    now = entry(book, 1)
    assert (now.put_off_from, now.extensions) == (LAST, 2)
    assert not now.overdue(date(2026, 6, 30)), "overdue by the day that holds"
    assert total(book, Wanted(extended=True)) == 1
    complete(book, "2026-03-01")
    assert entry(book, 1).kept == "on_time", "in time, and the page says that it was put off"


def test_words_of_a_letter_may_come_with_it(book: sqlite3.Connection) -> None:
    proof = Proof(relation="fulfils", quote=excerpt(LATER, ABOUT_LIFTS))
    edit.move(book, seen(book), "done", by=WANG, proof=proof, done_on="2025-06-01")
    assert entry(book, 1).kept == "on_time"
