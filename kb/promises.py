"""The public part of the ledger, as whoever answers citizens is told it.

Nobody who reads this knows of staff or of a database: ``kb.ledger.public`` fills it in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kb.types import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Words of a public letter about a promise; ``says`` is what they say of it: 已兑现."""

    letter_id: str
    span: Span
    text: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedPromise:
    """A promise in a public letter that a person confirmed, and what became of it.

    ``text`` is what its letter has at ``span``. ``state`` is that of the ledger, ``told`` the same
    in words for citizens. ``due_on`` is the last day in ISO, ``due`` in words; both are None
    where no day is known. ``overdue`` if that day is over and it is still to be done.
    """

    letter_id: str
    span: Span
    text: str
    headings: tuple[str, ...]
    organ: str | None
    issued_on: str | None
    state: str
    told: str
    due_on: str | None
    due: str | None
    overdue: bool
    evidence: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmations:
    """Every such promise, in the order of letters and their text, as it was on ``day``."""

    promises: tuple[ConfirmedPromise, ...] = ()
    day: date | None = None


NO_PROMISES = Confirmations()
