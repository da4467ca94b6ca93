"""Snapshots published and pruned while visitors ask: none goes unanswered, nothing old stays."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

from tests.attack.conftest import Running
from tests.conftest import ROOT
from tests.torture.ground import QUESTION, Found, Ground, asked, awaited, serving, unbroken
from tests.torture.load import Heard, Visit, held, visited

EACH_SECOND = 1.0  # visitors; what a busy machine still answers, or they would only queue
BETWEEN = 1.5  # seconds from one swap to the next
BLOCK = 6  # swaps in a row; then none for QUIET as long, so that a busy machine weighs on both
QUIET = 1 / 3
SLOWER = 2.0  # times as slow as without swaps the slowest hundredth may be
QUESTIONS = (QUESTION, "电梯困人平均多久到场", "加装电梯维保合同签订率是多少", "电梯安全责任险保费")
MARKS = ("每部70002元", "每部70004元")


def swapped(folder: Path, trials: int) -> Found:
    """So many swaps under load."""
    ground, found, quiet, swaps = Ground(folder), Found(), Heard(), Heard()
    for number in (2, 4):
        ground.generation(number)
        assert ground.done("update")[0] == 0
    visits = [_visit(question) for question in QUESTIONS]
    with serving(ground) as server:
        assert awaited(lambda: asked(server)[0] == 200, 60)
        visited(server, visits, each_second=EACH_SECOND, until=_after(10))
        before = []
        for first in range(0, trials, BLOCK):
            seconds = _swaps(server, ground, found, visits, swaps, times=min(BLOCK, trials - first))
            _add(
                quiet,
                visited(server, visits, each_second=EACH_SECOND, until=_after(QUIET * seconds)),
            )
            before.append(held(server.process.pid))
            print(before[-1], file=sys.stderr, flush=True)
        _judge(found, quiet, swaps)
        first_held, last = before[min(1, len(before) - 1)], before[-1]
        found.counts |= {"descriptors then": first_held.descriptors, "at last": last.descriptors}
        found.counts |= {"MB then": round(first_held.mb), "MB at last": round(last.mb)}
        found.counts["maps of deleted files at last"] = last.deleted
        found.check(last.descriptors <= first_held.descriptors + 2, f"descriptors: {before}")
        found.check(last.deleted == 0, f"maps of deleted files: {before}")
        found.check(last.mb <= first_held.mb + 10, f"memory: {before}")
        found.check(not unbroken(server), f"the server's log: {unbroken(server)[:3]}")
    return found


def _judge(found: Found, quiet: Heard, swaps: Heard) -> None:
    for name, heard in (("without swaps", quiet), ("during swaps", swaps)):
        found.counts[f"asked {name}"] = len(heard.seconds)
        for percent in (50, 95, 99):
            found.most(f"p{percent} {name}, ms", heard.p(percent))
        found.check(not heard.failed, f"{name}: {len(heard.failed)} failed: {heard.failed[:3]}")
    slower = swaps.p(99) / quiet.p(99)
    found.check(slower <= SLOWER, f"p99 during swaps is {slower:.2f} times that without")


def _visit(question: str) -> Visit:
    """Someone who asks ``question`` in new words: a kept answer would say nothing of swaps."""
    new = count(1)

    def visit(server: Running) -> str:
        status, answer = asked(server, f"{question}（{next(new)}）")
        good = status == 200 and answer["quotes"]
        if good and question == QUESTION:
            good = any(mark in quote["text"] for quote in answer["quotes"] for mark in MARKS)
        return "" if good else f"{status} {answer}"

    return visit


def _swaps(
    server: Running, ground: Ground, found: Found, visits: list[Visit], heard: Heard, *, times: int
) -> float:
    """Publish so many times while visitors come; how many seconds that took."""
    command = [sys.executable, "-m", "tests.torture.publishing", str(ground.folder), str(times)]
    began = time.monotonic()
    with subprocess.Popen(
        [*command, str(BETWEEN)], cwd=ROOT, text=True, stdout=subprocess.PIPE
    ) as run:
        ending = visited(
            server, visits, each_second=EACH_SECOND, until=lambda: run.poll() is not None
        )
        assert run.stdout
        published = run.stdout.read().split()
    _add(heard, ending)
    found.check(run.returncode == 0 and len(set(published)) == times, f"published: {published}")
    found.counts["swaps"] = found.counts.get("swaps", 0) + len(published)
    last = published[-1] if published else ""
    served = awaited(lambda: asked(server)[1]["snapshot"] == last)
    found.check(served, f"{last} is not served")
    return time.monotonic() - began


def _add(heard: Heard, more: Heard) -> None:
    heard.seconds += more.seconds
    heard.failed += more.failed


def _after(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end
