"""kill -9 at any point of an update, its publishing and of pruning, beside one running server.

Most trials die just before the n-th touch of the data folder, the n spread evenly over all of
them; the others after a random time. After each, what is served has to be the generation before or
the one that was being published, whole; the next run has to succeed and to leave nothing behind.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from tests.attack.conftest import Running
from tests.conftest import ROOT
from tests.torture.ground import (
    SOON, Found, Ground, Whole, asked, awaited, got, serving, true, unbroken, whole,
)  # fmt: skip

HOOK = f"{Path(__file__).parent / 'dying'}{os.pathsep}{ROOT}"
UPDATE, PRUNE = ("update",), ("prune", "--keep", "2")
BY_STEP, BY_TIME = "at a step", "at a moment"
# Of six trials three die at a step of an update, one at a random moment of it, two while pruning.
TURNS: Sequence[tuple[Sequence[str], str]] = (
    (UPDATE, BY_STEP), (PRUNE, BY_STEP), (UPDATE, BY_TIME),
    (UPDATE, BY_STEP), (PRUNE, BY_STEP), (UPDATE, BY_STEP),
)  # fmt: skip


def killed(folder: Path, trials: int, *, seed: int = 0) -> Found:
    """So many trials."""
    ground, found, chance = Ground(folder), Found(), random.Random(seed)
    ground.generation(0)
    assert ground.done(*UPDATE)[0] == 0
    ground.generation(1)
    began = time.monotonic()
    steps = {UPDATE: _steps(ground, UPDATE), PRUNE: 0}
    seconds = time.monotonic() - began
    ground.generation(2)
    assert ground.done(*UPDATE)[0] == 0
    steps[PRUNE] = _steps(ground, PRUNE)
    found.counts.update({f"steps of {words[0]}": number for words, number in steps.items()})
    stay, turns = whole(ground.store().current()), [TURNS[n % len(TURNS)] for n in range(trials)]
    with serving(ground) as server:
        assert awaited(lambda: asked(server)[0] == 200, 60)
        for number, (words, way) in enumerate(turns):
            same = [n for n, turn in enumerate(turns) if turn == (words, way)]
            at = 1 + same.index(number) * (steps[tuple(words)] - 1) // max(1, len(same) - 1)
            after = chance.uniform(0, seconds) if way == BY_TIME else None
            told = f"trial {number}, {words[0]} {way}, {after or at}"
            if words == PRUNE:
                _one_more(ground, found, 1000 + number)
                stay = whole(ground.store().current())
            else:
                ground.generation(3 + number)
            dead = _die(ground, words, at=at, after=after, alone=bool(number % 2))
            found.add(f"{words[0]} killed {way}" if dead else f"{words[0]} ended first")
            stay = _after(ground, server, found, stay, words=words, told=told)
        found.check(not unbroken(server), f"the server's log: {unbroken(server)[:3]}")
    return found


def _steps(ground: Ground, words: Sequence[str]) -> int:
    """How often a run that is let be touches the data folder."""
    told = ground.folder / "touched"
    environment = {"TORTURE_AT": "0", "TORTURE_TOLD": str(told), **_watched(ground)}
    code, said = ground.done(*words, **environment)
    assert code == 0, said
    return int(told.read_text())


def _watched(ground: Ground) -> dict[str, str]:
    return {"PYTHONPATH": HOOK, "TORTURE_FOLDER": str(ground.data)}


def _one_more(ground: Ground, found: Found, number: int) -> None:
    """Another version, for pruning to take away."""
    ground.generation(number)
    code, said = ground.done(*UPDATE)
    found.check(code == 0, f"an update before pruning: {said}")


def _die(
    ground: Ground, words: Sequence[str], *, at: int, after: float | None, alone: bool
) -> bool:
    """Run a command until it is killed; False if it ended before."""
    environment = {} if after is not None else {"TORTURE_AT": str(at), **_watched(ground)}
    with ground.command(*words, **environment, **({"TORTURE_ALONE": "1"} if alone else {})) as run:
        if after is not None:
            time.sleep(after)
            _kill(run, alone=alone)
        run.communicate(timeout=300)
    return run.returncode == -signal.SIGKILL


def _kill(run: subprocess.Popen[str], *, alone: bool) -> None:
    if run.poll() is None:
        (os.kill if alone else os.killpg)(run.pid, signal.SIGKILL)


def _after(
    ground: Ground, server: Running, found: Found, before: Whole, *, words: Sequence[str], told: str
) -> Whole:
    """Look at what a death left; then let the command run to its end. What stands then."""
    store = ground.store()
    now = whole(store.current())
    found.check(store.degraded is None, f"{told}: {store.degraded}")
    for version in store.versions():
        store.verify(version.version)
    _served(server, found, (before, now), told=told)
    code, said = ground.done(*words)
    found.check(code == 0, f"{told}: the next run: {said}")
    after = whole(ground.store().current())
    known = (before.digests, after.digests)
    found.check(now.digests in known, f"{told}: neither the old nor the new one")
    found.add("the old one" if now.digests == before.digests else "the new one")
    found.check(not ground.leftovers(), f"{told}: left behind: {ground.leftovers()}")
    unknown = [v.version for v in ground.store().versions() if v.version > after.version]
    found.check(not unknown, f"{told}: never published, still there: {unknown}")
    _served(server, found, (after,), told=f"{told}, then")
    return after


def _served(server: Running, found: Found, either: Sequence[Whole], *, told: str) -> None:
    """The running server soon serves one of ``either``, and answers out of it."""
    versions = {one.version for one in either}

    def ready() -> bool:
        status, said = got(server, "/readyz")
        return bool(status == 200 and said["status"] == "ready" and said["snapshot"] in versions)

    found.check(awaited(ready), f"{told}: not served within {SOON} s: {got(server, '/readyz')}")
    status, answer = asked(server)
    found.check(
        status == 200 and any(true(answer, one.texts) for one in either), f"{told}: {answer}"
    )
