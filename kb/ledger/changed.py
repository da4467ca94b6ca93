"""What became of commitments within some days: each change of its kind, counted by organ."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from kb.ledger.columns import ENTRY, named
from kb.ledger.history import history, taken_back
from kb.ledger.policy import as_seen
from kb.ledger.rows import entry_of
from kb.ledger.types import KEPT, OFF, STATUSES, Entry
from kb.privacy.pii import masked
from kb.staff.connection import Database

What = Literal[
    "new", "done", "extended", "dropped", "moved", "submitted", "sent_back", "undone"
]  # fmt: skip
WHATS: Mapping[What, str] = {
    "new": "新增",
    "done": "办结",
    "extended": "延期",
    "dropped": "不再实施",
    "moved": "其他状态变化",
    "submitted": "报请签批",
    "sent_back": "退回",
    "undone": "撤销",
}
OUTCOMES: Sequence[What] = ("new", "done", "extended", "dropped")  # counted by organ
STEPS: Sequence[What] = ("submitted", "sent_back", "undone")  # on the way, and back
MOST = 200  # commitments of a list: more are counted, and looked up in the ledger
# Kinds of events that may be told of; what undoes another changes what was told of it.
_TELLING = (
    "added", "extended", "moved", "merged", "signed", "reminded", "submitted", "sent_back", "undone"
)  # fmt: skip
_UNDOES = ("status", "pending", "due_last")
Counted = Counter[tuple[str | None, str]]  # organ and what


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of a commitment in the week: in words, by whom, why, and as it is now."""

    what: What
    entry: Entry
    told: str
    at: datetime
    who: str
    reason: str


def scanned(
    database: Database, moments: tuple[str, str], *, unmasked: bool
) -> tuple[Counted, list[tuple[int, What]]]:
    """How often each organ did what, and the first ``MOST`` events of each kind of change.

    What was undone since is not among them.
    """
    undoes = " OR ".join(f"became -> '{name}' IS NOT NULL" for name in _UNDOES)
    public = "" if unmasked else " AND publicity = 'public'"
    rows = database.execute(
        "SELECT event.id, commitment, kind, organ, was ->> 'status', became ->> 'status'"
        " FROM commitment_event AS event JOIN commitment ON commitment.id = event.commitment"
        f" WHERE kind IN {_TELLING} AND at >= ? AND at < ?{public}"
        f" AND (kind <> 'undone' OR {undoes}) ORDER BY event.id",
        moments,
    ).fetchall()
    gone, left = _undone(database), _left(database, moments)
    counted: Counted = Counter()
    chosen: list[tuple[int, What]] = []
    kept: Counter[What] = Counter()
    for number, commitment, kind, organ, before, after in rows:
        again = any(event < number and event not in gone for event in left.get(commitment, ()))
        for what in _whats(kind, before, after, again) if number not in gone else ():
            counted[organ, what] += 1
            if what != "reminded" and kept[what] < MOST:
                kept[what] += 1
                chosen.append((number, what))
    return counted, chosen


def _undone(database: Database) -> set[int]:
    """The events that were undone, of all commitments."""
    numbers = database.execute(
        "SELECT DISTINCT commitment FROM commitment_event WHERE kind = 'undone'"
    ).fetchall()
    return {event for (number,) in numbers for event in taken_back(history(database, number))}


def _left(database: Database, moments: tuple[str, str]) -> dict[int, list[int]]:
    """The events by which what had been confirmed was so no more, of each that the days tell of."""
    off = ", ".join(f"'{status}'" for status in ("proposed", *sorted(OFF)))
    rows = database.execute(
        "SELECT commitment, id FROM commitment_event WHERE kind IN ('moved', 'merged', 'signed')"
        f" AND was ->> 'status' NOT IN ({off}) AND became ->> 'status' IN ({off})"
        " AND commitment IN (SELECT commitment FROM commitment_event WHERE at >= ? AND at < ?)",
        moments,
    )
    found: dict[int, list[int]] = {}
    for commitment, number in rows:
        found.setdefault(commitment, []).append(number)
    return found


@lru_cache  # a week has many events of few kinds
def _whats(
    kind: str, before: str | None, after: str | None, again: bool
) -> Sequence[What | Literal["reminded"]]:
    """What an event is to a week; nothing where what nobody confirmed is rejected or put back.

    What the program found is new once a person says that it is one, whatever became of it then,
    and no more where it was confirmed before (``again``).
    """
    if kind == "reminded":
        return ("reminded",)
    if kind == "added":
        return ("new",)
    if named_so := tuple(what for what in ("extended", *STEPS) if what == kind):
        return named_so
    if after is None:
        return ()
    if after in OFF or after == "proposed":
        return () if kind != "merged" and before in (*OFF, "proposed") else ("moved",)
    new: Sequence[What] = ("new",) if before == "proposed" and not again else ()
    if after == "done" or after == "dropped":
        return (*new, "done" if after == "done" else "dropped")
    return new or ("moved",)


def changes(
    database: Database, chosen: Sequence[tuple[int, What]], *, unmasked: bool
) -> Iterator[Change]:
    """What those events tell, in the order of time."""
    columns = named(f"commitment.{column.name}" for column in ENTRY)
    rows = database.execute(
        f"SELECT event.id, was, became, at, who, reason, {columns} FROM commitment_event AS event"
        " JOIN commitment ON commitment.id = event.commitment"
        " WHERE event.id IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) ORDER BY event.id",
        (json.dumps([number for number, _ in chosen]),),
    )
    whats: dict[int, list[What]] = {}
    for number, what in chosen:
        whats.setdefault(number, []).append(what)
    for number, was, became, at, who, reason, *row in rows:
        entry = as_seen(entry_of(row), unmasked=unmasked)
        if entry is None:
            continue
        for what in whats[number]:
            yield Change(
                what=what,
                entry=entry,
                told=_told(what, json.loads(was), json.loads(became)),
                at=datetime.fromisoformat(at),
                who=who,
                reason=reason if unmasked else masked(reason),
            )


def _told(what: What, was: Mapping[str, Any], became: Mapping[str, Any]) -> str:
    """What changed, in words."""
    if what in ("submitted", "sent_back"):
        pending = (became if what == "submitted" else was)["pending"]
        return f"{WHATS[what]}：改为“{STATUSES[pending]}”"
    if what == "undone":
        return f"撤销：{_reversed(was, became)}"
    if what == "extended":
        return " → ".join(days.get("due_last") or "没有日子" for days in (was, became))
    before, after = was.get("status"), became.get("status")
    kept = f"（{KEPT[became['kept']]}）" if what == "done" and became.get("kept") else ""
    into = f"（并入第 {became['merged_into']} 号）" if became.get("merged_into") else ""
    changed = f"{STATUSES[before]} → {STATUSES[after]}{kept}{into}" if before and after else ""
    return changed or "人工补录"


def _reversed(was: Mapping[str, Any], became: Mapping[str, Any]) -> str:
    """What is again as it was before."""
    if "status" in became:
        return f"{STATUSES[was['status']]} → {STATUSES[became['status']]}"
    if "pending" in became:
        return f"报请改为“{STATUSES[was['pending']]}”" if was["pending"] else "退回"
    return " → ".join(days["due_last"] or "没有日子" for days in (was, became))
