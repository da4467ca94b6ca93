"""Whom to remind of which commitments today: owners, else organs, of what is late or due soon."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from kb.ledger.history import history
from kb.ledger.policy import as_seen
from kb.ledger.queries import Wanted, each
from kb.ledger.types import WAYS, Entry, Way
from kb.staff.connection import Database
from kb.staff.database import PROGRAM
from kb.staff.mailboxes import mailboxes
from kb.staff.permissions import same_organ

MOST = 200  # commitments that one is reminded of at a time; the rest comes the next day
NOBODY = "未写明负责单位"
HIDDEN = "（原文不公开，请登录工作台查看）"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A commitment that somebody is reminded of, in words that may leave the house.

    ``days`` are left until its last day, negative where that is over.
    """

    number: int
    action: str
    last: str
    days: int
    letter: str

    @property
    def standing(self) -> str:
        """逾期 3 天, 今天到期 or 还有 3 天."""
        if self.days < 0:
            return f"逾期 {-self.days} 天"
        return f"还有 {self.days} 天" if self.days else "今天到期"


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one person or one organ is reminded of, the longest overdue first.

    ``mailbox`` is "" where none is known; ``more`` how many there are beyond ``MOST``; ``told``
    by which ways somebody was reminded of a commitment lately.
    """

    whom: str
    mailbox: str
    dues: tuple[Due, ...]
    more: int = 0
    told: Mapping[int, Set[Way]] = field(default_factory=dict)

    def by(self, way: Way) -> Batch:
        """What is left to be reminded of by one way, where another was used already."""
        dues = (due for due in self.dues if way not in self.told.get(due.number, ()))
        return replace(self, dues=tuple(dues))


def batches(
    database: Database,
    *,
    today: date,
    ahead: int,
    again: int,
    organ_mailboxes: Mapping[str, str],
    ways: Collection[Way] = (),
) -> list[Batch]:
    """Who is to be reminded today of what is overdue or due within ``ahead`` days.

    What a person reminded somebody of within the last ``again`` days, by whatever way, is left
    alone, and so is what the program did by every one of ``ways`` that there is for it: the other
    ways are still to be tried, the same one is not tried again.
    ``organ_mailboxes`` maps organs, by any of their names, to addresses; an owner without one is
    written to at that of the organ.
    """
    own = mailboxes(database)
    until = (today + timedelta(days=ahead)).isoformat()
    since = (today - timedelta(days=again)).isoformat()
    found: dict[tuple[str, str], list[Due]] = {}
    told: dict[int, Set[Way]] = {}
    for entry in each(database, Wanted(stage="open", due_to=until)):
        organ, mailbox = _organ(entry.organ, organ_mailboxes)
        whom = entry.owner or organ
        key = (whom, own.get(entry.owner or "", mailbox))
        if lately := _told(database, entry, since=since):
            if not {way for way in ways if way != "mail" or key[1]} - lately:
                continue
            told[entry.id] = lately
        found.setdefault(key, []).append(_due(entry, today))
    return [
        Batch(whom=whom, mailbox=mailbox, dues=tuple(dues[:MOST]), more=len(dues[MOST:]), told=told)
        for (whom, mailbox), dues in sorted(found.items())
    ]


def _told(database: Database, entry: Entry, *, since: str) -> Set[Way]:
    """By which ways somebody was reminded of ``entry`` after ``since``; all, if by a person."""
    if entry.reminded_on is None or entry.reminded_on <= since:
        return frozenset()
    found: set[Way] = set()
    day = ""
    for event in reversed(history(database, entry.id)):  # one that moved the day tells it
        day = str(event.became.get("reminded_on", day))
        if event.kind == "reminded" and day > since:
            found |= {event.became["way"]} if event.who == PROGRAM else WAYS.keys()  # type: ignore[arg-type]
    return found


def _organ(organ: str | None, mailboxes: Mapping[str, str]) -> tuple[str, str]:
    """One name for all ways to write an organ that has a mailbox, and the mailbox."""
    known: Iterable[tuple[str, str]] = mailboxes.items() if organ else ()
    named = ((name, box) for name, box in known if organ and _same(name, organ))
    return next(named, (organ or NOBODY, ""))


def _same(name: str, organ: str) -> bool:
    return same_organ(name, organ) or same_organ(organ, name)


def _due(entry: Entry, today: date) -> Due:
    last = entry.due.last if entry.due and entry.due.last else today.isoformat()
    seen = as_seen(entry, unmasked=False)
    open_ = seen is not None and seen.place != "gone"
    cited = seen.citation if seen else None
    return Due(
        number=entry.id,
        action=(seen.action or seen.text) if seen and open_ else HIDDEN,
        last=last,
        days=(date.fromisoformat(last) - today).days,
        letter=(cited.number or cited.name) if cited and open_ else "",
    )
