"""One change for many commitments: what it would change of each, and then done in one go.

What the ledger or the rights refuse is told row by row and left as it is; the rest is one
transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from kb.errors import KbError, WrongUse
from kb.ledger.edit import correct_in
from kb.ledger.events import Book, booking, entry
from kb.ledger.history import between, changes, history
from kb.ledger.signing import decide_in
from kb.ledger.types import STATUSES, Entry, Event, Kind, Seen, Status
from kb.ledger.undo import last_step, take_back
from kb.staff import audit
from kb.staff.connection import Database
from kb.staff.database import By, stamp

MOST = 1000  # commitments of one go
# What is done to many at once; what splits or merges changes several too, but as one step.
MANY: frozenset[Kind] = frozenset(("moved", "corrected", "extended", "submitted"))
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


def done_together(database: Database, event: Event) -> dict[int, Event]:
    """What the go that ``event`` was recorded in did to each commitment, by their numbers."""
    row = database.execute(
        "SELECT first, last FROM (SELECT CAST(detail ->> 'first' AS BIGINT) AS first,"
        "  CAST(detail ->> 'last' AS BIGINT) AS last FROM audit"
        "  WHERE action = ? AND who = ? AND at = ?) AS gone WHERE ? BETWEEN first AND last",
        (audit.LEDGER, event.who, stamp(event.at), event.id),
    ).fetchone()
    if row is None:
        return {}
    first, last = row
    made = between(database, first, last, most=last - first + 1)
    return {number: one for number, one in made if one.kind in MANY}


def taking_back(made: Mapping[int, Event], *, reason: str) -> Change:
    """What was done together undone, where nobody went on with it since."""

    def change(book: Book, seen: Seen) -> None:
        book.unchanged(seen)
        step = last_step(book.database, seen.id, who=book.by.who)
        if step is None or step.id != made[seen.id].id:
            raise WrongUse(f"第 {seen.id} 号承诺后来又改过或已经撤销；请打开它看过再决定")
        take_back(book, seen.id, step, reason=reason)

    return change


def change_all(
    database: Database,
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
