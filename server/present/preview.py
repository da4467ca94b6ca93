"""What others show of a letter where its address is passed on: its name and its own words."""

from __future__ import annotations

from dataclasses import dataclass

from kb.text.excerpts import whole_words
from kb.text.sentences import sentences_at
from kb.text.titles import name_of
from kb.types import Letter, Span
from server.present import views
from server.present.blocks import opening
from server.present.cards import lasting

LONGEST = 160  # code points that messengers and search engines show


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """``words`` are the letter's, verbatim; ``address`` is absolute where the site is known."""

    title: str
    words: str
    address: str
    day: str


def previewed(letter: Letter, span: Span | None, *, site: str) -> Preview:
    """The preview of ``letter``, or of its sentences at ``span``.

    Never of less: whoever makes an address can choose a span, 同意 of 不同意, and no page around
    it is shown.
    """
    where = lasting(letter, span) if span else views.link(f"/letters/{letter.id}")
    words = (sentences_at(letter.text, span) if span else opening(letter)) or Span(
        start=letter.body.start, end=letter.body.start
    )
    return Preview(
        title=name_of(letter),
        words=cut(letter.text, words),
        address=site + where,
        day=letter.value("issued_on") or "",
    )


def cut(text: str, span: Span) -> str:
    """The words at ``span``, no more of them than are shown, and none of them halved."""
    if span.end - span.start > LONGEST:
        short = Span(start=span.start, end=span.start + LONGEST)
        span = whole_words(text, short, within=span)
    return span.of(text).strip()
