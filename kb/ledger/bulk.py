"""One change for many commitments: what it would change of each, and then done in one go.

What the ledger or the rights refuse is told row by row and left as it is; the rest is one
transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from kb.errors import KbError, WrongUse
from kb.ledger.edit import correct_in
from kb.ledger.events import Book, booking, entry
from kb.ledger.history import changes, history
from kb.ledger.signing import decide_in
from kb.ledger.types import STATUSES, Entry, Seen, Status
from kb.staff.database import By

MOST = 1000  # commitments of one go
Change = Callable[[Book, Seen], None]  # raises KbError before it records anything
Permit = Callable[[Entry], None]  # raises KbError where the visitor may not do this to that one


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What becomes of one: label, what it was, what it becomes; or why it is refused.

    ``entry`` is the commitment as it was before, None where there is none that may be seen.
    """

    id: int
    entry: Entry | None = None
    changes: tuple[tuple[str, str, str], ...] = ()
    problem: KbError | None = None


class _Undone(Exception):
    """Leaves a transaction so that nothing of it is kept."""


def moving(
    status: Status, *, reason: str, two_step: bool = False, done_on: str | None = None
) -> Change:
    """A change of status, or where two have to decide the proposal of it."""

    def change(book: Book, seen: Seen) -> None:
        if book.row(seen.id)["status"] == status:
            raise WrongUse(f"已经是“{STATUSES[status]}”；不用再改")
        decide_in(book, seen, status, two_step=two_step, reason=reason, done_on=done_on)

    return change


def reassigning(organ: str, *, reason: str) -> Change:
    """Another organ that is responsible."""

    def change(book: Book, seen: Seen) -> None:
        if not correct_in(book, seen, {"organ": organ}, reason=reason):
            raise WrongUse(f"本来就由“{organ}”负责；不用再改")

    return change


def change_all(
    database: sqlite3.Connection,
    all_seen: Sequence[Seen],
    change: Change,
    *,
    permit: Permit,
    by: By,
    dry: bool = False,
) -> list[Outcome]:
    """Change those that can be, in one transaction; what became of each, in their order.

    With ``dry`` nothing is kept. Raises WrongUse for none or more than ``MOST``.
    """
    if not 1 <= len(all_seen) <= MOST:
        raise WrongUse(f"一次可以改 1 到 {MOST} 条，现在是 {len(all_seen)} 条；请重新选择")
    outcomes: list[Outcome] = []
    with suppress(_Undone), booking(database, by) as book:
        for seen in all_seen:
            outcomes.append(_one(book, seen, change, permit))
        if dry:
            raise _Undone
    return outcomes


def _one(book: Book, seen: Seen, change: Change, permit: Permit) -> Outcome:
    try:
        was = entry(book.database, seen.id)
        permit(was)
    except KbError as error:
        return Outcome(id=seen.id, problem=error)
    try:
        change(book, seen)
    except KbError as error:
        return Outcome(id=seen.id, entry=was, problem=error)
    return Outcome(
        id=seen.id, entry=was, changes=tuple(changes(history(book.database, seen.id)[0]))
    )
