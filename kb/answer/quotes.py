"""Quotes and the nearest letters: built from spans and verified before they are shown."""

from __future__ import annotations

from kb.errors import KbError
from kb.replies import LEADS, Lead
from kb.store.protocol import SnapshotReader
from kb.text.recognised import is_doubtful
from kb.text.sentences import headings_over
from kb.text.titles import citation_of
from kb.types import Letter, Nearest, Quote, Span

NEAREST = 3  # letters that are offered as 相关


def quote(letter: Letter, span: Span, *, score: float, about: str | None = None) -> Quote:
    """The words of ``letter`` at ``span``, with their citation."""
    return Quote(
        citation=citation_of(letter),
        title=letter.title.value if letter.title else None,
        span=span,
        text=span.of(letter.text),
        headings=headings_over(letter, span.start) + columns_over(letter.text, span),
        score=score,
        about=about,
        doubtful=is_doubtful(letter, span),
    )


def columns_over(text: str, span: Span) -> tuple[str, ...]:
    """The heads of the columns of the table that ``span`` is rows of, as one innermost heading.

    Rows are lines of cells parted by tabs, the first of a table its heads; () where ``span``
    holds them, or is no row.
    """
    heads = heads_over(text, span)
    return ("表头：" + "、".join(cell for cell in heads if cell),) if heads else ()


def heads_over(text: str, span: Span) -> tuple[str, ...]:
    """The heads of all columns of the table that ``span`` is in; () as for ``columns_over``."""
    top = start = text.rfind("\n", 0, span.start) + 1
    line = text.find("\n", start)
    if "\t" not in text[start : max(span.end, line if line >= 0 else len(text))]:
        return ()
    while top and "\t" in text[(above := text.rfind("\n", 0, top - 1) + 1) : top]:
        top = above
    if top == start:
        return ()
    return tuple(cell.strip() for cell in text[top : text.find("\n", top)].split("\t"))


def near(letter: Letter, *, score: float) -> Nearest:
    """``letter`` as it is offered."""
    title = letter.title.value if letter.title else None
    return Nearest(citation=citation_of(letter), title=title, score=score)


class NotVerbatim(KbError):
    """A quote that is not the text at its offsets: a fault of ours, never shown."""

    status, code = 500, "not_verbatim"


def verify(quote: Quote, reader: SnapshotReader, *, lead: Lead | None = None) -> None:
    """Raise NotVerbatim unless the quote is a span of its letter's text, and ``lead`` of it.

    A ``lead`` without a span must be one of the fixed words.
    """
    text = reader.letter(quote.letter_id).text
    whole = bool(quote.text) and quote.span.of(text) == quote.text
    if not whole or not all(quote.span.holds(exact) for exact in quote.exact):
        raise NotVerbatim(f"复文 {quote.letter_id} 的摘录与原文不符，已停止显示；请报告此问题")
    if lead and not _said(lead, quote, text):
        raise NotVerbatim(
            f"复文 {quote.letter_id} 的摘录前面的话没有根据，已停止显示；请报告此问题"
        )


def _said(lead: Lead, quote: Quote, text: str) -> bool:
    if lead.span is None:
        return lead.text in LEADS
    return bool(lead.text) and quote.span.holds(lead.span) and lead.span.of(text) == lead.text
