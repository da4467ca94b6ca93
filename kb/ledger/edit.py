"""What staff make of commitments: confirm, correct, reject, link, add.

Every function is one transaction and one or more events, each with who, when, from, to, reason
and evidence; nothing is overwritten. A change names the version that its maker saw and is
refused with ``CommitmentOutdated`` if there is a later one. Who may do what is asked of
``kb.ledger.policy`` before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from kb.errors import KbError, WrongUse
from kb.extract.types import Commitment, Relation
from kb.ledger.checks import (
    check_proof,
    check_successors,
    check_words,
    fulfilled,
    nothing_waits,
    put_off,
    still_live,
)
from kb.ledger.columns import BLANK, DECIDED
from kb.ledger.completion import closing, due_moved
from kb.ledger.events import Book, Proof, booking
from kb.ledger.history import changes, history
from kb.ledger.match import overlapping
from kb.ledger.rows import about_columns, checked, place_columns, read_columns
from kb.ledger.types import OPEN, STATUSES, Kind, Seen, Status, excerpt, need_of
from kb.ledger.work import parted
from kb.staff.connection import Database
from kb.staff.database import By
from kb.types import Letter, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """What a correction changes: label, what it was, what it becomes; or why it can't be."""

    id: int
    changes: tuple[tuple[str, str, str], ...] = ()
    problem: str | None = None


class _Undone(Exception):
    """Leaves a transaction so that nothing of it is kept."""


def move(
    database: Database,
    seen: Seen,
    status: Status,
    *,
    by: By,
    reason: str = "",
    proof: Proof | None = None,
    done_on: str | None = None,
) -> None:
    """Change the status: confirm, reject, complete, drop, take back; ``MOVES`` says what it takes.

    ``proof`` is linked as evidence with it; ``done_on`` (ISO) is the day on which it was done, if
    it is and the day is known. Raises WrongUse, CommitmentNotFound, CommitmentOutdated.
    """
    with booking(database, by) as book:
        move_in(book, seen, status, reason=reason, proof=proof, done_on=done_on)


def correct(
    database: Database,
    seen: Seen,
    fields: Mapping[str, Any],
    *,
    by: By,
    reason: str = "",
) -> None:
    """Change fields, by the names of ``CORRECTABLE``, to values of the domain's types.

    A later last day of what is confirmed, or none any more, is an extension: it needs a reason.
    Nothing is recorded where nothing differs. Raises WrongUse, CommitmentNotFound,
    CommitmentOutdated.
    """
    with booking(database, by) as book:
        correct_in(book, seen, fields, reason=reason)


def correct_all(
    database: Database,
    wanted: Sequence[tuple[Seen, Mapping[str, Any]]],
    *,
    by: By,
    reason: str = "",
    dry: bool = False,
) -> list[Corrected]:
    """Corrections of many, all of them or, where one has a problem, none; what each would change.

    With ``dry`` nothing is kept in any case.
    """
    outcomes: list[Corrected] = []
    with suppress(_Undone), booking(database, by) as book:
        for seen, fields in wanted:
            try:
                differs = correct_in(book, seen, fields, reason=reason)
                events = history(database, seen.id)[:1] if differs else []
                found = tuple(change for event in events for change in changes(event))
                outcomes.append(Corrected(id=seen.id, changes=found))
            except KbError as error:
                outcomes.append(Corrected(id=seen.id, problem=str(error)))
        if dry or any(outcome.problem for outcome in outcomes):
            raise _Undone
    return outcomes


def place(
    database: Database,
    seen: Seen,
    letter: Letter,
    span: Span,
    *,
    by: By,
    reason: str = "",
) -> None:
    """Say where in its letter a commitment stands, whether it was moved, changed or misread."""
    words = excerpt(letter, span)
    check_words(words)
    columns = place_columns(words, letter)
    with booking(database, by) as book:
        row = book.unchanged(seen)
        still_live(seen, row)
        if row["letter"] != letter.id:
            raise WrongUse(f"第 {seen.id} 号承诺在复文 {row['letter']} 里，不在 {letter.id} 里")
        nothing_waits(seen, row, columns)
        book.record(seen.id, "corrected", columns | DECIDED, reason=reason)


def accept(database: Database, seen: Seen, *, by: By, reason: str = "") -> None:
    """Say that a commitment stands although its wording in the letter changed."""
    with booking(database, by) as book:
        if book.unchanged(seen)["place"] != "changed":
            raise WrongUse(f"第 {seen.id} 号承诺的原文没有待确认的改动")
        book.record(seen.id, "accepted", {"place": "found"} | DECIDED, reason=reason)


def link(
    database: Database,
    seen: Seen,
    letter: Letter,
    span: Span,
    *,
    relation: Relation,
    by: By,
    reason: str = "",
) -> None:
    """Link words of a letter as evidence; the status stays as it is (see ``move``)."""
    proof = Proof(relation=relation, quote=excerpt(letter, span), on=letter.value("issued_on"))
    with booking(database, by) as book:
        row = book.unchanged(seen)
        still_live(seen, row)
        check_proof(row, proof)
        book.record(seen.id, "linked", DECIDED, reason=reason, proof=proof)


def unlink(database: Database, seen: Seen, evidence: int, *, by: By, reason: str) -> None:
    """Take evidence away again, with a reason; the events keep that it was there."""
    if not reason.strip():
        raise WrongUse("取消佐证要写明理由；请填写后再试")
    with booking(database, by) as book:
        row = book.unchanged(seen)
        if row["merged_into"] is None:  # what another stands for keeps its own evidence
            still_live(seen, row)
        owner = database.execute(
            "SELECT commitment FROM evidence WHERE id = ?1 UNION ALL"
            " SELECT commitment FROM attachment WHERE id = ?1",
            (evidence,),
        )
        if owner.fetchone() != (seen.id,):
            raise WrongUse(f"第 {seen.id} 号承诺没有这条佐证；请看过最新情况再决定")
        book.record(seen.id, "unlinked", DECIDED, reason=reason, unlinked=evidence)


def add(
    database: Database,
    letter: Letter,
    commitment: Commitment,
    *,
    by: By,
    reason: str = "",
) -> int:
    """Enter a commitment that the program missed; its number. It is confirmed with that.

    Raises WrongUse for too few words, and where one that is on the lists stands there already.
    """
    words = excerpt(letter, commitment.span)
    check_words(words)
    columns = {
        **BLANK,
        **about_columns(letter),
        **place_columns(words, letter),
        **read_columns(commitment),
        **DECIDED,
        "status": "not_started",
    }
    with booking(database, by) as book:
        for number, start, stop in database.execute(
            "SELECT id, start, stop FROM commitment WHERE letter = ? AND text_sum = ? AND live = 1",
            (letter.id, words.text_sum),
        ).fetchall():
            if overlapping(commitment.span, [Span(start=start, end=stop)]):
                raise WrongUse(f"这里已有第 {number} 号承诺；请直接核实或更正它")
        return book.begin("added", columns, reason=reason)


def move_in(
    book: Book,
    seen: Seen,
    status: Status,
    *,
    reason: str = "",
    proof: Proof | None = None,
    done_on: str | None = None,
) -> None:
    """``move`` inside a transaction; nothing is recorded where it raises."""
    row = check_move(book, seen, status, reason=reason, proof=proof)
    columns = closing(book.database, seen, row, status, done_on, by=book.by)
    whole = columns | {"merged_into": None} | DECIDED
    book.record(seen.id, "moved", whole, reason=reason, proof=proof)


def check_move(
    book: Book, seen: Seen, status: Status, *, reason: str, proof: Proof | None
) -> dict[str, Any]:
    """The columns of the commitment, if all is there that the change of status takes.

    Raises WrongUse, CommitmentNotFound, CommitmentOutdated.
    """
    row = book.unchanged(seen)
    need = need_of(row["status"], status)
    shown = proof is not None and proof.relation == "fulfils"
    proven = need == "proof" and (shown or fulfilled(book, seen.id))
    if need != "nothing" and not (proven or reason.strip()):
        wanted = "理由" if need == "reason" else "理由，或关联一条“已兑现”的佐证"
        raise WrongUse(f"改为“{STATUSES[status]}”要写明{wanted}；请补充后再试")
    if proof:
        check_proof(row, proof)
    if row["status"] == "replaced":
        check_successors(book, seen.id)
    return row


def correct_in(book: Book, seen: Seen, fields: Mapping[str, Any], *, reason: str) -> bool:
    """``correct`` inside a transaction: True if anything differed, and was recorded."""
    columns = checked(fields)
    row = book.unchanged(seen)
    still_live(seen, row)
    if all(row[name] == value for name, value in columns.items()):
        return False
    nothing_waits(seen, row, columns)
    longer = row["status"] in (*OPEN, "done") and put_off(row, columns)
    if longer and not reason.strip():
        raise WrongUse("延长期限要写明理由；请填写后再试")
    counted = (
        {
            "extensions": row["extensions"] + 1,
            "original_last": row["original_last"] or row["due_last"],
        }
        if longer
        else {}
    )
    kind: Kind = "extended" if longer else "corrected"
    more = counted | due_moved(row, columns) | parted(book, row, columns)
    book.record(seen.id, kind, columns | more | DECIDED, reason=reason)
    return True
