"""The day that a figure tells of: 截至2025年6月底, 2024年, 去年底; else its letter's own."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from kb.extract.types import Precision

_BACK = {"今": 0, "本": 0, "去": 1, "前": 2}
_QUARTERS = {"一": 3, "二": 6, "三": 9, "四": 12}
_WHEN = re.compile(
    r"(?P<till>截至|截止到?|到|至)?(?:(?P<year>20\d\d|[今本去前])年度?"
    r"(?:(?P<half>[上下])半年|第?(?P<quarter>[一二三四])季度|年?(?P<close>[底末])"
    r"|(?P<range>\d{1,2}月份?[至到-])?(?P<month>\d{1,2})月份?(?:(?P<day>\d{1,2})日|(?P<end>[底末]))?)?"
    r"|(?<=[至到])(?P<own>\d{1,2})月(?:(?P<of>\d{1,2})日|[底末]))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf:
    """The ``day`` (ISO) that a figure holds at the end of, and what that is exact to.

    ``during``: it is what came about in that year, half or month, and not what there is at its
    end. ``stated``: the words name it; else it is the letter's own day.
    """

    day: str
    precision: Precision
    during: bool = False
    stated: bool = True


def as_of(words: str, *, signed: date) -> AsOf | None:
    """The last time that ``words``, which lead up to a figure, name; the day signed if none.

    None where they name a day after that, or one that the calendar does not have.
    """
    found = list(_WHEN.finditer(words))
    if not found:
        return AsOf(day=signed.isoformat(), precision="day", stated=False)
    try:
        time = _read(found[-1], signed)
    except ValueError:
        return None
    return time if time.precision == "year" or time.day <= signed.isoformat() else None


def _read(match: re.Match[str], signed: date) -> AsOf:
    year, till = _year(match["year"], signed), bool(match["till"])
    month, day = match["month"] or match["own"], match["day"] or match["of"]
    if month and day:
        return AsOf(day=date(year, int(month), int(day)).isoformat(), precision="day")
    if month:
        during = not (till or match["end"] or match["own"])
        return AsOf(day=_end(year, int(month)), precision="month", during=during)
    if match["half"]:
        last = _end(year, 6 if match["half"] == "上" else 12)
        return AsOf(day=last, precision="half", during=not till)
    if match["quarter"]:
        last = _end(year, _QUARTERS[match["quarter"]])
        return AsOf(day=last, precision="quarter", during=not till)
    if year == signed.year and not match["close"]:  # 今年: as far as it had gone
        return AsOf(day=signed.isoformat(), precision="year", during=True)
    during = not (till or match["close"])
    last = _end(year, 12)
    if last > signed.isoformat():
        raise ValueError(last)
    return AsOf(day=last, precision="year", during=during)


def _year(year: str | None, signed: date) -> int:
    if year is None:
        return signed.year
    return int(year) if year.isdigit() else signed.year - _BACK[year]


def _end(year: int, month: int) -> str:
    return date(year, month, monthrange(year, month)[1]).isoformat()
