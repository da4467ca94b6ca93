"""Time of indexing and of questions on a suite; ``eval/`` will measure far more.

python -m tests.bench SUITE    SUITE holds docs.jsonl and qa.jsonl
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from indexer.update import update
from kb.ask import ask
from kb.embed import SentenceModel
from kb.settings import Settings
from kb.stores import STORES
from kb.types import Scope

QUESTIONS = 200


def main(suite: Path) -> None:
    """Print seconds to index and to index again, and milliseconds a question."""
    with tempfile.TemporaryDirectory() as folder:
        settings = replace(Settings(), data=Path(folder))
        store, embedder = STORES["local"](settings), SentenceModel(settings.model)
        embedder.question("预热")
        for name in ("index", "index again"):
            started = time.perf_counter()
            snapshot, _ = update([suite / "docs.jsonl"], store, embedder)
            print(f"{name}: {time.perf_counter() - started:.2f} s, {snapshot.passages} passages")
        lines = (suite / "qa.jsonl").read_text(encoding="utf-8").splitlines()[:QUESTIONS]
        times = []
        for line in lines:
            started = time.perf_counter()
            question = json.loads(line)["question"]
            ask(question, store.current(), embedder, settings=settings, scope=Scope())
            times.append(1000 * (time.perf_counter() - started))
        ranks = statistics.quantiles(times, n=100)
        print(f"question: p50 {ranks[49]:.0f} ms, p95 {ranks[94]:.0f} ms of {len(times)}")
        print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
