"""What a proposal asks for, point by point, out of its plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kb.extract.clauses import Clause, clauses_of
from kb.types import Field, Letter, Span

LONGEST_TITLE = 80  # code points
SHORTEST = 6  # characters of a point
BRIEF = 14  # characters: what is shorter goes with the clause after it
MOST = 8
_TITLE = re.compile(r"关于[^，。；“”《》\n]{4,60}?的(?:提案|建议|议案)")
_ASKS = re.compile(
    r"^(?:因此|为此|对此|鉴于此|综上|同时|另外|此外|，)*(?:我们?|本人|特|现)*(?:建议|希望|呼吁|恳请|请求?|盼)(?![书人信示在一])"
    r"|(?:建议|希望|呼吁|恳请)(?:市|县|区|政府|有关|相关|尽快|加|由|将|把|在|对|从|出台|制定|提高|完善|建立|增)"
)
_ASKING = re.compile(r"建议|对策|诉求|具体办法|意见和|措施")
_TELLING = re.compile(r"问题|现状|背景|原因|情况|案由|困难|理由|分析|不足")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing that is asked for: ``text`` is verbatim what stands at ``span`` of the proposal."""

    span: Span
    text: str


def title_of(text: str) -> str:
    """The title of a proposal: 关于…的提案 where it says so, else its first line, cut short."""
    match = _TITLE.search(text)
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return match[0] if match else first[:LONGEST_TITLE]


def as_letter(text: str) -> Letter:
    """The proposal in the form that the readers of letters take; it has no other field."""
    field = Field(value=title_of(text), span=None, rule="提案")
    return Letter(
        id="",
        text=text,
        sha256="",
        source="",
        title=None,
        body=Span(start=0, end=len(text)),
        fields={"proposal_title": field},
    )


def points(text: str, *, most: int = MOST) -> tuple[Point, ...]:
    """What ``text`` asks for, in its order: the items under 建议, else the sentences that ask."""
    clauses = list(clauses_of(as_letter(text)))
    chosen = list(_items(clauses)) or [
        clause for clause in clauses if _ASKS.search(clause.masked) and not _heading(clause)
    ]
    asked = [clause for clause in chosen if len(clause.plain.words) >= SHORTEST]
    spans = [_whole(text, clause, clauses) for clause in asked[:most]]
    return tuple(Point(span=span, text=span.of(text)) for span in spans)


def _heading(clause: Clause) -> bool:
    return (clause.numbered and len(clause.plain.words) <= BRIEF) or clause.plain.words == "建议"


def _items(clauses: list[Clause]) -> Iterator[Clause]:
    """The numbered clauses that stand under a line that says that now it is asked."""
    asking = False
    for clause in clauses:
        words = clause.plain.words
        if len(words) <= BRIEF and (_ASKING.search(words) or _TELLING.search(words)):
            asking = bool(_ASKING.search(words))
        elif asking and clause.numbered:
            yield clause


def _whole(text: str, clause: Clause, clauses: list[Clause]) -> Span:
    """The clause, and where it is only a name for it the clause after it in its line."""
    if not clause.numbered or len(clause.plain.words) > BRIEF:
        return clause.span
    later = clauses[clauses.index(clause) + 1 :][:1]
    if later and not later[0].numbered:
        whole = Span(start=clause.span.start, end=later[0].span.end)
        if "\n" not in whole.of(text):
            return whole
    return clause.span
