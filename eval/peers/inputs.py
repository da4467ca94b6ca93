"""What every peer is given, byte for byte: passages, their vectors, questions."""

from __future__ import annotations

import hashlib
import json
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from eval.base import Readers, matched
from eval.peers.peer import DEPTH
from eval.record import write_lines
from eval.suite import Question
from kb.models.embedding import Embedder, model_name, surroundings
from kb.settings import KINDS, OFF, Settings
from kb.store.protocol import SnapshotReader
from kb.types import Vectors

SOURCES = (  # what decides a ranking
    "kb/*.py",
    *(
        f"kb/{package}/**/*.py"
        for package in ("text", "models", "store", "query", "search", "answer")
    ),
    "kb/text/*.txt",
    "kb/query/*.txt",
    "kb/profiles/*",
    "eval/peers/*.py",
)
SHAPING = (  # settings that do so
    "model", "lexical_weight", "coverage_weight", "pair_weight", "depth", "hits", "read",
    "question_length", "embeddings_model", "rerank_url", "rerank_model",
)  # fmt: skip
SAMPLE = 200  # passages that are embedded to estimate what all of them cost


class Base(Protocol):
    """The suite's documents, indexed: a folder of snapshots, a reader of the current one."""

    @property
    def data(self) -> Path: ...

    @property
    def reader(self) -> SnapshotReader: ...

    @property
    def embedder(self) -> Embedder: ...

    @property
    def readers(self) -> Readers: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What a child process reads of its work folder."""

    passages: tuple[str, ...]
    vectors: Vectors  # (n, dim) float32, mapped
    questions: tuple[tuple[str, str], ...]  # id, text
    readers: Mapping[str, str]  # the folder of the reading model, or "off", by question's text
    settings: Settings


def passages(reader: SnapshotReader) -> Iterator[str]:
    """Every passage as we embed it ourselves, by ordinal: surroundings and text."""
    for head in reader.letters():
        letter = reader.letter(head.id)
        for ordinal in reader.passages_of(head.id):
            passage = reader.passage(ordinal)
            yield surroundings(letter, passage) + passage.span.of(letter.text)


def write(work: Path, base: Base, questions: Sequence[Question], settings: Settings) -> None:
    """Fill the folder ``work``; questions are cut to ``settings.question_length``."""
    work.mkdir(parents=True, exist_ok=True)
    ours = asdict(replace(settings, data=base.data.resolve()))
    lines = (json.dumps(text, ensure_ascii=False) for text in passages(base.reader))
    write_lines(work / "passages.jsonl", lines)
    np.save(work / "vectors.npy", base.reader.vectors(range(base.reader.snapshot.passages)))
    asked = (json.dumps((q.id, cut(q, settings)), ensure_ascii=False) for q in questions)
    write_lines(work / "questions.jsonl", asked)
    readers = {cut(q, settings): base.readers.folder(q.id) for q in questions}
    (work / "readers.json").write_text(json.dumps(readers), encoding="utf-8")
    (work / "settings.json").write_text(json.dumps(ours, default=str), encoding="utf-8")


def read(work: Path) -> Inputs:
    """What ``write`` left in ``work``."""
    given: dict[str, Any] = json.loads((work / "settings.json").read_text(encoding="utf-8"))
    kinds = {setting.name: KINDS.get(setting.type, str) for setting in fields(Settings)}
    return Inputs(
        passages=tuple(_lines(work / "passages.jsonl")),
        vectors=np.load(work / "vectors.npy", mmap_mode="r"),
        questions=tuple((row[0], row[1]) for row in _lines(work / "questions.jsonl")),
        readers=json.loads((work / "readers.json").read_text(encoding="utf-8")),
        settings=Settings(**{name: kinds[name](value) for name, value in given.items()}),
    )


def _lines(path: Path) -> Iterator[Any]:
    with path.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            yield json.loads(line)


def cut(question: Question, settings: Settings) -> str:
    """The question as every peer is asked it."""
    return question.question[: settings.question_length]


def digest(base: Base, questions: Sequence[Question], settings: Settings) -> str:
    """What tells whether a result was made from the same inputs by the same code of ours."""
    snapshot = base.reader.snapshot
    readers = {question.id: base.readers.folder(question.id) for question in questions}
    given = {
        "files": dict(snapshot.files),
        "fingerprint": dict(snapshot.fingerprint),
        "questions": [asdict(q) | {"relevant": dict(q.relevant)} for q in questions],
        "settings": {name: getattr(settings, name) for name in SHAPING},
        "depth": DEPTH,
        "readers": readers,
        "weights": [
            model_name(Path(folder)) for folder in sorted({*readers.values()}) if folder != OFF
        ],
    }
    hashed = hashlib.sha256(json.dumps(given, ensure_ascii=False, sort_keys=True).encode())
    for path in matched(SOURCES):
        hashed.update(path.read_bytes())
    return hashed.hexdigest()


def embedding_seconds(base: Base, *, seed: int) -> dict[str, float]:
    """What embedding every passage costs, estimated from whole letters drawn with ``seed``.

    ``seconds``, and those of ``processor`` time, for all passages in proportion to the ``sample``
    of at most SAMPLE of them.
    """
    reader, spent, processor, sample = base.reader, 0.0, 0.0, 0
    letter_ids = [head.id for head in reader.letters()]
    random.Random(seed).shuffle(letter_ids)
    base.embedder.question("载入")
    for letter_id in letter_ids:
        drawn = [reader.passage(n) for n in reader.passages_of(letter_id)][: SAMPLE - sample]
        if drawn:
            started, before = time.perf_counter(), time.process_time()
            base.embedder.passages(reader.letter(letter_id), drawn)
            spent += time.perf_counter() - started
            processor += time.process_time() - before
            sample += len(drawn)
    share = reader.snapshot.passages / sample
    return {"seconds": spent * share, "processor": processor * share, "sample": sample}
