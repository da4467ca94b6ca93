"""Days of the lunisolar calendar (农历), by which festivals are reckoned, as solar days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

TABLE = Path(__file__).with_name("lunar.txt")
_LEAP = "闰"


@dataclass(frozen=True, slots=True, kw_only=True)
class LunarYear:
    """``first`` is its first day, ``qingming`` the solar term in its spring.

    ``months`` are the days of each month; a ``leap`` month follows the month of that number.
    """

    first: date
    qingming: date
    months: tuple[int, ...]
    leap: int | None

    def day(self, month: int, day: int) -> date:
        """That day of a month that is no leap one; of a short month's 30th, its last."""
        place = month - 1 + (self.leap is not None and month > self.leap)
        ahead = sum(self.months[:place]) + min(day, self.months[place]) - 1
        return self.first + timedelta(days=ahead)


def lunar_day(year: int, month: int, day: int) -> date | None:
    """The ``day`` of a ``month`` (1 to 12) of a lunar year; None for a year that isn't known."""
    known = _years().get(year)
    return known.day(month, day) if known else None


def lunar_day_in(year: int, month: int, day: int) -> date | None:
    """The same day where it falls in a solar year: 除夕 (12, 30) of 2024 is 2024-02-09."""
    days = (lunar_day(lunar, month, day) for lunar in (year, year - 1))
    return next((found for found in days if found and found.year == year), None)


def qingming(year: int) -> date | None:
    """The day of 清明, None for a year that isn't known."""
    known = _years().get(year)
    return known.qingming if known else None


@lru_cache(maxsize=1)
def _years() -> dict[int, LunarYear]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    return {int(row[0]): _year(row) for row in rows}


def _year(row: Sequence[str]) -> LunarYear:
    months = row[3:]
    leap = next((place for place, days in enumerate(months) if days.startswith(_LEAP)), None)
    return LunarYear(
        first=date.fromisoformat(row[1]),
        qingming=date.fromisoformat(row[2]),
        months=tuple(int(days.removeprefix(_LEAP)) for days in months),
        leap=leap,
    )
