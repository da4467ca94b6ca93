"""Before a reply is written: what was said, promised and counted on the subject of a proposal.

Everything shown of a letter is a verbatim span of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kb.analysis.series import kept_records
from kb.answer.quotes import quote
from kb.errors import WrongUse
from kb.extract.indicators import Record
from kb.extract.proposal import Point, as_letter, points, title_of
from kb.ledger.queries import MOST, Wanted, page
from kb.ledger.types import Entry, stage_of
from kb.models.embedding import Embedder
from kb.query.directory import directory_of
from kb.query.parse import as_written
from kb.search.boosts import passage_words
from kb.search.hybrid import Found, search
from kb.search.later import alike
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from kb.text.chars import encodable
from kb.text.sentences import trimmed
from kb.text.synonyms import coverage
from kb.text.titles import citation_of, subject_words, titles_of
from kb.text.tokens import rarity, subject_tokens
from kb.types import EVERY_LETTER, Citation, Hit, Letter, Quote, Scope

LONGEST = 20_000  # code points of a pasted proposal
LETTERS, SIMILAR, FIGURES = 6, 6, 30
_ASKED = 300  # code points of a point that are searched with
_READ = 10  # hits of each search
_TITLE_COUNTS = 2.0  # of a point's 1
_HELD = 0.3  # of a title's words, by rarity, that a passage has to hold to be on the subject
_POINT_HELD = 0.3  # the same of a point's
_OPENING = 10.0  # so that the opening of a letter is its best passage only where no other is found
_NEAR_BEST = 0.3  # of the best letter's score
_TITLED = 0.5  # of a title's words that another title has to hold to be alike
_STAGES = ("open", "queue", "closed", "off")


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The passage of a letter that is nearest to the subject, and what the letter scores."""

    quote: Quote
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A point of the proposal and the passage that comes nearest to it; None if none does."""

    point: Point
    quote: Quote | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """What there is on a proposal; ``promised`` has what is still open first.

    ``similar`` are letters that replied to proposals of much the same title.
    """

    title: str
    letters: tuple[Past, ...]
    promised: tuple[Entry, ...]
    figures: tuple[Record, ...]
    similar: tuple[Citation, ...]
    points: tuple[Answered, ...]

    @property
    def open(self) -> tuple[Entry, ...]:
        """What was promised and is not closed: to be done, or not looked at yet."""
        return tuple(
            entry for entry in self.promised if stage_of(entry.status) in ("open", "queue")
        )


def beforehand(
    text: str,
    reader: SnapshotReader,
    embedder: Embedder,
    database: sqlite3.Connection,
    *,
    settings: Settings,
    scope: Scope = EVERY_LETTER,
) -> Briefing:
    """What the letters in ``scope`` and the ledger hold on the proposal ``text``.

    Raises WrongUse for a text that is empty, too long or unencodable.
    """
    proposal = as_letter(checked(text))
    title, words = title_of(proposal.text), _subject(proposal)
    asked = points(proposal.text)

    def found(words: str) -> Found:
        query = as_written(words, directory_of(reader, scope))
        return search(query, reader, embedder, settings=settings)

    by_title = found(title)
    by_point = [found(point.text[:_ASKED]) for point in asked]
    letters = _letters(words, [by_title, *by_point], reader)
    ids = [past.quote.letter_id for past in letters]
    return Briefing(
        title=title,
        letters=letters,
        promised=_promised(ids, database),
        figures=_figures(words, ids, database),
        similar=_similar(proposal, reader, scope=scope),
        points=tuple(
            Answered(point=point, quote=_nearest(point, results, reader))
            for point, results in zip(asked, by_point, strict=True)
        ),
    )


def checked(text: str) -> str:
    """``text`` without white space at its ends. Raises WrongUse."""
    proposal = text.strip()
    if not proposal:
        raise WrongUse("没有文字；请粘贴提案或建议的标题和正文")
    if len(proposal) > LONGEST:
        raise WrongUse(f"提案有 {len(proposal)} 个字，超过 {LONGEST} 个字；请只粘贴标题和建议部分")
    if not encodable([proposal]) or "\x00" in proposal:
        raise WrongUse("提案中含有无法识别的字符；请重新粘贴")
    return proposal


def _subject(proposal: Letter) -> tuple[str, ...]:
    """The words that tell what it is about, those of the title if it has any."""
    return subject_words(proposal) or tuple(
        word for word in subject_tokens(title_of(proposal.text)) if len(word) > 1
    )


def _letters(
    words: Sequence[str], searches: Sequence[Found], reader: SnapshotReader
) -> tuple[Past, ...]:
    """The letters on the subject by the sum of their best hits, each with its best passage."""
    scores: dict[str, float] = {}
    best: dict[str, tuple[float, Hit, Found]] = {}
    for number, found in enumerate(searches):
        counted: set[str] = set()
        for hit in found.hits[:_READ]:
            letter_id = hit.passage.letter_id
            if coverage(words, passage_words(hit, reader)) < _HELD:
                continue
            worth = hit.score * (1.0 if number else _TITLE_COUNTS)
            if letter_id not in counted:
                scores[letter_id] = scores.get(letter_id, 0.0) + worth
                counted.add(letter_id)
            opening = (
                hit.ordinal == reader.passages_of(letter_id).start
            )  # names the subject, no more
            worth -= _OPENING * opening
            if letter_id not in best or worth > best[letter_id][0]:
                best[letter_id] = worth, hit, found
    least = _NEAR_BEST * max(scores.values(), default=0.0)
    ranked = sorted(scores, key=lambda letter_id: (-scores[letter_id], letter_id))[:LETTERS]
    return tuple(
        Past(quote=_quote(*best[letter_id][1:], reader), score=round(scores[letter_id], 4))
        for letter_id in ranked
        if scores[letter_id] >= least
    )


def _quote(hit: Hit, found: Found, reader: SnapshotReader) -> Quote:
    """The passage, with the sentence in it that is nearest to what was searched."""
    passage, letter = hit.passage, reader.letter(hit.passage.letter_id)
    nearest = int(np.argmax(reader.sentence_vectors(hit.ordinal) @ found.vector))
    return replace(
        quote(letter, trimmed(letter.text, passage.span), score=hit.score),
        headings=passage.headings,
        exact=(trimmed(letter.text, passage.sentences[nearest]),),
    )


def _promised(letter_ids: Sequence[str], database: sqlite3.Connection) -> tuple[Entry, ...]:
    """What the ledger has of these letters: what is to be done first, by due day."""
    rows = [
        row
        for letter_id in letter_ids
        for row in page(database, Wanted(letter_id=letter_id), limit=MOST).rows
    ]
    return tuple(sorted(rows, key=lambda row: _STAGES.index(stage_of(row.status))))


def _figures(
    words: Sequence[str], letter_ids: Sequence[str], database: sqlite3.Connection
) -> tuple[Record, ...]:
    """The figures that these letters give, first those of what the proposal is about."""
    if not letter_ids:
        return ()
    figures = kept_records(database, letter_ids=letter_ids)
    parts = _parts(words)

    def held(record: Record) -> float:
        return sum(rare for part, rare in parts.items() if part in record.indicator)

    return tuple(sorted(figures, key=lambda record: -held(record))[:FIGURES])


def _parts(words: Sequence[str]) -> Mapping[str, float]:
    """The words and, of long ones, the ends that a letter may shorten them to (电梯)."""
    found = {word: rarity(word) for word in words}
    return found | {word[-2:]: rarity(word[-2:]) for word in words if len(word) > 3}


def _similar(proposal: Letter, reader: SnapshotReader, *, scope: Scope) -> tuple[Citation, ...]:
    """Letters that replied to proposals of much the same title, the likest first."""
    words = subject_words(proposal)
    hits = reader.lexical(words, limit=100, scope=scope) if words else []
    ids = dict.fromkeys(reader.passage(ordinal).letter_id for ordinal, _ in hits)
    held = {
        letter.id: (coverage(words, titles_of(letter)), letter)
        for letter in map(reader.letter, ids)
    }
    some = [
        (share, letter)
        for share, letter in held.values()
        if share >= _TITLED or alike(proposal, letter)
    ]
    some.sort(key=lambda pair: (-pair[0], pair[1].id))
    return tuple(citation_of(letter) for _, letter in some[:SIMILAR])


def _nearest(point: Point, found: Found, reader: SnapshotReader) -> Quote | None:
    """The best passage for a point, if it holds enough of its words."""
    words = subject_tokens(point.text)
    for hit in found.hits[:1]:
        if coverage(words, passage_words(hit, reader)) >= _POINT_HELD:
            return _quote(hit, found, reader)
    return None
