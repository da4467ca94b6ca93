"""提案交办: the rows of the registers as staff follow them, those without a reply first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kb.calendars import Calendar
from kb.extract.due import dues
from kb.profile import profile
from kb.staff.permissions import same_organ
from kb.store.memo import memo
from kb.store.protocol import SnapshotReader
from kb.store.register import Registered, RegisterRow, Standing

NAMES: Mapping[Standing, str] = {
    "unanswered": "没有答复",
    "ambiguous": "说不准",
    "joined": "有答复",
}
_ORDER: Sequence[Standing] = tuple(NAMES)
_UNDATED = "9999-99-99"  # comes after every day


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A row of a register; ``last`` is the day that its reply is due, ISO, "" where none is known.

    ``letters`` are the ids of those that answer it, or may; of one without a reply, those of
    organs that only take part.
    """

    row: RegisterRow
    standing: Standing
    letters: tuple[str, ...]
    why: str
    last: str

    @property
    def organs(self) -> tuple[str, ...]:
        """All organs that the row names, those that reply first."""
        row = self.row
        return tuple(dict.fromkeys((*row.host, *row.organs, *row.co_organs)))

    def days_late(self, today: date) -> int:
        """How many days the reply is overdue, 0 where it is not, or is there."""
        if self.standing != "unanswered" or not self.last:
            return 0
        return max(0, (today - date.fromisoformat(self.last)).days)

    @property
    def came_late(self) -> bool:
        """True if the register says that the reply came after its day."""
        replied = _iso(self.row.replied_on)
        return self.standing == "joined" and bool(self.last) and replied > self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which proposals: what is "" chooses nothing.

    ``organ`` is one of those that reply or take part, by any of its names; ``words`` stand in
    the number, the title, or the name of who brought it, each of several.
    """

    standing: str = ""
    organ: str = ""
    words: str = ""
    late: bool = False


def proposals(reader: SnapshotReader) -> Sequence[Proposal]:
    """Every row: without a reply by the day it is due, then those in doubt, then the others."""
    return _proposals(reader)


def chosen(found: Iterable[Proposal], asked: Asked, *, today: date) -> list[Proposal]:
    """Those of ``found`` that were asked for."""
    words = asked.words.split()
    return [
        one
        for one in found
        if (not asked.standing or one.standing == asked.standing)
        and (not asked.organ or any(_same(asked.organ, organ) for organ in one.organs))
        and (not asked.late or one.days_late(today))
        and all(word in _told(one.row) for word in words)
    ]


def counts(found: Iterable[Proposal], *, today: date) -> Mapping[str, int]:
    """How many there are of each standing, ``late`` among those without, ``came_late`` with one."""
    counted: Counter[str] = Counter()
    for one in found:
        counted[one.standing] += 1
        counted["late"] += bool(one.days_late(today))
        counted["came_late"] += one.came_late
    return counted


def organs(reader: SnapshotReader) -> Sequence[str]:
    """Every organ that a row names."""
    return sorted({organ for one in _proposals(reader) for organ in one.organs})


@memo(most=1)
def _proposals(reader: SnapshotReader) -> Sequence[Proposal]:
    calendar = profile().calendar
    found = [_proposal(one, calendar) for one in reader.registered()]
    found.sort(key=lambda one: (_ORDER.index(one.standing), one.last or _UNDATED))
    return tuple(found)


def _proposal(found: Registered, calendar: Calendar) -> Proposal:
    return Proposal(
        row=found.row,
        standing=found.outcome.standing,
        letters=found.outcome.letters,
        why=found.outcome.why,
        last=_last(found.row, calendar),
    )


def _last(row: RegisterRow, calendar: Calendar) -> str:
    """The day that the reply is due: as a date, or as words count it from the handing on."""
    if _iso(row.due) or not row.due:
        return _iso(row.due)
    handed = _iso(row.handed_on)
    signed = date.fromisoformat(handed) if handed else None
    days = [one.due.last for one in dues(row.due, signed=signed, calendar=calendar)]
    return max((day for day in days if day), default="")


def _iso(words: str) -> str:
    """``words`` if they are a day, else ""."""
    try:
        return words if date.fromisoformat(words).isoformat() == words else ""
    except ValueError:
        return ""


def _same(organ: str, named: str) -> bool:
    return same_organ(organ, named) or same_organ(named, organ)


def _told(row: RegisterRow) -> str:
    return "\n".join((*row.numbers, row.title, *row.proposers, row.reply_number))
