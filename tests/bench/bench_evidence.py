"""How long evidence takes to find: ``python -m tests.bench.bench_evidence DATA [--turns 3]``.

DATA is a data folder of letters; every promise found in them is asked once a turn, as the console
asks, after a turn that only warms what is kept. Milliseconds of processor time a promise, the best
of its turns since a machine may have other work, at the 50th and the 95th.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from kb.analysis.evidence.candidates import evidence_candidates
from kb.analysis.refresh import refresh_ledger
from kb.ledger.queries import Wanted, each
from kb.models.embedding import embedding_model
from kb.settings import Settings
from kb.staff.database import NAME, opened
from kb.store.open import open_store
from tests.support.promises import PROGRAMS


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.bench_evidence", description=__doc__
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--turns", type=int, default=3)
    given = parser.parse_args()
    reader = open_store(replace(Settings(), data=given.data)).current()
    embedder = embedding_model(Settings().model)
    with tempfile.TemporaryDirectory() as made, opened(Path(made) / NAME) as book:
        refresh_ledger(book, reader, by=PROGRAMS)
        ledger = list(each(book, Wanted()))
    took = np.full((given.turns + 1, len(ledger)), np.inf)
    for turn in took:
        for number, entry in enumerate(ledger):
            began = time.process_time()
            evidence_candidates(entry, reader, embedder=embedder)
            turn[number] = time.process_time() - began
    best = 1000 * took[1:].min(0)
    sys.stdout.write(
        f"{len(ledger)} promises: p50 {np.percentile(best, 50):.1f}, "
        f"p95 {np.percentile(best, 95):.1f} ms\n"
    )


if __name__ == "__main__":
    main()
