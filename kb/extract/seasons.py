"""Due expressions told by the year's course: festivals, school terms and seasons, as days.

When each is in a year, the profile says (``kb.calendars``). What it doesn't know stays vague.
"""

from __future__ import annotations

import calendar as months
import re
from collections.abc import Iterator
from datetime import date

from kb.calendars import DayOfYear, TimeOfYear
from kb.extract.days import (
    DAY,
    VAGUE,
    Clock,
    Resolved,
    ahead,
    bounded,
    last_of,
    spoken,
    year_of,
)
from kb.extract.types import Precision
from kb.text.lunar import lunar_day, lunar_day_in, qingming
from kb.text.numerals import number

# 汛前 is a time; of 开展汛前检查 it is what the check is called.
_PRIOR = (
    "之?前(?!的?(?:各项|专项|大?检查|排查|隐患|准备|巡查|会商|演练|培训|防汛|工作|安全|调度))|以前"
)
# How letters say each; of two that begin alike the longer stands first.
WORDS: tuple[tuple[str, str], ...] = (
    ("主汛期", rf"主汛期|主汛(?={_PRIOR})"),
    ("汛期", rf"汛期|入汛|度汛|(?<![防抗])汛(?={_PRIOR})"), ("雨季", "雨季"),
    ("供暖季", "[采供取]暖[季期]|供热[季期]|[采供]暖(?=之?前)|供热(?=之?前)"),
    ("春季学期", "春季学期|春季(?=开学)"), ("秋季学期", "秋季学期|秋季(?=开学)"),
    ("暑假", "暑假|暑期"), ("寒假", "寒假|寒期"), ("高考", "高考"), ("中考", "中考"),
    ("春运", "春运"), ("除夕", "除夕|大年三十"), ("元宵", "元宵"),
    ("春节", r"春节|农历新?年(?=之?前)|过年(?=之?前)"
             r"|(?<![\d一二两三四五六七八九十几多今明去每近往])年(?=前[，完建开通实启竣全办投予交])"),
    ("元旦", "元旦"), ("妇女节", "三八(?=妇女节|节)"), ("植树节", "植树节"), ("清明", "清明"),
    ("五一", "[“‘\"]?五[·.]?一[”’\"]?(?:国际)?劳动节|[“‘\"]?五一[”’\"]?|劳动节"),
    ("六一", "[“‘\"]?六一[”’\"]?|儿童节"), ("七一", "[“‘\"]?七一[”’\"]?"),
    ("八一", "[“‘\"]?八一[”’\"]?"), ("教师节", "教师节"),
    ("端午", "端午"), ("中秋", "中秋"), ("重阳", "重阳"),
    ("国庆", r"国庆|(?<![一二三四五六七八九\d])[“‘\"]?十一[”’\"]?(?=黄金周|长假|假期|节|前|期间)"),
    ("春季", "春[季天]|入春|开春"), ("夏季", "夏[季天]|入夏"), ("秋季", "秋[季天]|入秋"),
    ("冬季", "冬[季天]|入冬"),
    ("春耕", "春耕"), ("夏收", "夏收|麦收"), ("秋收", "秋收"), ("秋种", "秋种"), ("冬修", "冬修"),
)  # fmt: skip
# What has no day anywhere: which two festivals 两节 are, when a local assembly meets.
OPEN = "双节|两节|两会|双抢|农忙|农闲"
SEASON = rf"(?P<season>{'|'.join(pattern for _, pattern in WORDS)}|{OPEN})"
_COMPILED = tuple((name, re.compile(pattern)) for name, pattern in WORDS)
_BEGINS = re.compile(r"入|开春|供[暖热]$|采暖$")  # words for the day on which it begins
_CHARS = {"春": "春季", "夏": "夏季", "秋": "秋季", "冬": "冬季"}
_TO_ITS_END = ("底", "末", "结束")  # edges that mean its last day
_TERMS = ("春季学期", "秋季学期")


def by_season(match: re.Match[str], clock: Clock) -> Resolved | None:
    """2024年汛期前, 国庆节前, 五一、端午期间, 秋季开学后一周内."""
    named = [_named(match["season"], match), _named(match.groupdict().get("second"), match)]
    times = [clock.calendar.times.get(name) for name in named if name]
    if not times or None in times:
        return _vague(match, clock)
    days = [_when(time, match, clock) for time in times if time]
    found = [pair for pair in days if pair]
    if len(found) < len(times):
        return VAGUE
    (first, last), kind = found[0], times[0].kind if times[0] else "season"
    if len(found) > 1:
        last = max(last, found[1][1])
    if _BEGINS.search(match["season"]) or match.groupdict().get("school"):
        last = first
    return _edged(match, clock, first, last, precision=kind)


def by_turn(match: re.Match[str], clock: Clock) -> Resolved | None:
    """今冬, 明春, 今冬明春: a season of this year or the next."""
    if clock.signed is None:
        return VAGUE
    turns = [_turn(match["turn"], clock)]
    if match["turn2"]:
        turns.append(_turn(match["turn2"], clock))
    found = [pair for pair in turns if pair]
    if len(found) < len(turns):
        return VAGUE
    return _edged(match, clock, found[0][0], found[-1][1], precision="season")


def _turn(words: str, clock: Clock) -> tuple[date, date] | None:
    time = clock.calendar.times.get(_CHARS[words[1]])
    if time is None or clock.signed is None:
        return None
    year = clock.signed.year + (words[0] in "明来")
    before = days_of(time, year - 1)
    if words[0] == "今" and before and before[1] >= clock.signed:
        return before  # 今冬, said in January
    return days_of(time, year)


def by_term(match: re.Match[str], clock: Clock) -> Resolved | None:
    """下学期, 本学期末, 新学年, 新学期开学前, 开学前."""
    terms = [time for name in _TERMS if (time := clock.calendar.times.get(name))]
    signed = clock.signed
    if signed is None or len(terms) < len(_TERMS):
        return VAGUE
    words = match["term"] or match["opening"]
    if "学年" in words:
        terms = terms[1:]
    month = number(match["m"]) if match["m"] else None
    each = sorted(
        pair
        for time in terms
        for pair in _around(time, year_of(match, clock) or signed.year)
        if month is None or pair[0].month == month
    )
    now = next((pair for pair in each if pair[0] <= signed <= pair[1]), None)
    following = next((pair for pair in each if pair[0] > signed), None)
    if following is None:
        return VAGUE
    this = words.startswith(("本", "这", "当", "学"))
    first, last = (now or following) if this else following
    if match["school"] or words == "开学":
        last = first
    return _edged(match, clock, first, last, precision="term")


def by_school_year(match: re.Match[str], clock: Clock) -> Resolved | None:
    """2024-2025学年, 2024-2025学年第二学期."""
    spring, autumn = (clock.calendar.times.get(name) for name in _TERMS)
    begin = days_of(autumn, int(match["y"])) if autumn else None
    end = days_of(spring, int(match["y"]) + 1) if spring else None
    if not begin or not end:
        return VAGUE
    first = end[0] if match["half"] in ("二", "下") else begin[0]
    last = begin[1] if match["half"] in ("一", "上") else end[1]
    return _edged(match, clock, first, last, precision="term")


def days_of(time: TimeOfYear, year: int) -> tuple[date, date] | None:
    """Its first and last day where it begins in ``year``; None for a year that isn't known."""
    first, last = _on(time.first, year), _on(time.last, year)
    if first and last and last < first:
        last = _on(time.last, year + 1)
    return (first, last) if first and last else None


def _on(day: DayOfYear, year: int) -> date | None:
    if day.reckoning == "清明":
        return qingming(year)
    if day.reckoning == "农历":
        return lunar_day_in(year, day.month, day.day)
    return date(year, day.month, min(day.day, months.monthrange(year, day.month)[1]))


def _around(time: TimeOfYear, year: int) -> Iterator[tuple[date, date]]:
    for each in range(year - 1, year + 3):
        if pair := days_of(time, each):
            yield pair


def _when(time: TimeOfYear, match: re.Match[str], clock: Clock) -> tuple[date, date] | None:
    """In the year that is named or spoken of; else the first that the words can still mean."""
    year, signed = year_of(match, clock), clock.signed
    if year is not None and (spoken(match) or signed is None or year > signed.year):
        return days_of(time, year)
    if signed is None:
        return None
    edge = match.groupdict().get("edge") or ""
    to_come = edge.endswith("前") and not edge.startswith(_TO_ITS_END)
    return next(
        (pair for pair in _around(time, signed.year) if pair[0 if to_come else 1] > signed), None
    )


def _named(words: str | None, match: re.Match[str]) -> str | None:
    """The name by which the profile knows what ``words`` say."""
    if not words:
        return None
    start = match.start("season") if words == match["season"] else match.start("second")
    return next((name for name, pattern in _COMPILED if pattern.match(match.string, start)), None)


def _edged(
    match: re.Match[str], clock: Clock, first: date, last: date, *, precision: Precision
) -> Resolved:
    groups, signed = match.groupdict(), clock.signed
    edge, since = groups.get("edge") or "", groups.get("lead") in ("从", "自")
    if groups.get("n"):
        last, _ = ahead(first, match)
        return _resolved(first, last, clock, precision=precision)
    if since or edge in ("起", "开始"):
        return _resolved(first, None, clock, precision=precision)
    if edge in ("前后", "左右"):
        return _resolved(first, last, clock, precision="approximate")
    if edge.endswith("后"):
        begin = first if first == last else last + DAY
        return _resolved(begin, None, clock, precision=precision)
    if edge.startswith(_TO_ITS_END):
        return _resolved(signed, last, clock, precision=precision)
    if edge.endswith("前"):
        return _resolved(signed, first - DAY, clock, precision=precision)
    return _resolved(first, last, clock, precision=precision)


def _resolved(
    first: date | None, last: date | None, clock: Clock, *, precision: Precision
) -> Resolved:
    end = last or first
    past = bool(clock.signed and end and end < clock.signed and last)
    return Resolved(first=first, last=last, precision=precision, past=past)


def _vague(match: re.Match[str], clock: Clock) -> Resolved:
    year, signed = year_of(match, clock), clock.signed
    past = bool(signed and year and spoken(match) and year < signed.year)
    return Resolved(precision="vague", past=past)


def by_part_of_year(match: re.Match[str], clock: Clock) -> Resolved | None:
    """年初 is about the first three months, 年中 about June and July."""
    year = year_of(match, clock)
    if year is None:
        return VAGUE
    first, last = (1, 3) if match["part"] == "初" else (6, 7)
    return bounded(match, clock, date(year, first, 1), last_of(year, last), "approximate")


def by_lunar(match: re.Match[str], clock: Clock) -> Resolved | None:
    """正月十五前, 农历九月底前: the first that is not over, unless a year is named."""
    year = year_of(match, clock)
    if year is None:
        return VAGUE
    month = _LUNAR_MONTHS.get(match["lm"]) or number(match["lm"])
    stated = number((match["ld"] or "").removeprefix("初").replace("廿", "二十") or "30")
    if not (1 <= month <= 12 and 1 <= stated <= 30):
        return None
    for lunar in (year,) if spoken(match) else (year - 1, year, year + 1):
        first = lunar_day(lunar, month, stated if match["ld"] else 1)
        last = lunar_day(lunar, month, stated)
        if first and last and (spoken(match) or clock.signed is None or last >= clock.signed):
            precision: Precision = "day" if match["ld"] else "month"
            return bounded(match, clock, first, last, precision)
    return VAGUE


_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}
