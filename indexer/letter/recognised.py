"""Lines that were read from pictures → where they stand in the letter's text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kb.text.chars import bare
from kb.text.confidence import SURE
from kb.types import Recognised, Span

_WORD = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")  # a page number or a speck has none


def placed(
    lines: Sequence[Sequence[tuple[str, float]]], text: str, pages: Sequence[int]
) -> Iterator[Recognised]:
    """Where the ``lines`` of each page stand in ``text``, with how sure they are.

    ``pages`` are the offsets at which the pages after the first begin. Where a doubtful line is
    not found again the whole page is doubtful.
    """
    bounds = [0, *pages, len(text)]
    for number, page in enumerate(lines[: len(bounds) - 1]):
        if page:
            yield from _of_page(page, text, Span(start=bounds[number], end=bounds[number + 1]))


def _of_page(page: Sequence[tuple[str, float]], text: str, whole: Span) -> Iterator[Recognised]:
    at = [n for n in range(whole.start, whole.end) if not text[n].isspace()]
    words = "".join(text[n] for n in at)
    taken = 0
    for line, confidence in page:
        sought = bare(line)
        start = words.find(sought, taken)
        start = start if start >= 0 else words.find(sought)
        if start >= 0 and sought:
            taken = start + len(sought)
            yield Recognised(
                span=Span(start=at[start], end=at[taken - 1] + 1), confidence=confidence
            )
        elif confidence < SURE and _WORD.search(line):
            yield Recognised(span=whole, confidence=confidence)
