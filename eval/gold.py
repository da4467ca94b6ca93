"""Where a known answer stands in a text."""

from __future__ import annotations

import re

from kb.text.normalize import folded
from kb.types import Span

_NUMBER_BEFORE, _NUMBER_AFTER = re.compile(r"\d[.,]?$"), re.compile(r"[.,]?\d")


def gold_spans(answer: str, text: str) -> tuple[Span, ...]:
    """Every place of ``answer`` in ``text``, white space and width aside, in code points.

    A number is only found whole: 3 stands neither in 13 nor in 3.5.
    """
    places = folded(text).each(folded(answer).words)
    return tuple(span for span in places if not _cuts_a_number(text, span))


def _cuts_a_number(text: str, span: Span) -> bool:
    before, after = text[max(0, span.start - 2) : span.start], text[span.end : span.end + 2]
    return bool(
        (text[span.start].isdigit() and _NUMBER_BEFORE.search(before))
        or (text[span.end - 1].isdigit() and _NUMBER_AFTER.match(after))
    )
