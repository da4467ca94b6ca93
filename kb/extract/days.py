"""How each kind of due expression resolves: its match and the letter's day, as days."""

from __future__ import annotations

import calendar as months
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from kb.calendars import Calendar
from kb.extract.types import Precision
from kb.text.numerals import number

DAY = timedelta(days=1)
LAST_YEAR = 2100  # beyond it a number is no year of a promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """``signed`` is the letter's own date, ``year`` the year that is being spoken of."""

    signed: date | None
    year: int | None
    calendar: Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """The days an expression means; ``past`` if all of it was over when the letter was signed."""

    precision: Precision
    first: date | None = None
    last: date | None = None
    past: bool = False


VAGUE = Resolved(precision="vague")
Resolve = Callable[[re.Match[str], Clock], Resolved | None]
_RELATIVE = {"今年": 0, "本年": 0, "明年": 1, "来年": 1, "次年": 1, "后年": 2}


def year_of(match: re.Match[str], clock: Clock) -> int | None:
    groups = match.groupdict()
    if stated := groups.get("y"):
        return number(stated)
    if stated := groups.get("rel"):
        return clock.signed.year + _RELATIVE[stated[:2]] if clock.signed else None
    return clock.year


def spoken(match: re.Match[str]) -> bool:
    """True if the expression names its year."""
    groups = match.groupdict()
    return bool(groups.get("y") or groups.get("rel"))


def bounded(
    match: re.Match[str], clock: Clock, first: date, last: date, precision: Precision
) -> Resolved | None:
    """A period or a deadline, as the words at its edges say."""
    groups, signed = match.groupdict(), clock.signed
    edge, lead = groups.get("edge") or "", groups.get("lead") or ""
    until = any(groups.get(name) for name in ("d2", "m2", "q2", "y2"))
    since = (lead in ("从", "自") and not until) or edge in ("起", "开始")
    if signed and last < signed and not since and not spoken(match):
        if precision == "day" and not edge:
            return Resolved(precision=precision, past=True)
        if not (signed.month >= 10 and last.month <= 6 and first.year == signed.year):
            return VAGUE
        first, last = _next_year(first), _next_year(last)
    past = signed is not None and last < signed
    if edge in ("前后", "左右"):
        return Resolved(first=first, last=last, precision="approximate", past=past)
    if edge.endswith("后"):
        return Resolved(precision="vague", past=past)
    if since:
        return Resolved(first=first, precision=precision, past=past)
    if edge.startswith(("底", "末", "终")):
        return Resolved(first=signed, last=last, precision=precision, past=past)
    if edge.endswith("前"):
        day = last if precision in ("day", "ten_days", "week") else first - DAY
        return Resolved(
            first=signed, last=day, precision=precision, past=bool(signed and day < signed)
        )
    return Resolved(first=first, last=last, precision=precision, past=past)


def _next_year(day: date) -> date:
    return last_of(day.year + 1, day.month) if day.day > 27 else day.replace(year=day.year + 1)


def last_of(year: int, month: int) -> date:
    return date(year, month, months.monthrange(year, month)[1])


def _month(match: re.Match[str], clock: Clock) -> tuple[int, int] | None:
    """The year and the month that are named, or that 本月, 下月 or a bare 月底 mean."""
    groups, signed = match.groupdict(), clock.signed
    if stated := groups.get("m"):
        year = year_of(match, clock)
        return (year, number(stated)) if year is not None else None
    if signed is None:
        return None
    later = _later(signed, 1 if (groups.get("rm") or "").startswith("下") else 0)
    return later.year, later.month


def by_day(match: re.Match[str], clock: Clock) -> Resolved | None:
    """9月1日前, 本月20日."""
    month = _month(match, clock)
    if month is None:
        return VAGUE
    try:
        day = date(*month, number(match["d"]))
        until = match.groupdict().get("d2")
        last = date(*month, number(until)) if until else day
    except ValueError:
        return None
    return bounded(match, clock, day, last, "day")


# Of a month: where each part begins, and how many days it has; 下旬 goes on to the end.
_THIRDS = {"上": 1, "初": 1, "中": 11, "下": 21}


def by_tenth(match: re.Match[str], clock: Clock) -> Resolved | None:
    """7月中旬前, 下月初."""
    month = _month(match, clock)
    if month is None:
        return VAGUE
    if not 1 <= month[1] <= 12:
        return None
    begin = _THIRDS[match["third"][0]]
    last = last_of(*month) if begin == 21 else date(*month, begin + 9)
    return bounded(match, clock, date(*month, begin), last, "ten_days")


def by_months(match: re.Match[str], clock: Clock) -> Resolved | None:
    """2025年3月底前, 9-10月, 本月内."""
    month, until = _month(match, clock), match.groupdict().get("m2")
    if month is None:
        return VAGUE
    first, last = month[1], number(until) if until else month[1]
    if not 1 <= first <= last <= 12:
        return None
    return bounded(match, clock, date(month[0], first, 1), last_of(month[0], last), "month")


def by_quarter(match: re.Match[str], clock: Clock) -> Resolved | None:
    """第三季度, 二、三季度, 本季度末."""
    groups, year, signed = match.groupdict(), year_of(match, clock), clock.signed
    if turn := groups.get("turn"):
        if signed is None:
            return VAGUE
        day = _later(signed.replace(day=1), 3 if turn.startswith("下") else 0)
        year, first = day.year, (day.month + 2) // 3
    elif year is None:
        return VAGUE
    else:
        first = number(groups["q"])
    last = number(groups["q2"]) if groups.get("q2") else first
    if first > last:
        return None
    begin, end = date(year, 3 * first - 2, 1), last_of(year, 3 * last)
    return bounded(match, clock, begin, end, "quarter")


def by_half(match: re.Match[str], clock: Clock) -> Resolved | None:
    year = year_of(match, clock)
    if year is None:
        return VAGUE
    first, last = (1, 6) if match["half"] == "上" else (7, 12)
    return bounded(match, clock, date(year, first, 1), last_of(year, last), "half")


def by_year(match: re.Match[str], clock: Clock) -> Resolved | None:
    year = year_of(match, clock)
    if year is None:
        return VAGUE
    if not 1949 <= year < LAST_YEAR:
        return None
    return bounded(match, clock, date(year, 1, 1), date(year, 12, 31), "year")


def by_years(match: re.Match[str], clock: Clock) -> Resolved | None:
    """2025-2026年, 今明两年."""
    if "y" not in match.groupdict():
        if clock.signed is None:
            return VAGUE
        first, last = clock.signed.year, clock.signed.year + 1
    else:
        first, last = number(match["y"]), number(match["y2"])
    if not 1949 <= first <= last < LAST_YEAR:
        return None
    return bounded(match, clock, date(first, 1, 1), date(last, 12, 31), "years")


def by_five_years(match: re.Match[str], clock: Clock) -> Resolved | None:
    """The tenth plan was 2001 to 2005, each later one the five years after."""
    last = 2005 + 5 * number(match["plan"])
    return bounded(match, clock, date(last - 4, 1, 1), date(last, 12, 31), "years")


def within(match: re.Match[str], clock: Clock) -> Resolved | None:
    """三个月内, 一年半内, 半个月内, 48小时内: from the letter's day on."""
    if clock.signed is None:
        return VAGUE
    last, precision = ahead(clock.signed, match)
    if "左右" in match[0]:
        precision = "approximate"
    return Resolved(first=clock.signed, last=last, precision=precision)


def ahead(day: date, match: re.Match[str]) -> tuple[date, Precision]:
    """The day that is the ``n`` ``u`` of ``match`` after ``day``, and what it is exact to."""
    count, unit = match["n"], match["u"]
    half = bool(match.groupdict().get("half") or match.groupdict().get("half2"))
    if count == "半" and unit == "月":
        return day + _HALF_MONTH * DAY, "day"
    if unit in _DAYS:
        days = ceil(number(count) * _DAYS[unit])
        return day + days * DAY, "day"
    each = {"年": 12, "季度": 3}.get(unit, 1)
    on = each // 2 if count == "半" else number(count) * each + (each // 2 if half else 0)
    exact: Precision = "year" if unit == "年" and count != "半" and not half else "month"
    rest = _HALF_MONTH if half and unit == "月" else 0
    return _later(day, on) + rest * DAY, exact


_DAYS = {"天": 1.0, "日": 1.0, "小时": 1 / 24, "周": 7.0, "星期": 7.0, "礼拜": 7.0}
_HALF_MONTH = 15


def _later(day: date, ahead: int) -> date:
    """The same day ``ahead`` months on, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + ahead, 12)
    last = last_of(year, month + 1)
    return last.replace(day=min(day.day, last.day))


def working_days(match: re.Match[str], clock: Clock) -> Resolved | None:
    if clock.signed is None:
        return VAGUE
    last, known = clock.calendar.after(clock.signed, number(match["n"]))
    return Resolved(first=clock.signed, last=last, precision="day" if known else "approximate")


def recurring(match: re.Match[str], clock: Clock) -> Resolved | None:
    return Resolved(precision="recurring")


_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_SOON = {"今": 0, "明": 1, "后": 2}


def by_week(match: re.Match[str], clock: Clock) -> Resolved | None:
    """本周内, 下周, 下周三前, 本周末."""
    if clock.signed is None:
        return VAGUE
    on = 7 if match["week"].startswith("下") else 0
    monday = clock.signed + (on - clock.signed.weekday()) * DAY
    if weekday := match["weekday"]:
        day = monday + _WEEKDAYS[weekday] * DAY
        return bounded(match, clock, day, day, "day")
    first = monday + 5 * DAY if match["end"] else monday
    return bounded(match, clock, first, monday + 6 * DAY, "week")


def by_soon(match: re.Match[str], clock: Clock) -> Resolved | None:
    """今日, 今晚, 明天, 即日起."""
    if clock.signed is None:
        return VAGUE
    day = clock.signed + _SOON[match["soon"] or "今"] * DAY
    if match["lead2"]:
        return Resolved(first=day, precision="day")
    return bounded(match, clock, day, day, "day")
