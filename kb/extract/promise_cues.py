"""What each part of a clause says: whether it promises, by what words, and until when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kb.extract.clauses import Clause
from kb.extract.due import Dated
from kb.extract.promise_rules import (
    ACTS,
    AFTER_IT,
    BARS,
    BROKEN,
    BY_DATE,
    BY_EVENT,
    BY_HEADING,
    CUES,
    DOES,
    DONE,
    EVENT,
    Cue,
)
from kb.extract.types import Due, Strength
from kb.text.chars import bare

# Of several strengths in one promise the first of these counts.
STRENGTHS: tuple[Strength, ...] = ("strives", "plans", "will", "studies", "under_way")
LEAD = 2  # characters before a due expression that is a part of its own
BRIEF = 10  # characters; what is shorter under a heading is a heading itself

_WE = re.compile(r"我[们局委办市区县镇]")
_BARE = re.compile(
    r"(?:\d|[一二三四五六七八九十]|月份?|[日号底末初]|[上中下]旬)+(?:之前|以前|前|起|后)?"
)
_FROM_NOW = re.compile(r"[\d一二两三四五六七八九十半]{1,3}个?[^\d]{1,3}内")
_NAMED = re.compile(r"年|季度")
_DEADLINE = ("前", "底", "末", "起")
_OPEN_END = (*_DEADLINE, "内")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A clause with what is known of it: its due expressions in offsets of its words.

    ``signed`` is the letter's own date. ``ahead``: it stands under a heading such as 下步工作;
    ``listed``: it is a further item of a list of promises.
    """

    clause: Clause
    dated: tuple[Dated, ...] = ()
    signed: date | None = None
    ahead: bool = False
    listed: bool = False

    def within(self, number: int) -> list[Dated]:
        """The due expressions of one part."""
        start, end = self.clause.parts[number]
        return [time for time in self.dated if start <= time.span.start < end]

    def timed(self, number: int) -> bool:
        """True if the part is nothing but a due expression: 2025年底前，…."""
        start, end = self.clause.parts[number]
        return any(
            time.span.start - start <= LEAD and time.span.end == end for time in self.within(number)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What one part says: its cue, if any, and where in the clause that stands.

    A ``barred`` part can't promise, and a promise doesn't reach over it.
    """

    cue: Cue | None
    at: int
    barred: bool = False


def marked(said: Said) -> list[Mark]:
    """A mark for each part of the clause."""
    marks: list[Mark] = []
    for number, (start, _) in enumerate(said.clause.parts):
        if _barred(said, number, marks):
            marks.append(Mark(cue=None, at=start, barred=True))
            continue
        found = _cue(said, number) or _by_event(said, number) or _by_date(said, number)
        marks.append(found or Mark(cue=None, at=start))
    if not any(mark.cue for mark in marks) and _acts(said):
        marks[0] = Mark(cue=BY_HEADING, at=0)
    return marks


def barred(words: str, *, dated: bool = False) -> bool:
    """True if ``words`` can't promise, whatever cue stands in them."""
    return any(bar.pattern.search(words) for bar in BARS if not (dated and bar.undated))


def _barred(said: Said, number: int, before: Sequence[Mark]) -> bool:
    """True for a part that can't promise: it cites, thanks, tells of the past, or lays down a rule.

    A rule is what follows a case (有异议的，…) and names none of us as its actor.
    """
    clause, words = said.clause, said.clause.part(number)
    case = any(clause.part(n).endswith("的") for n in range(number))
    if case and not any(mark.cue for mark in before) and not _WE.search(words):
        return True
    if number + 1 < len(clause.parts) and BROKEN.match(clause.part(number + 1)):
        return True
    _, end = clause.parts[number]
    if any(bar.whole and bar.pattern.search(clause.masked, 0, end) for bar in BARS):
        return True
    times = said.within(number)
    own = [time for time in times if not time.past]
    if times and not own:
        return True
    return barred(words, dated=any(time.due.last for time in own))


def _cue(said: Said, number: int) -> Mark | None:
    start, _ = said.clause.parts[number]
    words = said.clause.part(number)
    found = [
        (STRENGTHS.index(cue.strength), match.start(), cue)
        for cue in CUES
        if (not cue.dated or _in_time(said, cue, start)) and (match := cue.pattern.search(words))
    ]
    if not found:
        return None
    _, at, cue = min(found, key=lambda ranked: ranked[:2])
    return Mark(cue=cue, at=start + at)


def _by_event(said: Said, number: int) -> Mark | None:
    """待方案成熟后，再…: the event in one part, what then in the next."""
    clause = said.clause
    if number and EVENT.match(clause.part(number - 1)) and AFTER_IT.match(clause.part(number)):
        return Mark(cue=BY_EVENT, at=clause.parts[number][0])
    return None


def _by_date(said: Said, number: int) -> Mark | None:
    """A deadline and a verb are a promise without a cue: 6月底前完成改造."""
    clause, words = said.clause, said.clause.part(number)
    _, end = clause.parts[number]
    for time in said.within(number):
        rest = clause.masked[time.span.end : end]
        if said.timed(number):
            rest = clause.part(number + 1) if number + 1 < len(clause.parts) else ""
            if any(cue.pattern.search(rest) for cue in CUES if not cue.dated):
                return None  # it dates the promise that follows
        binding = not time.past and _binding(said, time.due)
        if binding and DOES.search(rest) and not DONE.search(words):
            return Mark(cue=BY_DATE, at=time.span.start)
    return None


def _in_time(said: Said, cue: Cue, start: int) -> bool:
    """True if a day is told from this part on; what is under way needs one that is to come."""
    signed = said.signed.isoformat() if said.signed and cue.strength == "under_way" else ""
    return any(
        time.span.start >= start
        and not time.past
        and (time.due.first or time.due.last)
        and (time.due.first or signed) >= signed
        for time in said.dated
    )


def _binding(said: Said, due: Due) -> bool:
    """True if a date alone makes a promise: a deadline, or a time that is wholly to come."""
    if due.precision == "recurring":
        return said.ahead and len(due.raw) > len("每年")
    if due.first is None or said.signed is None:
        return due.raw.endswith(_DEADLINE) and not _BARE.fullmatch(bare(due.raw))
    signed = said.signed.isoformat()
    if due.last is None:
        return due.first > signed
    if due.precision == "approximate" or _FROM_NOW.fullmatch(bare(due.raw)):
        return said.ahead
    to_come = due.first > signed and bool(_NAMED.search(due.raw))
    return to_come or due.raw.endswith(_OPEN_END) or said.ahead


def _acts(said: Said) -> bool:
    """True if the clause promises by where it stands: an action, neither done nor a heading."""
    words = said.clause.masked
    brief = 2 * BRIEF if said.clause.numbered else BRIEF
    stands = said.listed or (said.ahead and len(words) >= brief)
    return stands and bool(ACTS.match(words)) and not barred(words) and not DONE.search(words)
