"""What the reader learns from questions with known answers: passages that answer and that don't.

Beside each passage that holds the answer stand those that are hardest to tell from it: the other
passages of the same letter, and the passages of other letters that our own search finds for the
question. That sentence of the answer can be cut out of its passage is left to
``eval.training.train_reader``.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.training.folds import fold_of
from kb.models.embedding import surroundings
from kb.store.protocol import SnapshotReader
from kb.text.chars import bare
from kb.text.normalize import standing_in
from kb.types import Hit, Span

OTHERS, STRANGE = 3, 3  # passages of the letter, and of other letters, kept of a question
Look = Callable[[str], Sequence[Hit]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One question with one passage; ``start``, ``end`` are -1 where it does not answer.

    ``fold`` is that of the document, -1 for reading texts that no figure is reported on;
    ``context`` is what stands above the passage: title and headings. ``kind`` is ``holds``,
    ``other`` (of the letter that answers), ``strange`` (of another) or ``near`` (of the letter
    whose subject the question is on, which does not answer it).
    """

    group: str
    source: str
    fold: int
    kind: str
    question: str
    context: str
    passage: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question about the letter ``docid``, or one that no letter answers where it is "".

    ``near`` is a letter on its subject that does not answer it. ``answer`` stands nearest to
    ``start`` where it stands in several places.
    """

    id: str
    source: str
    question: str
    docid: str = ""
    near: str = ""
    answer: str = ""
    start: int = 0
    type: str = ""

    @property
    def fold(self) -> int:
        return fold_of(self.docid or self.near or self.id)


def rows(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def asked_of(files: Sequence[Path], texts: Mapping[str, Mapping[str, str]]) -> list[Asked]:
    """The questions of files in the form of ``eval/annotations/asked.jsonl``.

    ``texts`` has by source, then by id, the documents as they were annotated: questions on others
    are passed over.
    """
    source_of = {id_: source for source, own in texts.items() for id_ in own}
    text_of = {id_: text for own in texts.values() for id_, text in own.items()}
    return [
        Asked(
            id=row["id"],
            source=source_of[home],
            question=row["question"],
            docid=row.get("docid", ""),
            near=row.get("near", ""),
            answer=text_of[home][row["start"] : row["end"]] if "docid" in row else "",
            start=row.get("start", 0),
            type=row.get("type", ""),
        )
        for path in files
        for row in rows(path)
        if (home := row.get("docid") or row["near"]) in source_of
    ]


def packed(path: Path) -> list[Any]:
    """The rows of a gzipped file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def ncp_of(folder: Path, same: Mapping[str, str]) -> list[Asked]:
    """The questions of NCP; ``same`` names the indexed one of documents with equal texts."""
    answered = [
        Asked(
            id=row["id"],
            source="ncp",
            question=row["question"],
            docid=same.get(row["docid"], row["docid"]),
            answer=row["answer"],
        )
        for row in rows(folder / "qa.jsonl")
    ]
    refused = rows(folder / "refuse.jsonl")
    return answered + [
        Asked(id=row["id"], source="refuse", question=row["question"]) for row in refused
    ]


def places(asked: Asked, reader: SnapshotReader) -> list[Span]:
    """Every place of the answer in its letter; that of its offset alone where it has one."""
    found = list(standing_in(reader.letter(asked.docid).text, asked.answer))
    if not asked.start or not found:
        return found
    return [min(found, key=lambda span: abs(span.start - asked.start))]


def examples(asked: Asked, reader: SnapshotReader, look: Look) -> Iterator[Example]:
    """The passages of one question, the answering ones first, others as the search ranks them."""
    gold = list(_holding(asked, reader)) if asked.docid else []
    if asked.docid and not gold:
        return
    for ordinal, start, end in gold:
        yield _example(asked, "holds", ordinal, reader, start=start, end=end)
    holding = {ordinal for ordinal, _, _ in gold}
    home = asked.docid or asked.near
    hits = look(asked.question)
    ranked = [hit.ordinal for hit in hits]
    own = reader.passages_of(home) if home else range(0)
    inside = [o for o in ranked if o in own] + [o for o in own if o not in ranked]
    outside = [o for o in ranked if o not in own]
    words = bare(asked.answer)
    for kind, ordinals, most in (
        ("near" if asked.near else "other", inside, OTHERS),
        ("strange", outside, STRANGE),
    ):
        others = [
            o
            for o in ordinals
            if o not in holding and (not words or words not in bare(_text(o, reader)))
        ]
        for ordinal in others[:most]:
            yield _example(asked, kind, ordinal, reader, start=-1, end=-1)


def _text(ordinal: int, reader: SnapshotReader) -> str:
    passage = reader.passage(ordinal)
    return passage.span.of(reader.letter(passage.letter_id).text)


def _holding(asked: Asked, reader: SnapshotReader) -> Iterator[tuple[int, int, int]]:
    """The passages that hold at least half of a place of the answer, and where in them."""
    for place in places(asked, reader):
        for ordinal in reader.passages_of(asked.docid):
            span = reader.passage(ordinal).span
            start, end = max(span.start, place.start), min(span.end, place.end)
            if 2 * (end - start) >= place.end - place.start:
                yield ordinal, start - span.start, end - span.start


def _example(
    asked: Asked, kind: str, ordinal: int, reader: SnapshotReader, *, start: int, end: int
) -> Example:
    passage = reader.passage(ordinal)
    letter = reader.letter(passage.letter_id)
    return Example(
        group=asked.id,
        source=asked.source,
        fold=asked.fold,
        kind=kind,
        question=asked.question,
        context=surroundings(letter, passage).strip(),
        passage=passage.span.of(letter.text),
        start=start,
        end=end,
    )
