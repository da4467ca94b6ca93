"""督查通报: what came, what became late and what was done about commitments in one week."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from kb.errors import WrongUse
from kb.ledger.columns import ENTRY, named
from kb.ledger.policy import as_seen
from kb.ledger.queries import Count, Wanted, counts, lapsed, overdue, page, total
from kb.ledger.rows import entry_of
from kb.ledger.types import OPEN, STATUSES, Entry
from kb.privacy.pii import masked
from kb.staff.database import stamp

DAYS = 7
What = Literal["new", "done", "extended", "dropped", "moved"]
WHATS: Mapping[What, str] = {
    "new": "新增",
    "done": "办结",
    "extended": "延期",
    "dropped": "不再实施",
    "moved": "其他状态变化",
}
MOST = 200  # commitments of a list: more are counted, and looked up in the ledger
_TELLING = (
    "added",
    "extended",
    "moved",
    "signed",
    "reminded",
)  # kinds of events that a week may tell of
_Counted = Counter[tuple[str | None, str]]  # organ and what


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of a commitment in the week: in words, by whom, why, and as it is now."""

    what: What
    entry: Entry
    told: str
    at: datetime
    who: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfOrgan:
    """The figures of an organ, None for those that no organ answers for.

    ``open`` and ``late`` are of now; the others of the week.
    """

    organ: str | None
    open: int
    late: int
    newly_late: int
    changes: Mapping[What, int]
    reminders: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A week of the ledger, Monday to Sunday.

    ``newly_late``, ``lapsed`` and ``changes`` have at most ``MOST`` of a kind; the figures of
    ``organs`` count all. What is late is late on the day that it was asked, and so is what nobody
    looked at yet (``lapsed``), of which there are ``lapsed_number``.
    """

    first: date
    last: date
    newly_late: tuple[Entry, ...]
    changes: tuple[Change, ...]
    organs: tuple[OfOrgan, ...]
    lapsed: tuple[Entry, ...] = ()
    lapsed_number: int = 0

    @property
    def open(self) -> int:
        """How many are still to be done."""
        return sum(one.open for one in self.organs)

    @property
    def late(self) -> int:
        """How many of them are overdue."""
        return sum(one.late for one in self.organs)

    @property
    def newly(self) -> int:
        """How many became overdue in the week."""
        return sum(one.newly_late for one in self.organs)

    @property
    def reminders(self) -> int:
        """How often somebody was reminded of something."""
        return sum(one.reminders for one in self.organs)

    def number(self, what: What) -> int:
        """How many changes of one kind there were."""
        return sum(one.changes[what] for one in self.organs)

    def of(self, what: What) -> Sequence[Change]:
        """The changes of one kind, in the order of time."""
        return [change for change in self.changes if change.what == what]


def monday(day: date) -> date:
    """The first day of the week of ``day``."""
    return day - timedelta(days=day.weekday())


def first_day(typed: str, today: date) -> date:
    """The Monday of the day that was typed, of the last whole week unless one was.

    Raises WrongUse.
    """
    if not typed.strip():
        return monday(today) - timedelta(days=DAYS)
    try:
        first = monday(date.fromisoformat(typed.strip()))
    except (ValueError, OverflowError):
        first = date.max
    if not date(1990, 1, 1) <= first <= today:
        raise WrongUse("哪一周要写成 2026-06-22 的样子，不晚于今天；请改正")
    return first


def week_of(database: sqlite3.Connection, first: date, *, today: date, unmasked: bool) -> Week:
    """The week that begins on ``first``, seen on ``today``; ``unmasked`` as in ``as_seen``."""
    last = first + timedelta(days=DAYS - 1)
    wanted = Wanted() if unmasked else Wanted(publicity="public")
    newly = _newly_late(first, last, wanted=wanted, today=today)
    past = replace(lapsed(today), publicity=wanted.publicity)
    rows = page(database, newly, limit=MOST).rows
    counted, chosen = _scanned(database, _between(first, last), unmasked=unmasked)
    return Week(
        first=first,
        last=last,
        newly_late=_seen(rows, unmasked=unmasked),
        changes=tuple(_changes(database, chosen, unmasked=unmasked)),
        organs=tuple(_organs(database, counted, wanted, newly, today=today)),
        lapsed=_seen(page(database, past, limit=MOST).rows, unmasked=unmasked),
        lapsed_number=total(database, past),
    )


def _seen(rows: Sequence[Entry], *, unmasked: bool) -> tuple[Entry, ...]:
    """Those of ``rows`` that may be seen, as they may be."""
    seen = (as_seen(entry, unmasked=unmasked) for entry in rows)
    return tuple(entry for entry in seen if entry)


def _between(first: date, last: date) -> tuple[str, str]:
    """Both ends of the days from ``first`` to ``last``, as moments are stored."""
    ends = (first, last + timedelta(days=1))
    since, until = (stamp(datetime.combine(day, time()).astimezone()) for day in ends)
    return since, until


def _newly_late(first: date, last: date, *, wanted: Wanted, today: date) -> Wanted:
    """What is still to be done and was so for the first day too late in the week."""
    since, until = (day - timedelta(days=1) for day in (first, min(last, today)))
    late = replace(overdue(today), publicity=wanted.publicity, due_from=since.isoformat())
    return replace(late, due_to=until.isoformat())


def _scanned(
    database: sqlite3.Connection, moments: tuple[str, str], *, unmasked: bool
) -> tuple[_Counted, dict[int, What]]:
    """How often each organ did what, and the first ``MOST`` events of each kind of change."""
    public = "" if unmasked else " AND publicity = 'public'"
    rows = database.execute(
        "SELECT event.id, kind, organ, was ->> 'status', became ->> 'status'"
        " FROM commitment_event AS event JOIN commitment ON commitment.id = event.commitment"
        f" WHERE kind IN {_TELLING} AND at >= ? AND at < ?{public} ORDER BY event.id",
        moments,
    )
    counted: _Counted = Counter()
    chosen: dict[int, What] = {}
    kept: Counter[What] = Counter()
    for number, kind, organ, before, after in rows:
        what = _what(kind, before, after)
        if what is None:
            continue
        counted[organ, what] += 1
        if what != "reminded" and kept[what] < MOST:
            kept[what] += 1
            chosen[number] = what
    return counted, chosen


def _what(kind: str, before: str | None, after: str | None) -> What | Literal["reminded"] | None:
    """What an event is to a week; nothing where a commitment was rejected or put back."""
    if kind == "reminded":
        return "reminded"
    if kind == "added":
        return "new"
    if kind == "extended":
        return "extended"
    if after is None or after in ("rejected", "proposed"):
        return None
    if after == "done" or after == "dropped":
        return "done" if after == "done" else "dropped"
    return "new" if before == "proposed" and after in OPEN else "moved"


def _changes(
    database: sqlite3.Connection, chosen: Mapping[int, What], *, unmasked: bool
) -> Iterator[Change]:
    """What those events tell, in the order of time."""
    columns = named(f"commitment.{column.name}" for column in ENTRY)
    rows = database.execute(
        f"SELECT event.id, was, became, at, who, reason, {columns} FROM commitment_event AS event"
        " JOIN commitment ON commitment.id = event.commitment"
        " WHERE event.id IN (SELECT value FROM json_each(?)) ORDER BY event.id",
        (json.dumps(list(chosen)),),
    )
    for number, was, became, at, who, reason, *row in rows:
        entry = as_seen(entry_of(row), unmasked=unmasked)
        if entry:
            yield Change(
                what=chosen[number],
                entry=entry,
                told=_told(chosen[number], json.loads(was), json.loads(became)),
                at=datetime.fromisoformat(at),
                who=who,
                reason=reason if unmasked else masked(reason),
            )


def _told(what: What, was: Mapping[str, Any], became: Mapping[str, Any]) -> str:
    """What changed, in words."""
    if what == "extended":
        return " → ".join(days.get("due_last") or "没有日子" for days in (was, became))
    before, after = was.get("status"), became.get("status")
    return f"{STATUSES[before]} → {STATUSES[after]}" if before and after else "人工补录"


def _organs(
    database: sqlite3.Connection,
    changed: _Counted,
    wanted: Wanted,
    newly: Wanted,
    *,
    today: date,
) -> list[OfOrgan]:
    """The figures of every organ that has any, those with the most overdue first."""

    def counted(of: Wanted) -> dict[str | None, Count]:
        return {
            count.key[0]: count for count in counts(database, ["organ"], today=today, wanted=of)
        }

    now, late = counted(replace(wanted, stage="open")), counted(newly)
    found = [
        OfOrgan(
            organ=organ,
            open=now[organ].total if organ in now else 0,
            late=now[organ].overdue if organ in now else 0,
            newly_late=late[organ].total if organ in late else 0,
            changes={what: changed[organ, what] for what in WHATS},
            reminders=changed[organ, "reminded"],
        )
        for organ in {*now, *(organ for organ, _ in changed)}
    ]
    return sorted(found, key=lambda one: (-one.late, -one.open, one.organ or "\uffff"))
