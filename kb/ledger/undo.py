"""The last step on a commitment taken back: as a new event, which says what the old one changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from kb.errors import WrongUse
from kb.ledger.columns import BLANK
from kb.ledger.events import booking
from kb.ledger.history import history
from kb.ledger.types import KINDS, Event, Kind, Seen
from kb.staff.database import PROGRAM, By

# What is one step on one commitment. Splitting and merging change several, and are undone by
# merging and splitting.
UNDOABLE: frozenset[Kind] = frozenset(
    ("added", "moved", "corrected", "extended", "accepted", "linked", "unlinked",
     "attached", "dated", "submitted", "signed", "sent_back")
)  # fmt: skip


def last_step(database: sqlite3.Connection, number: int) -> Event | None:
    """The last thing that a person did to a commitment, if it is one that can be taken back.

    What the program read since does not hinder it where it changed something else.
    """
    since: set[str] = set()
    for event in history(database, number):  # the latest first
        if event.who != PROGRAM:
            sound = event.kind in UNDOABLE and not since & event.became.keys()
            return event if sound else None
        since |= event.became.keys()
    return None


def undo(database: sqlite3.Connection, seen: Seen, *, by: By, reason: str = "") -> Kind:
    """Take the last step back; which it was.

    Who may is asked of ``kb.ledger.policy`` before. Raises WrongUse (nothing can be taken back),
    CommitmentNotFound, CommitmentOutdated.
    """
    with booking(database, by) as book:
        book.unchanged(seen)
        event = last_step(database, seen.id)
        if event is None:
            raise WrongUse(
                f"第 {seen.id} 号承诺没有可以撤销的上一步；拆分和合并请再合并、再拆分，"
                "别的请改变状态或更正"
            )
        columns = _before(event)
        came = event.id if _brought(event) else None
        went = event.was.get("evidence")
        book.record(
            seen.id,
            "undone",
            columns,
            reason=reason or f"撤销“{KINDS[event.kind]}”",
            unlinked=came,
            linked=int(str(went)) if went is not None else None,
        )
        return event.kind


def _before(event: Event) -> dict[str, Any]:
    """The columns as they were before ``event``."""
    if event.kind == "added":  # there was nothing: it is no promise, and stays on record
        return {"status": "rejected"}
    columns = {name: value for name, value in event.was.items() if name in BLANK}
    if columns.get("extensions") == 0:  # older events do not tell the day themselves
        columns["original_last"] = None
    return columns


def _brought(event: Event) -> bool:
    """True if evidence came with ``event``."""
    attached: Mapping[str, object] = event.became
    return event.quote is not None or "attachment" in attached
