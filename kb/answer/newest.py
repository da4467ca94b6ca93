"""Letters answer anew each year: the newest that answers stands first, the older ones below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kb.answer.alignment import counterpart
from kb.answer.matter import (
    alike,
    answers_too,
    became,
    changed,
    outcome,
    recites,
    same_organ,
    same_town,
)
from kb.answer.sentences import Candidate
from kb.models.reading import ReadingModel
from kb.query import expect
from kb.query.parse import Query
from kb.search.hybrid import Found
from kb.store.memo import memo
from kb.store.protocol import SnapshotReader
from kb.text.chars import searchable
from kb.text.sentences import headings_over, quotable, trimmed
from kb.text.years import years_told
from kb.types import Hit, Letter, Span

MORE = 2  # passages of later letters that are read besides
MARGIN = 2.5  # log-odds below the best within which a later letter's answer stands before it
PLACES_KEPT = 4096  # passages whose quotable sentences are kept: a question looks through all hits
MARGIN_NOW = 4.0  # the same where it is asked how things stand now
OLDER = 4  # older answers that are told below the newest

# Whose word is asked for in a question that names a year: 2023年答复时说, 2022年的复函里.
_SAID = re.compile(
    r"\d{4}\s?年[^，。；？]{0,16}?(?:答复|复函|回复|函复|的函|说|提出|答应|承诺|打算)"
)
# A question for what was said first is not answered by what was said last.
_BEFORE = re.compile(
    r"原来|原先|当初|最早|最初|起初|(?<![月年日底])以前|原定|原计划|历年|历次|哪一?年(?:说|答应|承诺)"
)
# How many are left is told by whoever in the same place still counts some.
_LEFT_ASKED, _LEFT = re.compile(r"还[有剩]"), re.compile(r"[仍尚还]有\d|[余剩]下的?\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The candidates with the newest answer first, and the older answers to the same, oldest first.

    No candidate of ``ranked`` is among ``older``.
    """

    ranked: Sequence[Candidate]
    older: tuple[Candidate, ...] = ()


def unread(query: Query, best: Candidate, found: Found, reader: SnapshotReader) -> list[Hit]:
    """The hits, at most ``MORE``, that may answer in the place of ``best`` and were not read.

    They are of later letters of the same place on the same matter, or of the year whose word the
    question asks for.
    """
    chosen: list[Hit] = []
    if _tells_its_year(query, best) and not _SAID.search(query.text):
        return chosen
    for hit in found.hits:
        letter = reader.letter(hit.passage.letter_id)
        if hit.ordinal in found.readings or not _supersedes(query, letter, best.letter):
            continue
        if any(_same_matter(query, best, place) for place in _places(letter, hit, reader)):
            chosen.append(hit)
    return chosen[:MORE]


def read_more(
    query: Query, found: Found, hits: Sequence[Hit], reader: SnapshotReader, model: ReadingModel
) -> Found:
    """``found`` with ``hits`` read too."""
    more = {
        hit.ordinal: model.read(query.text, reader.letter(hit.passage.letter_id), hit.passage)
        for hit in hits
    }
    return replace(found, readings={**found.readings, **more})


def newest_first(
    query: Query, ranked: Sequence[Candidate], found: Found, reader: SnapshotReader
) -> Told:
    """``ranked``, which is not empty, with the newest answer first.

    A letter's answer stands before that of an earlier one of the same organ if it is on the same
    matter and nearly as likely; so does what became of a plan, in the words of whoever in the
    same place tells it. A question that names a year has the answer of that year first.
    """
    best = ranked[0]
    first = _of_its_year(query, ranked) if query.setting.years else None
    if first is None:
        query = _without_years(query)
    if first is None and not query.setting.years:
        later = [c for c in ranked if _later(query, best, c)]
        later += [c for c in _outcomes(query, best, found, reader) if _later(query, best, c)]
        first = max(later, key=lambda c: (str(c.letter.issued_on), c.score), default=None)
    first = first or best
    old = [] if query.setting.years else list(_older(query, best, first, ranked, found, reader))
    stale = {c.letter.id for c in old}
    rest = [
        c
        for c in ranked
        if c is not first and not (c.letter.id in stale and _same_matter(query, best, c))
    ]
    lead = replace(first, score=max(first.score, best.score))
    return Told(ranked=[lead, *rest], older=tuple(old[-OLDER:]))


def _without_years(query: Query) -> Query:
    """``query`` without years that it only means: of 今年 nothing may be written yet."""
    years = tuple(year for year in query.setting.years if year in query.text)
    return replace(query, setting=replace(query.setting, years=years))


def _supersedes(query: Query, letter: Letter, old: Letter) -> bool:
    """True if the letter's word counts more than that of ``old`` where both answer."""
    if _BEFORE.search(query.text):
        return False
    years = query.setting.years
    if years:
        return _year(letter) in years and _year(old) not in years and same_town(old, letter)
    return _after(letter, old) and same_town(old, letter)


def _year(letter: Letter) -> str:
    return str(letter.issued_on)[:4]


def _after(letter: Letter, old: Letter) -> bool:
    if letter.issued_on is None or old.issued_on is None:
        return False
    return letter.issued_on > old.issued_on


def _of_its_year(query: Query, ranked: Sequence[Candidate]) -> Candidate | None:
    """The best answer of a year that the question names: the letter's, else one that it tells."""
    years = query.setting.years
    close = [c for c in ranked if c.score >= ranked[0].score - MARGIN]
    of_letter = (c for c in close if _year(c.letter) in years)
    telling = (c for c in close if _tells_its_year(query, c))
    if _SAID.search(query.text):
        return next(of_letter, None) or next(telling, None)
    return next(telling, None) or next(of_letter, None)


def _tells_its_year(query: Query, place: Candidate) -> bool:
    """True if the place names a year that the question does, in figures or as 去年."""
    told = years_told(place.span.of(place.letter.text), written=place.letter.issued_on)
    return any(int(year) in told for year in query.setting.years)


def _later(query: Query, best: Candidate, other: Candidate) -> bool:
    """True if ``other`` answers anew what ``best`` answered in an earlier letter."""
    margin = MARGIN_NOW if query.now else MARGIN
    if not _supersedes(query, other.letter, best.letter) or other.score < best.score - margin:
        return False
    words = other.span.of(other.letter.text)
    left = bool(_LEFT_ASKED.search(query.text) and _LEFT.search(words))
    if not left and not became(words) and not same_organ(best.letter, other.letter):
        return False
    return (changed(words) or _fits(query, best, other)) and _same_matter(query, best, other)


def _fits(query: Query, best: Candidate, other: Candidate) -> bool:
    """True if ``other`` shows the figure, the day or the unit asked for if ``best`` does."""
    one, two = ((c.exact or c.span).of(c.letter.text) for c in (best, other))
    wanted = query.expected
    return expect.shown(wanted, two) >= expect.shown(wanted, one) and expect.in_unit(
        wanted, two
    ) >= expect.in_unit(wanted, one)


def _same_matter(query: Query, best: Candidate, other: Candidate) -> bool:
    """True if the two tell of the same, and ``other`` of what is asked as ``best`` does."""
    words = best.span.of(best.letter.text)
    if not any(alike(words, told) for told in _told(other)):
        return False
    return answers_too(query, one=_context(best), other=_context(other))


def _told(place: Candidate) -> Iterator[str]:
    """The words of the place, alone and with the sentence before, which may name the matter."""
    yield place.span.of(place.letter.text)
    before = [s for s in place.hit.passage.sentences if s.end <= place.span.start]
    if before:
        yield Span(start=before[-1].start, end=place.span.end).of(place.letter.text)


def _context(place: Candidate) -> str:
    *_, widest = _told(place)
    return searchable("\n".join((*headings_over(place.letter, place.span.start), widest)))


def _places(letter: Letter, hit: Hit, reader: SnapshotReader) -> Iterator[Candidate]:
    """The sentences of a passage that may be quoted, as candidates that nobody scored."""
    for span in _quotable(reader, hit.ordinal):
        yield Candidate(letter=letter, hit=hit, span=span, features={}, score=0.0)


@memo(most=PLACES_KEPT)
def _quotable(reader: SnapshotReader, ordinal: int) -> tuple[Span, ...]:
    passage = reader.passage(ordinal)
    letter = reader.letter(passage.letter_id)
    spans = (trimmed(letter.text, sentence) for sentence in passage.sentences)
    return tuple(span for span in spans if quotable(letter, span))


def _outcomes(
    query: Query, best: Candidate, found: Found, reader: SnapshotReader
) -> Iterator[Candidate]:
    """What later letters tell became of what ``best`` tells, be it in words that name no figure."""
    for hit in found.hits:
        letter = reader.letter(hit.passage.letter_id)
        if not _supersedes(query, letter, best.letter):
            continue
        places = list(_places(letter, hit, reader))
        for at, place in enumerate(places):
            words = place.span.of(letter.text)
            if not alike(best.span.of(best.letter.text), words):
                continue
            telling = places[at + 1 : at + 2] if recites(words) else [place]
            for told in telling:
                if clause := outcome(letter.text, told.span):
                    yield replace(told, exact=clause, score=best.score - MARGIN / 2)


def _older(
    query: Query,
    best: Candidate,
    first: Candidate,
    ranked: Sequence[Candidate],
    found: Found,
    reader: SnapshotReader,
) -> Iterator[Candidate]:
    """What earlier letters of the organ answered, one place of each, the oldest first."""
    places: dict[str, Candidate] = {}
    unscored = (
        place
        for hit in found.hits
        for place in _places(reader.letter(hit.passage.letter_id), hit, reader)
    )
    models = [first] if best is first else [first, best]
    for place in (*([best] if best is not first else []), *ranked, *unscored):
        letter = place.letter
        if letter.id in places or not _after(first.letter, letter):
            continue
        row = place if place is best else None
        if same_organ(first.letter, letter) and _same_matter(query, first, place):
            row = row or next(filter(None, (counterpart(place, model) for model in models)), None)
        if row:
            places[letter.id] = row
    yield from sorted(places.values(), key=lambda c: (str(c.letter.issued_on), c.letter.id))
