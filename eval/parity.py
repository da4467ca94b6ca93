"""Whether Milvus finds and answers what the local store does, on the same letters.

``fuwen eval acceptance`` puts the current snapshot, letter by letter with the vectors that it has,
into another store and asks both as citizens ask them, by the settings in force. They are as one if
the first ten passages of both overlap by ``LEAST_OVERLAP`` and the answers are equal, to the same
characters of the same letters, for ``LEAST_EQUAL`` of the questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tqdm import tqdm

from kb.answer.ask import steps
from kb.answer.steps import Located, Verdict
from kb.models.embedding import Embedder
from kb.models.reading import ReadingModel
from kb.query.directory import directory_of
from kb.query.understand import understood
from kb.replies import Refusal, quotes_of
from kb.settings import Settings
from kb.store.protocol import SnapshotReader, Store
from kb.types import Scope

FIRST = 10
LEAST_OVERLAP, LEAST_EQUAL = 0.98, 0.97
CITIZENS = Scope(public_only=True)
Placed = tuple[str, int, int]  # a letter's id and the span there


@dataclass(frozen=True, slots=True, kw_only=True)
class Parity:
    """Shares of 1: of the first ten by words, by vectors and fused that both have; of answers that
    are equal."""

    questions: int
    passages: int
    lexical: float
    dense: float
    fused: float
    equal: float

    @property
    def kept(self) -> bool:
        """True where the two are as one."""
        overlaps = (self.lexical, self.dense, self.fused)
        return min(overlaps) >= LEAST_OVERLAP and self.equal >= LEAST_EQUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """What questions are asked with."""

    embedder: Embedder
    reading: ReadingModel | None
    settings: Settings


def copy(reader: SnapshotReader, store: Store) -> SnapshotReader:
    """Publish the letters that ``reader`` serves in ``store``."""
    with store.draft() as draft:
        for head in tqdm(reader.letters(), unit="份", disable=None):
            ordinals = reader.passages_of(head.id)
            draft.put(
                reader.letter(head.id),
                [reader.passage(ordinal) for ordinal in ordinals],
                source=head.id,
                digest=head.sha256,
                vectors=reader.vectors(ordinals),
                sentence_vectors=[reader.sentence_vectors(ordinal) for ordinal in ordinals],
            )
        draft.publish()
    return store.current()


def compared(
    questions: Sequence[str], ours: SnapshotReader, theirs: SnapshotReader, *, models: Models
) -> Parity:
    """Ask both all ``questions``."""
    overlaps: list[tuple[float, ...]] = []
    equal = 0
    for question in tqdm(questions, unit="问", disable=None):
        found = [_asked(question, reader, models) for reader in (ours, theirs)]
        overlaps.append(tuple(map(overlap, found[0][:3], found[1][:3])))
        equal += found[0][3] == found[1][3]
    lexical, dense, fused = (sum(column) / len(questions) for column in zip(*overlaps, strict=True))
    return Parity(
        questions=len(questions),
        passages=theirs.snapshot.passages,
        lexical=lexical,
        dense=dense,
        fused=fused,
        equal=equal / len(questions),
    )


def _asked(
    question: str, reader: SnapshotReader, models: Models
) -> tuple[list[Placed], list[Placed], list[Placed], object]:
    """The first by words, by vectors and of the hits; what is answered."""
    settings = models.settings
    query = understood(
        question, directory_of(reader, CITIZENS), settings=settings, reader=reader
    ).query
    vector = models.embedder.question(query.text)
    rankings = (
        reader.lexical(query.words, limit=FIRST, scope=CITIZENS),
        reader.nearest(vector, limit=FIRST, scope=CITIZENS),
    )
    lexical, dense = ([_placed(reader, ordinal) for ordinal, _ in hits] for hits in rankings)
    taken = list(steps(query, reader, models.embedder, model=models.reading, settings=settings))
    located = next((step for step in taken if isinstance(step, Located)), None)
    hits = located.hits[:FIRST] if located else ()
    last = taken[-1]
    if not isinstance(last, Verdict):
        raise TypeError("steps() must end with its verdict")
    quotes = [(q.letter_id, q.span.start, q.span.end) for q in quotes_of(last.reply)]
    code = last.reply.code if isinstance(last.reply, Refusal) else ""
    answer = (type(last.reply).__name__, code, quotes)
    return lexical, dense, [_placed(reader, hit.ordinal) for hit in hits], answer


def _placed(reader: SnapshotReader, ordinal: int) -> Placed:
    passage = reader.passage(ordinal)
    return passage.letter_id, passage.span.start, passage.span.end


def overlap(ours: Sequence[Placed], theirs: Sequence[Placed]) -> float:
    """The share of the longer that both have; 1 where both are empty."""
    longest = max(len(ours), len(theirs))
    return len({*ours} & {*theirs}) / longest if longest else 1.0
