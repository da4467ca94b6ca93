"""Where a known answer stands in a text."""

from __future__ import annotations

from kb.text import fold
from kb.types import Span


def plain(text: str) -> str:
    """``text`` folded and without white space: how answers are compared."""
    return "".join(fold(text).split())


def gold_spans(answer: str, text: str) -> tuple[Span, ...]:
    """Every place of ``answer`` in ``text``, white space and width aside, in code points."""
    wanted, _ = _folded(answer)
    characters, places = _folded(text)
    found: list[Span] = []
    at = characters.find(wanted) if wanted else -1
    while at >= 0:
        found.append(Span(start=places[at], end=places[at + len(wanted) - 1] + 1))
        at = characters.find(wanted, at + 1)
    return tuple(found)


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
