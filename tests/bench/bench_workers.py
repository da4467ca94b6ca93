"""What one more worker costs and brings: ``python -m tests.bench.bench_workers`` (Linux).

For each number of workers: seconds until it is ready, memory (PSS, which counts what processes
share once) of all its processes, questions a second of ``--askers`` who ask one after the other,
each on a new connection, and how long those took. Then the same while SIGHUP puts new workers in
the place of the old, and how many requests failed.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np

from tests.conftest import CORPUS, ROOT, corpus_rows

QUIET = {"PYTHONUTF8": "1", "KB_RATE": "0", "KB_QUESTION_LOG": "off"}
RELOADED = b"reloaded: "


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_workers")
    parser.add_argument("--data", type=Path, help="data folder; the sample letters if not given")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--askers", type=int, default=4)
    parser.add_argument("--questions", type=int, default=60)
    given = parser.parse_args()
    questions = [row["question"] for row in corpus_rows("questions.jsonl")][: given.questions]
    with tempfile.TemporaryDirectory() as folder:
        data = (given.data or Path(folder, "data")).resolve()
        if not given.data:
            command = ["indexer", "update", str(CORPUS / "letters"), "--data", str(data)]
            subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=True)
        for workers in given.workers:
            _measure(data, Path(folder, "log"), questions, workers=workers, askers=given.askers)


def _measure(data: Path, log: Path, questions: Sequence[str], *, workers: int, askers: int) -> None:
    began = time.perf_counter()
    with _server(data, log, workers) as (process, address):
        httpx.get(address + "/readyz", timeout=120, trust_env=False).raise_for_status()
        ready = time.perf_counter() - began
        _ask(address, questions, askers)  # until all are warm
        taken, failed, seconds = _ask(address, questions, askers)
        memory = _memory(process)
        print(f"{workers} workers: ready {ready:.1f} s, {memory:.0f} MB, ", end="")
        _print(taken, failed, seconds)
        if workers > 1:
            process.send_signal(signal.SIGHUP)
            rounds, begun = [], time.perf_counter()
            while RELOADED not in log.read_bytes():
                rounds.append(_ask(address, questions, askers))
            print(f"  reloaded in {time.perf_counter() - begun:.0f} s: ", end="")
            latencies = [one for each in rounds for one in each[0]]
            failures = sum(each[1] for each in rounds)
            _print(latencies, failures, sum(each[2] for each in rounds))


@contextmanager
def _server(data: Path, log: Path, workers: int) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    command = ["server", "--data", str(data), "--port", "0", "--workers", str(workers)]
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env={**os.environ, **QUIET},
            stdout=subprocess.PIPE,
            stderr=errors,
        ) as process,
    ):
        try:
            assert process.stdout
            found = re.search(rb"http://[^/]+", process.stdout.readline())
            if not found:
                raise SystemExit("the server did not start")
            yield process, found[0].decode()
        finally:
            process.terminate()


def _ask(address: str, questions: Sequence[str], askers: int) -> tuple[list[float], int, float]:
    """Seconds that each question took, how many failed, and seconds in all."""

    def ask(question: str) -> float | None:
        began = time.perf_counter()
        try:
            found = httpx.post(
                address + "/api/ask", json={"question": question}, timeout=120, trust_env=False
            )
        except httpx.HTTPError:
            return None
        return time.perf_counter() - began if found.status_code == 200 else None

    began = time.perf_counter()
    with ThreadPoolExecutor(askers) as pool:
        taken = list(pool.map(ask, questions))
    answered = [one for one in taken if one is not None]
    return answered, len(taken) - len(answered), time.perf_counter() - began


def _memory(process: subprocess.Popen[bytes]) -> float:
    """Megabytes of ``process`` and its children."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    kilobytes = 0
    for pid in (process.pid, *children):
        told = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        kilobytes += int(re.findall(r"^Pss:\s+(\d+)", told, re.MULTILINE)[0])
    return kilobytes / 1024


def _print(taken: Sequence[float], failed: int, seconds: float) -> None:
    middle, high = np.percentile(taken, [50, 95])
    rate = len(taken) / seconds
    print(
        f"{rate:.1f} a second, median {middle:.3f} s, p95 {high:.3f} s, {failed} failed", flush=True
    )


if __name__ == "__main__":
    main()
