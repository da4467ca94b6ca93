"""What follows from events: the tables ``commitment``, ``evidence`` and ``attachment``.

Nothing else writes these tables, but ``kb.ledger.rebuild``, which calls ``apply`` too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kb.ledger.columns import ATTACHMENT, BLANK, EVENT, EVIDENCE, Columns, derived, named
from kb.staff.connection import Database

# Tables of evidence: what is told of it is what the event told.
EVIDENCES = ("evidence", "attachment")
# What no longer holds once the status is another one, where the event does not say so.
_WITH_STATUS: Columns = {
    "done_on": None,
    "pending": None,
    "pending_by": None,
    "pending_on": None,
}


def settled(columns: Columns) -> dict[str, Any]:
    """``columns`` with what follows of a status that is among them."""
    if "status" not in columns:
        return dict(columns)
    kept = "unknown" if columns["status"] == "done" else None
    return {**_WITH_STATUS, "kept": kept, **columns}


def apply(database: Database, row: tuple[Any, ...]) -> None:
    """Write what follows from one event, a row of the columns ``EVENT``."""
    event = dict(zip(EVENT, row, strict=True))
    was, became = json.loads(event["was"]), json.loads(event["became"])
    columns = settled({name: value for name, value in became.items() if name in BLANK})
    own = {"version": event["version"], "event": event["id"], "changed_at": event["at"]}
    if event["version"] == 1:
        whole = {"id": event["commitment"], **BLANK, **columns, **own}
        _insert(database, "commitment", whole | derived(whole))
    else:
        _update(database, event["commitment"], {**columns, **own})
    if event["kind"] == "extended":  # those of earlier versions do not say the day themselves
        database.execute(
            "UPDATE commitment SET original_last = coalesce(original_last, ?) WHERE id = ?",
            (was.get("due_last"), event["commitment"]),
        )
    if "evidence" in was:
        for table in EVIDENCES:
            database.execute(f"DELETE FROM {table} WHERE id = ?", (was["evidence"],))
    if "evidence" in became:
        _bring_back(database, became["evidence"])
    _show(database, event, became)


def _bring_back(database: Database, number: int) -> None:
    """Put evidence that was taken away in its place again, as its own event has it."""
    found = database.execute(
        f"SELECT {named(EVENT)} FROM commitment_event WHERE id = ?", (number,)
    ).fetchone()
    if found is None:
        raise ValueError(f"no event {number}")
    event = dict(zip(EVENT, found, strict=True))
    _show(database, event, json.loads(event["became"]))


def _show(database: Database, event: Mapping[str, Any], became: Mapping[str, Any]) -> None:
    """Enter the evidence that an event came with, if it did."""
    if attached := became.get("attachment"):
        told = {**event, **attached}
        _insert(database, "attachment", {name: told[name] for name in ATTACHMENT})
    elif event["letter"] is not None:
        _insert(database, "evidence", {name: event[name] for name in EVIDENCE})


def _insert(database: Database, table: str, row: Columns) -> None:
    database.execute(
        f"INSERT INTO {table} ({named(row)}) VALUES ({', '.join('?' * len(row))})",
        list(row.values()),
    )


def _update(database: Database, number: int, columns: Columns) -> None:
    whole = {**columns, **derived(columns)}
    changes = ", ".join(f"{name} = ?" for name in whole)
    database.execute(f"UPDATE commitment SET {changes} WHERE id = ?", [*whole.values(), number])
