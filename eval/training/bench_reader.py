"""Compare ways of running the reading model in one run, for docs/models.md.

    python -m eval.training.bench_reader EXAMPLES WHEEL OUT/all-0.pt --fold 0

Of the weights that eval.training.train_reader left for a fold: float32, all int8, and int8
with so many channels set apart (``eval.training.far_out``). The pairs are of documents that it
never saw; the ways take turns with each. Shown: milliseconds a pair at the median and their ratio
to float32, how far the logits for start and end are from float32's (root mean square), how often
the greatest of them stands at the same token, the size of the graph. Needs ``.[models]``.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from onnxruntime import InferenceSession

from eval.training.batches import encode
from eval.training.build_e5 import export, export_plain
from eval.training.far_out import INNER, OUTER, set_apart
from eval.training.reader_net import INPUTS, OUTPUTS, Exported, fresh
from eval.training.train_reader import sample_of
from kb.models.reading import load_tokenizer
from kb.settings import BUNDLED_MODEL

PAIRS = 60
WAYS = {
    "fp32": None,
    "int8，全部": (0, 0),
    "int8，另算 1＋1 路": (1, 1),
    f"**int8，另算 {OUTER}＋{INNER} 路**（在用）": (OUTER, INNER),
    "int8，另算 4＋16 路": (4, 16),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("examples", type=Path)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--fold", type=int, required=True)
    given = parser.parse_args()
    rows = list(map(json.loads, given.examples.read_text(encoding="utf-8").splitlines()))
    unseen = [r for r in rows if r["fold"] == given.fold and r["end"] > 0]
    tokenizer = load_tokenizer(BUNDLED_MODEL)
    asked = [encode(tokenizer, row).ids for row in unseen[:: max(1, len(unseen) // PAIRS)][:PAIRS]]
    weights = torch.load(given.weights, weights_only=True)
    with tempfile.TemporaryDirectory() as folder:
        sessions, sizes = {}, {}
        for number, (name, channels) in enumerate(WAYS.items()):
            path = Path(folder, f"{number}.onnx")
            net = fresh(given.wheel)
            net.load_state_dict(weights)
            net.eval()
            if channels and any(channels):
                set_apart(
                    net.encoder,
                    sample_of([r for r in rows if r["fold"] != given.fold]),
                    outer=channels[0],
                    inner=channels[1],
                )
            make = export if channels else export_plain
            make(Exported(net), path, inputs=INPUTS, outputs=OUTPUTS)
            sizes[name] = path.stat().st_size / 1e6
            sessions[name] = InferenceSession(str(path), providers=["CPUExecutionProvider"])
        show(sessions, sizes, asked)


def show(
    sessions: dict[str, InferenceSession], sizes: dict[str, float], asked: list[list[int]]
) -> None:
    """Take turns and print the table."""
    took: dict[str, list[float]] = {name: [] for name in sessions}
    logits: dict[str, list[np.ndarray]] = {name: [] for name in sessions}
    for ids in asked:
        feed = {"input_ids": np.array([ids], dtype=np.int64)}
        for name, session in sessions.items():
            session.run(None, feed)
            started = time.perf_counter()
            logits[name] += session.run(["start", "end"], feed)
            took[name].append(time.perf_counter() - started)
    base = next(iter(sessions))
    for name in sessions:
        pairs = list(zip(logits[name], logits[base], strict=True))
        off = np.sqrt(np.mean(np.concatenate([((a - b) ** 2).ravel() for a, b in pairs])))
        same = np.mean([a.argmax() == b.argmax() for a, b in pairs])
        ratio = np.median(took[name]) / np.median(took[base])
        sys.stdout.write(
            f"| {name} | {np.median(took[name]) * 1e3:.0f} | ×{ratio:.2f} | {off:.2f} | "
            f"{same:.1%} | {sizes[name]:.0f} MB |\n"
        )


if __name__ == "__main__":
    main()
