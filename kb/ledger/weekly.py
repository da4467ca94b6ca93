"""督查通报: what came, what became late and what was done about commitments in one week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from kb.errors import WrongUse
from kb.ledger.changed import MOST, WHATS, Change, Counted, What, changes, scanned
from kb.ledger.policy import as_seen
from kb.ledger.queries import Count, Wanted, counts, lapsed, overdue, page, total
from kb.ledger.types import Entry
from kb.staff.connection import Database
from kb.staff.database import stamp

DAYS = 7


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


def week_of(database: Database, first: date, *, today: date, unmasked: bool) -> Week:
    """The week that begins on ``first``, seen on ``today``; ``unmasked`` as in ``as_seen``."""
    last = first + timedelta(days=DAYS - 1)
    wanted = Wanted() if unmasked else Wanted(publicity="public")
    newly = _newly_late(first, last, wanted=wanted, today=today)
    past = replace(lapsed(today), publicity=wanted.publicity)
    rows = page(database, newly, limit=MOST).rows
    counted, chosen = scanned(database, _between(first, last), unmasked=unmasked)
    return Week(
        first=first,
        last=last,
        newly_late=_seen(rows, unmasked=unmasked),
        changes=tuple(changes(database, chosen, unmasked=unmasked)),
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


def _organs(
    database: Database,
    changed: Counted,
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
