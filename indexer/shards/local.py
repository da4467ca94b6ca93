"""Several processes on this machine; a killed one costs the shard that it was at."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from types import TracebackType
from typing import Self

from indexer.shards.runner import TRIES, Call, attempt, ended, failed

CONTEXT = multiprocessing.get_context("spawn")  # a fork would inherit open databases and threads


class Processes:
    """``Runner`` with at most ``workers`` processes, which end with the context."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._living: dict[Connection, SpawnProcess] = {}  # by our end of each one's line

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for line in list(self._living):
            self._end(line)

    def run(self, calls: Sequence[Call]) -> Iterator[int]:
        """As ``Runner.run``."""
        waiting, busy = deque(range(len(calls))), dict[Connection, int]()
        deaths: Counter[int] = Counter()
        while waiting or busy:
            while waiting and len(busy) < self._workers:
                free = [line for line in self._living if line not in busy]
                line = free[0] if free else self._start()
                busy[line] = waiting.popleft()
                with suppress(OSError):  # it was killed: its line ends below
                    line.send(calls[busy[line]])
            for ready in wait(list(busy)):
                assert isinstance(ready, Connection)
                number = busy.pop(ready)
                try:
                    fault = ready.recv()
                except (EOFError, OSError):
                    self._end(ready)
                    deaths[number] += 1
                    if deaths[number] == TRIES:
                        raise ended("进程") from None
                    waiting.appendleft(number)
                    continue
                if fault:
                    raise failed(fault)
                yield number

    def _start(self) -> Connection:
        ours, theirs = CONTEXT.Pipe()
        process = CONTEXT.Process(target=_work, args=(theirs,), daemon=True)
        process.start()
        theirs.close()
        self._living[ours] = process
        return ours

    def _end(self, line: Connection) -> None:
        process = self._living.pop(line)
        line.close()
        process.kill()
        process.join()


def _work(line: Connection) -> None:
    """A process's main flow: until the line ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's; its end is ours
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # one core each, also for torch
    with suppress(EOFError, OSError):
        while True:
            line.send(attempt(line.recv()))
