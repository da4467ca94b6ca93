"""Due expressions (年底前、2025年上半年、三个月内) and the days that they mean.

Conventions of ``corpus/README.md``: a period means its first and last day; a deadline runs
from the letter's own date to its last day; 起 has a first day only; a season, a festival or a
term has the days of the place's calendar; what depends on an event to come has no day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from kb.calendars import Calendar
from kb.extract.days import Clock, Resolved
from kb.extract.due_rules import ROWS, DueRule
from kb.extract.types import Due
from kb.text.normalize import normalized
from kb.types import Span

# What stands between two expressions that are one: 2025年6月至9月; 今年年底或明年年初.
_UNTIL = ("-", "至", "到")
_OR = ("或", "或者")
# A period that begins with something to come can't be told from the letter's date.
_ON_EVENT = re.compile(
    r"若|如果|一旦|收到|自.{0,12}之日|待[^，。；]{1,30}后|后[^，。；]{0,6}$|(?<!今)后，?$"
)
# How soon each case is dealt with (接诉即办，3个工作日内答复), or each turn of what is done over
# and over (每学期检查，结果一周内公开), is no deadline.
_EACH = re.compile(
    r"接诉|接[到报](?!通知|任务|上级)|(?:投诉|诉求|举报|报修|工单)(?:后|，|均|都|$)|即[接报诉]即|随[接报诉]随|一经|(?<![不大])凡|随时|逐[件案一]|每(?:半年|个?(?:季度?|学[期年]|月|周|星期)|年|[一]?[件起次宗批轮笔])|逢"
    r"|(?:发现|出现|受理)[^，。；]{0,16}[的后，]|对[^，。；您你]{0,12}(?:反映|投诉|举报|上报|提出|集中|发现)的(?!(?:问题|情况)，?(?:经|我))"
)
_SHORT = re.compile(r"[周日天]|星期|礼拜|小时")
_REACH = 48  # characters before an expression in which its event is looked for
_NO_DATE = Calendar()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A due expression and where it stands; ``past`` if it was over when the letter was signed."""

    span: Span
    due: Due
    past: bool


def dues(text: str, *, signed: date | None, calendar: Calendar = _NO_DATE) -> tuple[Dated, ...]:
    """Every expression of ``text`` that names a time, in order, none overlapping.

    ``signed`` is the letter's own date; without it only what names its year has days. Offsets
    count code points of ``text``, which may have spaces between digits and broken lines.
    """
    plain = normalized(text)
    found: list[Dated] = []
    year = signed.year if signed else None
    named_until = 0  # where the last year that was named ends
    for group in _joined(plain.words, _leftmost(plain.words)):
        if (
            year
            and signed
            and year < signed.year
            and "，" in plain.words[named_until : group[0].start]
        ):
            year = signed.year
        clock = Clock(signed=signed, year=year, calendar=calendar)
        resolved = _resolved(plain.words, group, clock)
        if resolved is None:
            continue
        if resolved.last:
            year, named_until = resolved.last.year, group[-1].end
        span = plain.span(group[0].start, group[-1].end)
        found.append(_dated(text, span, resolved))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    row: DueRule
    match: re.Match[str]
    start: int
    end: int


def _leftmost(words: str) -> list[_Found]:
    """Of expressions that overlap the leftmost counts, of those the longest."""
    every = [
        _Found(row=row, match=match, start=match.start(), end=match.end())
        for row in ROWS
        for match in row.pattern.finditer(words)
    ]
    leftmost: list[_Found] = []
    for expression in sorted(every, key=lambda expression: (expression.start, -expression.end)):
        if not leftmost or expression.start >= leftmost[-1].end:
            leftmost.append(expression)
    return leftmost


def _joined(words: str, found: list[_Found]) -> Iterator[list[_Found]]:
    """Each expression, or two that are joined by 至 or 或."""
    group: list[_Found] = []
    for expression in found:
        if len(group) == 1 and _joint(words, group[0], expression):
            group.append(expression)
            continue
        if group:
            yield group
        group = [expression]
    if group:
        yield group


def _joint(words: str, first: _Found, second: _Found) -> bool:
    between = words[first.end : second.start]
    return between in (*_UNTIL, *_OR) or (not between and words[second.start] in _UNTIL)


def _resolved(words: str, group: list[_Found], clock: Clock) -> Resolved | None:
    first = group[0]
    if len(group) == 2:
        return _range(words, group, clock)
    if first.row.from_now:
        before = words[max(0, first.start - _REACH) : first.start]
        each = _SHORT.search(first.match[0]) and _EACH.search(re.split("[。；]", before)[-1])
        if each or _ON_EVENT.search(before):
            return Resolved(precision="vague")
    return first.row.resolve(first.match, clock)


def _range(words: str, group: list[_Found], clock: Clock) -> Resolved | None:
    """From the first day of one to the last day of the other."""
    first, second = group
    begin = first.row.resolve(first.match, clock)
    day = begin and (begin.last or begin.first)
    if day:
        clock = replace(clock, year=day.year)
    end = second.row.resolve(second.match, clock)
    if begin is None or end is None:
        return begin or end
    backwards = begin.first and end.last and end.last < begin.first  # 2025年至今年, said in 2024
    if words[first.end : second.start] in _OR and end.last and not backwards:
        start = begin.first or end.first  # 5月底或6月初: by the later at the latest
        return Resolved(first=start, last=end.last, precision="approximate", past=end.past)
    if end.last is None or backwards:
        return Resolved(precision="vague", past=end.past or begin.past)
    return Resolved(first=begin.first, last=end.last, precision=end.precision, past=end.past)


def _dated(text: str, span: Span, resolved: Resolved) -> Dated:
    first, last = (day.isoformat() if day else None for day in (resolved.first, resolved.last))
    due = Due(raw=span.of(text), first=first, last=last, precision=resolved.precision)
    return Dated(span=span, due=due, past=resolved.past)
