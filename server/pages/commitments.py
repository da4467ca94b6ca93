"""What a public letter promises as staff confirmed it: all of the ledger that citizens see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kb.errors import LetterNotFound
from kb.extract.types import RELATIONS
from kb.ledger.history import evidence_of
from kb.ledger.queries import MOST, Wanted, page
from kb.ledger.types import Entry, Evidence
from kb.query.directory import letter_named
from kb.staff.database import StaffUnusable, opened
from kb.store.protocol import SnapshotReader
from kb.text.titles import name_of
from kb.types import Letter, Span
from server.desk import PUBLIC, Desk
from server.present import views
from server.present.views import SHAPES

CONFIRMED = ("not_started", "under_way", "done", "dropped")  # what a person said of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Words of a public letter: the letter's name, the words, and where they stand."""

    name: str
    text: str
    href: str
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """A confirmed commitment: its words, what became of it, and the words that prove it."""

    words: Shown
    shape: str
    status: str
    due: str
    organ: str
    evidence: tuple[Shown, ...]


def promised(letter: Letter, reader: SnapshotReader, *, desk: Desk) -> list[Promised]:
    """The confirmed commitments of ``letter`` in the order of its text; none without a ledger.

    Only those whose words stand in it now, and evidence whose words stand in a public letter.
    """
    path = desk.notes.path
    if path is None or not path.exists():
        return []
    try:
        with opened(path) as database:
            wanted = Wanted(letter_id=letter.id, publicity="public")
            rows = page(database, wanted, limit=MOST, order="letter").rows
            return [
                _promised(entry, evidence_of(database, entry.id), letter, reader, desk.today())
                for entry in rows
                if entry.status in CONFIRMED and stands(letter, entry.span, entry.text)
            ]
    except StaffUnusable:  # the letter can be read without it
        return []


def stands(letter: Letter, span: Span, words: str) -> bool:
    """True if ``words`` are what the letter has at ``span``."""
    return span.of(letter.text) == words


def _promised(
    entry: Entry, evidence: Sequence[Evidence], letter: Letter, reader: SnapshotReader, today: date
) -> Promised:
    shown = (_evidence(proof, reader) for proof in evidence)
    last = entry.due.last if entry.due else None
    return Promised(
        words=Shown(name="", text=entry.text, href=views.place(letter.id, entry.span)),
        shape=SHAPES["overdue" if entry.overdue(today) else entry.status],
        status=entry.label(today),
        due=views.dated(last, today=today, aged=False) if last else "",
        organ=entry.organ or "",
        evidence=tuple(proof for proof in shown if proof),
    )


def _evidence(proof: Evidence, reader: SnapshotReader) -> Shown | None:
    """Evidence as citizens may see it, or None: its letter is gone, changed or not public."""
    try:
        letter = letter_named(proof.letter_id, reader, scope=PUBLIC)
    except LetterNotFound:
        return None
    if not stands(letter, proof.span, proof.text):
        return None
    address = views.place(letter.id, proof.span)
    return Shown(
        name=name_of(letter), text=proof.text, href=address, says=RELATIONS[proof.relation]
    )
