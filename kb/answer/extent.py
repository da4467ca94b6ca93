"""How much of a letter is quoted for a field, so that the quote reads as an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from kb.types import Letter, Span

_LABEL = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff 　]{0,10}[：:]\s{0,4}$")
_LABEL_LONGEST = 16  # code points looked back
_JOINED = re.compile(r"[、，,和与及\s]{1,4}")  # between the members of one list
_PAUSES = "，。；：！？\n"
_CLAUSE_LONGEST = 120  # code points on either side
_NUMBERED = re.compile(r"第?\s?(?P<no>[A-Za-z\d]{1,9})\s?号(?:[^，。\n]{0,4}?(?:提案|建议|议案))?")
_IN_TITLE = frozenset(("proposal_no", "assembly"))
_IN_CLAUSE = frozenset(("co_organs",))


def extents(
    letter: Letter, name: str, spans: Sequence[Span]
) -> list[tuple[Span, tuple[Span, ...]]]:
    """What is quoted for the values of the field ``name`` at ``spans``; these are its exact part.

    With the label before a value (签发人：), the title around a number, the clause around the
    organs that took part; the members of one list together. Where nothing is added, no part is.
    """
    found = []
    for run in _runs(letter.text, sorted(spans, key=lambda span: span.start)):
        values = Span(start=run[0].start, end=run[-1].end)
        whole = _whole(letter, name, values)
        found.append((whole, tuple(run) if whole != values else ()))
    return found


def _runs(text: str, spans: Sequence[Span]) -> list[list[Span]]:
    """``spans`` that only a comma or 和 parts, together."""
    runs = [[spans[0]]] if spans else []
    for before, span in pairwise(spans):
        if before.end <= span.start and _JOINED.fullmatch(text, before.end, span.start):
            runs[-1].append(span)
        else:
            runs.append([span])
    return runs


def _whole(letter: Letter, name: str, values: Span) -> Span:
    text, title = letter.text, letter.title.span if letter.title else None
    if name in _IN_TITLE and title and title.holds(values):
        return title
    if name == "proposal_no":
        return _numbered(text, values)
    if name in _IN_CLAUSE:
        return _clause(text, values)
    if name == "result_class" and text.startswith("类", values.end):
        values = Span(start=values.start, end=values.end + 1)
    label = _LABEL.search(text[max(0, values.start - _LABEL_LONGEST) : values.start])
    return Span(start=values.start - len(label[0]), end=values.end) if label else values


def _numbered(text: str, value: Span) -> Span:
    """第158号提案 around 158."""
    start = max(0, value.start - 2)
    match = next(
        (
            m
            for m in _NUMBERED.finditer(text, start, value.end + 12)
            if m.start("no") <= value.start
        ),
        None,
    )
    around = Span(start=match.start(), end=match.end()) if match else value
    return around if around.holds(value) else value


def _clause(text: str, values: Span) -> Span:
    """What stands between the pauses around ``values``; the organs of a list part none."""
    low = max(0, values.start - _CLAUSE_LONGEST)
    start = max(text.rfind(mark, low, values.start) for mark in _PAUSES) + 1
    high = min(len(text), values.end + _CLAUSE_LONGEST)
    ends = [at for mark in _PAUSES if (at := text.find(mark, values.end, high)) >= 0]
    end = min(ends, default=values.end)
    begun = max(start, low) if start else values.start
    words = text[begun:end]
    return Span(start=begun + len(words) - len(words.lstrip()), end=begun + len(words.rstrip()))
