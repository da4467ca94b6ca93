"""How the stream holds under many visitors: ``python -m tests.bench.bench_stream`` (no test).

Starts a server over the sample letters as a child process on this machine and prints, in
milliseconds: one question after the other; many streams held open together to their end, by
visitors who arrive one by one and by as many who come in one moment; then connections that
are dropped at any moment, and what the log says of them.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from tests.conftest import CORPUS, ROOT, corpus_rows

TROUBLE = re.compile(r"Traceback|ERROR|Exception|exception was never retrieved")
PACE = 100  # visitors who arrive in a second; far more than are answered in one
AT_ONCE = 50  # connections that are dropped at the same time


@dataclass(frozen=True, slots=True)
class Heard:
    """When the first and the last event of a stream came, in seconds; how it ended."""

    first: float
    last: float
    ended: str


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_stream", description=__doc__)
    parser.add_argument("--data", type=Path, help="data folder; the sample letters if not given")
    parser.add_argument("--streams", type=int, default=300)
    parser.add_argument("--dropped", type=int, default=1000)
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the server ends too
    questions = [row["question"] for row in corpus_rows("questions.jsonl")]
    with tempfile.TemporaryDirectory() as folder:
        data = asked.data or _indexed(Path(folder))
        with (Path(folder) / "log").open("w+b") as log, _served(data, log) as process:
            try:
                port = _port(process)
                asyncio.run(_bench(port, questions, streams=asked.streams, dropped=asked.dropped))
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(20)
            log.seek(0)
            troubles = [line for line in log.read().decode().splitlines() if TROUBLE.search(line)]
    print(f"exceptions and errors in the log: {len(troubles)}", *troubles[:5], sep="\n")
    return bool(troubles)


def _indexed(folder: Path) -> Path:
    command = [sys.executable, "-m", "indexer", "update", str(CORPUS / "letters")]
    environment = {**os.environ, "KB_DATA": str(folder / "data")}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    return folder / "data"


def _served(data: Path, log: IO[bytes]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "server", "--data", str(data), "--port", "0"]
    environment = {**os.environ, "PYTHONUTF8": "1", "KB_RATE": "0", "KB_QUESTION_LOG": "off"}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log)


def _port(process: subprocess.Popen[bytes]) -> int:
    assert process.stdout
    found = re.search(rb"127\.0\.0\.1:(\d+)", process.stdout.readline())
    if not found:
        raise SystemExit("the server did not start")
    return int(found[1])


async def _bench(port: int, questions: Sequence[str], *, streams: int, dropped: int) -> None:
    for question in questions[:5]:
        await _hear(port, question)
    alone = [await _hear(port, one) for one in questions[:40]]
    _print("one after the other", alone)
    many = [questions[n % len(questions)] for n in range(streams)]
    for pace, name in ((PACE, f"{PACE} a second"), (0, "all in one moment")):
        began = time.perf_counter()
        coming = (_hear(port, one, after=n / pace if pace else 0) for n, one in enumerate(many))
        _print(f"{streams} held, arriving {name}", await asyncio.gather(*coming))
        print(f"  all told after {time.perf_counter() - began:.1f} s")
    room = asyncio.Semaphore(AT_ONCE)

    async def drop(number: int) -> None:
        async with room:
            await _hear(port, questions[number % len(questions)], leave_after=number % 12 * 0.02)

    await asyncio.gather(*(drop(number) for number in range(dropped)))
    print(f"{dropped} connections dropped")
    _print("then one after the other", [await _hear(port, one) for one in questions[:20]])


def _print(name: str, heard: Sequence[Heard]) -> None:
    ends = {one.ended: [two.ended for two in heard].count(one.ended) for one in heard}
    print(f"{name}: {len(heard)} streams, ended {ends}")
    for what, times in (("first event", "first"), ("whole answer", "last")):
        middle, high = np.percentile([getattr(one, times) for one in heard], [50, 95]) * 1000
        print(f"  {what}: p50 {middle:.0f} ms, p95 {high:.0f} ms")


async def _hear(
    port: int, question: str, *, after: float = 0, leave_after: float | None = None
) -> Heard:
    """Ask ``after`` so many seconds and hear to the end, or leave without a word."""
    await asyncio.sleep(after)
    body = f'{{"question": "{question}"}}'.encode()
    head = (
        "POST /api/ask/stream HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    first, last, name = float("nan"), float("nan"), "nothing"
    try:
        writer.write(head.encode() + body)
        async with asyncio.timeout(leave_after if leave_after is not None else 300):
            while name not in ("done", "error", ""):
                line = await reader.readline()
                name = line.decode()[7:].strip() if line.startswith(b"event: ") else name
                last = time.perf_counter() - began
                first = last if line.startswith(b"event: ") and first != first else first
                name = name if line else ""
    except TimeoutError:
        name = "left"
    finally:
        writer.transport.abort()
    return Heard(first, last, name)


if __name__ == "__main__":
    raise SystemExit(main())
