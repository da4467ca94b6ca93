"""What later letters on the subject say of the matter of a quote: one sentence of each."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from kb.answer.matter import SAME, alike, became
from kb.answer.quotes import quote as quoted
from kb.answer.quotes import verify
from kb.search.later import later
from kb.store.protocol import SnapshotReader
from kb.text.chars import bare
from kb.text.sentences import quotable, trimmed
from kb.types import Letter, Quote, Scope, Span, Vectors

_READ = 4  # sentences of a later letter, the nearest to the quote's, that are compared with it
_OUTCOME = (0.35, 0.2)  # as kb.answer.matter.SAME: what became of a plan is told in fewer words
# A whole sentence that a person reads beside the quote, in code points; no line of the letterhead.
_SENTENCE = re.compile(r"^.{9,160}[。；]$", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A later letter on the subject, and its ``fact``: what it says of the quote's matter."""

    letter: Letter
    fact: Quote | None


def followed(quote: Quote, reader: SnapshotReader, *, scope: Scope) -> tuple[Followed, ...]:
    """The later letters in ``scope`` on the subject of the quote's letter, the newest first.

    A field of the letter, such as its number, is no matter and has no fact.
    Raises NotVerbatim if a fact failed the last check before it is shown.
    """
    letters = later(reader.letter(quote.letter_id), reader, scope=scope)
    place = _place(quote, reader) if letters and quote.about is None else None
    return tuple(
        Followed(letter=letter, fact=_fact(place, letter, reader) if place else None)
        for letter in letters
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """The sentence of a quote that answers: its words and its vector."""

    words: str
    vector: Vectors


def _place(quote: Quote, reader: SnapshotReader) -> _Place | None:
    """The sentence that the emphasised words, or the quote's first, stand in."""
    part = quote.exact[0] if quote.exact else quote.span
    text = reader.letter(quote.letter_id).text
    for ordinal in reader.passages_of(quote.letter_id):
        passage = reader.passage(ordinal)
        for number, sentence in enumerate(passage.sentences):
            if sentence.meets(part):
                vector = reader.sentence_vectors(ordinal)[number]
                return _Place(words=sentence.of(text), vector=vector)
    return None


def _fact(place: _Place, letter: Letter, reader: SnapshotReader) -> Quote | None:
    """The sentence of ``letter`` that tells of the same matter and is nearest to ``place``."""
    near: list[tuple[float, Span]] = []
    for ordinal in reader.passages_of(letter.id):
        cosines = np.asarray(reader.sentence_vectors(ordinal) @ place.vector)
        near += zip(map(float, cosines), reader.passage(ordinal).sentences, strict=True)
    nearest = sorted(near, key=lambda pair: (-pair[0], pair[1].start))[:_READ]
    for cosine, sentence in nearest:
        span = trimmed(letter.text, sentence)
        words = span.of(letter.text)
        if not _SENTENCE.search(words) or not quotable(letter, span, contact=False):
            continue
        less, more = _OUTCOME if became(words) else SAME
        if bare(words) != bare(place.words) and alike(place.words, words, less=less, more=more):
            fact = quoted(letter, span, score=cosine)
            verify(fact, reader)
            return fact
    return None
