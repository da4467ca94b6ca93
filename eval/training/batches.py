"""What the reader is shown in one step: a question's passages, cut down and as tokens."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor

from eval.training.e5_weights import SPECIALS
from eval.training.reader_stages import Stage
from kb.models.reading import pair
from kb.text.sentences import sentences
from kb.types import Span

BATCH_TOKENS = 4096
# Passages are cut down to about CROP code points, at random, but for this share: more are read in
# the same time, and the answer stands at another place in every epoch.
CROP, WHOLE = 280, 0.08
CUT = 0.7  # of the passages that do not answer: the answering one without its sentence
LEAST = 15  # code points that must be left of it
END = SPECIALS.index("</s>")
POOL = 256  # questions sorted by length together, so that padding stays small
Plain = dict[str, Any]
Group = tuple[list[Plain], list[Plain]]  # of one question: what answers it, and what does not


@dataclass(frozen=True, slots=True)
class Encoded:
    """One question with one passage as tokens; ``start``, ``end`` are token numbers or -1."""

    ids: list[int]
    first: int  # token at which the passage begins
    start: int
    end: int


def encode(tokenizer: Tokenizer, row: Plain) -> Encoded:
    """What the model reads, and the tokens that the answer touches."""
    made = pair(tokenizer, row["question"], row["context"], row["passage"])
    inside = [
        n for n, (a, b) in enumerate(made.offsets) if a < row["end"] and b > row["start"] and b > a
    ]
    known = row["start"] >= 0 and inside
    return Encoded(
        ids=made.ids,
        first=made.first,
        start=made.first + inside[0] if known else -1,
        end=made.first + inside[-1] if known else -1,
    )


def readable(ids: Tensor) -> Tensor:
    """``(batch, tokens)``: which tokens are the passage's, behind the second ``</s>``."""
    ends = (ids == END).long()
    return (torch.cumsum(ends, dim=1) == 2) & (ends == 0)


def by_question(rows: Sequence[Plain]) -> Mapping[str, list[Group]]:
    """By source and question: passages that answer it, and passages that don't, best first."""
    by_source: dict[str, dict[str, Group]] = {}
    for row in rows:
        group = by_source.setdefault(row["source"], {}).setdefault(row["group"], ([], []))
        group[row["start"] < 0].append(row)
    return {source: list(groups.values()) for source, groups in by_source.items()}


def epoch(
    asked: Mapping[str, list[Group]], tokenizer: Tokenizer, stage: Stage, *, seed: int
) -> Iterator[list[list[Encoded]]]:
    """Batches of questions, each with one answering passage, if any, and others."""
    drawing = random.Random(seed)
    drawn = [
        [encode(tokenizer, row) for row in shown(group, stage, drawing)]
        for source in sorted(asked)
        for group in repeated(asked[source], stage.shares[source], drawing)
    ]
    drawing.shuffle(drawn)
    batches: list[list[list[Encoded]]] = []
    for at in range(0, len(drawn), POOL):
        batch: list[list[Encoded]] = []
        longest = count = 0
        for group in sorted(drawn[at : at + POOL], key=lambda g: max(len(e.ids) for e in g)):
            longest = max(longest, *(len(e.ids) for e in group))
            if batch and longest * (count + len(group)) > BATCH_TOKENS:
                batches.append(batch)
                batch, count, longest = [], 0, max(len(e.ids) for e in group)
            batch.append(group)
            count += len(group)
        batches.append(batch)
    drawing.shuffle(batches)
    yield from batches


def repeated(groups: Sequence[Group], share: float, drawing: random.Random) -> Iterator[Group]:
    """``groups`` so many times as ``share`` says, a part of them for what is left of it."""
    for _ in range(int(share)):
        yield from groups
    yield from drawing.sample(groups, round(len(groups) * (share % 1)))


def shown(group: Group, stage: Stage, drawing: random.Random) -> Iterator[Plain]:
    """One answering passage of a question, if any, then such as do not answer it."""
    holding, others = group
    most = int(stage.others) + (drawing.random() < stage.others % 1)
    if holding:
        row = drawing.choice(holding)
        yield cropped(row, drawing)
        without = cut(row) if row["kind"] == "holds" else None
        if without and most and drawing.random() < CUT:
            yield cropped(without, drawing)
            most -= 1
    for row in drawing.sample(others, min(len(others), max(most, not holding))):
        yield cropped(row, drawing)


def cut(row: Plain) -> Plain | None:
    """``row`` without the sentences that its answer stands in; None if that leaves nothing."""
    text, words = row["passage"], row["passage"][row["start"] : row["end"]]
    units = list(sentences(text, Span(start=0, end=len(text))))
    left = "".join(
        unit.of(text) for unit in units if unit.end <= row["start"] or unit.start >= row["end"]
    )
    if len(left) < LEAST or words in left:
        return None
    return row | {"passage": left, "start": -1, "end": -1, "kind": "cut"}


def cropped(row: Plain, drawing: random.Random) -> Plain:
    """``row`` with whole sentences around the answer, or anywhere if there is none."""
    text = row["passage"]
    if len(text) <= CROP or drawing.random() < WHOLE:
        return row
    units = list(sentences(text, Span(start=0, end=len(text))))
    inside = [n for n, u in enumerate(units) if u.start < row["end"] and u.end > row["start"]]
    drawn = drawing.randrange(len(units))
    low, high = (inside[0], inside[-1]) if row["start"] >= 0 and inside else (drawn, drawn)
    while True:
        sides = [n for n in (low - 1, high + 1) if 0 <= n < len(units)]
        room = CROP - (units[high].end - units[low].start)
        sides = [n for n in sides if units[n].end - units[n].start <= room]
        if not sides:
            break
        taken = drawing.choice(sides)
        low, high = min(low, taken), max(high, taken)
    start = units[low].start
    shift = start if row["start"] >= 0 else 0
    return row | {
        "passage": text[start : units[high].end],
        "start": row["start"] - shift,
        "end": row["end"] - shift,
    }
