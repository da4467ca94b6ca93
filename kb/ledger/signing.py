"""Two people for what ends a commitment, where the setting says so: one proposes, another signs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from kb.errors import WrongUse
from kb.ledger.columns import DECIDED
from kb.ledger.completion import closing
from kb.ledger.edit import check_move, move_in
from kb.ledger.events import Book, Proof, booking
from kb.ledger.types import OFF, SIGNED, STATUSES, Seen, Status
from kb.staff.connection import Database
from kb.staff.database import By

NOBODYS: dict[str, Any] = {"pending": None, "pending_by": None, "pending_on": None}

# What takes a commitment out of sight though nobody kept it.
HIDING: frozenset[Status] = frozenset(("rejected", "unverifiable", "proposed"))


def takes_two(status: Status, *, was: Status, last: str | None, today: date) -> bool:
    """True where ``KB_SIGN_OFF`` has two people decide on ``status``.

    That it is done or dropped, always; that it is no promise, cannot be verified or has to be
    looked at again, once a person confirmed it or its last day (ISO) is over. Never that it comes
    back on the lists.
    """
    if was in OFF:
        return False
    over = last is not None and last < today.isoformat()
    return status in SIGNED or (status in HIDING and (was != "proposed" or over))


def decide_in(
    book: Book,
    seen: Seen,
    status: Status,
    *,
    two_step: bool,
    reason: str = "",
    proof: Proof | None = None,
    done_on: str | None = None,
) -> bool:
    """Change the status, or propose the change where two have to decide; True if it is in force.

    Raises WrongUse, CommitmentNotFound, CommitmentOutdated.
    """
    now, today = book.row(seen.id), book.by.at.astimezone().date()
    if not (two_step and takes_two(status, was=now["status"], last=now["due_last"], today=today)):
        move_in(book, seen, status, reason=reason, proof=proof, done_on=done_on)
        return True
    row = check_move(book, seen, status, reason=reason, proof=proof)
    closing(book.database, seen, row, status, done_on, by=book.by)  # refuses a day that cannot be
    if row["pending"] == status:
        raise WrongUse(
            f"第 {seen.id} 号承诺已由{row['pending_by']}报请改为“{STATUSES[status]}”；请等签批"
        )
    pending = {
        "pending": status,
        "pending_by": book.by.who,
        "pending_on": done_on if status == "done" else None,
    }
    book.record(seen.id, "submitted", pending | DECIDED, reason=reason, proof=proof)
    return False


def decide(
    database: Database,
    seen: Seen,
    status: Status,
    *,
    by: By,
    two_step: bool,
    reason: str = "",
    proof: Proof | None = None,
    done_on: str | None = None,
) -> bool:
    """``decide_in`` as a transaction of its own."""
    with booking(database, by) as book:
        return decide_in(
            book, seen, status, two_step=two_step, reason=reason, proof=proof, done_on=done_on
        )


def decide_all(
    database: Database,
    all_seen: Sequence[Seen],
    status: Status,
    *,
    by: By,
    two_step: bool = False,
    reason: str = "",
) -> int:
    """The same for several at once, all of them or none; how many of them are in force."""
    with booking(database, by) as book:
        return sum(
            decide_in(book, seen, status, two_step=two_step, reason=reason) for seen in all_seen
        )


def sign(database: Database, seen: Seen, *, by: By, reason: str = "") -> Status:
    """Put in force what somebody else proposed; the status that it gives.

    Raises WrongUse (nothing waits, or ``by`` proposed it), CommitmentNotFound,
    CommitmentOutdated.
    """
    with booking(database, by) as book:
        row = _waiting(book, seen)
        if row["pending_by"] == by.who:
            raise WrongUse("报请的人不能自己签批；请由另一个人签批，或用“撤销上一步”收回")
        status: Status = row["pending"]
        columns = closing(database, seen, row, status, row["pending_on"], by=by)
        book.record(seen.id, "signed", columns | NOBODYS | DECIDED, reason=reason)
        return status


def send_back(database: Database, seen: Seen, *, by: By, reason: str) -> None:
    """Leave it as it is, with a reason. Raises WrongUse, CommitmentNotFound, CommitmentOutdated."""
    with booking(database, by) as book:
        _waiting(book, seen)
        if not reason.strip():
            raise WrongUse("退回要写明理由；请填写后再试")
        book.record(seen.id, "sent_back", NOBODYS | DECIDED, reason=reason)


def _waiting(book: Book, seen: Seen) -> dict[str, Any]:
    row = book.unchanged(seen)
    if row["pending"] is None:
        raise WrongUse(f"第 {seen.id} 号承诺没有待签批的事；请看过最新情况再决定")
    return row
