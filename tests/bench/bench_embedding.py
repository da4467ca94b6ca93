"""Passages a second, one at a time or in batches: ``python -m tests.bench.bench_embedding``.

The passages of the sample letters are embedded as ``kb.models.embedding`` does it, and as it did
before: eight a batch, in order of length and padded, each run on all cores. The ways take turns, so
that a noisy machine is unfair to none. Shown: passages a second (the best turn), milliseconds of
processor time a passage (likewise), the ratio of both, the cosines between the two.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence

import numpy as np

from indexer.letter.passages import cut
from kb.models.embedding import embedding_model, surroundings
from kb.models.encoder import Encoder
from kb.settings import BUNDLED_MODEL
from kb.types import Letter, Passage, Vectors
from tests.conftest import CORPUS
from tests.support.letters import make_letter

BATCH = 8


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.bench_embedding", description=__doc__
    )
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--letters", type=int, default=12)
    given = parser.parse_args()
    letter, passages = joined(given.letters)
    model, encoder = embedding_model(str(BUNDLED_MODEL)), Encoder(BUNDLED_MODEL)
    ways: list[Callable[[], Vectors]] = [
        lambda: in_batches(encoder, letter, passages),
        lambda: model.passages(letter, passages)[0],
    ]
    found = [way() for way in ways]
    walls, processors = np.full((2, given.turns), np.inf), np.full((2, given.turns), np.inf)
    for turn in range(given.turns):
        for number, way in enumerate(ways):
            wall, processor = time.perf_counter(), time.process_time()
            way()
            walls[number, turn] = time.perf_counter() - wall
            processors[number, turn] = time.process_time() - processor
    wall, processor = walls.min(1), processors.min(1)
    count = len(passages)
    for number, name in enumerate(("in batches of 8", "one at a time")):
        sys.stdout.write(
            f"{name}: {count / wall[number]:.1f} passages/s (x{wall[0] / wall[number]:.2f}), "
            f"{1e3 * processor[number] / count:.0f} ms of processor time "
            f"(x{processor[0] / processor[number]:.2f})\n"
        )
    cosines = (found[0] * found[1]).sum(1)
    sys.stdout.write(f"cosines: mean {cosines.mean():.4f}, least {cosines.min():.4f}\n")


def joined(count: int) -> tuple[Letter, tuple[Passage, ...]]:
    """The words of ``count`` sample letters as one letter, so that they are embedded at once."""
    paths = sorted((CORPUS / "letters").glob("*.txt"))[:count]
    texts = [path.read_bytes().decode("utf-8", "ignore") for path in paths]
    letter = make_letter("a", "\n".join(texts))
    return letter, tuple(cut(letter))


def in_batches(encoder: Encoder, letter: Letter, passages: Sequence[Passage]) -> Vectors:
    texts = ["passage: " + surroundings(letter, p) + p.span.of(letter.text) for p in passages]
    order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
    rows: dict[int, Vectors] = {}
    for first in range(0, len(order), BATCH):
        batch = order[first : first + BATCH]
        made = encoder.vectors([texts[n] for n in batch], [[] for _ in batch])
        rows.update(zip(batch, (whole for whole, _ in made), strict=True))
    return np.stack([rows[n] for n in range(len(texts))])


if __name__ == "__main__":
    main()
