"""What is on one subject: which letters, which sentence of theirs, which promises.

A search always finds something; here is the floor below which nothing was found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from kb.answer.quotes import quote
from kb.answer.related import by_letter, nearness
from kb.models.embedding import Embedder
from kb.query.directory import directory_of
from kb.query.parse import as_written
from kb.search.boosts import passage_words
from kb.search.hybrid import search
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from kb.text.chars import searchable
from kb.text.sentences import answers_from, headings_over, quotable, trimmed
from kb.text.synonyms import coverage
from kb.text.titles import telling
from kb.types import Hit, Letter, Quote, Scope, Span, Vectors

# The least log-odds (kb.answer.related) of a letter on the subject. Of 21 subjects that no sample
# letter is on, 19 find none above it, and the nearest of 20 that some is on have .8 or more.
FLOOR = 0.7
HELD = 0.45  # of a subject's telling words, by rarity, that a passage of the letter holds
ALONE = 2.5  # the least log-odds of a letter that is on a point and not on the proposal's title
# Of a sentence: its cosine counts by how far it is above that of an unrelated passage under the
# bundled model, its words by the share of the subject's that it holds.
UNRELATED, COSINE = 0.86, 25.0
SAID = 0.8  # the least of both together for a sentence to speak to the subject
# The same of a promise or a figure, which is held to the proposal and each of its points: in any
# letter, and in one whose log-odds say that it is on nothing else.
STATED, STATED_THERE, _NOTHING_ELSE = 0.95, 0.75, 4.0
OWN = 0.25  # of a point's own words that a promise or its headings hold to be on that point
# What a sentence is worth more whose headings, or which itself, holds all of the point's own words.
HEADED, OWN_SAID = 0.6, 0.3
_ITEM = re.compile(
    r"\s*(?:(?P<run>[一二三四五六七八九十]{1,2}是)|(?P<round>（[一二三四五六七八九十]{1,3}）)|(?P<digit>\d{1,2}[.、．]))"
)
_SURE = 3.0  # log-odds of a letter that is surely on the subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Something that letters are looked through for, and what the search found on it.

    ``near`` are the hits of each letter that is on it, best first; ``odds`` how sure that is.
    ``own`` are those of its ``words`` that the title of the proposal has not.
    """

    words: tuple[str, ...]
    vector: Vectors
    near: Mapping[str, tuple[Hit, ...]]
    odds: Mapping[str, float]
    own: tuple[str, ...] = ()


def subject(
    text: str,
    reader: SnapshotReader,
    embedder: Embedder,
    *,
    settings: Settings,
    scope: Scope,
    titled: Callable[[Letter], bool] = lambda letter: False,
) -> Subject:
    """``text`` as a subject, with the letters in ``scope`` that are on it.

    Those that are ``titled`` as if they were are, whatever the floor says.
    """
    query = as_written(text, directory_of(reader, scope))
    found = search(query, reader, embedder, settings=settings)
    words = telling(query.words) or query.words
    near, odds = dict[str, tuple[Hit, ...]](), dict[str, float]()
    for letter_id, hits in by_letter(found.hits).items():
        sure = nearness(query, found, hits, reader)
        if titled(reader.letter(letter_id)):
            sure = max(sure, _SURE)
        held = max(coverage(words, passage_words(hit, reader)) for hit in hits)
        if sure >= FLOOR and held >= HELD:
            near[letter_id], odds[letter_id] = tuple(hits), sure
    return Subject(words=words, vector=found.vector, near=near, odds=odds)


def under(title: Subject, point: Subject) -> Subject:
    """``point`` of a proposal of this ``title``: letters on another matter need more for it."""
    odds = {
        letter_id: sure
        for letter_id, sure in point.odds.items()
        if letter_id in title.odds or sure >= ALONE
    }
    known = "\n".join(title.words)
    own = tuple(word for word in point.words if word not in known)
    return replace(point, odds=odds, own=own or point.words)


def said_on(asked: Subject, letter_id: str, reader: SnapshotReader) -> Quote | None:
    """The passage of a letter with the sentence in it that speaks to the subject the most.

    None where none speaks to it: headings, the receipt, 抄送 and the like are no sentences.
    """
    letter, begins = reader.letter(letter_id), answers_from(reader.letter(letter_id))
    best: tuple[float, float, Hit, Span] | None = None
    for hit in asked.near.get(letter_id, ()):
        vectors = reader.sentence_vectors(hit.ordinal)
        for number, sentence in enumerate(hit.passage.sentences):
            if sentence.end <= begins or not quotable(letter, sentence, contact=False):
                continue
            words = searchable(sentence.of(letter.text))
            worth = _worth(asked, vectors[number], words) + 0.1 * _share(asked, hit, reader)
            titles = searchable("\n".join(titles_over(letter, sentence.start)))
            worth += HEADED * coverage(asked.own, titles)
            rank = worth + OWN_SAID * coverage(asked.own, words)
            if best is None or rank > best[0]:
                best = rank, worth, hit, sentence
    least = 0.0 if asked.odds.get(letter_id, 0.0) >= _SURE else SAID
    if best is None or best[1] < least:
        return None
    _, _, hit, sentence = best
    return replace(
        quote(letter, trimmed(letter.text, hit.passage.span), score=hit.score),
        headings=headings_over(letter, sentence.start),
        exact=(trimmed(letter.text, sentence),),
    )


def titles_over(letter: Letter, offset: int) -> tuple[str, ...]:
    """The headings that tell what stands at ``offset``: not the item of a list before it.

    一是…, and （三）… over what is （四） itself, are such items and no titles of it.
    """
    line = letter.text.rfind("\n", 0, offset) + 1
    own = _ITEM.match(letter.text, line)
    return tuple(
        heading
        for heading in headings_over(letter, offset)
        if not (item := _ITEM.match(heading))
        or (item["run"] is None and not (own and _alike(own, item) and own[0] != item[0]))
    )


def _alike(one: re.Match[str], other: re.Match[str]) -> bool:
    """True if both are numbers of one kind: （三） and （四）, 1. and 2."""
    return one.lastgroup == other.lastgroup


def _share(asked: Subject, hit: Hit, reader: SnapshotReader) -> float:
    return coverage(asked.words, passage_words(hit, reader))


def _worth(asked: Subject, vector: Vectors, words: str) -> float:
    """How much a sentence speaks to the subject: 0 as any, 1 and more on it."""
    near = COSINE * max(0.0, float(vector @ asked.vector) - UNRELATED)
    return near + coverage(asked.words, words)


def on_points(
    letter_id: str,
    start: int,
    words: str,
    *,
    subjects: Sequence[Subject],
    reader: SnapshotReader,
) -> tuple[int, ...] | None:
    """Which of ``subjects`` after the first what a letter says at ``start`` is on, nearest first.

    ``words`` are what it says. () where it is on them as a whole and on none in its own words;
    None where on none at all.
    """
    vector = _vector_at(letter_id, start, reader)
    if vector is None:
        return None
    folded = searchable(words)
    near: dict[int, float] = {}
    for number, one in enumerate(subjects):
        odds, worth = one.odds.get(letter_id, -1.0), _worth(one, vector, folded)
        if odds >= 0 and worth >= (STATED if odds < _NOTHING_ELSE else STATED_THERE):
            near[number] = worth
    own = [number for number in near if coverage(subjects[number].own, folded) >= OWN]
    return tuple(sorted(own, key=lambda number: -near[number])) if near else None


def _vector_at(letter_id: str, start: int, reader: SnapshotReader) -> Vectors | None:
    """The vector of the sentence in which something begins."""
    for ordinal in reader.passages_of(letter_id):
        passage = reader.passage(ordinal)
        if passage.span.start <= start < passage.span.end:
            for number, sentence in enumerate(passage.sentences):
                if sentence.start <= start < sentence.end:
                    vector: Vectors = reader.sentence_vectors(ordinal)[number]
                    return vector
    return None
