"""What became of one commitment: its events in words, what it was before, its evidence."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from kb.ledger.columns import COLUMNS, ENTRY, EVENT, EVIDENCE, Column, Columns, named
from kb.ledger.events import entry
from kb.ledger.rows import columns_of, entry_of
from kb.ledger.types import ASIDE, Entry, Event, Evidence, Excerpt, Seen
from kb.staff.connection import Database
from kb.staff.database import PROGRAM
from kb.types import Span


def history(database: Database, number: int) -> list[Event]:
    """All that became of a commitment, the latest first."""
    rows = database.execute(
        f"SELECT {named(EVENT)} FROM commitment_event WHERE commitment = ? ORDER BY version DESC",
        (number,),
    )
    return [_event(dict(zip(EVENT, row, strict=True))) for row in rows]


def taken_back(events: Sequence[Event]) -> frozenset[int]:
    """The numbers of those of a commitment's ``events`` (the latest first) that were undone.

    Of one that does not say which it undid, as earlier versions wrote them, it is the last thing
    before it that a person did and that still stood.
    """
    gone: set[int] = set()
    for place, event in reversed(list(enumerate(events))):
        if event.kind != "undone":
            continue
        said = event.became.get("undid")
        gone |= {said} if isinstance(said, int) else set(_undid(events[place + 1 :], gone))
    return frozenset(gone)


def _undid(before: Sequence[Event], gone: set[int]) -> list[int]:
    standing = (
        event.id
        for event in before
        if event.kind not in (*ASIDE, "undone") and event.who != PROGRAM and event.id not in gone
    )
    return list(standing)[:1]


def between(database: Database, first: int, last: int, *, most: int) -> list[tuple[int, Event]]:
    """The first ``most`` events from number ``first`` to ``last``, each with its commitment's."""
    rows = database.execute(
        f"SELECT {named(EVENT)} FROM commitment_event WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?",
        (first, last, most),
    )
    events = (dict(zip(EVENT, row, strict=True)) for row in rows)
    return [(row["commitment"], _event(row)) for row in events]


def changes(event: Event) -> list[tuple[str, str, str]]:
    """What an event changed: label, what it was, what it became; "" for nothing."""

    def changed(name: str) -> bool:
        return event.was.get(name) != event.became.get(name)

    rows = (
        (column.label, _word(column, event.was), _word(column, event.became))
        for column in COLUMNS
        if column.label and not changed(column.detail_of)
    )
    return [row for row in rows if row[1] != row[2]]


def entry_at(database: Database, seen: Seen) -> Entry | None:
    """The commitment as it was at the version that was seen; None where it has no such version.

    Raises CommitmentNotFound.
    """
    now = entry(database, seen.id)
    if not 1 <= seen.version <= now.version:
        return None
    if seen.version == now.version:
        return now
    columns = columns_of(**{column.field: getattr(now, column.field) for column in ENTRY})
    for event in history(database, seen.id):  # the latest first
        if event.version > seen.version:
            columns |= event.was
    return entry_of([columns[column.name] for column in ENTRY])


def evidence_of(database: Database, number: int) -> list[Evidence]:
    """The evidence of a commitment and of those merged into it, in the order it was linked."""
    rows = database.execute(
        "WITH RECURSIVE family(id) AS (VALUES (?) UNION"
        "  SELECT commitment.id FROM commitment JOIN family ON merged_into = family.id)"
        f" SELECT {named(EVIDENCE)} FROM evidence"
        " WHERE commitment IN (SELECT id FROM family) ORDER BY id",
        (number,),
    )
    return [_evidence(dict(zip(EVIDENCE, row, strict=True))) for row in rows]


def evidence_by_commitment(database: Database) -> dict[int, list[Evidence]]:
    """What ``evidence_of`` gives, for every commitment that has any."""
    rows = database.execute(
        "WITH RECURSIVE up(evidence, head) AS (SELECT id, commitment FROM evidence UNION"
        "  SELECT evidence, merged_into FROM up JOIN commitment ON commitment.id = head"
        "  WHERE merged_into IS NOT NULL)"
        f" SELECT head, {named(f'evidence.{name}' for name in EVIDENCE)}"
        " FROM up JOIN evidence ON evidence.id = up.evidence ORDER BY evidence.id"
    )
    found: dict[int, list[Evidence]] = {}
    for head, *row in rows:
        found.setdefault(head, []).append(_evidence(dict(zip(EVIDENCE, row, strict=True))))
    return found


def successors(database: Database, number: int) -> list[int]:
    """The numbers that a commitment was split into."""
    rows = database.execute("SELECT id FROM commitment WHERE split_from = ? ORDER BY id", (number,))
    return [part for (part,) in rows]


def _word(column: Column, columns: Columns) -> str:
    value = columns.get(column.name)
    return "" if value is None else column.word(value)


def _event(row: dict[str, Any]) -> Event:
    quote = (
        Excerpt(
            letter_id=row["letter"],
            span=Span(start=row["start"], end=row["stop"]),
            text=row["words"],
            text_sum="",
        )
        if row["letter"]
        else None
    )
    return Event(
        id=row["id"],
        at=datetime.fromisoformat(row["at"]),
        who=row["who"],
        kind=row["kind"],
        version=row["version"],
        was=json.loads(row["was"]),
        became=json.loads(row["became"]),
        reason=row["reason"],
        relation=row["relation"],
        quote=quote,
    )


def _evidence(row: dict[str, Any]) -> Evidence:
    return Evidence(
        id=row["id"],
        of=row["commitment"],
        relation=row["relation"],
        letter_id=row["letter"],
        span=Span(start=row["start"], end=row["stop"]),
        text=row["words"],
        who=row["who"],
        at=datetime.fromisoformat(row["at"]),
        reason=row["reason"],
    )
