"""Which letters are truly near to a question, so that nothing unrelated is offered.

A search always finds something. What it found is offered as 相关答复, and its organ as whom to
ask, only above a floor, and never where the question is about another place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kb.answer.quotes import NEAREST, near
from kb.query.directory import directory_of
from kb.query.parse import Query
from kb.search.boosts import passage_words
from kb.search.hybrid import NEIGHBOURS, Found
from kb.store.protocol import SnapshotReader
from kb.text.places import elsewhere
from kb.text.synonyms import coverage, meanings
from kb.text.tokens import rarity
from kb.types import Hit, Nearest

LETTERS = 6  # letters of the best hits among which the near ones are looked for
# Log-odds of being related, fitted by ``python -m eval.training.fit_related`` (see its figures in
# docs/measurements.md): how much of the question the letter's best passage holds, how far its
# cosine stands out from the mean of the fifty nearest passages, and how rare the rarest word is
# that it holds (``kb.text.tokens.rarity``).
WEIGHTS: Mapping[str, float] = {"coverage": 3.6, "above_mean": 129.0, "rarest": 0.19, "": -5.97}
FLOOR = -0.35
UNRANKED = -0.01  # how far below the mean a passage stands that the dense ranking does not have
# The cosine of an unrelated passage under the bundled model: what is near in a base of fewer than
# fifty passages is compared with as many of these as are missing, but with nothing nearer than it.
UNRELATED = 0.86


def related(
    query: Query, found: Found, reader: SnapshotReader, *, most: int = NEAREST
) -> tuple[Nearest, ...]:
    """The letters of the best hits that are truly near to ``query``, each once; () where none is.

    A letter that it names is near.
    """
    foreign = places_elsewhere(query, reader)
    kept = []
    for letter_id, hits in by_letter(found.hits).items():
        letter = reader.letter(letter_id)
        away = foreign and not any(place in letter.text for place in foreign)
        close = not away and nearness(query, found, hits, reader) >= FLOOR
        if close or letter_id in found.named.letter_ids:
            kept.append(near(letter, score=hits[0].score))
    return tuple(kept[:most])


def places_elsewhere(query: Query, reader: SnapshotReader) -> tuple[str, ...]:
    """The places that ``query`` names where it names no place of the letters here."""
    known = directory_of(reader, query.scope).places
    return elsewhere(query.tokens, known)


def nearness(query: Query, found: Found, hits: Sequence[Hit], reader: SnapshotReader) -> float:
    """The log-odds that the letter with these ``hits`` has to do with ``query``."""
    made = features(query, found, hits, reader)
    return sum(weight * made.get(name, 1.0) for name, weight in WEIGHTS.items())


def features(
    query: Query, found: Found, hits: Sequence[Hit], reader: SnapshotReader
) -> dict[str, float]:
    """What tells whether the letter with these ``hits`` is related: the best of each."""
    beyond = min(UNRELATED, *found.near[:1]) if found.near else 0.0
    mean = (sum(found.near) + beyond * (NEIGHBOURS - len(found.near))) / NEIGHBOURS
    texts = [passage_words(hit, reader) for hit in hits]
    return {
        "coverage": max(coverage(query.words, text) for text in texts),
        "above_mean": max(hit.dense - mean if hit.dense else UNRANKED for hit in hits),
        "rarest": max((rarity(word) for word in _held(query.words, texts)), default=0.0),
    }


def _held(words: Sequence[str], texts: Sequence[str]) -> Iterator[str]:
    """The words of two characters or more that one of the ``texts`` holds."""
    for word in words:
        if len(word) > 1 and any(way in text for text in texts for way in meanings(word)):
            yield word


def by_letter(hits: Sequence[Hit]) -> dict[str, list[Hit]]:
    """The hits of the first ``LETTERS`` letters, in the order of their best."""
    found: dict[str, list[Hit]] = {}
    for hit in hits:
        if hit.passage.letter_id in found or len(found) < LETTERS:
            found.setdefault(hit.passage.letter_id, []).append(hit)
    return found
