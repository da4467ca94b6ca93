"""From snapshots to the ledger."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kb.analysis import refresh
from kb.analysis.refresh import refresh_ledger
from kb.errors import UnreadableFile
from kb.extract.types import Commitment
from kb.ledger import edit
from kb.ledger.events import entry
from kb.ledger.propose import Proposed
from kb.models.tagging import OnnxTagger, TaggingModel
from kb.settings import BUNDLED_TAGGER
from kb.staff.database import opened
from kb.store.protocol import SnapshotReader
from kb.types import Letter
from tests.support.fakes import MemoryStore
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
    told,
)
from tests.support.stores import publish


@pytest.fixture
def book(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with opened(tmp_path / "staff.db") as database:
        yield database


class Finder:
    """Finds the promises of the tests, and remembers which letters it was given."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, letter: Letter, tagger: TaggingModel | None) -> list[Commitment]:
        self.read.append(letter.id)
        return found_in(letter, *(one for one in PROMISES if one in letter.text))


def fed(
    book: sqlite3.Connection, reader: SnapshotReader, tagger: TaggingModel | None = None
) -> tuple[Proposed, list[str]]:
    """What came of feeding, and which letters were read for it."""
    finder = Finder()
    tally = refresh_ledger(book, reader, by=PROGRAMS, tagger=tagger, find=finder)
    return tally, finder.read


def test_each_letter_is_read_once_and_again_when_it_changed(book: sqlite3.Connection) -> None:
    store = MemoryStore()
    reader = publish(store, letter_of(LIFTS), letter_of(CARS, letter_id="乙"))
    assert fed(book, reader) == (Proposed(new=2), ["乙", "甲"])
    assert fed(book, reader) == (Proposed(), [])
    reader = publish(store, letter_of("开头", LIFTS, RIVER))
    assert fed(book, reader) == (Proposed(new=1), ["甲"])


def test_all_letters_are_read_again_under_other_rules(
    book: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = publish(MemoryStore(), letter_of(LIFTS))
    fed(book, reader)
    was = events(book)
    monkeypatch.setattr(refresh, "RULES_VERSION", "another")
    assert fed(book, reader) == (Proposed(), ["甲"])
    assert events(book) == was


def test_all_letters_are_read_again_with_another_model(book: sqlite3.Connection) -> None:
    reader = publish(MemoryStore(), letter_of(LIFTS))
    tagger = OnnxTagger(str(BUNDLED_TAGGER))
    fed(book, reader)
    assert fed(book, reader, tagger)[1] == ["甲"]
    assert fed(book, reader, tagger)[1] == []


def test_a_letter_that_went_and_came_back_has_its_decisions(book: sqlite3.Connection) -> None:
    both = publish(MemoryStore(), letter_of(LIFTS, CARS), letter_of(RIVER, letter_id="乙"))
    fed(book, both)
    (lifts,) = (found for found in all_entries(book) if found.text == LIFTS)
    edit.move(book, lifts.seen, "under_way", by=WANG)
    one = publish(MemoryStore(), letter_of(RIVER, letter_id="乙"))
    assert fed(book, one)[0] == Proposed(withdrawn=1, vanished=1)
    assert fed(book, both)[1] == ["甲"]
    assert set(told(book)) == {(RIVER, "proposed"), (LIFTS, "under_way"), (CARS, "proposed")}
    assert {one.place for one in all_entries(book)} == {"found"}


def test_letters_that_citizens_may_not_see_are_read_too(book: sqlite3.Connection) -> None:
    reader = publish(MemoryStore(), replace(letter_of(LIFTS), publicity="closed"))
    assert fed(book, reader)[0].new == 1
    assert entry(book, 1).publicity == "closed"


def test_a_letter_that_is_too_slow_to_read_is_told_and_tried_again(
    book: sqlite3.Connection,
) -> None:
    reader = publish(MemoryStore(), letter_of(LIFTS), letter_of(CARS, letter_id="乙"))

    def find(letter: Letter, tagger: TaggingModel | None) -> list[Commitment]:
        if letter.id == "乙":
            raise UnreadableFile("too_slow", "太慢")
        return found_in(letter, LIFTS)

    for new in (1, 0):
        tally = refresh_ledger(book, reader, by=PROGRAMS, find=find)
        assert (tally.new, tally.skipped) == (new, ["乙：太慢"])
        assert "没有读的复文 1 份" in tally.summary()
    assert fed(book, reader) == (Proposed(new=1), ["乙"])


def test_the_sample_letters_fill_a_ledger_once(
    book: sqlite3.Connection, base: SnapshotReader
) -> None:
    tally = refresh_ledger(book, base, by=PROGRAMS)
    assert tally.new > 40
    was = events(book)
    assert refresh_ledger(book, base, by=PROGRAMS) == Proposed()
    book.execute("DELETE FROM letter_read")
    assert refresh_ledger(book, base, by=PROGRAMS) == Proposed()
    assert events(book) == was
    for one in all_entries(book):
        assert one.span.of(base.letter(one.citation.letter_id).text) == one.text


def test_an_older_version_proposes_nothing_and_what_was_decided_in_it_stays_true(
    book: sqlite3.Connection,
) -> None:
    store = MemoryStore()
    old = publish(store, letter_of(LIFTS, CARS))
    fed(book, old)
    (lifts,) = (found for found in all_entries(book) if found.text == LIFTS)
    edit.move(book, lifts.seen, "under_way", by=WANG)
    publish(store, letter_of(LIFTS, RIVER, letter_id="乙"))
    with store.draft() as draft:
        draft.set_aside({"甲": ("乙", "older")})
        draft.publish()
    reader = store.current()
    tally, read = fed(book, reader)
    assert read == ["乙"]
    assert (tally.withdrawn, tally.vanished) == (1, 0)
    kept = next(
        one for one in all_entries(book) if one.citation.letter_id == "甲" and one.text == LIFTS
    )
    assert (kept.status, kept.place) == ("under_way", "found")
    assert reader.letter("甲").text[kept.span.start : kept.span.end] == LIFTS
    assert fed(book, reader) == (Proposed(), [])
