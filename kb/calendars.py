"""A place's calendar, as data: days off, and the festivals, school terms and seasons of a year."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from kb.errors import WrongUse

SATURDAY = 5  # as date.weekday counts
Kind = Literal["holiday", "term", "season"]
Reckoning = Literal["公历", "农历", "清明"]
# Table of a profile → its kind, and the names that letters tell a time of the year by.
YEARLY: Mapping[str, tuple[Kind, tuple[str, ...]]] = {
    "festivals": ("holiday", (
        "元旦", "春运", "除夕", "春节", "元宵", "妇女节", "植树节", "清明", "五一", "六一", "端午",
        "七一", "八一", "教师节", "中秋", "国庆", "重阳",
    )),
    "terms": ("term", ("春季学期", "秋季学期", "暑假", "寒假", "高考", "中考")),
    "seasons": ("season", (
        "汛期", "主汛期", "雨季", "供暖季", "春季", "夏季", "秋季", "冬季",
        "春耕", "夏收", "秋收", "秋种", "冬修",
    )),
}  # fmt: skip
_DAY = re.compile(r"(?P<lunar>农历)?(?P<month>\d\d)-(?P<day>\d\d)")
_MONTHS, _DAYS = 12, 31


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfYear:
    """A day that comes every year: of the solar calendar, of the lunar one, or 清明 itself."""

    reckoning: Reckoning
    month: int = 4
    day: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOfYear:
    """From ``first`` to ``last``; a last that is earlier in the year is that of the next year."""

    kind: Kind
    first: DayOfYear
    last: DayOfYear


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What a place knows of its year; what isn't known is left out.

    ``holidays``: days off that fall on weekdays; ``worked``: weekend days that are worked;
    ``times``: festivals, terms and seasons by the names of ``YEARLY``.
    """

    holidays: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    times: Mapping[str, TimeOfYear] = field(default_factory=dict)

    def after(self, day: date, count: int) -> tuple[date, bool]:
        """The ``count``-th working day after ``day``, and whether the holidays were known."""
        last = day
        while count > 0:
            last += timedelta(days=1)
            off = last.weekday() >= SATURDAY and last not in self.worked
            count -= not (off or last in self.holidays)
        years = {day.year for day in self.holidays}
        return last, {day.year, last.year} <= years


def calendar_of(tables: Mapping[str, Mapping[str, Any]]) -> Calendar:
    """The calendar that the tables ``[calendar]`` and those of ``YEARLY`` tell. Raises WrongUse."""
    days = {name: frozenset(listed) for name, listed in tables.get("calendar", {}).items()}
    times = {
        name: time
        for table, (kind, known) in YEARLY.items()
        for name, written in tables.get(table, {}).items()
        if (time := _time(table, name, written, kind=kind, known=known))
    }
    return Calendar(**days, times=times)


def _time(
    table: str, name: str, written: object, *, kind: Kind, known: tuple[str, ...]
) -> TimeOfYear | None:
    """What one line of a table says; None for [], by which a place unsays what holds elsewhere."""
    listed = written if isinstance(written, list) else [written]
    ends = [_day_of_year(day) for day in listed]
    if name not in known or len(ends) not in (0, 2) or None in ends:
        raise WrongUse(
            f"地方配置的 [{table}] 里 {name} = {written!r} 不对；名称是 {'、'.join(known)}，"
            '值是首日和末日，如 ["06-01", "09-30"]、["农历08-15", "农历08-15"]，不知道就写 []'
        )
    first, last = ends or (None, None)
    return TimeOfYear(kind=kind, first=first, last=last) if first and last else None


def _day_of_year(written: object) -> DayOfYear | None:
    """06-01, 农历08-15 or 清明; None for what is no day."""
    if written == "清明":
        return DayOfYear(reckoning="清明")
    match = _DAY.fullmatch(written) if isinstance(written, str) else None
    if not match or not 1 <= int(match["month"]) <= _MONTHS or not 1 <= int(match["day"]) <= _DAYS:
        return None
    reckoning: Reckoning = "农历" if match["lunar"] else "公历"
    return DayOfYear(reckoning=reckoning, month=int(match["month"]), day=int(match["day"]))
