"""Many made-up letters in a real store: sentences of real ones mixed, their vectors blurred."""

from __future__ import annotations

import hashlib
import json
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import numpy as np

from kb.settings import Settings
from kb.store.open import open_store
from kb.store.protocol import Draft, SnapshotReader
from kb.text.tokens import tokens
from kb.types import Field, Letter, Passage, Span, Vectors

MADE = "made.json"  # in the data folder: what making it took
OF_A_LETTER = 5  # passages
OF_A_PASSAGE = 3  # sentences
BLUR = 0.5  # length of what is added to a unit vector
ORGANS = ("住建局", "交通局", "教育局", "卫健局", "民政局", "水务局", "林业局", "商务局", "文旅局")


def made(base: SnapshotReader, work: Path, *, passages: int, settings: Settings, seed: int) -> Path:
    """The data folder with so many ``passages``, made unless it is there.

    Every passage has OF_A_PASSAGE sentences drawn from the letters of ``base`` and the vector of
    one of its passages with noise added, so that near ones and words are as uneven as real ones.
    """
    data = work / f"synthetic-{passages}-{base.snapshot.version}-{seed}"
    if (data / "CURRENT").exists():
        return data
    drawn, noise = random.Random(seed), np.random.default_rng(seed)
    sentences, rows = _sentences(base), base.vectors(range(base.snapshot.passages))
    store = open_store(replace(settings, data=data), tokenize=_by_line)
    began, processor = time.perf_counter(), time.process_time()
    with store.draft() as draft:
        for number in range(-(-passages // OF_A_LETTER)):
            count = min(OF_A_LETTER, passages - number * OF_A_LETTER)
            letter, own = _letter(number, count, drawn, sentences)
            _put(draft, letter, own, rows[drawn.choices(range(len(rows)), k=count)], noise)
        draft.publish()
    took = {"seconds": time.perf_counter() - began, "processor": time.process_time() - processor}
    (data / MADE).write_text(json.dumps(took), "utf-8")
    return data


def put_another(draft: Draft, reader: SnapshotReader) -> None:
    """Put one letter more of the kind that ``reader`` has, amid them by its id."""
    drawn, noise = random.Random(reader.snapshot.version), np.random.default_rng()
    middle = reader.snapshot.letters // 2
    letter, own = _letter(middle, OF_A_LETTER, drawn, _sentences(reader, most=OF_A_LETTER))
    letter = replace(letter, id=f"{letter.id}-{reader.snapshot.version}")
    own = [replace(passage, letter_id=letter.id) for passage in own]
    _put(draft, letter, own, reader.vectors(range(len(own))), noise)


def _put(
    draft: Draft,
    letter: Letter,
    passages: list[Passage],
    near: Vectors,
    noise: np.random.Generator,
) -> None:
    """Put a letter whose passages, and their sentences, have vectors like those in ``near``."""
    parts = [np.repeat(row[np.newaxis], OF_A_PASSAGE, 0) for row in near]
    draft.put(
        letter,
        passages,
        source=letter.source,
        digest=letter.sha256,
        vectors=_blurred(near, noise),
        sentence_vectors=[_blurred(part, noise) for part in parts],
    )


def _by_line(text: str) -> list[str]:
    """The tokens of a text, line by line: few lines are new, and cutting is most of the work."""
    return [token for line in text.split("\n") for token in _of_line(line)]


@lru_cache(maxsize=1 << 16)
def _of_line(line: str) -> tuple[str, ...]:
    return tuple(tokens(line))


def _sentences(base: SnapshotReader, *, most: int | None = None) -> list[str]:
    """The sentences of all letters that are neither a line alone nor very long.

    Or of the first ``most`` letters alone.
    """
    found = []
    for head in base.letters()[:most]:
        text = base.letter(head.id).text
        for ordinal in base.passages_of(head.id):
            spans = base.passage(ordinal).sentences
            found += [line for span in spans if 20 <= len(line := span.of(text).strip()) <= 200]
    return found


def _letter(
    number: int, passages: int, drawn: random.Random, sentences: list[str]
) -> tuple[Letter, list[Passage]]:
    chosen = drawn.choices(sentences, k=passages * OF_A_PASSAGE)
    title = f"关于第{number + 1}号建议的答复"
    text = "\n".join([title, *chosen])
    spans = list(_spans(chosen, after=len(title) + 1))
    day = date(2005, 1, 1) + timedelta(days=number * 7919 % 7300)
    organ = ORGANS[number % len(ORGANS)]
    told = {
        "number": f"{organ[-3]}函〔{day.year}〕{number + 1}号",
        "issuer": f"合成市{organ}",
        "issued_on": day.isoformat(),
        "result_class": "ABC"[number % 3],
        "proposal_no": str(number % 5000 + 1),
        "kind": "建议",
    }
    name = f"synthetic-{number:06}"
    letter = Letter(
        id=name,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        source=f"{name}.txt",
        title=Field(value=title, span=Span(start=0, end=len(title)), rule="首行"),
        body=Span(start=len(title) + 1, end=len(text)),
        fields={name: Field(value=value, span=None, rule="合成") for name, value in told.items()},
    )
    parts = [spans[n : n + OF_A_PASSAGE] for n in range(0, len(spans), OF_A_PASSAGE)]
    return letter, [
        Passage(
            letter_id=name,
            span=Span(start=part[0].start, end=part[-1].end),
            headings=(),
            sentences=tuple(part),
        )
        for part in parts
    ]


def _spans(lines: list[str], *, after: int) -> Iterator[Span]:
    """Where each line and its break stand; the last has no break."""
    for number, line in enumerate(lines, 1):
        end = after + len(line) + (number < len(lines))
        yield Span(start=after, end=end)
        after = end


def _blurred(rows: Vectors, noise: np.random.Generator) -> Vectors:
    """``rows`` with noise of length BLUR added, of unit length again."""
    added = noise.standard_normal(rows.shape)
    added *= BLUR / np.linalg.norm(added, axis=1, keepdims=True)
    mixed = rows + added
    unit: Vectors = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
    return unit.astype(np.float32)
