"""What a public letter promises as staff confirmed it: all of the ledger that citizens see."""

from __future__ import annotations

from dataclasses import dataclass

from kb.promises import ConfirmedPromise
from kb.store.protocol import SnapshotReader
from kb.text.titles import name_of
from kb.types import Letter
from server.desk import Desk
from server.present import views
from server.present.cards import shape_of


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
    """The confirmed commitments of ``letter`` in the order of its text; none without a ledger."""
    return [_promised(promise, reader) for promise in desk.ledger.of_letter(letter, reader)]


def _promised(promise: ConfirmedPromise, reader: SnapshotReader) -> Promised:
    place = views.place(promise.letter_id, promise.span)
    return Promised(
        words=Shown(name="", text=promise.text, href=place),
        shape=shape_of(promise.state, overdue=promise.overdue),
        status=promise.told + ("（已过期限）" if promise.overdue else ""),
        due=promise.due or "",
        organ=promise.organ or "",
        evidence=tuple(
            Shown(
                name=name_of(reader.letter(proof.letter_id)),
                text=proof.text,
                href=views.place(proof.letter_id, proof.span),
                says=proof.says,
            )
            for proof in promise.evidence
        ),
    )
