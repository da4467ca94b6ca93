"""What a passage earns beyond its rankings: the question's words, organs, places, years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kb.query.directory import directory_of
from kb.query.parse import Query
from kb.settings import Settings
from kb.store.memo import memo
from kb.store.protocol import SnapshotReader
from kb.text.chars import searchable
from kb.text.places import Place, Setting
from kb.text.synonyms import coverage
from kb.text.traditional import simplified
from kb.types import Hit

# Added to fused scores of 0 to 1. Measured on 387 questions that name a place, among 1,755
# documents: .02, .05, .1 and .15 won 1, 2, 5, 5 first places and lost 0, 1, 1, 1. Too few of
# those questions name a year to tell.
PLACE_BONUS = 0.1
YEAR_BONUS = 0.05
# Put all letters of an organ that is named first, and 41 questions of NCP lose 13 first places;
# .3 loses 2 of 608: letters of an organ are not all that is written about it.
ORGAN_BONUS = 0.3
FOLDED_KEPT = 4096  # passages whose folded words are kept: folding thirty takes 3 ms
SETTLED = 30  # hits in which words, pairs, places and years are looked for; their letters are read


def bonus(asked: Setting, *, about: str, words: str, issued_on: str | None) -> float:
    """What a passage earns for being of the places and years asked for, in scores of 0 to 1.

    ``about`` is its letter's title and issuer, ``words`` its own text, ``issued_on`` an ISO
    date. Of several places each earns its share; one that only the passage names earns
    nothing if ``about`` names a rival of its kind.
    """
    earned = 0.0
    if asked.places:
        held = sum(
            _of_place(place, asked.rivals, about=about, words=words) for place in asked.places
        )
        earned += PLACE_BONUS * held / len(asked.places)
    if any((issued_on or "").startswith(year) or f"{year}年" in words for year in asked.years):
        earned += YEAR_BONUS
    return earned


def _of_place(place: Place, rivals: Sequence[Place], *, about: str, words: str) -> bool:
    if place.called in about:
        return True
    rival = any(other.called in about for other in rivals if other.kind == place.kind)
    return place.called in words and not rival


def boosted(
    query: Query, hits: Sequence[Hit], reader: SnapshotReader, *, settings: Settings
) -> list[Hit]:
    """The hits with what they hold and the bonus of organ and places, best first.

    A letter earns what the best of its hits does: by passage the one that repeats the place
    would outrank the one that answers.
    """
    known, two = directory_of(reader, query.scope), query.pairs
    earned: dict[str, float] = {}
    held: dict[int, float] = {}
    for hit in hits[:SETTLED]:
        letter_id = hit.passage.letter_id
        text = passage_words(hit, reader)
        held[hit.ordinal] = settings.coverage_weight * coverage(query.words, text)
        held[hit.ordinal] += settings.pair_weight * sum(p in text for p in two) / (len(two) or 1)
        head = known.heads.get(letter_id)
        if head and head.issuer in query.named.organs:
            held[hit.ordinal] += ORGAN_BONUS
        if query.setting:
            more = bonus(
                query.setting,
                about=simplified(f"{head.title or ''}\n{head.issuer or ''}") if head else "",
                words=simplified(hit.passage.span.of(reader.letter(letter_id).text)),
                issued_on=head.issued_on if head else None,
            )
            earned[letter_id] = max(more, earned.get(letter_id, 0.0))
    for hit in hits:
        held[hit.ordinal] = held.get(hit.ordinal, 0.0) + earned.get(hit.passage.letter_id, 0.0)
    moved = [replace(hit, score=hit.score + held[hit.ordinal]) for hit in hits]
    return sorted(moved, key=lambda hit: (-hit.score, hit.ordinal))


def passage_words(hit: Hit, reader: SnapshotReader) -> str:
    """A passage with its letter's subject and its headings, folded, without white space."""
    return _passage_words(reader, hit.ordinal)


@memo(most=FOLDED_KEPT)
def _passage_words(reader: SnapshotReader, ordinal: int) -> str:
    passage = reader.passage(ordinal)
    letter = reader.letter(passage.letter_id)
    names_ = ("issuer", "proposal_title", "number")
    subject = (letter.title.value if letter.title else "", *(letter.value(n) or "" for n in names_))
    return searchable("\n".join((*subject, *passage.headings, passage.span.of(letter.text))))
