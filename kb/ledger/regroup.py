"""Split a commitment that is several; merge several that are one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kb.errors import WrongUse
from kb.ledger.checks import check_merge, check_parts, nothing_waits, still_live
from kb.ledger.columns import BLANK, DECIDED
from kb.ledger.events import booking
from kb.ledger.rows import checked, found_columns, place_columns
from kb.ledger.types import Seen, excerpt
from kb.staff.connection import Database
from kb.staff.database import By
from kb.types import Letter, Span

REPLACED: dict[str, Any] = {"status": "replaced"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the commitments that another is split into; what ``fields`` lack it inherits."""

    span: Span
    fields: Mapping[str, Any] = field(default_factory=dict)


def split(
    database: Database,
    seen: Seen,
    letter: Letter,
    parts: Sequence[Part],
    *,
    by: By,
    reason: str = "",
) -> list[int]:
    """Put two or more parts of its words in the place of a commitment; their numbers.

    How often it was put off and from which day holds for each.
    """
    with booking(database, by) as book:
        row = book.unchanged(seen)
        still_live(seen, row)
        nothing_waits(seen, row, REPLACED)
        check_parts(row, letter, [part.span for part in parts])
        same = {name: row[name] for name in BLANK} | found_columns(None)
        same |= {"split_from": seen.id, "reminders": 0, "reminded_on": None}
        same |= {"pending": None, "pending_by": None, "pending_on": None}
        numbers = [
            book.begin(
                "split",
                same
                | place_columns(excerpt(letter, part.span), letter)
                | checked(part.fields)
                | DECIDED,
                reason=reason,
            )
            for part in parts
        ]
        book.record(seen.id, "split", REPLACED | DECIDED, reason=reason)
        return numbers


def merge(
    database: Database,
    keep: Seen,
    others: Sequence[Seen],
    *,
    by: By,
    reason: str = "",
) -> None:
    """Let ``keep`` stand for ``others`` too: they say the same. Their evidence is its own now.

    What is to be done, or late, stays so with ``keep`` (``check_merge``). Raises WrongUse,
    CommitmentNotFound, CommitmentOutdated.
    """
    numbers = {keep.id, *(other.id for other in others)}
    if not others or len(numbers) <= len(others):
        raise WrongUse("合并要选两条以上不同的承诺；请重新选择")
    with booking(database, by) as book:
        kept, today = book.unchanged(keep), by.at.astimezone().date()
        still_live(keep, kept)
        for other in others:
            row = book.unchanged(other)
            still_live(other, row)
            nothing_waits(other, row, REPLACED)
            check_merge(keep, kept, other, row, today=today)
        for other in others:
            replaced = REPLACED | {"merged_into": keep.id}
            book.record(other.id, "merged", replaced | DECIDED, reason=reason)
        book.record(keep.id, "merged", DECIDED, reason=reason)
