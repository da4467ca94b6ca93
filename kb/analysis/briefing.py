"""Before a reply is written: what was said, promised and counted on the subject of a proposal.

Everything shown of a letter is a verbatim span of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from kb.analysis.series import kept_records
from kb.analysis.subjects import Subject, on_points, said_on, subject, titles_over, under
from kb.errors import WrongUse
from kb.extract.asking import unwrapped
from kb.extract.indicators import Record
from kb.extract.proposal import Point, as_letter, points, title_of
from kb.ledger.queries import MOST, Wanted, page
from kb.ledger.types import Entry, stage_of
from kb.models.embedding import Embedder
from kb.search.later import alike
from kb.settings import Settings
from kb.staff.connection import Database
from kb.store.protocol import SnapshotReader
from kb.text.chars import encodable
from kb.text.synonyms import coverage
from kb.text.titles import citation_of, subject_words, telling, titles_of
from kb.text.tokens import rarity, subject_tokens
from kb.types import EVERY_LETTER, Citation, Letter, Quote, Scope

LONGEST = 20_000  # code points of a pasted proposal
LETTERS, SIMILAR, FIGURES = 6, 6, 30
POINTS = 30  # that are looked up; more are told
_ASKED = 300  # code points of a point that are searched with
_FEW = 2  # telling words of a point with which it needs its title to be searched for
_TITLE_COUNTS = 2.0  # of a point's 1
_TITLED = 0.5  # of a title's words that another title has to hold to be alike
_STAGES = ("open", "queue", "closed", "off")


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The passage of a letter that is nearest to the subject, and what the letter scores."""

    quote: Quote
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A point of the proposal and the passage that comes nearest to it; None if none does.

    ``searched`` is False of the points beyond ``POINTS``.
    """

    point: Point
    quote: Quote | None
    searched: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """A promise on the proposal; ``points``: of which points, from 1, the nearest first.

    () where it is on the subject of the whole and on no point of it.
    """

    entry: Entry
    points: tuple[int, ...]

    @property
    def open(self) -> bool:
        """True if it is not closed: to be done, or not looked at yet."""
        return stage_of(self.entry.status) in ("open", "queue")


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """What there is on a proposal; ``promised`` has what is still open first.

    ``similar`` are letters that replied to proposals of much the same title.
    """

    title: str
    letters: tuple[Past, ...]
    promised: tuple[Promised, ...]
    figures: tuple[Record, ...]
    similar: tuple[Citation, ...]
    points: tuple[Answered, ...]

    @property
    def nothing(self) -> bool:
        """True if no letter is on the proposal at all."""
        return not (self.letters or self.similar or any(one.quote for one in self.points))


def beforehand(
    text: str,
    reader: SnapshotReader,
    embedder: Embedder,
    database: Database,
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
    on = partial(subject, reader=reader, embedder=embedder, settings=settings, scope=scope)
    about = on(title, titled=lambda letter: _likeness(proposal, letter) > 0)
    searched = (on(_searched(point, title)) for point in asked[:POINTS])
    subjects = [about, *(under(about, one) for one in searched)]
    letters = _letters(subjects, reader)
    ids = [past.quote.letter_id for past in letters]
    answered = [
        Answered(point=point, quote=_nearest(one, reader))
        for point, one in zip(asked, subjects[1:], strict=False)
    ]
    return Briefing(
        title=title,
        letters=letters,
        promised=_promised(ids, subjects, reader, database),
        figures=_figures(words, ids, subjects, reader, database),
        similar=_similar(proposal, about, reader, scope=scope),
        points=(
            *answered,
            *(Answered(point=point, quote=None, searched=False) for point in asked[POINTS:]),
        ),
    )


def _searched(point: Point, title: str) -> str:
    """What is looked for of a point: one that says little by itself (加强宣传) with its title."""
    words = unwrapped(point.text)[:_ASKED]
    return words if len(telling(subject_tokens(words))) >= _FEW else f"{title}：{words}"


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


def _letters(subjects: Sequence[Subject], reader: SnapshotReader) -> tuple[Past, ...]:
    """The letters on any of the subjects, by the sum of their log-odds of being on each.

    The title, which is the first, counts more. The passage of a letter is of the subject that it
    is most on, or of the next that it says anything on.
    """
    scores: dict[str, float] = {}
    for number, one in enumerate(subjects):
        for letter_id, odds in one.odds.items():
            worth = odds * (1.0 if number else _TITLE_COUNTS)
            scores[letter_id] = scores.get(letter_id, 0.0) + worth
    kept: list[Past] = []
    for letter_id in sorted(scores, key=lambda letter_id: (-scores[letter_id], letter_id)):
        on = [one for one in subjects if letter_id in one.odds]
        on.sort(key=lambda one: -one.odds[letter_id])
        said = next(filter(None, (said_on(one, letter_id, reader) for one in on)), None)
        if said and len(kept) < LETTERS:
            kept.append(Past(quote=said, score=round(scores[letter_id], 4)))
    return tuple(kept)


def _promised(
    letter_ids: Sequence[str],
    subjects: Sequence[Subject],
    reader: SnapshotReader,
    database: Database,
) -> tuple[Promised, ...]:
    """What these letters promise on the subjects: what is to be done first, by due day."""
    found = []
    for letter_id in letter_ids:
        letter = reader.letter(letter_id)
        for entry in page(database, Wanted(letter_id=letter_id), limit=MOST).rows:
            words = "\n".join((*titles_over(letter, entry.span.start), entry.text))
            on = on_points(letter_id, entry.span.start, words, subjects=subjects, reader=reader)
            if on is not None:
                found.append(Promised(entry=entry, points=on))
    return tuple(sorted(found, key=lambda one: _STAGES.index(stage_of(one.entry.status))))


def _figures(
    words: Sequence[str],
    letter_ids: Sequence[str],
    subjects: Sequence[Subject],
    reader: SnapshotReader,
    database: Database,
) -> tuple[Record, ...]:
    """The figures on the subjects that these letters give, first those of what it is about."""
    if not letter_ids:
        return ()
    parts = _parts(words)

    def held(record: Record) -> float:
        return sum(rare for part, rare in parts.items() if part in record.indicator)

    figures = [
        record
        for record in kept_records(database, letter_ids=letter_ids)
        if held(record)
        or on_points(
            record.letter_id, record.span.start, record.raw, subjects=subjects, reader=reader
        )
        is not None
    ]
    return tuple(sorted(figures, key=lambda record: -held(record))[:FIGURES])


def _parts(words: Sequence[str]) -> Mapping[str, float]:
    """The words and, of long ones, the ends that a letter may shorten them to (电梯)."""
    found = {word: rarity(word) for word in words}
    return found | {word[-2:]: rarity(word[-2:]) for word in words if len(word) > 3}


def _similar(
    proposal: Letter, about: Subject, reader: SnapshotReader, *, scope: Scope
) -> tuple[Citation, ...]:
    """Letters that replied to proposals of much the same title, the likest first."""
    words = subject_words(proposal)
    hits = reader.lexical(words, limit=100, scope=scope) if words else []
    ids = dict.fromkeys((*about.odds, *(reader.passage(number).letter_id for number, _ in hits)))
    held = [(_likeness(proposal, letter), letter) for letter in map(reader.letter, ids)]
    some = sorted((pair for pair in held if pair[0]), key=lambda pair: (-pair[0], pair[1].id))
    return tuple(citation_of(letter) for _, letter in some[:SIMILAR])


def _likeness(proposal: Letter, letter: Letter) -> float:
    """The share of the title's words that the titles of ``letter`` hold; 0 of another matter's."""
    words = subject_words(proposal)
    share = coverage(words, titles_of(letter)) if words else 0.0
    return share if share >= _TITLED or (share and alike(proposal, letter)) else 0.0


def _nearest(asked: Subject, reader: SnapshotReader) -> Quote | None:
    """What the letter that is most on a point says on it, if it says anything."""
    for letter_id in sorted(asked.odds, key=lambda letter_id: -asked.odds[letter_id]):
        if said := said_on(asked, letter_id, reader):
            return said
    return None
