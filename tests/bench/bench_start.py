"""How soon it answers, and with how much memory: ``python -m tests.bench.bench_start``.

Prints seconds from the start of ``python -m kb ask`` to its end with the answer; from the start
of ``python -m server`` to ``/readyz`` answering 200 and to its first answer; the milliseconds of
the questions after that, and what the server's process holds then (RSS, Linux only). ``--tree``
measures another checkout. The first run of each is not counted: it warms the disk.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import httpx
import numpy as np

from tests.conftest import CORPUS, ROOT, corpus_rows

ENVIRONMENT = {**os.environ, "PYTHONUTF8": "1", "KB_RATE": "0", "KB_QUESTION_LOG": "off"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_start", description=__doc__)
    parser.add_argument("--data", type=Path, help="data folder; the sample letters if not given")
    parser.add_argument("--tree", type=Path, default=ROOT, help="the checkout to measure")
    parser.add_argument("--questions", type=int, default=50)
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    questions = [row["question"] for row in corpus_rows("questions.jsonl")][: given.questions]
    with tempfile.TemporaryDirectory() as folder:
        data = given.data or Path(folder)
        if not given.data:
            _program(given.tree, "indexer", "update", str(CORPUS / "letters"), "--data", str(data))
        ask = ("kb", "ask", questions[0], "--data", str(data.resolve()))
        asking = [_program(given.tree, *ask) for _ in range(given.times + 1)][1:]
        _print("kb ask, to the answer", asking)
        runs = [_serve(given.tree, data, questions) for _ in range(given.times + 1)][1:]
    for name, column in (("server, to ready", 0), ("server, to its first answer", 1)):
        _print(name, [run[column] for run in runs])
    _print("server, later answers", np.median([run[2] for run in runs], axis=0).tolist())
    print(f"server, RSS after {len(questions)} questions: {min(run[3] for run in runs):.0f} MB")


def _program(tree: Path, *arguments: str) -> float:
    """Seconds that ``python -m`` with ``arguments`` ran."""
    began = time.perf_counter()
    command = [sys.executable, "-m", *arguments]
    environment = {**ENVIRONMENT, "PYTHONPATH": str(tree)}
    subprocess.run(command, cwd=tree, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def _serve(
    tree: Path, data: Path, questions: Sequence[str]
) -> tuple[float, float, list[float], float]:
    """Seconds to ready, to the first answer, of each later one; RSS in MB at the end."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "server", "--data", str(data.resolve()), "--port", "0"]
    with subprocess.Popen(
        command,
        cwd=tree,
        env={**ENVIRONMENT, "PYTHONPATH": str(tree)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            assert process.stdout
            found = re.search(rb"http://[^/]+", process.stdout.readline())
            if not found:
                raise SystemExit("the server did not start")
            with httpx.Client(base_url=found[0].decode(), timeout=60, trust_env=False) as client:
                client.get("/readyz").raise_for_status()
                ready = time.perf_counter() - began
                later = []
                for question in questions:
                    asked = time.perf_counter()
                    client.post("/api/ask", json={"question": question}).raise_for_status()
                    later.append(time.perf_counter() - asked)
            return ready, ready + later[0], later[1:], _rss(process.pid)
        finally:
            process.terminate()


def _rss(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    (kilobytes,) = re.findall(r"VmRSS:\s+(\d+)", status)
    return int(kilobytes) / 1024


def _print(name: str, seconds: Sequence[float]) -> None:
    least, middle, high = np.percentile(seconds, [0, 50, 95])
    print(f"{name}: least {least:.3f} s, median {middle:.3f} s, p95 {high:.3f} s")


if __name__ == "__main__":
    main()
