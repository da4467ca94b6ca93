"""Questions with known answers, searched and read as the program does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from eval.record import Place
from eval.training.asked_examples import rows
from eval.training.reader_examples import opened
from kb.answer import rerank
from kb.answer.sentences import Candidate
from kb.models.embedding import embedding_model
from kb.models.reading import ReadingModel
from kb.query.directory import directory_of
from kb.query.parse import Query, as_written
from kb.search.hybrid import Found, search
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from kb.text.normalize import standing_in
from kb.types import EVERY_LETTER, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A question as it was searched and read, in the snapshot of ``reader``.

    ``gold`` are the places of its answer; none where nothing answers it.
    ``candidates`` are the spans that compete, whose scores mean nothing yet.
    """

    source: str
    kind: str
    query: Query
    gold: Sequence[Place]
    found: Found
    candidates: Sequence[Candidate]
    reader: SnapshotReader

    def gold_in(self, letter_id: str) -> Sequence[Place]:
        """The places of its answer in one letter."""
        return [place for place in self.gold if place.docid == letter_id]


def share(span: Span, gold: Sequence[Span | Place]) -> float:
    """Dice's coefficient of the characters of ``span`` with the likest of ``gold``: 0 to 1."""
    return max(
        (
            2
            * max(0, min(span.end, place.end) - max(span.start, place.start))
            / (span.end - span.start + place.end - place.start)
            for place in gold
        ),
        default=0.0,
    )


def held(span: Span, gold: Sequence[Span | Place]) -> float:
    """The largest share of one of ``gold`` that ``span`` holds."""
    return max(
        (
            max(0, min(span.end, place.end) - max(span.start, place.start))
            / (place.end - place.start)
            for place in gold
        ),
        default=0.0,
    )


def read_all(source: str, data: Path, suite: Path, model: ReadingModel) -> Iterator[Read]:
    """Every question of ``suite``, searched and read."""
    reader, settings = opened(data), Settings()
    embedder, directory = embedding_model(settings.model), directory_of(reader, EVERY_LETTER)
    there = {head.id for head in reader.letters()}
    todo = [row for name in ("qa", "refuse") for row in rows(suite / f"{name}.jsonl")]
    for row in tqdm(todo, desc=source, disable=None):
        docids = there.intersection(row.get("docid", ()))
        if "docid" in row and not docids:
            continue
        gold = [
            Place(docid=docid, start=span.start, end=span.end)
            for docid in sorted(docids)
            for answer in row["answer"]
            for span in standing_in(reader.letter(docid).text, answer)
        ]
        query = as_written(row["question"][: settings.question_length], directory)
        found = search(query, reader, embedder, settings=settings)
        found = rerank.reread(query, found, reader, model, read=settings.read, hopeless=-np.inf)
        yield Read(
            source=source,
            kind="answerable" if gold else row.get("kind", "cut"),
            query=query,
            gold=gold,
            found=found,
            candidates=rerank.span_candidates(query, found, reader),
            reader=reader,
        )
