"""The heading tree of a letter: 一、 （一） 1. （1） and run-in 一是, 二是."""

from __future__ import annotations

import re

from kb.types import Heading, Span

LONGEST = 45  # code points; a longer run before the first 。 is content and no heading
_NUMERAL = "[一二三四五六七八九十]"
_LEVELS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(rf"^(?:{_NUMERAL}{{1,3}}\s?[、.．]|第{_NUMERAL}{{1,3}}[章部])")),
    (2, re.compile(rf"^(?:[（(]\s?{_NUMERAL}{{1,3}}\s?[）)]、?|第{_NUMERAL}{{1,3}}节)")),
    (3, re.compile(r"^\d{1,2}\s?[.．、](?![\d\s]*\d[%％年月日万亿个])")),
    (4, re.compile(r"^(?:[（(]\s?\d{1,2}\s?[）)]|[①-⑳])")),
)
_RUN_IN = re.compile(rf"(?:(?<=^)|(?<=[。；：\n])){_NUMERAL}{{1,2}}是(?=[^否])")


def headings(text: str, body: Span) -> tuple[Heading, ...]:
    """Headings of ``body`` in the order of the text."""
    found: list[Heading] = []
    start = body.start
    while start < body.end:
        stop = text.find("\n", start, body.end)
        line = Span(start=start, end=body.end if stop < 0 else stop)
        found += _of_line(text, line)
        start = line.end + 1
    return tuple(found)


def _of_line(text: str, line: Span) -> list[Heading]:
    found: list[Heading] = []
    words = line.of(text)
    for level, pattern in _LEVELS:
        marker = pattern.match(words)
        if marker:
            heading = _heading(text, line, level=level, after=line.start + marker.end())
            found += [heading] if heading else []
            break
    for marker in _RUN_IN.finditer(text, line.start, line.end):
        run_in = Span(start=marker.start(), end=line.end)
        heading = _heading(text, run_in, level=5, after=marker.end())
        found += [heading] if heading else []
    return found


def _heading(text: str, line: Span, *, level: int, after: int) -> Heading | None:
    """The heading at the start of ``line``, or None if what stands there is content."""
    stop = min((i for i in (text.find(c, after, line.end) for c in "。；") if i >= 0), default=-1)
    end = line.end if stop < 0 else stop
    alone = stop < 0 or not text[stop + 1 : line.end].strip()
    listed = stop >= 0 and (text[stop] == "；" or (alone and level >= 3))
    if stop < 0 and level == 5:
        return None
    if end - line.start > LONGEST or listed or not text[after:end].strip():
        return None
    span = Span(start=line.start, end=end)
    return Heading(text=span.of(text), level=level, span=span)
