"""Letters by words and by facets, for people who look through them; nothing is answered here."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from kb.profile import profile
from kb.query.directory import Directory, directory_of, names
from kb.search.highlight import asked, same_as
from kb.store.memo import memo
from kb.store.outline import Outline
from kb.store.protocol import SnapshotReader
from kb.text.chars import bare, fold
from kb.text.tokens import rarity, segmenter, tokens
from kb.text.traditional import simplified
from kb.types import Citation, LetterHead, Scope

ENOUGH = 0.5  # of the words looked for, weighed by rarity, a letter has to hold
MOST_LONGER = 100  # words of the dictionary that hold a shorter one looked for
FACETS = ("issuer", "year", "result_class", "topic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for; ``chosen`` maps a facet to the value that it is narrowed to."""

    words: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    by_date: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A letter as lists show it: what it is cited by, and what it is about."""

    citation: Citation
    topics: tuple[str, ...]

    def values(self, facet: str) -> tuple[str, ...]:
        """The values that this letter has of ``facet``, one of ``FACETS``."""
        return _VALUES[facet](self)


_VALUES: Mapping[str, Callable[[Entry], tuple[str, ...]]] = {
    "issuer": lambda entry: _given(entry.citation.issuer),
    "year": lambda entry: _given((entry.citation.issued_on or "")[:4]),
    "result_class": lambda entry: _given(entry.citation.result_class),
    "topic": lambda entry: entry.topics,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A letter that was found, and its passage that holds most of the words, if any were asked."""

    entry: Entry
    score: float = 0.0
    ordinal: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Browsed:
    """What was found, in order, and of each facet the values with the letters each would leave."""

    matches: tuple[Match, ...]
    facets: Mapping[str, tuple[tuple[str, int], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The entries of a snapshot by id; ``first`` are the first passages of the ``holders``."""

    entries: tuple[Entry, ...]
    holders: tuple[Entry, ...]
    first: tuple[int, ...]

    def at(self, ordinal: int) -> Entry:
        """The entry of the letter that passage ``ordinal`` is in."""
        return self.holders[bisect_right(self.first, ordinal) - 1]


def browse(wanted: Wanted, reader: SnapshotReader, *, scope: Scope) -> Browsed:
    """The letters in ``scope`` that hold enough of the words and have the chosen values."""
    matches = _matches(wanted.words, reader, scope=scope)
    facets = {facet: _counted(facet, wanted.chosen, matches) for facet in FACETS}
    chosen = [match for match in matches if _has(match.entry, wanted.chosen)]
    chosen.sort(key=lambda match: match.entry.citation.issued_on or "", reverse=True)
    if not wanted.by_date:
        chosen.sort(key=lambda match: -match.score)
    return Browsed(matches=tuple(chosen), facets=facets)


def _given(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def entry_of(head: LetterHead, outline: Outline) -> Entry:
    """The entry of a letter; where its title names no topic its headings may."""
    cited = Citation(
        letter_id=head.id,
        name=outline.name,
        number=head.number,
        issuer=head.issuer,
        issued_on=head.issued_on,
        result_class=head.result_class,
    )
    topics = profile().topics_of(simplified(cited.name)) or profile().topics_of(outline.about)
    return Entry(citation=cited, topics=topics)


@memo()
def catalogue_of(reader: SnapshotReader, scope: Scope) -> Catalogue:
    """The catalogue of the letters of ``reader`` in ``scope``, made once a snapshot."""
    entries = tuple(entry_of(head, outline) for head, outline in reader.outlines(scope))
    places = [own for _, own in reader.ordinals(scope)]
    holding = [(entry, place) for entry, place in zip(entries, places, strict=True) if place]
    return Catalogue(
        entries=entries,
        holders=tuple(entry for entry, _ in holding),
        first=tuple(place.start for _, place in holding),
    )


def _matches(words: str, reader: SnapshotReader, *, scope: Scope) -> list[Match]:
    """The letters that hold enough of ``words``; all of them where there are none.

    A document or proposal number gives its letters alone; an organ's come first.
    """
    catalogue = catalogue_of(reader, scope)
    if not words:
        return [Match(entry=entry) for entry in catalogue.entries]
    known = directory_of(reader, scope)
    named = names(words, known, words=tokens(words))
    if named.letter_ids:
        return [
            Match(entry=entry)
            for entry in catalogue.entries
            if entry.citation.letter_id in named.letter_ids
        ]
    rest = _without(words, named.organs, known)
    if rest:
        found = _holding(rest, reader, catalogue, scope=scope)
    else:
        found = [
            Match(entry=entry)
            for entry in catalogue.entries
            if entry.citation.issuer in named.organs
        ]
    best = max((match.score for match in found), default=0.0)
    return [
        Match(entry=match.entry, ordinal=match.ordinal, score=match.score + best)
        if match.entry.citation.issuer in named.organs
        else match
        for match in found
    ]


def _without(words: str, organs: frozenset[str], known: Directory) -> str:
    """``words`` less the names of ``organs``, which few letters call by those names."""
    called = [alias for alias, bearers in known.organs.items() if bearers & organs]
    left = simplified(bare(words)) if organs else words
    for alias in sorted(called, key=len, reverse=True):
        left = left.replace(alias, " ")
    return left.strip()


def _holding(
    words: str, reader: SnapshotReader, catalogue: Catalogue, *, scope: Scope
) -> list[Match]:
    held: dict[str, float] = {}
    scores: dict[str, float] = {}
    passages: dict[int, float] = {}
    entries: dict[str, Entry] = {}
    for token in asked(words):
        best: dict[str, float] = {}
        every = reader.snapshot.passages
        for ordinal, score in reader.lexical(spoken(token), limit=every, scope=scope):
            entry = catalogue.at(ordinal)
            letter_id = entry.citation.letter_id
            entries[letter_id] = entry
            best[letter_id] = max(score, best.get(letter_id, 0.0))
            passages[ordinal] = passages.get(ordinal, 0.0) + score
        for letter_id, score in best.items():
            named = 2.0 if token in fold(entries[letter_id].citation.name) else 1.0
            held[letter_id] = held.get(letter_id, 0.0) + rarity(token)
            scores[letter_id] = scores.get(letter_id, 0.0) + named * score
    whole = sum(rarity(token) for token in asked(words))
    first = _firsts(passages, catalogue)
    return [
        Match(entry=entry, score=scores[letter_id], ordinal=first[letter_id])
        for letter_id, entry in entries.items()
        if held[letter_id] >= ENOUGH * whole
    ]


@lru_cache(maxsize=1024)
def spoken(token: str) -> tuple[str, ...]:
    """Tokens under which letters may hold ``token``: others for it, and longer words around it.

    加装电梯 is one word of the dictionary, yet whoever looks for 电梯 means it too.
    """
    longer = segmenter().words_with(token) if len(token) > 1 else []
    return tuple(dict.fromkeys((*same_as(token), *longer[:MOST_LONGER])))


def _firsts(passages: Mapping[int, float], catalogue: Catalogue) -> dict[str, int]:
    """Of each letter the passage that scores highest, the earliest among equals."""
    first: dict[str, int] = {}
    for ordinal in sorted(passages, key=lambda ordinal: (-passages[ordinal], ordinal)):
        first.setdefault(catalogue.at(ordinal).citation.letter_id, ordinal)
    return first


def _has(entry: Entry, chosen: Mapping[str, str]) -> bool:
    return all(value in entry.values(facet) for facet, value in chosen.items())


def _counted(
    facet: str, chosen: Mapping[str, str], matches: Sequence[Match]
) -> tuple[tuple[str, int], ...]:
    """The values of ``facet`` among what the other choices leave, the most frequent first."""
    others = {name: value for name, value in chosen.items() if name != facet}
    counts = Counter(
        value
        for match in matches
        if _has(match.entry, others)
        for value in match.entry.values(facet)
    )
    if facet in ("year", "result_class"):
        return tuple(sorted(counts.items(), reverse=facet == "year"))
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
