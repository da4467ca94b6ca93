"""What an older letter says in the place of what a newer one answers: mostly another figure."""

from __future__ import annotations

import re
from dataclasses import replace

from kb.answer.matter import SAME, alike, became, clause
from kb.answer.sentences import Candidate
from kb.types import Span

_FIGURE = re.compile(r"\d[\d.,]*\s?(?P<unit>[万亿]?[^\d\s，。；、：:（）()“”]?)")
_BEFORE = 8  # code points before a figure that tell what it counts
# A plan is set beside a plan, and what there is beside what there was.
_PLANNED = re.compile(
    r"力争|争取|计划|拟[于在]?|将[新于在]|预计|年?底?前(?=[^，。；]*(?:达到|完成|建成|增加))"
)


def counterpart(place: Candidate, model: Candidate) -> Candidate | None:
    """``place`` with the part marked that answers as the exact part of ``model`` does.

    That is the figure in the same unit after the most like words, in a clause that is like the
    other; without a figure, the whole of a place that is like. None where there is no such.
    """
    less, more = SAME
    words = model.span.of(model.letter.text)
    if model.exact is None or not (asked := _FIGURE.search(model.exact.of(model.letter.text))):
        told = place.span.of(place.letter.text)
        like = alike(words, told) if became(words) else alike(words, told, less=less, more=more)
        return place if like else None
    at = Span(start=model.exact.start + asked.start(), end=model.exact.start + asked.end())
    wanted = clause(model.letter.text, at, within=_whole(model.span, at)).of(model.letter.text)
    lead = model.letter.text[max(model.span.start, at.start - _BEFORE) : at.start]
    text = place.letter.text
    found = [
        match
        for match in _FIGURE.finditer(text, place.span.start, place.span.end)
        if match["unit"] == asked["unit"]
    ]
    if not found:
        return None
    best = max(found, key=lambda match: len(set(lead) & set(_lead(text, match, place.span))))
    exact = Span(start=best.start(), end=best.end())
    told = clause(text, exact, within=place.span).of(text)
    if bool(_PLANNED.search(wanted)) != bool(_PLANNED.search(told)):
        return None
    return replace(place, exact=exact) if alike(wanted, told, less=less, more=more) else None


def _whole(span: Span, part: Span) -> Span:
    return Span(start=min(span.start, part.start), end=max(span.end, part.end))


def _lead(text: str, match: re.Match[str], span: Span) -> str:
    return text[max(span.start, match.start() - _BEFORE) : match.start()]
