"""Years that a text tells by the year it was written in: 今年, 去年, 上半年."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kb.types import Quote, Span

# How far from the writer's own year each word lies; 当年 and 次年 are told by what stands before.
_AWAY = {
    "大前年": -3, "前年": -2, "上年度": -1, "去年": -1, "上年": -1, "上一年": -1,
    "今年": 0, "本年度": 0, "本年": 0,
    "明年": 1, "下年度": 1, "来年": 1, "后年": 2,
}  # fmt: skip
_OTHER = "均产龄轻纪级份限"  # 目前年均, 以上年龄: the 年 belongs to the word that follows
_WORD = re.compile(
    r"(?P<word>(?<!\d)(?:今年|大前年|本年度|上年度|下年度|上一年)|(?<!过)去年|(?<!说)明年"
    rf"|(?:(?<![大目当此之以年])前年|(?<![以晚])上年|(?<![近年以本])来年|(?<![今此以之最])后年"
    rf"|(?<![成原基日资])本年)(?![{_OTHER}度]))"
    r"|(?<![\d年度])(?P<half>[上下]半年)(?!以?来)"
)
_YEAR = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?=\s?年|\s?[到至\-—~～]+\s?(?:19|20)\d\d\s?年)"  # 2021—2025年 too
)
_ENDS = "。！？!?；;\n"  # a half year is of the year named before it, but for in another clause
_SPOKEN = re.compile(
    r"[“「『\"][^”」』\"\n]{0,200}[”」』\"]"
)  # other people's words, of another day


@dataclass(frozen=True, slots=True, kw_only=True)
class RelativeYear:
    """A word such as 去年 at ``span`` of a text, and the ``year`` that it means."""

    span: Span
    year: int


def relative_years(text: str, *, written: date | None) -> tuple[RelativeYear, ...]:
    """The words of ``text`` that mean another year each year, in order; none without a date.

    上半年 and 下半年 count only where no year stands before them in their clause. What stands in
    quotation marks was said by somebody else at another time, and is left alone.
    """
    if written is None:
        return ()
    spoken = [Span(start=m.start(), end=m.end()) for m in _SPOKEN.finditer(text)]
    found = []
    for match in _WORD.finditer(text):
        span = Span(start=match.start(), end=match.end())
        if any(part.holds(span) for part in spoken):
            continue
        if match["half"] and _dated(text, match.start()):
            continue
        away = _AWAY[match["word"]] if match["word"] else 0
        found.append(RelativeYear(span=span, year=written.year + away))
    return tuple(found)


def _dated(text: str, at: int) -> bool:
    """True if a year, in figures or as 去年, stands before ``at`` in its clause."""
    start = max(text.rfind(mark, 0, at) for mark in _ENDS) + 1
    before = text[start:at]
    return bool(_YEAR.search(before)) or any(word["word"] for word in _WORD.finditer(before))


def glosses(quote: Quote) -> tuple[RelativeYear, ...]:
    """The words of a quote that mean a year by its letter's date; spans are in the letter."""
    try:
        written = date.fromisoformat(quote.citation.issued_on or "")
    except ValueError:
        return ()
    start, words = quote.span.start, relative_years(quote.text, written=written)
    return tuple(
        RelativeYear(
            span=Span(start=start + word.span.start, end=start + word.span.end), year=word.year
        )
        for word in words
    )


def years_told(text: str, *, written: date | None) -> frozenset[int]:
    """Every year that ``text`` names, in figures or by a word of the year it was written in."""
    plain = {int(year) for year in _YEAR.findall(text)}
    return frozenset((*plain, *_meant(text, written)))


def _meant(text: str, written: date | None) -> Iterator[int]:
    return (word.year for word in relative_years(text, written=written))
