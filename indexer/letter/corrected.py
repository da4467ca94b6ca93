"""What staff corrected in a letter takes the place of what the rules read.

A value has a place in the text only where the text says it in the same words, so that nothing that
staff wrote is ever quoted as the letter's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from indexer.letter.view import iso_day
from kb.intake.corrections import CORRECTED, RULE, TITLE
from kb.types import MULTI_FIELDS, Field, Letter, Span

SHORTEST = 4  # code points of a value that is looked for: shorter ones stand anywhere
_DAYS = re.compile(
    r"(?:\d{4}|[〇○零一二三四五六七八九]{4})\s{0,3}[年./-]\s{0,3}[\d一二三四五六七八九十]{1,2}"
    r"\s{0,3}[月./-]\s{0,3}[\d一二三四五六七八九十]{1,3}日?"
)


def corrected(letter: Letter, corrections: Mapping[str, str | Sequence[str]]) -> Letter:
    """``letter`` with ``corrections``, values by field; "" or () takes a field away."""
    if not corrections:
        return letter
    title, fields, lists = letter.title, dict(letter.fields), dict(letter.lists)
    for name, value in corrections.items():
        if name == TITLE:
            title = _given(letter, name, str(value)) if value else None
        elif name in MULTI_FIELDS:
            lists.pop(name, None)
            if value:
                lists[name] = tuple(_given(letter, name, member) for member in value)
        else:
            fields.pop(name, None)
            if value:
                fields[name] = _given(letter, name, str(value))
    flags = tuple(dict.fromkeys((*letter.flags, CORRECTED)))
    return replace(letter, title=title, fields=fields, lists=lists, flags=flags)


def _given(letter: Letter, name: str, value: str) -> Field:
    span = _day(letter, value) if name == "issued_on" else _words(letter, value)
    return Field(value=value, span=span, rule=RULE)


def _words(letter: Letter, value: str) -> Span | None:
    """Where the text says ``value`` first, word for word."""
    start = letter.text.find(value) if len(value) >= SHORTEST else -1
    return Span(start=start, end=start + len(value)) if start >= 0 else None


def _day(letter: Letter, iso: str) -> Span | None:
    """Where the text has the day ``iso`` last, which is where letters are signed."""
    places = [
        Span(start=match.start(), end=match.end())
        for match in _DAYS.finditer(letter.text)
        if iso_day(match[0]) == iso
    ]
    return places[-1] if places else None
