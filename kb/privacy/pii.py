"""Personal data in free text: where it stands by ``pii_rules``, and the text with it hidden."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kb.privacy.pii_rules import RULES, digits_in
from kb.settings import QuestionLog
from kb.text.chars import narrow
from kb.types import Span

HIDDEN = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Personal data: its ``kind`` in Chinese, and where it stands in code points."""

    kind: str
    span: Span


def found(text: str) -> tuple[Found, ...]:
    """Personal data in ``text``, in the order of the text; none overlaps another.

    Document and proposal numbers, dates, amounts and landlines of offices are none.
    """
    return tuple(datum for datum, _ in _matches(text))


def masked(text: str) -> str:
    """``text`` with personal data as 138****5678; as many code points, the rest untouched."""
    shown = list(text)
    for _, places in _matches(text):
        for place in places:
            shown[place] = HIDDEN
    return "".join(shown)


_LOGGED: Mapping[QuestionLog, Callable[[str], str | None]] = {
    "off": lambda _: None,
    "masked": masked,
    "on": str,
}


def logged(text: str, how: QuestionLog) -> str | None:
    """What of a citizen's words may be written down: nothing (None), masked, or all of it."""
    return _LOGGED[how](text)


def _matches(text: str) -> list[tuple[Found, list[int]]]:
    """What was found, and the places in it that are hidden."""
    plain, taken = narrow(text, signs=True), list[tuple[Found, list[int]]]()
    for rule in RULES:
        for match in rule.pattern.finditer(plain):
            span = Span(start=match.start(), end=match.end())
            if rule.holds(match["hide"]) and not any(span.meets(datum.span) for datum, _ in taken):
                places = [i for i in range(*match.span("hide")) if digits_in(plain[i])]
                hidden = places[rule.front : len(places) - rule.back]
                taken.append((Found(kind=rule.kind, span=span), hidden))
    return sorted(taken, key=lambda pair: pair[0].span.start)
