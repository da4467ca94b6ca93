"""The kinds of due expression: rows with a name, a pattern, how it resolves and an example.

Patterns match squeezed text (``kb.text.normalize``). One test runs every row on its example.
"""

from __future__ import annotations

import calendar as months
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from kb.extract.types import Precision
from kb.profile import Calendar
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


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRule:
    """``example`` is read on ``SIGNED`` as ``expected``: first day, last day ("-" for none).

    ``from_now`` rows count from the letter's date, unless an event to come is named.
    """

    name: str
    pattern: re.Pattern[str]
    resolve: Resolve
    example: str
    expected: str
    from_now: bool = False


SIGNED = date(2024, 6, 28)  # the examples' letter

_RELATIVE = {"今年": 0, "本年": 0, "明年": 1, "来年": 1, "次年": 1, "后年": 2}


# --- how each kind resolves ---------------------------------------------------------------------


def _year(match: re.Match[str], clock: Clock) -> int | None:
    groups = match.groupdict()
    if stated := groups.get("y"):
        return number(stated)
    if stated := groups.get("rel"):
        return clock.signed.year + _RELATIVE[stated[:2]] if clock.signed else None
    return clock.year


def _spoken(match: re.Match[str]) -> bool:
    """True if the expression names its year."""
    groups = match.groupdict()
    return bool(groups.get("y") or groups.get("rel"))


def _bounded(
    match: re.Match[str], clock: Clock, first: date, last: date, precision: Precision
) -> Resolved | None:
    """A period or a deadline, as the words at its edges say."""
    groups, signed = match.groupdict(), clock.signed
    edge, lead = groups.get("edge") or "", groups.get("lead") or ""
    since = lead in ("从", "自") or edge in ("起", "开始")
    if signed and last < signed and not since and not _spoken(match):
        if precision == "day" and not edge:
            return Resolved(precision=precision, past=True)
        if not (signed.month >= 10 and last.month <= 6 and first.year == signed.year):
            return VAGUE
        first, last = _next_year(first), _next_year(last)
    past = signed is not None and last < signed
    if edge.endswith("后"):
        return Resolved(precision="vague", past=past)
    if since:
        return Resolved(first=first, precision=precision, past=past)
    if edge.startswith(("底", "末")):
        return Resolved(first=signed, last=last, precision=precision, past=past)
    if edge.endswith("前"):
        day = last if precision in ("day", "ten_days") else first - DAY
        return Resolved(
            first=signed, last=day, precision=precision, past=bool(signed and day < signed)
        )
    return Resolved(first=first, last=last, precision=precision, past=past)


def _next_year(day: date) -> date:
    return _last_of(day.year + 1, day.month) if day.day > 27 else day.replace(year=day.year + 1)


def _last_of(year: int, month: int) -> date:
    return date(year, month, months.monthrange(year, month)[1])


def _day(match: re.Match[str], clock: Clock) -> Resolved | None:
    year = _year(match, clock)
    if year is None:
        return VAGUE
    try:
        day = date(year, number(match["m"]), number(match["d"]))
    except ValueError:
        return None
    return _bounded(match, clock, day, day, "day")


def _tenth(match: re.Match[str], clock: Clock) -> Resolved | None:
    year = _year(match, clock)
    if year is None or (match["this"] and clock.signed is None):
        return VAGUE
    month = number(match["m"]) if match["m"] else clock.signed.month if clock.signed else 1
    begin = {"上": 1, "中": 11, "下": 21}[match["third"]]
    last = _last_of(year, month) if begin == 21 else date(year, month, begin + 9)
    return _bounded(match, clock, date(year, month, begin), last, "ten_days")


def _months(match: re.Match[str], clock: Clock) -> Resolved | None:
    year, groups = _year(match, clock), match.groupdict()
    first = number(groups["m"])
    last = number(groups.get("m2") or groups["m"])
    if year is None:
        return VAGUE
    if not 1 <= first <= last <= 12:
        return None
    return _bounded(match, clock, date(year, first, 1), _last_of(year, last), "month")


def _quarter(match: re.Match[str], clock: Clock) -> Resolved | None:
    year, quarter = _year(match, clock), number(match["q"])
    if year is None:
        return VAGUE
    first, last = date(year, 3 * quarter - 2, 1), _last_of(year, 3 * quarter)
    return _bounded(match, clock, first, last, "quarter")


def _half(match: re.Match[str], clock: Clock) -> Resolved | None:
    year = _year(match, clock)
    if year is None:
        return VAGUE
    first, last = (1, 6) if match["half"] == "上" else (7, 12)
    return _bounded(match, clock, date(year, first, 1), _last_of(year, last), "half")


def _whole(match: re.Match[str], clock: Clock) -> Resolved | None:
    year = _year(match, clock)
    if year is None:
        return VAGUE
    if not 1949 <= year < LAST_YEAR:
        return None
    return _bounded(match, clock, date(year, 1, 1), date(year, 12, 31), "year")


def _years(match: re.Match[str], clock: Clock) -> Resolved | None:
    first, last = number(match["y"]), number(match["y2"])
    if not 1949 <= first <= last < LAST_YEAR:
        return None
    return _bounded(match, clock, date(first, 1, 1), date(last, 12, 31), "years")


def _five_years(match: re.Match[str], clock: Clock) -> Resolved | None:
    """The tenth plan was 2001 to 2005, each later one the five years after."""
    last = 2005 + 5 * number(match["plan"])
    return _bounded(match, clock, date(last - 4, 1, 1), date(last, 12, 31), "years")


def _within(match: re.Match[str], clock: Clock) -> Resolved | None:
    if clock.signed is None:
        return VAGUE
    count, unit = match["n"], match["u"]
    if unit in ("天", "日", "小时", "周", "星期"):
        each = {"周": 7, "星期": 7}.get(unit, 1)
        days = 1 if unit == "小时" else number(count) * each
        return Resolved(first=clock.signed, last=clock.signed + days * DAY, precision="day")
    each = {"年": 12, "季度": 3}.get(unit, 1)
    ahead = each // 2 if count == "半" else number(count) * each
    precision: Precision = "year" if unit == "年" and count != "半" else "month"
    return Resolved(first=clock.signed, last=_later(clock.signed, ahead), precision=precision)


def _later(day: date, ahead: int) -> date:
    """The same day ``ahead`` months on, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + ahead, 12)
    last = _last_of(year, month + 1)
    return last.replace(day=min(day.day, last.day))


def _workdays(match: re.Match[str], clock: Clock) -> Resolved | None:
    if clock.signed is None:
        return VAGUE
    last, known = clock.calendar.after(clock.signed, number(match["n"]))
    return Resolved(first=clock.signed, last=last, precision="day" if known else "approximate")


def _recurring(match: re.Match[str], clock: Clock) -> Resolved | None:
    return Resolved(precision="recurring")


def _vague(match: re.Match[str], clock: Clock) -> Resolved | None:
    year, signed = _year(match, clock), clock.signed
    past = bool(signed and year and _spoken(match) and year < signed.year)
    return Resolved(precision="vague", past=past)


# --- the rows -----------------------------------------------------------------------------------

_Y = r"(?:(?<!\d)(?P<y>\d{4}|[零一二三四五六七八九]{4})年度?|(?P<rel>今年|本年|明年|来年|次年|后年)度?)"
_M = r"(?<![\d.个])(?P<m>1[0-2]|0?[1-9]|十[一二]?|元|[一二三四五六七八九])月份?"
_LEAD = r"(?P<lead>从|自|到|至)?"
_BEFORE = r"(?:之前|以前|前(?![期后年来往置景端述提列沿瞻])(?!三|十|五))"
_AFTER = r"(?:起|开始|之后|以后|后(?![续期勤台]))"
_WITHIN = r"(?:之内|以内|内(?![容部涝外])|期间)"
_EDGE = rf"(?P<edge>[底末]{_BEFORE}?|{_BEFORE}|{_AFTER}|{_WITHIN})?"
_N = r"(?<![\d.一二三四五六七八九十])(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3}|半)"
_SEASON = (
    r"(?:主?汛期|入汛|雨季|春节|元旦|清明|[“]?五一[”]?|端午|中秋|国庆|双节|暑假|寒假|暑期|寒期"
    r"|[春夏秋冬][季天]|冬修|秋种|秋收|春耕|夏收|麦收|[采供]暖[季期]|供热[季期]|开学|年?初|年中|[今明]冬[今明]春)"
)


def _row(
    name: str,
    pattern: str,
    resolve: Resolve,
    example: str,
    expected: str,
    *,
    from_now: bool = False,
) -> DueRule:
    return DueRule(
        name=name,
        pattern=re.compile(pattern),
        resolve=resolve,
        example=example,
        expected=expected,
        from_now=from_now,
    )


ROWS: tuple[DueRule, ...] = (
    _row("日", rf"{_LEAD}{_Y}?{_M}(?P<d>\d{{1,2}}|[一二三]?十?[一二三四五六七八九]|[二三]?十)[日号]{_EDGE}",
         _day, "９ 月 1日前将护学岗增加到56所", "2024-06-28 2024-09-01"),
    _row("旬", rf"{_LEAD}{_Y}?(?:{_M}|(?P<this>本月))(?P<third>[上中下])旬{_EDGE}",
         _tenth, "计划7月中旬前予以拆除", "2024-06-28 2024-07-20"),
    _row("月", rf"{_LEAD}{_Y}?{_M}{_EDGE}", _months, "2025年3月底前完成安装", "2024-06-28 2025-03-31"),
    _row("几个月", rf"{_LEAD}{_Y}?(?<![\d.])(?P<m>1[0-2]|0?[1-9])月?[-至到](?P<m2>1[0-2]|0?[1-9])月份?{_EDGE}",
         _months, "今年9-10月完成", "2024-09-01 2024-10-31"),
    _row("季度", rf"{_LEAD}{_Y}?第?(?P<q>[一二三四1-4])季度{_EDGE}", _quarter, "拟第四季度出台", "2024-10-01 2024-12-31"),
    _row("半年", rf"{_LEAD}{_Y}?(?P<half>[上下])半年{_EDGE}", _half, "2025年上半年再建18家",
         "2025-01-01 2025-06-30"),
    _row("年底", rf"{_LEAD}(?:{_Y}年?|年)(?P<edge>[底末]{_BEFORE}?)", _whole, "2025年\n年 底前建成", "2024-06-28 2025-12-31"),
    _row("年内", rf"(?:{_Y}年?|(?<![\d一二两三四五六七八九十半每几])年)度?(?P<edge>{_WITHIN})", _whole,
         "争取年内调解结案", "2024-01-01 2024-12-31"),
    _row("年", rf"{_LEAD}{_Y}(?P<edge>{_AFTER}|{_BEFORE})?(?!的)", _whole, "明年新建10个", "2025-01-01 2025-12-31"),
    _row("几年", rf"{_LEAD}(?<!\d)(?P<y>\d{{4}})年?[-至到](?P<y2>\d{{4}})年{_EDGE}", _years,
         "列入2025-2026年改造计划", "2025-01-01 2026-12-31"),
    _row("五年规划", rf"[“\"]?十(?P<plan>[一二三四五六七八九])五[”\"]?(?:规划)?(?:(?:时期|期间|期内)|期?(?P<edge>末{_BEFORE}?))",
         _five_years, "“十四五”末实现全覆盖", "2024-06-28 2025-12-31"),
    _row("多久以内", rf"(?<!近)(?<!过去)(?<!最近){_N}(?:个(?=[月季星小工半]))?(?P<u>(?<=个)月|年|季度|周|星期|天|日|小时)"
         rf"(?:时间)?{_WITHIN}", _within, "三个月内建立台账", "2024-06-28 2024-09-28", from_now=True),
    _row("工作日", rf"{_N}个?工作日(?:之内|以内|内)?", _workdays, "10个工作日内办结", "2024-06-28 2024-07-12", from_now=True),
    _row("周期", r"每年(?:\d{1,2}月份?(?:[底末]|[上中下]旬)?(?:之?前)?)?|每(?:半年|个?季度|个?月|学期|周)",
         _recurring, "每年3月公布评估报告", "- -"),
    _row("时节", rf"{_LEAD}(?=\d|[今明来次后本]年|[一二三四五六七八九十元]{{1,2}}月){_Y}?(?:{_M})?(?:{_SEASON})(?:假期|时节|学期|节)?(?P<edge>{_BEFORE}|{_AFTER}|{_WITHIN})?",
         _vague, "2024年汛期前全部改造完毕", "- -"),
    _row("不言年的时节", rf"(?:{_SEASON})(?:假期|时节|学期|节)?(?P<edge>{_BEFORE})", _vague, "春节前通水", "- -"),
)  # fmt: skip
