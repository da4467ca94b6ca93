"""Visitors who come whether or not those before were answered; what the server process holds."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tests.attack.conftest import Running

AT_ONCE = 32  # visitors who may be waiting at the same time
Visit = Callable[[Running], str]  # what went wrong; "" where nothing did


@dataclass(slots=True)
class Heard:
    """Seconds from when each visitor meant to come until the answer, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def p(self, percent: float) -> float:
        """A percentile of the seconds, in milliseconds."""
        return round(1000 * float(np.percentile(self.seconds, percent)), 1)


def visited(
    server: Running, visits: Sequence[Visit], *, each_second: float, until: Callable[[], bool]
) -> Heard:
    """Let visitors come, one after the other of ``visits``, so many each second."""
    heard, lock = Heard(), threading.Lock()

    def visit(number: int, meant: float) -> None:
        try:
            wrong = visits[number % len(visits)](server)
        except Exception as error:  # whatever it is, a visitor was not answered
            wrong = repr(error)
        with lock:
            heard.seconds.append(time.monotonic() - meant)
            if wrong:
                heard.failed.append(wrong[:400])

    with ThreadPoolExecutor(AT_ONCE) as pool:
        began, number = time.monotonic(), 0
        while not until():
            meant = began + number / each_second
            time.sleep(max(0.0, meant - time.monotonic()))
            pool.submit(visit, number, meant)
            number += 1
    return heard


@dataclass(frozen=True, slots=True)
class Held:
    """What a process holds: resident memory in MB, descriptors, threads, maps of deleted files."""

    mb: float
    descriptors: int
    threads: int
    deleted: int


def held(process: int) -> Held:
    """What the process holds now."""
    folder = Path("/proc") / str(process)
    status = dict(
        line.split(":", 1) for line in (folder / "status").read_text().splitlines() if ":" in line
    )
    maps = (folder / "maps").read_text().splitlines()
    return Held(
        mb=int(status["VmRSS"].split()[0]) / 1024,
        descriptors=len(list((folder / "fd").iterdir())),
        threads=int(status["Threads"]),
        deleted=sum(line.endswith("(deleted)") for line in maps),
    )
