"""How two models that take turns are run: ``python -m tests.bench.bench_session``.

A question is embedded and three passages are read, as often as ``--questions`` says, each way in a
process of its own, twice. Shown: milliseconds a question (median and 95th percentile), processor
seconds.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time

import numpy as np
from onnxruntime import InferenceSession, SessionOptions

from kb.models.session import EXACT, SLOWER, SPINNING
from kb.settings import BUNDLED_MODEL, BUNDLED_READER

WAYS = {
    "as it is": {SPINNING: "0", EXACT: "1"},
    "spinning": {SPINNING: "1", EXACT: "1"},
    "overflowing": {SPINNING: "0", EXACT: "0"},
}
ASKED, PASSAGES, TOKENS = 18, 3, (180, 420)
END = 2  # </s>


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=50)
    given = parser.parse_args()
    for way in [*WAYS, *WAYS]:
        started = multiprocessing.get_context("spawn").Process(
            target=show, args=(way, given.questions)
        )
        started.start()
        started.join()


def show(way: str, questions: int) -> None:
    options = SessionOptions()
    for name, value in WAYS[way].items():
        options.add_session_config_entry(name, value)
    embedder, reader = (
        InferenceSession(
            str(folder / "model.onnx"),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=SLOWER,
        )
        for folder in (BUNDLED_MODEL, BUNDLED_READER)
    )
    drawing, took = np.random.default_rng(0), []
    began = time.process_time()
    for _ in range(questions):
        started = time.perf_counter()
        embedder.run(None, {"input_ids": drawing.integers(5, 9000, (1, ASKED))})
        for _ in range(PASSAGES):
            ids = drawing.integers(5, 9000, (1, int(drawing.integers(*TOKENS))))
            ids[0, [ASKED, 2 * ASKED, -1]] = END
            reader.run(None, {"input_ids": ids})
        took.append(1e3 * (time.perf_counter() - started))
    cpu = (time.process_time() - began) / questions
    p50, p95 = np.quantile(took, [0.5, 0.95])
    sys.stdout.write(f"{way}: p50 {p50:.0f} ms, p95 {p95:.0f} ms, CPU {cpu:.3f} s\n")


if __name__ == "__main__":
    main()
