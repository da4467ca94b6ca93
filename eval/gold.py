"""Where a known answer stands in a text."""

from __future__ import annotations

import re

from kb.text.chars import fold
from kb.types import Span

_NUMBER_BEFORE, _NUMBER_AFTER = re.compile(r"\d[.,]?$"), re.compile(r"[.,]?\d")


def plain(text: str) -> str:
    """``text`` folded and without white space: how answers are compared."""
    return "".join(fold(text).split())


def gold_spans(answer: str, text: str) -> tuple[Span, ...]:
    """Every place of ``answer`` in ``text``, white space and width aside, in code points.

    A number is only found whole: 3 stands neither in 13 nor in 3.5.
    """
    wanted, _ = _folded(answer)
    characters, places = _folded(text)
    found: list[Span] = []
    at = characters.find(wanted) if wanted else -1
    while at >= 0:
        span = Span(start=places[at], end=places[at + len(wanted) - 1] + 1)
        if not _cuts_a_number(text, span):
            found.append(span)
        at = characters.find(wanted, at + 1)
    return tuple(found)


def _cuts_a_number(text: str, span: Span) -> bool:
    before, after = text[max(0, span.start - 2) : span.start], text[span.end : span.end + 2]
    return bool(
        (text[span.start].isdigit() and _NUMBER_BEFORE.search(before))
        or (text[span.end - 1].isdigit() and _NUMBER_AFTER.match(after))
    )


def _folded(text: str) -> tuple[str, list[int]]:
    """``text`` as compared, and for each of its characters the offset it came from."""
    characters: list[str] = []
    places: list[int] = []
    for offset, character in enumerate(text):
        for one in fold(character):
            if not one.isspace():
                characters.append(one)
                places.append(offset)
    return "".join(characters), places
