"""The word or two before the first quote: 是, 还没有, or the figure in it that was asked for.

A wrong one is worse than none: it is given only where the quote's own words leave no doubt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from kb.answer.figure import figure
from kb.answer.polarity import Sign, sign
from kb.query.parse import Query
from kb.query.yes_no import Form, asks_whether, whether
from kb.replies import Answer, Lead
from kb.store.protocol import SnapshotReader
from kb.text.sentences import trimmed
from kb.text.traditional import simplified
from kb.types import Letter, Quote, Span

LEAST = 0.5  # confidence of an answer whose lead is shown: it is set large

_MAY: Mapping[Sign, str] = {"yes": "可以", "no": "不可以"}
_ANY: Mapping[Sign, str] = {"yes": "有", "no": "没有"}
_SO: Mapping[Sign, str] = {"yes": "是", "no": "不是"}
_TOLD: Mapping[Form, Mapping[Sign, str]] = {
    "true": _SO,
    "may": _MAY,
    "done": {"yes": "是", "not_yet": "还没有"},
    "ever": _ANY,
    "have": _ANY,
    "lawful": _SO,
    "is": _SO,
}
_PAUSE = re.compile(r"[，。；：！？,;:!?\n]")


def led(query: Query, reply: Answer, reader: SnapshotReader) -> Answer:
    """``reply`` with its lead, if there is a sure one."""
    quote = reply.quotes[0]
    unsure = reply.confidence < LEAST
    if unsure or quote.about is not None or query.listing or query.expected.sections:
        return reply
    return replace(reply, lead=lead(query, quote, reader.letter(quote.letter_id)))


def lead(query: Query, quote: Quote, letter: Letter) -> Lead | None:
    """What stands before ``quote``, which is of ``letter`` and the first to answer ``query``."""
    asked, text = whether(query.text), letter.text
    if asked:
        said = sign(asked, _focus(quote, text), written=letter.issued_on)
        word = _TOLD[asked.form].get(said) if said else None
        return Lead(text=word) if word else None
    if asks_whether(query.text):
        return None
    span = figure(query, text, quoted=quote.span, exact=quote.exact)
    if span is None or span == quote.span:
        return None
    span = trimmed(text, span)
    return Lead(text=span.of(text), span=span)


def _focus(quote: Quote, text: str) -> str:
    """The whole clauses of the quote that answer, in simplified characters."""
    parts = quote.exact or (quote.span,)
    start, end = min(part.start for part in parts), max(part.end for part in parts)
    pauses = [match.end() for match in _PAUSE.finditer(text, quote.span.start, start)]
    closing = _PAUSE.search(text, max(start, end - 1), quote.span.end)
    span = Span(
        start=max([quote.span.start, *pauses]), end=closing.end() if closing else quote.span.end
    )
    return simplified(span.of(text))
