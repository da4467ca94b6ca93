"""Whom to remind of which commitments today: owners, else organs, of what is late or due soon."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kb.ledger.policy import as_seen
from kb.ledger.queries import Wanted, each
from kb.ledger.types import Entry
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

    ``mailbox`` is "" where none is known; ``more`` how many there are beyond ``MOST``.
    """

    whom: str
    mailbox: str
    dues: tuple[Due, ...]
    more: int = 0


def batches(
    database: sqlite3.Connection,
    *,
    today: date,
    ahead: int,
    again: int,
    organ_mailboxes: Mapping[str, str],
) -> list[Batch]:
    """Who is to be reminded today of what is overdue or due within ``ahead`` days.

    What somebody was reminded of within the last ``again`` days, by whatever way, is left alone.
    ``organ_mailboxes`` maps organs, by any of their names, to addresses; an owner without one is
    written to at that of the organ.
    """
    own = mailboxes(database)
    until = (today + timedelta(days=ahead)).isoformat()
    since = (today - timedelta(days=again)).isoformat()
    found: dict[tuple[str, str], list[Due]] = {}
    for entry in each(database, Wanted(stage="open", due_to=until)):
        if entry.reminded_on is None or entry.reminded_on <= since:
            organ, mailbox = _organ(entry.organ, organ_mailboxes)
            whom = entry.owner or organ
            key = (whom, own.get(entry.owner or "", mailbox))
            found.setdefault(key, []).append(_due(entry, today))
    return [
        Batch(
            whom=whom,
            mailbox=mailbox,
            dues=tuple(dues[:MOST]),
            more=max(0, len(dues) - MOST),
        )
        for (whom, mailbox), dues in sorted(found.items())
    ]


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
