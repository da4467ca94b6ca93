"""Stretches of time that a list is asked for: 2023年以来, 近三年, 去年6月, 2025年上半年."""

from __future__ import annotations

import re
from datetime import date

from kb.query.conditions import Period
from kb.text.numerals import number

_NUMERAL = r"[一二两三四五六七八九十]{1,2}|\d{1,2}"
_YEAR = r"(?:(?P<{0}>(?:19|20)\d\d)年?|(?P<{0}ago>今年|去年|前年))"
_AGO = {"今年": 0, "去年": 1, "前年": 2}  # years
_EVER = "9999-12-31"
_FIRST = "0001-01-01"

_SINCE = re.compile(
    rf"(?:自|从)?{_YEAR.format('since')}(?:(?P<from>{_NUMERAL})月份?)?"
    r"(?:以来|以后|之后|往后|至今|到现在|到今天|到目前|开始|起)"
)
_UNTIL = re.compile(rf"{_YEAR.format('until')}(?:以前|之前|及以前|及之前)")
_LAST_YEARS = re.compile(rf"(?:最近|近|这|过去)(?P<count>{_NUMERAL})年(?:[以之]?[来内中里间])?")
_PART = re.compile(
    rf"{_YEAR.format('of')}度?(?:的)?(?:(?P<half>[上下])半年"
    rf"|第?(?P<quarter>[一二三四1-4])季度"
    rf"|(?P<month>{_NUMERAL})月份?(?:[到至\-—](?P<to>{_NUMERAL})月份?)?(?!\d|[一二三四五六七八九十]*[日号]))"
)


def periods(text: str, *, today: date | None) -> tuple[tuple[Period, ...], str] | None:
    """The periods that ``text`` names, and ``text`` without them; None if one is no time at all.

    A single year is none of them. 去年 and 近三年 are counted from ``today``; without it they
    are left in the text.
    """
    found: list[Period] = []
    for pattern, made in ((_SINCE, _since), (_UNTIL, _until), (_LAST_YEARS, _last), (_PART, _part)):
        for match in reversed(list(pattern.finditer(text))):
            try:
                period = made(match, today)
            except (KeyError, ValueError):
                return None
            if period:
                found.append(period)
                text = text[: match.start()] + text[match.end() :]
    return tuple(sorted(found, key=lambda period: period.first)), text


def _since(match: re.Match[str], today: date | None) -> Period | None:
    year = _year(match, "since", today)
    if year is None or (match["sinceago"] == "今年" and not match["from"]):
        return None  # 今年以来 is that year
    month = number(match["from"]) if match["from"] else 1
    called = f"{year}年{f'{month}月' if match['from'] else ''}以来"
    return Period(first=date(year, month, 1).isoformat(), last=_EVER, called=called)


def _until(match: re.Match[str], today: date | None) -> Period | None:
    year = _year(match, "until", today)
    if year is None:
        return None
    last = year if "及" in match[0] else year - 1
    return Period(first=_FIRST, last=f"{last}-12-31", called=f"{last}年及以前")


def _last(match: re.Match[str], today: date | None) -> Period | None:
    if today is None:
        return None
    first = today.year - number(match["count"]) + 1
    return Period(
        first=f"{first}-01-01", last=f"{today.year}-12-31", called=f"{first}年到{today.year}年"
    )


def _part(match: re.Match[str], today: date | None) -> Period | None:
    year = _year(match, "of", today)
    if year is None:
        return None
    low, high = _months(match)
    called = f"{year}年{low}月" + (f"到{high}月" if high != low else "")
    first, last = date(year, low, 1), date(year, high, 1)
    return Period(first=first.isoformat(), last=f"{last.isoformat()[:7]}-31", called=called)


def _months(match: re.Match[str]) -> tuple[int, int]:
    if match["half"]:
        return (1, 6) if match["half"] == "上" else (7, 12)
    if match["quarter"]:
        quarter = number(match["quarter"])
        return quarter * 3 - 2, quarter * 3
    low = number(match["month"])
    return low, number(match["to"]) if match["to"] else low


def _year(match: re.Match[str], name: str, today: date | None) -> int | None:
    if match[name]:
        return int(match[name])
    return today.year - _AGO[match[f"{name}ago"]] if today else None
