"""How soon it answers, and with how much memory: ``python -m tests.bench.bench_start`` (Linux).

Prints the seconds, and those of processor time, from the start of ``python -m kb ask`` to its
answer, and from the start of ``python -m server`` to ``/readyz`` answering 200; then those to its
first answer, those of each later answer, and the memory (RSS) of its process after them.
``--tree`` measures another checkout. The first of each is not counted: it warms the disk.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np

from tests.conftest import CORPUS, ROOT, corpus_rows

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One run of a server: seconds to ready, to the first answer, of each later one; MB."""

    ready: float
    processor: float
    first: float
    later: list[float]
    memory: float


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_start", description=__doc__)
    parser.add_argument("--data", type=Path, help="data folder; the sample letters if not given")
    parser.add_argument("--tree", type=Path, default=ROOT, help="the checkout to measure")
    parser.add_argument("--questions", type=int, default=50)
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    questions = [row["question"] for row in corpus_rows("questions.jsonl")][: given.questions]
    with tempfile.TemporaryDirectory() as folder:
        data = (given.data or Path(folder)).resolve()
        if not given.data:
            _run(given.tree, "indexer", "update", str(CORPUS / "letters"), "--data", str(data))
        ask = ("kb", "ask", questions[0], "--data", str(data))
        asking = [_run(given.tree, *ask) for _ in range(given.times + 1)][1:]
        served = [_serve(given.tree, data, questions) for _ in range(given.times + 1)][1:]
    _print("kb ask, to the answer", [wall for wall, _ in asking])
    _print("  processor", [processor for _, processor in asking])
    _print("server, to ready", [one.ready for one in served])
    _print("  processor", [one.processor for one in served])
    _print("server, to its first answer", [one.first for one in served])
    _print("server, later answers", np.min([one.later for one in served], axis=0).tolist())
    memory = max(one.memory for one in served)
    print(f"server, memory after {len(questions)} questions: {memory:.0f} MB")


def _start(tree: Path, *arguments: str) -> subprocess.Popen[bytes]:
    quiet = {"PYTHONUTF8": "1", "KB_RATE": "0", "KB_QUESTION_LOG": "off"}
    return subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=tree,
        env={**os.environ, **quiet, "PYTHONPATH": str(tree)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _run(tree: Path, *arguments: str) -> tuple[float, float]:
    """Seconds, and those of processor time, that ``python -m`` with ``arguments`` took."""
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    with _start(tree, *arguments) as process:
        process.communicate()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        raise SystemExit(f"python -m {' '.join(arguments)} ended with {process.returncode}")
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, processor


def _serve(tree: Path, data: Path, questions: Sequence[str]) -> Served:
    began = time.perf_counter()
    with _start(tree, "server", "--data", str(data), "--port", "0") as process:
        try:
            assert process.stdout
            found = re.search(rb"http://[^/]+", process.stdout.readline())
            if not found:
                raise SystemExit("the server did not start")
            with httpx.Client(base_url=found[0].decode(), timeout=60, trust_env=False) as client:
                client.get("/readyz").raise_for_status()
                ready, processor = time.perf_counter() - began, _processor(process.pid)
                answers = []
                for question in questions:
                    asked = time.perf_counter()
                    client.post("/api/ask", json={"question": question}).raise_for_status()
                    answers.append(time.perf_counter() - asked)
            return Served(
                ready=ready,
                processor=processor,
                first=ready + answers[0],
                later=answers[1:],
                memory=_memory(process.pid),
            )
        finally:
            process.terminate()


def _processor(process: int) -> float:
    """Seconds of processor time that ``process`` has taken."""
    told = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / TICK


def _memory(process: int) -> float:
    """Megabytes of memory that ``process`` holds."""
    told = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    (kilobytes,) = re.findall(r"VmRSS:\s+(\d+)", told)
    return int(kilobytes) / 1024


def _print(name: str, seconds: Sequence[float]) -> None:
    least, middle, high = np.percentile(seconds, [0, 50, 95])
    print(f"{name}: least {least:.2f} s, median {middle:.2f} s, p95 {high:.2f} s", flush=True)


if __name__ == "__main__":
    main()
