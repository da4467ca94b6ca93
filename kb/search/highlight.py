"""Where the words that somebody looks for stand in a letter: real spans, to be marked.

Words are compared folded and without blanks, yet what is given are offsets into the text as it
is: a full-width or an Ext-B character before a word does not shift its mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from kb.text.chars import searchable
from kb.text.excerpts import whole_words
from kb.text.normalize import folded
from kb.text.sentences import quotable, trimmed
from kb.text.synonyms import expanded, meanings
from kb.text.tokens import rarity, subject_tokens, tokens
from kb.types import Letter, Passage, Span

MOST = 20  # words looked for at once: each is a search of its own
EXCERPT = 90  # code points of a letter shown under its title in a list
BEFORE = 24  # of them before the first mark, where the sentence is too long to show whole


def found(words: str, text: str, span: Span) -> list[Span]:
    """Where ``words`` stand in ``span`` as they were typed; failing that, each word of them.

    In the order of the text; overlapping and adjoining places are one.
    """
    return places((searchable(words),), text, span) or places(sought(words), text, span)


@lru_cache(maxsize=256)
def sought(words: str) -> tuple[str, ...]:
    """What to look for: the words that carry a subject, with others of the same meaning."""
    alike = tuple(dict.fromkeys(word for token in asked(words) for word in same_as(token)))
    long = tuple(word for word in alike if len(word) > 1)
    return long or alike  # a character by itself is marked only where nothing longer is asked


def asked(words: str) -> list[str]:
    """The tokens of ``words`` that carry a subject; all where none does; the first ``MOST``."""
    return (subject_tokens(words) or tokens(words))[:MOST]


@lru_cache(maxsize=4096)
def same_as(token: str) -> tuple[str, ...]:
    """``token``, the words that mean the same, and official words for an everyday one."""
    return tuple(dict.fromkeys((token, *sorted(meanings(token)), *expanded((token,)))))


def places(words: Sequence[str], text: str, span: Span) -> list[Span]:
    """Where any of the folded ``words`` stands in ``span``, joined where they touch."""
    plain = folded(text, span, lines=True)
    spans = sorted(
        (place for word in words for place in plain.each(word)),
        key=lambda place: (place.start, place.end),
    )
    joined: list[Span] = []
    for place in spans:
        if joined and place.start <= joined[-1].end:
            last = joined.pop()
            place = Span(start=last.start, end=max(last.end, place.end))
        joined.append(place)
    return joined


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """Whole words of a sentence; ``headless`` and ``endless`` if it goes on before and after."""

    span: Span
    headless: bool
    endless: bool


def excerpt(words: str, letter: Letter, passage: Passage) -> Excerpt:
    """The sentence of ``passage`` that holds most of ``words``, cut to ``EXCERPT`` code points.

    Titles, headings and set phrases only stand in where nothing else holds a word.
    """

    def worth(sentence: Span) -> tuple[bool, float]:
        held = searchable(sentence.of(letter.text))
        words_held = sum(rarity(word) for word in sought(words) if word in held)
        telling = bool(words_held) and quotable(letter, trimmed(letter.text, sentence))
        return telling, words_held

    # max() keeps the first of equals: the earliest sentence.
    sentence = trimmed(letter.text, max(passage.sentences, key=worth))
    span = _cut(letter.text, sentence, found(words, letter.text, sentence))
    return Excerpt(span=span, headless=span.start > sentence.start, endless=span.end < sentence.end)


def _cut(text: str, sentence: Span, marked: Sequence[Span]) -> Span:
    start, end = sentence.start, sentence.end
    if end - start <= EXCERPT:
        return sentence
    keep = Span(start=start, end=start)
    if marked:
        start = min(max(start, marked[0].start - BEFORE), end - EXCERPT)
        keep = marked[0]
    span = Span(start=start, end=min(end, start + EXCERPT))
    return whole_words(text, span, within=sentence, keep=keep if span.holds(keep) else None)
