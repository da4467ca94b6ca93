"""What the program proposes, again and again; what staff decided outlives it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kb.ledger import edit, regroup
from kb.ledger.events import entry
from kb.ledger.history import history
from kb.ledger.propose import Proposed, propose, propose_gone
from kb.ledger.queries import Wanted, total
from kb.ledger.rebuild import rebuild
from kb.ledger.regroup import Part
from kb.ledger.types import Status
from kb.staff.database import PROGRAM, opened
from kb.types import Field, Letter, Span
from tests.support.promises import (
    CARS,
    LIFTS,
    PROGRAMS,
    PROMISES,
    RIVER,
    WANG,
    all_entries,
    events,
    found_in,
    letter_of,
    projection,
    put,
    told,
)

LETTER = letter_of(*PROMISES)
MOVED = letter_of("您提出的提案收悉", *PROMISES)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with opened(tmp_path / "staff.db") as database:
        yield database


def move(book: sqlite3.Connection, number: int, status: Status) -> None:
    edit.move(book, entry(book, number).seen, status, by=WANG, reason="看过")


def test_what_is_found_waits_for_staff_with_all_that_was_read(book: sqlite3.Connection) -> None:
    assert put(book, LETTER) == Proposed(new=3)
    first = all_entries(book)[0]
    (expected, *_) = found_in(LETTER, *PROMISES)
    assert (first.text, first.span, first.status) == (LIFTS, expected.span, "proposed")
    assert (first.organ, first.co_organs) == (expected.organ, expected.co_organs)
    assert (first.due, first.target, first.strength) == (expected.due, expected.target, "will")
    assert (first.citation.result_class, first.citation.issued_on) == ("B", "2024-05-06")
    assert history(book, 1)[0].who == PROGRAM


def test_proposing_again_writes_nothing(book: sqlite3.Connection) -> None:
    put(book, LETTER)
    move(book, 1, "not_started")
    move(book, 2, "rejected")
    was = events(book)
    assert put(book, LETTER) == Proposed()
    assert events(book) == was


def test_what_nobody_decided_follows_a_better_reading(book: sqlite3.Connection) -> None:
    put(book, LETTER)
    move(book, 1, "not_started")
    put(book, LETTER, organ="云岭市水利局")
    organs = [one.organ for one in all_entries(book)]
    assert organs == [entry(book, 1).organ, "云岭市水利局", "云岭市水利局"]
    assert entry(book, 1).organ != "云岭市水利局"


def test_what_is_no_longer_found_is_withdrawn_unless_it_was_decided(
    book: sqlite3.Connection,
) -> None:
    put(book, LETTER)
    move(book, 1, "under_way")
    assert put(book, LETTER, (CARS,)) == Proposed(withdrawn=1)
    assert told(book) == [(LIFTS, "under_way"), (CARS, "proposed"), (RIVER, "withdrawn")]
    assert put(book, LETTER) == Proposed(new=1)
    assert told(book)[2] == (RIVER, "proposed")
    assert len(told(book)) == 3


@pytest.mark.parametrize("status", ["not_started", "done", "dropped", "rejected", "unverifiable"])
def test_a_decision_moves_with_its_words_into_a_new_version(
    book: sqlite3.Connection, status: Status
) -> None:
    put(book, LETTER)
    move(book, 1, status)
    tally = put(book, MOVED)
    listed = int(status != "rejected")
    assert (tally.moved, tally.new, tally.changed, tally.vanished) == (listed, 0, 0, 0)
    one = entry(book, 1)
    assert (one.status, one.place) == (status, "found")
    assert one.span.of(MOVED.text) == one.text == LIFTS
    assert len(all_entries(book)) == 3


def test_other_words_in_its_place_are_flagged_and_keep_the_decision(
    book: sqlite3.Connection,
) -> None:
    put(book, LETTER)
    move(book, 1, "under_way")
    other = LIFTS.replace("60", "80")
    letter = letter_of(other, CARS)
    tally = put(book, letter, (other, CARS))
    assert (tally.changed, tally.withdrawn, tally.new) == (1, 1, 0)
    one = entry(book, 1)
    assert (one.status, one.place, one.text) == ("under_way", "changed", other)
    assert history(book, 1)[0].was["words"] == LIFTS
    assert total(book, Wanted(moved=True)) == 1
    edit.accept(book, one.seen, by=WANG, reason="目标提高了")
    assert entry(book, 1).place == "found"
    assert put(book, letter, (other, CARS)) == Proposed()


def test_words_that_vanished_are_flagged_and_come_back_with_them(
    book: sqlite3.Connection,
) -> None:
    put(book, LETTER)
    move(book, 1, "under_way")
    assert put(book, letter_of(CARS, RIVER)).vanished == 1
    one = entry(book, 1)
    assert (one.status, one.place, one.text) == ("under_way", "gone", LIFTS)
    assert put(book, letter_of(CARS, RIVER)) == Proposed()
    assert put(book, MOVED).moved == 1
    assert entry(book, 1).place == "found"
    assert len(all_entries(book)) == 3


def test_the_very_same_version_coming_back_brings_back_its_places(
    book: sqlite3.Connection,
) -> None:
    put(book, LETTER)
    move(book, 1, "under_way")
    put(book, letter_of(CARS))
    put(book, LETTER)
    assert (entry(book, 1).place, entry(book, 1).status) == ("found", "under_way")
    assert len(all_entries(book)) == 3


def test_what_is_put_back_after_its_words_vanished_says_so(book: sqlite3.Connection) -> None:
    put(book, LETTER)
    move(book, 1, "rejected")
    put(book, letter_of(RIVER))
    for number in (1, 2):
        assert total(book, Wanted(moved=True)) == number - 1
        move(book, number, "proposed")
        assert entry(book, number).place == "gone"


def test_a_rejected_sentence_in_other_words_is_proposed_anew(book: sqlite3.Connection) -> None:
    put(book, LETTER)
    move(book, 1, "rejected")
    other = LIFTS.replace("60", "80")
    assert put(book, letter_of(other), (other,)).new == 1
    assert told(book)[0] == (LIFTS, "rejected")
    assert told(book)[3] == (other, "proposed")


def test_a_corrected_place_stays_and_is_not_doubled(book: sqlite3.Connection) -> None:
    put(book, LETTER)
    span = entry(book, 1).span
    shorter = Span(start=span.start + 2, end=span.end)
    edit.place(book, entry(book, 1).seen, LETTER, shorter, by=WANG)
    assert put(book, LETTER) == Proposed()
    assert entry(book, 1).text == LIFTS[2:]
    put(book, MOVED)
    assert entry(book, 1).text == LIFTS[2:]
    assert entry(book, 1).span.of(MOVED.text) == LIFTS[2:]
    assert len(all_entries(book)) == 3


def halves(book: sqlite3.Connection) -> list[int]:
    span = entry(book, 1).span
    spans = [Span(start=span.start, end=span.start + 12), Span(start=span.start + 12, end=span.end)]
    parts = [Part(span=one) for one in spans]
    return regroup.split(book, entry(book, 1).seen, LETTER, parts, by=WANG, reason="两件事")


def test_a_split_is_not_undone_by_reading_again(book: sqlite3.Connection) -> None:
    put(book, LETTER)
    numbers = halves(book)
    assert put(book, LETTER) == Proposed()
    put(book, MOVED)
    assert "".join(entry(book, one).span.of(MOVED.text) for one in numbers) == LIFTS
    assert len(all_entries(book)) == 5


def test_a_program_that_learns_to_split_does_not_double_what_staff_split(
    book: sqlite3.Connection,
) -> None:
    put(book, LETTER)
    halves(book)
    put(book, LETTER, (LIFTS[:12], LIFTS[12:], CARS, RIVER))
    assert len(all_entries(book)) == 5


def test_other_bounds_of_the_same_sentence_do_not_double_a_decision(
    book: sqlite3.Connection,
) -> None:
    put(book, LETTER)
    move(book, 1, "under_way")
    assert put(book, LETTER, (LIFTS[3:], CARS, RIVER)) == Proposed()
    assert entry(book, 1).text == LIFTS
    assert put(book, LETTER, (LIFTS[:9], LIFTS[9:], CARS, RIVER)) == Proposed()
    assert len(all_entries(book)) == 3


def test_merged_ones_stay_merged(book: sqlite3.Connection) -> None:
    put(book, LETTER)
    regroup.merge(book, entry(book, 2).seen, [entry(book, 1).seen], by=WANG)
    assert put(book, LETTER) == Proposed()
    put(book, MOVED)
    assert [one.status for one in all_entries(book)] == ["replaced", "proposed", "proposed"]


def test_what_staff_added_is_not_doubled_when_the_program_finds_it_too(
    book: sqlite3.Connection,
) -> None:
    put(book, LETTER, (CARS,))
    edit.add(book, LETTER, found_in(LETTER, LIFTS)[0], by=WANG)
    assert put(book, LETTER, (LIFTS, CARS)) == Proposed()
    assert [one.status for one in all_entries(book)] == ["proposed", "not_started"]


def test_what_staff_added_moves_and_is_flagged_like_the_rest(book: sqlite3.Connection) -> None:
    number = edit.add(book, LETTER, found_in(LETTER, LIFTS)[0], by=WANG)
    assert propose(book, MOVED, [], by=PROGRAMS).moved == 1
    assert entry(book, number).span.of(MOVED.text) == LIFTS
    assert propose(book, letter_of(CARS), [], by=PROGRAMS).vanished == 1


def test_facts_of_the_letter_follow_it_whatever_was_decided(book: sqlite3.Connection) -> None:
    put(book, LETTER)
    move(book, 1, "done")
    graded = replace(
        LETTER, fields={**LETTER.fields, "result_class": Field(value="A", span=None, rule="")}
    )
    put(book, graded)
    assert {one.citation.result_class for one in all_entries(book)} == {"A"}
    assert entry(book, 1).status == "done"


def test_a_letter_that_is_gone_takes_its_proposals_and_flags_decisions(
    book: sqlite3.Connection,
) -> None:
    put(book, LETTER)
    put(book, letter_of(CARS, letter_id="乙"))
    move(book, 1, "under_way")
    move(book, 2, "rejected")
    assert propose_gone(book, {"乙"}, by=PROGRAMS) == Proposed(withdrawn=1, vanished=1)
    assert propose_gone(book, {"乙"}, by=PROGRAMS) == Proposed()
    assert [(one.status, one.place) for one in all_entries(book)] == [
        ("under_way", "gone"),
        ("rejected", "gone"),
        ("withdrawn", "gone"),
        ("proposed", "found"),
    ]
    assert [one.publicity for one in all_entries(book)] == ["held", "held", "held", "public"]
    assert put(book, LETTER).new == 1
    assert {one.publicity for one in all_entries(book)} == {"public"}
    assert [(one.status, one.place) for one in all_entries(book)][:3] == [
        ("under_way", "found"),
        ("rejected", "found"),
        ("proposed", "found"),
    ]


def test_the_same_words_twice_in_a_letter_are_two(book: sqlite3.Connection) -> None:
    def twice(letter: Letter) -> Proposed:
        text, words = letter.text, "加强监管"
        starts = [text.index(words), text.rindex(words)]
        found = [
            replace(found_in(letter, words)[0], span=Span(start=one, end=one + len(words)))
            for one in starts
        ]
        return propose(book, letter, found, by=PROGRAMS)

    twice(letter_of("加强监管", RIVER, "加强监管"))
    move(book, 2, "rejected")
    later = letter_of("开头", "加强监管", "加强监管")
    assert twice(later).new == 0
    assert [one.status for one in all_entries(book)] == ["proposed", "rejected"]
    assert [one.span.of(later.text) for one in all_entries(book)] == ["加强监管"] * 2
    assert entry(book, 1).span.start < entry(book, 2).span.start


def test_made_anew_from_the_events_it_is_the_same(book: sqlite3.Connection) -> None:
    put(book, LETTER)
    move(book, 1, "under_way")
    put(book, MOVED, (LIFTS, CARS))
    put(book, letter_of(RIVER))
    was = projection(book)
    assert rebuild(book, by=WANG).differed == 0
    assert projection(book) == was
