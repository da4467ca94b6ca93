"""When what is done was done, and whether in time: said once, and kept apart for ever."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from kb.errors import WrongUse
from kb.ledger.columns import DECIDED
from kb.ledger.events import booking
from kb.ledger.history import history, taken_back
from kb.ledger.types import Kept, Seen, Status
from kb.staff.connection import Database
from kb.staff.database import By

EARLIEST = "1990-01-01"  # no day that anybody tells of is before it


def kept_of(done_on: str | None, last: str | None) -> Kept:
    """In time or late, by the last day that holds (after an extension the later one)."""
    if done_on is None or last is None:
        return "unknown"
    return "on_time" if done_on <= last else "late"


def lateness(database: Database, number: int) -> tuple[bool, str | None]:
    """Whether it was done late and so stays late; and the last day then, which judges it since.

    What was undone does not count; a corrected day of completion that was in time by that last day
    ends the lateness. A part of what was split is as late as the whole was.
    """
    row = database.execute("SELECT split_from FROM commitment WHERE id = ?", (number,)).fetchone()
    late, known = lateness(database, row[0]) if row and row[0] else (False, None)
    first: object = known
    last: object = None
    events = history(database, number)
    gone = taken_back(events)
    for event in reversed(events):
        last = event.became.get("due_last", last)
        if event.kind == "undone" or event.id in gone:
            continue
        if event.became.get("kept") == "late":
            late, first = True, first or last
        elif event.kind == "dated" and event.became.get("kept") == "on_time":
            late = False
    return late, str(first) if first else None


def closing(
    database: Database,
    seen: Seen,
    row: Mapping[str, Any],
    status: Status,
    done_on: str | None,
    *,
    by: By,
) -> dict[str, Any]:
    """The columns that a change of status sets; what was late before is late again.

    Raises WrongUse for a day that cannot be.
    """
    if status != "done":
        return {"status": status}
    _check_done(row, done_on, by=by)
    late, first = lateness(database, seen.id)
    kept = "late" if late else kept_of(done_on, first or row["due_last"])
    return {"status": status, "done_on": done_on, "kept": kept}


def due_moved(row: Mapping[str, Any], columns: Mapping[str, Any]) -> dict[str, Any]:
    """What else changes with the due of what is done: late stays late, whatever the new day."""
    if row["status"] != "done" or "due_last" not in columns or row["kept"] == "late":
        return {}
    return {"kept": kept_of(row["done_on"], columns["due_last"])}


def check_day(day: str | None, *, by: By) -> None:
    """Raise WrongUse unless ``day`` is a day (ISO) from ``EARLIEST`` on, not ahead, or None."""
    if day is None:
        return
    try:
        sound = date.fromisoformat(day).isoformat() == day
    except ValueError:
        sound = False
    if not sound:
        raise WrongUse(f"日期“{day}”要写成 2025-06-30 的样子；请改正")
    if day < EARLIEST:
        raise WrongUse(f"日期 {day} 太早；请写 {EARLIEST} 以后的日子")
    if date.fromisoformat(day) > by.at.astimezone().date():
        raise WrongUse(f"日期 {day} 还没有到；请写已经过去的日子")


def _check_done(row: Mapping[str, Any], day: str | None, *, by: By) -> None:
    """Raise WrongUse unless it can have been done on ``day``: it was promised by then."""
    check_day(day, by=by)
    promised = row["issued_on"]
    if day and promised and day < promised:
        raise WrongUse(f"完成日期 {day} 早于复文的日期 {promised}；请核对后改正")


def redate(database: Database, seen: Seen, done_on: str | None, *, by: By, reason: str) -> None:
    """Correct the day on which it was done, with a reason; in time or late follows from it.

    What was late is judged by the last day of then, and without a day it stays late.
    Raises WrongUse, CommitmentNotFound, CommitmentOutdated.
    """
    with booking(database, by) as book:
        row = book.unchanged(seen)
        _check_done(row, done_on, by=by)
        if row["status"] != "done":
            raise WrongUse(f"第 {seen.id} 号承诺不是“已完成”，没有完成日期可改；请先改变状态")
        if not reason.strip():
            raise WrongUse("更正完成日期要写明理由；请填写后再试")
        late, first = lateness(database, seen.id)
        kept = kept_of(done_on, first or row["due_last"])
        kept = "late" if late and kept == "unknown" else kept
        book.record(seen.id, "dated", {"done_on": done_on, "kept": kept} | DECIDED, reason=reason)
