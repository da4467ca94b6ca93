"""The commitments of one letter as words of its text, whatever became of them."""

from __future__ import annotations

from dataclasses import dataclass

from kb.ledger.types import Status
from kb.staff.connection import Database
from kb.types import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A commitment as the words of its letter: its number, where it stands and its status."""

    id: int
    span: Span
    status: Status


def claims(database: Database, letter_id: str) -> list[Claim]:
    """All commitments of a letter in the order of its text, whatever became of them.

    Without those whose words the letter does not have any more.
    """
    rows = database.execute(
        "SELECT id, start, stop, status FROM commitment WHERE letter = ? AND place <> 'gone'"
        " ORDER BY start, id",
        (letter_id,),
    )
    return [
        Claim(id=number, span=Span(start=start, end=stop), status=status)
        for number, start, stop, status in rows
    ]
