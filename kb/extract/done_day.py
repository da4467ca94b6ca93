"""The day on which a quote says that it was done: 5月27日，泵车全部验收入列."""

from __future__ import annotations

import re
from datetime import date

from kb.calendars import Calendar
from kb.extract.due import Dated, dues
from kb.extract.outcomes import CITES, DONE, RECALLED
from kb.text.normalize import normalized

_BACK = {"去": 1, "前": 2}
_YEAR_BACK = re.compile(r"([去前])年$")


def done_day(text: str, *, signed: date | None, calendar: Calendar) -> str | None:
    """The last exact day (ISO) before the last word that says so; None where none is named.

    Never one after ``signed``, the day of the letter; one without its year is of that year.
    """
    words = normalized(text).words
    said = list(DONE.finditer(words))
    if not said:
        return None
    days = [
        _day(time, words, signed=signed, calendar=calendar)
        for time in dues(words, signed=signed, calendar=calendar)
        if time.span.start < said[-1].end() and not _recalled(words, time)
    ]
    return next((day for day in reversed(days) if day), None)


def _recalled(words: str, time: Dated) -> bool:
    """True if what stands between the same commas tells of what was promised then."""
    start, end = words.rfind("，", 0, time.span.start) + 1, words.find("，", time.span.end)
    part = words[start : end if end >= 0 else len(words)]
    return bool(RECALLED.search(part) or CITES.search(part))


def _day(time: Dated, words: str, *, signed: date | None, calendar: Calendar) -> str | None:
    due = time.due
    back = _YEAR_BACK.search(words[: time.span.start])
    if signed and (back or (time.past and not due.last)):
        year = signed.year - (_BACK[back[1]] if back else 0)
        raw = re.sub(r"^\D*", "", due.raw)
        own = dues(f"{year}年{raw}", signed=signed, calendar=calendar)
        if len(own) != 1:
            return None
        due = own[0].due
    late = signed is not None and due.last is not None and due.last > signed.isoformat()
    exact = due.precision == "day" and due.first == due.last
    return due.last if exact and not late else None
