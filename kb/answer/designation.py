"""A question for 第12号河段 is answered by what is said of that one, never of the 13th.

A reading model takes figures that differ in a digit for the same; the words tell them apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kb.answer.emphasis import answering
from kb.answer.sentences import Candidate
from kb.query.parse import Query
from kb.text.chars import fold
from kb.types import Span

_ONE = re.compile(
    r"(?<![\d.〕\])】])第?\s?(?P<number>\d{1,6})\s?(?P<of>号\s?(?!提案|建议|议案|文)[\u4e00-\u9fff]{1,2}"
    r"|[栋幢](?![楼房]?[以之多])|标段|合同段|断面)"
)
_MANY = re.compile(r"\d[、，,至到\-—~]\s?第?\d")


def designated(query: Query, ranked: Sequence[Candidate]) -> list[Candidate]:
    """``ranked`` without what is said of another number of the kind that ``query`` names.

    Of a passage that names the one asked for, the sentence that does is quoted. A question that
    names none, or several, leaves all as they are.
    """
    asked = {(match["number"].lstrip("0"), match["of"]) for match in _ONE.finditer(query.text)}
    if len(asked) != 1:
        return list(ranked)
    ((number, kind),) = asked
    kept: dict[tuple[str, Span], Candidate] = {}
    for candidate in ranked:
        said = _said(query, candidate, number=number, kind=kind)
        if said:
            kept.setdefault((said.letter.id, said.span), said)
    return list(kept.values())


def _said(query: Query, candidate: Candidate, *, number: str, kind: str) -> Candidate | None:
    """``candidate``, or the sentence of its passage that names the one; None if of another."""
    words = candidate.span.of(candidate.letter.text)
    found = _numbers(words, kind)
    if not found or found == {number} or _MANY.search(words):
        return candidate
    for sentence in candidate.hit.passage.sentences:
        if number in _numbers(sentence.of(candidate.letter.text), kind):
            part = answering(query, candidate.letter, candidate.hit.passage, sentence)
            if part:
                return replace(candidate, span=part[0], exact=part[1])
    return None


def _numbers(words: str, kind: str) -> set[str]:
    return {m["number"].lstrip("0") for m in _ONE.finditer(fold(words)) if m["of"] == kind}
