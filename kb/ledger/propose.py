"""What the program proposes to the ledger, letter by letter, as often as it reads them.

Nothing that a person decided is lost, doubled or overruled by it: a commitment is known again by
where it stood and by its words, even if it was rejected, corrected, split or merged since.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kb.extract.types import Commitment
from kb.ledger.columns import BLANK, Columns
from kb.ledger.events import Book, booking
from kb.ledger.match import Placed, matched, overlapping
from kb.ledger.rows import about_columns, found_columns, place_columns, read_columns
from kb.ledger.types import OFF, Kind, excerpt, text_sum
from kb.staff.connection import Database
from kb.staff.database import By
from kb.text.normalize import standing_in
from kb.types import Letter, Span

# What becomes of a commitment whose letter is no longer there.
GONE: dict[str, Any] = {"place": "gone", "publicity": "held"}


@dataclass(slots=True, kw_only=True)
class Proposed:
    """What came of proposing, in commitments.

    ``changed``: another wording now stands where staff had decided on one. ``vanished``: it
    stands nowhere in the letter any more. Both are flagged for staff to look at. ``skipped``
    says which letters could not be read for promises, and why; they are tried again each time.
    """

    new: int = 0
    moved: int = 0
    changed: int = 0
    vanished: int = 0
    withdrawn: int = 0
    skipped: list[str] = field(default_factory=list)

    def summary(self) -> str:
        """The same in words."""
        return (
            f"新提出 {self.new} 条，随新版移位 {self.moved} 条，撤回 {self.withdrawn} 条；"
            f"要人看的：原文有改动 {self.changed} 条，原文已变 {self.vanished} 条"
            + (f"；没有读的复文 {len(self.skipped)} 份" if self.skipped else "")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """A letter as it was read now, and the book that it is proposed to."""

    book: Book
    letter: Letter
    sum: str
    about: Mapping[str, Any]
    tally: Proposed = field(default_factory=Proposed)

    def write(self, number: int, row: Columns, kind: Kind, columns: Mapping[str, Any]) -> None:
        """Record what differs; nothing at all where nothing does."""
        if any(row[name] != value for name, value in columns.items()):
            self.book.record(number, kind, columns)


def propose(database: Database, letter: Letter, found: Sequence[Commitment], *, by: By) -> Proposed:
    """Tell the ledger what was found in ``letter``, in one transaction. Idempotent.

    What no person has looked at follows the program; what one has is carried over to where its
    words stand now, and flagged where they changed or vanished. ``found`` holds everything that
    the program finds in the letter: what it no longer finds is withdrawn, unless decided.
    """
    with booking(database, by) as book:
        reading = _Reading(
            book=book, letter=letter, sum=text_sum(letter), about=about_columns(letter)
        )
        rows = _rows_of(book, letter.id)
        proposals = {number: row for number, row in rows.items() if row["found_words"] is not None}
        pairs = _paired(proposals, found, reading)
        for number, commitment in pairs.items():
            _again(reading, number, rows[number], commitment)
        for number in sorted(rows.keys() - pairs.keys()):
            _unpaired(reading, number, rows[number])
        taken = {id(commitment) for commitment in pairs.values()}
        _new(reading, [commitment for commitment in found if id(commitment) not in taken])
    return reading.tally


def propose_gone(database: Database, present: Collection[str], *, by: By) -> Proposed:
    """Tell the ledger which letters are there; what stood in any other is withdrawn or flagged.

    It is no longer public either: whoever took a letter out may not want its words read.
    """
    tally = Proposed()
    with booking(database, by) as book:
        known = database.execute("SELECT DISTINCT letter FROM commitment").fetchall()
        gone = sorted({str(letter) for (letter,) in known} - set(present))
        for number, row in (
            (n, r) for letter_id in gone for n, r in _rows_of(book, letter_id).items()
        ):
            if row["status"] == "proposed" and not row["decided"]:
                book.record(number, "withdrawn", {"status": "withdrawn"} | GONE)
                tally.withdrawn += 1
            elif row["place"] != "gone" or row["publicity"] == "public":
                book.record(number, "vanished", GONE)
                tally.vanished += row["status"] not in OFF
    return tally


def _rows_of(book: Book, letter_id: str) -> dict[int, dict[str, Any]]:
    """The commitments of a letter by number, in the order of its text."""
    found = book.database.execute(
        "SELECT id FROM commitment WHERE letter = ? ORDER BY start, id", (letter_id,)
    ).fetchall()
    return {number: book.row(number) for (number,) in found}


def _paired(
    rows: Mapping[int, Columns], found: Sequence[Commitment], reading: _Reading
) -> dict[int, Commitment]:
    """Which of ``found`` is which commitment of before, by what the program proposed then."""
    numbers = sorted(rows, key=lambda number: rows[number]["status"] == "withdrawn")
    before = [
        Placed(
            span=Span(start=row["found_start"], end=row["found_stop"]),
            text=row["found_words"],
            here=row["text_sum"] == reading.sum,
            fixed=row["status"] == "rejected",
        )
        for row in (rows[number] for number in numbers)
    ]
    now = [
        Placed(span=commitment.span, text=commitment.span.of(reading.letter.text))
        for commitment in found
    ]
    return {numbers[old]: found[new] for old, new in matched(before, now).items()}


def _again(reading: _Reading, number: int, row: Columns, found: Commitment) -> None:
    """A commitment that is found again: as it was, elsewhere, or in other words."""
    words = excerpt(reading.letter, found.span)
    place = place_columns(words, reading.letter)
    columns = {**reading.about, **found_columns(words)}
    if not row["decided"]:
        status = {"status": "proposed"} if row["status"] == "withdrawn" else {}
        reading.tally.new += bool(status)
        reading.write(number, row, "found", {**columns, **place, **read_columns(found), **status})
        return
    if row["text_sum"] == reading.sum and row["place"] != "gone":
        reading.write(number, row, "found", columns)  # staff saw this very text
        return
    own = _moved(reading, row, near=found.span)
    counts = row["status"] not in OFF
    if own:
        columns |= own
        reading.tally.moved += counts
    else:
        columns |= place | {"place": "changed"}
        reading.tally.changed += counts
    reading.write(number, row, "carried", columns)


def _unpaired(reading: _Reading, number: int, row: Columns) -> None:
    """A commitment that the program does not find: its own mistake, or staff's concern.

    Where it stands is kept true even of what is on no list: somebody may put it back.
    """
    columns: dict[str, Any] = dict(reading.about)
    kind: Kind = "found"
    counts = row["decided"] and row["status"] not in OFF
    if row["text_sum"] != reading.sum or row["place"] == "gone":
        own = _moved(reading, row, near=Span(start=row["start"], end=row["stop"]))
        if own:
            found = {"found_start": own["start"], "found_stop": own["stop"]}
            known = row["found_words"] is not None
            columns, kind = columns | own | (found if known else {}), "carried"
            reading.tally.moved += counts
        elif row["place"] != "gone":
            columns, kind = columns | {"place": "gone"}, "vanished"
            reading.tally.vanished += counts
    if row["status"] == "proposed" and not row["decided"]:
        columns, kind = columns | {"status": "withdrawn"}, "withdrawn"
        reading.tally.withdrawn += 1
    reading.write(number, row, kind, columns)


def _moved(reading: _Reading, row: Columns, *, near: Span) -> dict[str, Any] | None:
    """Where a commitment's own words stand now, nearest to ``near``; None if nowhere."""
    places = list(standing_in(reading.letter.text, row["words"]))
    if not places:
        return None
    span = min(places, key=lambda place: abs(place.start - near.start))
    return place_columns(excerpt(reading.letter, span), reading.letter)


def _new(reading: _Reading, found: Sequence[Commitment]) -> None:
    """Propose what is new; what stands where staff decided on a commitment is theirs."""
    rows = _rows_of(reading.book, reading.letter.id).values()
    theirs = [
        Span(start=row["start"], end=row["stop"])
        for row in rows
        if row["decided"] and row["text_sum"] == reading.sum and row["place"] != "gone"
    ]
    for commitment in found:
        if overlapping(commitment.span, theirs):
            continue
        words = excerpt(reading.letter, commitment.span)
        reading.book.begin(
            "proposed",
            {
                **BLANK,
                **reading.about,
                **place_columns(words, reading.letter),
                **read_columns(commitment),
                **found_columns(words),
                "status": "proposed",
            },
        )
        reading.tally.new += 1
