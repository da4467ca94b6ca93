"""Splitting a commitment, and merging several into one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kb.errors import WrongUse
from kb.extract.types import Due
from kb.ledger import edit, queries, regroup
from kb.ledger.events import entry
from kb.ledger.history import evidence_of, successors
from kb.ledger.rebuild import rebuild, verify
from kb.ledger.regroup import Part
from kb.ledger.signing import decide, decide_all
from kb.ledger.types import Status
from kb.staff.database import opened
from kb.types import Span
from tests.support.promises import (
    ABOUT_LIFTS,
    DUES,
    LATER,
    LIFTS,
    PROMISES,
    TODAY,
    WANG,
    all_entries,
    confirm,
    events,
    letter_of,
    put,
    seen,
)

LETTER = letter_of(*PROMISES)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A ledger with three proposals of one letter."""
    with opened(tmp_path / "staff.db") as database:
        put(database, LETTER)
        yield database


def test_a_split_puts_its_parts_in_the_place_of_the_whole(book: sqlite3.Connection) -> None:
    confirm(book)
    whole = entry(book, 1).span
    middle = whole.start + 12
    parts = [
        Part(span=Span(start=whole.start, end=middle), fields={"organ": "云岭市水利局"}),
        Part(span=Span(start=middle, end=whole.end)),
    ]
    numbers = regroup.split(book, seen(book), LETTER, parts, by=WANG, reason="两件事")
    first, second = (entry(book, number) for number in numbers)
    assert first.text + second.text == LIFTS
    assert (first.organ, second.organ) == ("云岭市水利局", entry(book, 2).organ)
    assert (first.status, second.due, first.split_from) == ("not_started", DUES[LIFTS], 1)
    assert entry(book, 1).status == "replaced"
    assert successors(book, 1) == numbers
    assert queries.total(book, queries.Wanted()) == 4


def halves(book: sqlite3.Connection) -> list[int]:
    whole = entry(book, 1).span
    spans = (replace(whole, end=whole.start + 12), replace(whole, start=whole.start + 12))
    return regroup.split(book, seen(book), LETTER, [Part(span=one) for one in spans], by=WANG)


def test_the_evidence_of_what_was_split_is_not_taken_away(book: sqlite3.Connection) -> None:
    edit.link(book, seen(book), LATER, ABOUT_LIFTS, relation="progresses", by=WANG)
    halves(book)
    (proof,) = evidence_of(book, 1)
    with pytest.raises(WrongUse, match="已拆分或合并"):
        edit.unlink(book, seen(book), proof.id, by=WANG, reason="看错了")


def test_parts_keep_what_was_put_off(book: sqlite3.Connection) -> None:
    confirm(book)
    later = Due(raw="2027年底前", first=None, last="2027-12-31", precision="day")
    edit.correct(book, seen(book), {"due": later}, by=WANG, reason="停工")
    for number in halves(book):
        part = entry(book, number)
        assert (part.due, part.put_off_from, part.extensions) == (later, "2025-06-30", 1)
    rebuild(book, by=WANG)
    verify(book)


def test_a_part_of_what_was_done_late_is_late(book: sqlite3.Connection) -> None:
    confirm(book)
    edit.move(book, seen(book), "done", by=WANG, reason="看过", done_on="2025-08-01")
    edit.move(book, seen(book), "under_way", by=WANG, reason="没有办完")
    later = Due(raw="2027年底前", first=None, last="2027-12-31", precision="day")
    edit.correct(book, seen(book), {"due": later}, by=WANG, reason="停工")
    for number in halves(book):
        edit.move(book, seen(book, number), "done", by=WANG, reason="看过", done_on="2025-09-01")
        assert entry(book, number).kept == "late"


def test_a_split_is_taken_back_once_its_parts_are_gone(book: sqlite3.Connection) -> None:
    span = entry(book, 1).span
    spans = [Span(start=span.start, end=span.start + 9), Span(start=span.start + 9, end=span.end)]
    numbers = regroup.split(book, seen(book), LETTER, [Part(span=one) for one in spans], by=WANG)
    with pytest.raises(WrongUse, match="还在台账里"):
        edit.move(book, seen(book), "proposed", by=WANG, reason="拆错了")
    decide_all(book, [seen(book, one) for one in numbers], "rejected", by=WANG)
    edit.move(book, seen(book), "proposed", by=WANG, reason="拆错了")
    assert entry(book, 1).status == "proposed"


@pytest.mark.parametrize(
    "cuts", [[(0, 9)], [(0, 9), (8, 12)], [(-1, 9), (9, 12)], [(0, 9), (9, 99)], [(0, 9), (9, 9)]]
)
def test_parts_that_are_not_inside_or_overlap_are_refused(
    book: sqlite3.Connection, cuts: list[tuple[int, int]]
) -> None:
    start = entry(book, 1).span.start
    parts = [Part(span=Span(start=start + a, end=start + b)) for a, b in cuts]
    with pytest.raises(WrongUse):
        regroup.split(book, seen(book), LETTER, parts, by=WANG)
    assert events(book) == 3


def test_a_letter_that_changed_is_not_split_by_old_places(book: sqlite3.Connection) -> None:
    changed = letter_of("开头", *PROMISES)
    part = Part(span=entry(book, 1).span)
    with pytest.raises(WrongUse, match="原文已变"):
        regroup.split(book, seen(book), changed, [part, part], by=WANG)


def test_merged_ones_leave_one_that_has_the_evidence_of_all(book: sqlite3.Connection) -> None:
    edit.correct(book, seen(book, 2), {"due": DUES[LIFTS]}, by=WANG)
    edit.link(book, seen(book, 2), LATER, ABOUT_LIFTS, relation="progresses", by=WANG)
    regroup.merge(book, seen(book, 1), [seen(book, 2), seen(book, 3)], by=WANG, reason="同一件")
    assert [one.status for one in all_entries(book)] == ["proposed", "replaced", "replaced"]
    assert [one.of for one in evidence_of(book, 1)] == [2]
    assert entry(book, 2).merged_into == 1
    edit.move(book, seen(book, 2), "proposed", by=WANG, reason="不是一件")
    assert evidence_of(book, 1) == []
    assert len(evidence_of(book, 2)) == 1


def test_evidence_of_what_was_merged_is_taken_away_where_it_was_linked(
    book: sqlite3.Connection,
) -> None:
    edit.link(book, seen(book, 3), LATER, ABOUT_LIFTS, relation="progresses", by=WANG)
    regroup.merge(book, seen(book, 1), [seen(book, 3)], by=WANG)
    (proof,) = evidence_of(book, 1)
    edit.unlink(book, seen(book, 3), proof.id, by=WANG, reason="看错了")
    assert evidence_of(book, 1) == []


FAR = Due(raw="2030年年底前", first=None, last="2030-12-31", precision="year")


@pytest.mark.parametrize("due", [FAR, None])
@pytest.mark.parametrize("status", ["proposed", "under_way"])
def test_what_is_late_is_not_merged_into_what_is_due_later(
    book: sqlite3.Connection, due: Due | None, status: Status
) -> None:
    edit.correct(book, seen(book, 2), {"due": due}, by=WANG)
    for number in (1, 2) if status == "under_way" else ():
        confirm(book, number, status)
    with pytest.raises(WrongUse, match=r"末日是 2025-06-30，早于第 2 号的.*末日最早的那一条"):
        regroup.merge(book, seen(book, 2), [seen(book, 1)], by=WANG, reason="同一件")
    regroup.merge(book, seen(book, 1), [seen(book, 2)], by=WANG, reason="同一件")
    assert entry(book, 1).past(TODAY)


@pytest.mark.parametrize("status", ["proposed", "unverifiable", "dropped", "done"])
def test_what_is_to_be_done_is_not_merged_into_what_is_not(
    book: sqlite3.Connection, status: Status
) -> None:
    confirm(book, 1)
    edit.correct(book, seen(book, 2), {"due": DUES[LIFTS]}, by=WANG)
    if status != "proposed":
        edit.move(book, seen(book, 2), status, by=WANG, reason="看过")
    with pytest.raises(WrongUse, match="就不用再办了"):
        regroup.merge(book, seen(book, 2), [seen(book, 1)], by=WANG)
    assert entry(book, 1).status == "not_started"


def test_what_was_done_late_is_not_hidden_by_a_merge(book: sqlite3.Connection) -> None:
    edit.correct(book, seen(book, 2), {"due": DUES[LIFTS]}, by=WANG)
    for number, day in ((1, "2025-08-01"), (2, "2025-06-01")):
        edit.move(book, seen(book, number), "done", by=WANG, reason="看过", done_on=day)
    with pytest.raises(WrongUse, match="逾期完成的"):
        regroup.merge(book, seen(book, 2), [seen(book, 1)], by=WANG)
    regroup.merge(book, seen(book, 1), [seen(book, 2)], by=WANG)


def test_what_waits_for_a_signature_is_neither_split_nor_merged(book: sqlite3.Connection) -> None:
    confirm(book)
    confirm(book, 2)
    decide(book, seen(book), "done", by=WANG, two_step=True, reason="看过")
    with pytest.raises(WrongUse, match="正等签批"):
        halves(book)
    with pytest.raises(WrongUse, match="正等签批"):
        regroup.merge(book, seen(book, 2), [seen(book, 1)], by=WANG)
    assert entry(book, 1).pending == "done"


def test_nothing_is_merged_with_itself_or_with_what_is_off_the_lists(
    book: sqlite3.Connection,
) -> None:
    with pytest.raises(WrongUse, match="两条以上"):
        regroup.merge(book, seen(book), [seen(book)], by=WANG)
    with pytest.raises(WrongUse, match="两条以上"):
        regroup.merge(book, seen(book), [], by=WANG)
    edit.move(book, seen(book, 2), "rejected", by=WANG)
    with pytest.raises(WrongUse, match="不是承诺"):
        regroup.merge(book, seen(book, 1), [seen(book, 2)], by=WANG)
