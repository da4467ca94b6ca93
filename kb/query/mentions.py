"""What a question names, and where in it: organs, places, years, numbers, result classes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kb.query.directory import PROPOSAL, Directory
from kb.text.chars import narrow
from kb.text.places import Place
from kb.text.tokens import document_numbers
from kb.text.traditional import simplified
from kb.types import Span

Kind = Literal["organ", "place", "year", "number", "class"]

_YEAR = re.compile(
    r"(?<!\d)(?P<first>(?:19|20)\d\d)\s?年?\s?[到至\-—~～]+\s?(?P<last>(?:19|20)\d\d)\s?年度?"
    r"|(?<!\d)(?P<only>(?:19|20)\d\d)\s?年度?"
    r"|(?P<ago>今年(?:以来)?|去年|前年)|明年|后年"
)
_AGO = {"今年": 0, "去年": 1, "前年": 2}  # years
_CLASS = re.compile(
    r"(?<![A-Za-z\d])[A-D甲乙丙丁](?:\s?[、/和及或与]\s?[A-D甲乙丙丁])*\s?类(?![型别似])"
    r"|(?<=结果[是为])[A-D](?![A-Za-z])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """``text`` is the question at ``span``, simplified; ``means`` is what letters say for it.

    The issuers of an organ, what a place is called, years, result classes; nothing where no
    letter can say: for a number, and for 去年 where ``today`` is not given.
    """

    kind: Kind
    text: str
    span: Span
    means: tuple[str, ...] = ()


def mentions(
    question: str, known: Directory, *, places: Sequence[Place], today: date | None = None
) -> tuple[Mention, ...]:
    """What ``question`` names, in its order; none overlaps another.

    A number goes before an organ, an organ before a place that is part of its name. ``places``
    are those of its setting; ``today`` says which year 去年 is.
    """
    text, found = simplified(narrow(question)), list[Mention]()
    for mention in _candidates(text, known, places=places, today=today):
        if not any(mention.span.meets(taken.span) for taken in found):
            found.append(mention)
    return tuple(sorted(found, key=lambda mention: mention.span.start))


def without(text: str, cut: Iterable[Mention], *, gap: str = "") -> str:
    """``text`` with ``gap`` in place of each of these mentions."""
    for mention in sorted(cut, key=lambda mention: -mention.span.start):
        text = text[: mention.span.start] + gap + text[mention.span.end :]
    return text


def _candidates(
    text: str, known: Directory, *, places: Sequence[Place], today: date | None
) -> Iterator[Mention]:
    spans = [*document_numbers(text), *(_span(match) for match in PROPOSAL.finditer(text))]
    yield from (Mention(kind="number", text=span.of(text), span=span) for span in spans)
    aliases = [alias for alias in known.organs if alias in text]
    for alias in sorted(aliases, key=len, reverse=True):
        issuers = tuple(sorted(known.organs[alias]))
        yield from (
            _of_level(mention, text) for mention in _all("organ", alias, text, means=issuers)
        )
    for place in places:
        for name in (place.name, place.called):
            yield from _all("place", name, text, means=(place.called,))
    for match in _YEAR.finditer(text):
        yield Mention(kind="year", text=match[0], span=_span(match), means=_years(match, today))
    for match in _CLASS.finditer(text):
        classes = tuple(dict.fromkeys(re.findall(r"[A-D甲乙丙丁]", match[0])))
        yield Mention(kind="class", text=match[0], span=_span(match), means=classes)


def _all(kind: Kind, name: str, text: str, *, means: tuple[str, ...]) -> Iterator[Mention]:
    for match in re.finditer(re.escape(name), text):
        yield Mention(kind=kind, text=name, span=_span(match), means=means)


def _of_level(organ: Mention, text: str) -> Mention:
    """市住建局 is no district's: the organ with the 市 before it and issuers of that level."""
    before = text[: organ.span.start][-1:]
    issuers = tuple(issuer for issuer in organ.means if issuer.find(before) > 0)
    if not before or before not in "省市区县" or not issuers:
        return organ
    span = Span(start=organ.span.start - 1, end=organ.span.end)
    return Mention(kind="organ", text=span.of(text), span=span, means=issuers)


def _years(match: re.Match[str], today: date | None) -> tuple[str, ...]:
    if match["only"]:
        return (match["only"],)
    if match["ago"] and today:
        return (str(today.year - _AGO[match["ago"][:2]]),)
    if match["first"]:
        return tuple(map(str, range(int(match["first"]), int(match["last"]) + 1)))
    return ()


def _span(match: re.Match[str]) -> Span:
    return Span(start=match.start(), end=match.end())
