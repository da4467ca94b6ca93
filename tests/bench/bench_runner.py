"""Passages a second by several processes: ``python -m tests.bench.bench_runner --workers 2``.

The sample letters are indexed into an empty base by the one process and by so many as are given
(``fuwen index update --runner local``), each time by the command itself, in turns, so that a noisy
machine is unfair to none. Shown: passages a second by the command's own report (the best turn),
milliseconds of processor time a passage (likewise), and the ratio of both.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.support.sharded import CORPUS


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_runner", description=__doc__)
    parser.add_argument("inbox", nargs="?", type=Path, default=CORPUS)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--turns", type=int, default=3)
    given = parser.parse_args()
    ways = {
        "one process": (),
        f"{given.workers} processes": ("--runner", "local", "--workers", str(given.workers)),
    }
    rows: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(given.turns):
        for name, options in ways.items():
            rows[name].append(indexed(given.inbox, *options))
    first = [max(row[0] for row in rows["one process"]), min(r[1] for r in rows["one process"])]
    for name, turns in rows.items():
        speed, processor = max(row[0] for row in turns), min(row[1] for row in turns)
        sys.stdout.write(
            f"{name}: {speed:.1f} passages/s (x{speed / first[0]:.2f}), "
            f"{processor:.0f} ms of processor time (x{processor / first[1]:.2f})\n"
        )


def indexed(inbox: Path, *options: str) -> tuple[float, float]:
    """Passages a second, and milliseconds of processor time for each, of one run."""
    with tempfile.TemporaryDirectory() as data:
        command = ["-m", "indexer", "update", str(inbox), "--data", data, "--json", *options]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([sys.executable, *command], stdout=subprocess.PIPE, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    report = json.loads(done.stdout)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return report["passages"] / report["seconds"], 1000 * used / report["passages"]


if __name__ == "__main__":
    main()
