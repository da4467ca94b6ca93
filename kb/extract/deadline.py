"""The one due expression of a promise that counts, of all that stand in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kb.calendars import Calendar
from kb.extract.clauses import Clause
from kb.extract.days import Clock
from kb.extract.due import Dated
from kb.extract.promise_cues import Said
from kb.extract.promise_rules import DONE
from kb.extract.promises import Promise
from kb.extract.types import Due
from kb.extract.undated import undated
from kb.types import Letter

_RELATIVE = re.compile(r"\d{0,3}[一二两三四五六七八九十半]{0,3}个?[^\d]{1,3}内")
_PUT_OFF = re.compile(r"[迟延长后期][到至]")  # 推迟到年底, where 到 is no part of the time
_IF = re.compile(r"如果|若(?!干)|假如|倘若")
# What is dated by this is only a part of what is done: 完成今年列入的40个小区.
_OF_IT = re.compile(r"(?:度|计划|已)?(?:列入|纳入|下达|确定|安排|新增|签约|任务)[^，。；]{0,8}的")
# What was done then is told, not promised: 2024年、2025年均已按期公布.
_OVER = re.compile(
    r"(?:(?:[、和及与至]|以及)\d{2,4}年度?)*[^，。；将把对完需应拟]{0,6}?(?:均|都|全部|全|业|也)?已"
    r"(?!经?(?:确定|制定|列入|纳入|批|被[列纳]))"
)
_START = re.compile(r"^[^，]{0,12}(?:开工|动工|启动|开建|开始|征地|招标)(?!.{0,6}(?:完|建成))")


def deadline(
    letter: Letter, said: Said, promise: Promise, *, calendar: Calendar
) -> tuple[Due | None, int]:
    """By when it is done, and where in the clause's words that is said; else where the cue is.

    Of several the last one by which it is done: no start, a day rather than a season. What names
    no day (近期, 待验收合格后) counts where nothing else does; 尽快 or 及时 is no deadline.
    """
    clause, start, end = said.clause, promise.start, promise.end
    own = [
        time
        for time in said.dated
        if start <= time.span.start < end and not time.past and not _apart(clause, time)
    ]
    if not own:
        return _undated(letter, clause, start, end, calendar=calendar), promise.at
    chosen = own[min(range(len(own)), key=lambda number: _drawbacks(clause, own, number, end=end))]
    first = chosen.span.start
    first += bool(_PUT_OFF.match(clause.masked[max(0, first - 1) : first + 1]))
    raw = clause.plain.span(first, chosen.span.end).of(letter.text)
    return replace(chosen.due, raw=raw), chosen.span.start


def _drawbacks(
    clause: Clause, own: Sequence[Dated], number: int, *, end: int
) -> tuple[bool | int, ...]:
    due, tail = own[number].due, clause.masked[own[number].span.end : end]
    vague = due.first is None and due.last is None
    starts = bool(_START.match(tail)) or (due.last is None and not vague)
    return (
        bool(DONE.match(tail)) or bool(_OF_IT.match(tail)),
        _uncounted(due),
        starts,
        vague,
        bool(_RELATIVE.fullmatch(due.raw)),
        _aside(clause, own, number),
        -number,
    )


def _uncounted(due: Due) -> int:
    """What comes again and again counts little; how soon then, still less: 每月检查，两日内公布."""
    if due.precision == "recurring":
        return 1
    return 2 if due.precision == "vague" and _RELATIVE.fullmatch(due.raw) else 0


def _apart(clause: Clause, time: Dated) -> bool:
    """True in a part that only supposes (如果2026年继续实施这一政策，…) or tells what is done."""
    start, end = next(part for part in clause.parts if part[0] <= time.span.start < part[1])
    supposed = _IF.match(clause.masked, start)
    return bool(supposed or _OVER.match(clause.masked, time.span.end, end))


def _aside(clause: Clause, own: Sequence[Dated], number: int) -> bool:
    """True for what only says another time again: 9月6日（下周五）."""
    start = own[number].span.start
    again = any(start - time.span.end in (1, 3) for time in own)  # 之前 may stand between
    return again and clause.masked[:start].endswith("（")


def _undated(
    letter: Letter, clause: Clause, start: int, end: int, *, calendar: Calendar
) -> Due | None:
    """What the promise says of its time where it names no day: 近期, 待验收合格后."""
    signed = letter.issued_on
    clock = Clock(signed=signed, year=signed.year if signed else None, calendar=calendar)
    found = undated(clause.masked[start:end], clock=clock, manner=False)
    if found is None:
        return None
    span, due = found
    raw = clause.plain.span(start + span.start, start + span.end).of(letter.text)
    return replace(due, raw=raw)
