"""Owners, reminders and comments of commitments: recorded, replayed, in nobody's way."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.errors import WrongUse
from kb.ledger import edit, regroup, work
from kb.ledger.events import entry
from kb.ledger.history import changes, entry_at, history
from kb.ledger.queries import Wanted, page
from kb.ledger.rebuild import rebuild, verify
from kb.ledger.types import CommitmentOutdated
from kb.ledger.undo import undo
from kb.ledger.work import Reminder, owners
from kb.staff import accounts, audit
from kb.staff.database import opened
from kb.types import Span
from tests.support.promises import (
    LIFTS,
    ORGAN,
    PROMISES,
    TODAY,
    WANG,
    confirm,
    letter_of,
    projection,
    put,
    seen,
)
from tests.support.staffed import join

LETTER = letter_of(*PROMISES)
WATER = "云岭市水利局"
CALL = Reminder(whom="李强", way="phone", words="月底前要报结果")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A ledger with three proposals; 李强 of their organ, 赵敏 of another, a manager, a reader."""
    with opened(tmp_path / "staff.db") as database:
        put(database, LETTER)
        join(database, "李强", password=None)
        join(database, "赵敏", organs=(WATER,), password=None)
        join(database, "周主管", role="manager", organs=(), password=None)
        join(database, "阅览", role="reader", organs=(ORGAN,), password=None)
        yield database


def test_an_owner_is_named_changed_and_taken_away_each_time_as_an_event(
    book: sqlite3.Connection,
) -> None:
    for owner in ("李强", "周主管", None):
        work.assign(book, seen(book), owner, by=WANG, reason="分工")
        assert entry(book, 1).owner == owner
    told = [changes(event) for event in history(book, 1) if event.kind == "assigned"]
    assert told == [
        [("责任人", "周主管", "")],
        [("责任人", "李强", "周主管")],
        [("责任人", "", "李强")],
    ]
    before = entry(book, 1).version
    work.assign(book, seen(book), None, by=WANG)  # as it is: nothing to record
    assert entry(book, 1).version == before


def test_owners_are_of_the_organ_that_is_responsible_or_over_all(book: sqlite3.Connection) -> None:
    assert work.owners_for(book, ORGAN, publicity="public") == ("李强", "阅览", "周主管")
    assert work.owners_for(book, ORGAN, publicity="closed") == ("李强", "周主管")
    assert work.owners_for(book, None, publicity="public") == ("周主管",)
    accounts.disable(book, "李强", by=WANG)
    assert work.owners_for(book, ORGAN, publicity="closed") == ("周主管",)
    for stranger in ("赵敏", "没有此人", "李强"):
        with pytest.raises(WrongUse, match=r"不能作第 1 号承诺的责任人.*可以选：阅览、周主管"):
            work.assign(book, seen(book), stranger, by=WANG)


def test_another_organ_does_not_keep_the_owner_unless_they_answer_for_it(
    book: sqlite3.Connection,
) -> None:
    work.assign(book, seen(book), "李强", by=WANG)
    edit.correct(book, seen(book), {"organ": "市住建局"}, by=WANG)
    assert entry(book, 1).owner == "李强"  # another way of saying the same
    edit.correct(book, seen(book), {"organ": WATER}, by=WANG)
    assert entry(book, 1).owner is None
    assert ("责任人", "李强", "") in changes(history(book, 1)[0])


def test_a_commitment_that_is_off_the_lists_gets_no_owner(book: sqlite3.Connection) -> None:
    edit.move(book, seen(book), "rejected", by=WANG)
    with pytest.raises(WrongUse, match="请先放回待核实"):
        work.assign(book, seen(book), "李强", by=WANG)


def test_reminders_are_counted_and_say_whom_when_how_and_what(book: sqlite3.Connection) -> None:
    confirm(book, 1)
    confirm(book, 2)
    work.remind(book, [1, 2], CALL, by=WANG, today=TODAY)
    work.remind(book, [1], Reminder(whom=ORGAN, way="document"), by=WANG, today=TODAY)
    assert [(entry(book, n).reminders, entry(book, n).reminded_on) for n in (1, 2, 3)] == [
        (2, "2026-06-30"),
        (1, "2026-06-30"),
        (0, None),
    ]
    later, first = history(book, 1)[:2]
    assert (later.became["whom"], later.became["way"], later.reason) == (ORGAN, "document", "")
    assert (first.who, first.became["whom"], first.became["way"]) == ("王芳", "李强", "phone")
    assert first.reason == CALL.words
    assert changes(first) == []


def test_only_what_is_to_be_done_is_reminded_of_all_or_none(book: sqlite3.Connection) -> None:
    confirm(book, 1)
    with pytest.raises(WrongUse, match="第 2 号承诺是“待核实”；只能催办"):
        work.remind(book, [1, 2], CALL, by=WANG, today=TODAY)
    assert entry(book, 1).reminders == 0


@pytest.mark.parametrize(
    "reminder",
    [
        Reminder(whom=" ", way="phone"),
        Reminder(whom="某" * 101, way="phone"),
        Reminder(whom="李强", way="pigeon"),  # type: ignore[arg-type]
        Reminder(whom="李强", way="phone", words="话" * 2001),
        Reminder(whom="李\0强", way="phone"),
    ],
)
def test_a_reminder_that_says_nothing_or_too_much_is_refused(
    book: sqlite3.Connection, reminder: Reminder
) -> None:
    confirm(book)
    with pytest.raises(WrongUse, match="；"):
        work.remind(book, [1], reminder, by=WANG, today=TODAY)


def test_a_comment_stays_with_its_author_and_decides_nothing(book: sqlite3.Connection) -> None:
    work.comment(book, 1, "财政的配套要等预算。", by=WANG)
    (said, _) = history(book, 1)
    assert (said.kind, said.who, said.reason) == ("commented", "王芳", "财政的配套要等预算。")
    assert not entry(book, 1).decided
    for nothing in ("", " \n", "话" * 2001, "\x07"):
        with pytest.raises(WrongUse, match="；"):
            work.comment(book, 1, nothing, by=WANG)


def test_what_is_said_beside_hinders_nobody_who_saw_it_before(book: sqlite3.Connection) -> None:
    confirm(book)
    before = seen(book)
    work.comment(book, 1, "看过", by=WANG)
    work.remind(book, [1], CALL, by=WANG, today=TODAY)
    edit.move(book, before, "under_way", by=WANG)
    with pytest.raises(CommitmentOutdated):
        edit.move(book, before, "done", by=WANG, reason="竣工")


def test_parts_of_what_is_split_keep_its_owner_and_begin_unreminded(
    book: sqlite3.Connection,
) -> None:
    confirm(book)
    work.assign(book, seen(book), "李强", by=WANG)
    work.remind(book, [1], CALL, by=WANG, today=TODAY)
    start = LETTER.text.index(LIFTS)
    spans = (Span(start=start, end=start + 8), Span(start=start + 8, end=start + len(LIFTS)))
    parts = regroup.split(
        book, seen(book), LETTER, [regroup.Part(span=one) for one in spans], by=WANG
    )
    told = [(entry(book, n).owner, entry(book, n).reminders) for n in parts]
    assert told == [("李强", 0), ("李强", 0)]


def test_the_ledger_made_anew_has_owners_and_reminders(book: sqlite3.Connection) -> None:
    confirm(book)
    work.assign(book, seen(book), "李强", by=WANG)
    then = seen(book)
    work.remind(book, [1], CALL, by=WANG, today=TODAY)
    work.comment(book, 1, "看过", by=WANG)
    was = projection(book)
    assert verify(book) == 3
    book.execute("UPDATE commitment SET owner = NULL, reminders = 9 WHERE id = 1")
    assert rebuild(book, by=WANG).differed == 1
    assert projection(book) == was
    audit.verify(book)
    earlier = entry_at(book, then)
    assert earlier is not None
    assert (earlier.owner, earlier.reminders, earlier.reminded_on) == ("李强", 0, None)


@pytest.mark.sqlite
def test_who_owns_something_is_listed_by_the_index_alone(book: sqlite3.Connection) -> None:
    work.assign(book, seen(book), "李强", by=WANG)
    assert owners(book) == ["李强"]
    assert [one.id for one in page(book, Wanted(owner="李强"), limit=9).rows] == [1]
    plan = book.execute(
        "EXPLAIN QUERY PLAN SELECT id FROM commitment WHERE owner = ? AND stage = 'open'"
        " AND live = 1 ORDER BY due_key, id",
        ("李强",),
    ).fetchall()
    assert "commitment_owner" in plan[0][-1]
    assert len(plan) == 1, "sorted by hand"


def test_a_step_is_taken_back_from_under_what_was_said_since(book: sqlite3.Connection) -> None:
    confirm(book)
    work.assign(book, seen(book), "李强", by=WANG)
    work.comment(book, 1, "看过", by=WANG)
    work.remind(book, [1], CALL, by=WANG, today=TODAY)
    assert undo(book, seen(book), by=WANG) == "assigned"
    assert (entry(book, 1).owner, entry(book, 1).reminders) == (None, 1)
    assert verify(book) == 3
