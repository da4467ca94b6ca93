"""kill -9 at any point of an update, its publishing and of pruning, beside one running server.

Most trials die just before the n-th touch of the data folder, the n spread evenly over all of
them; the others after a random time; every other one alone, its children left to end by themselves.
After each, what is served has to be the generation before or the one that was being published,
whole; the next run that is let be has to succeed and to leave nothing behind.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.attack.conftest import Running
from tests.conftest import ROOT
from tests.torture.ground import (
    Found,
    Ground,
    Whole,
    asked,
    awaited,
    got,
    serving,
    true,
    unbroken,
    whole,
)

HOOK = f"{Path(__file__).parent / 'dying'}{os.pathsep}{ROOT}"
UPDATE, PRUNE = ("update",), ("prune", "--keep", "1")
BY_STEP, BY_TIME = "at a step", "at a moment"
# Before each prune an update is let be: it has to mend what the three before it left.
TURNS = ((UPDATE, BY_STEP), (UPDATE, BY_TIME), (UPDATE, BY_STEP), (PRUNE, BY_STEP))


@dataclass(slots=True)
class Trials:
    """Where they go on, what was served last, what is being published now."""

    ground: Ground
    server: Running
    found: Found
    stay: Whole
    told: str = ""

    def die(self, words: Sequence[str], *, at: int, after: float | None, alone: bool) -> bool:
        """Run a command until it is killed; False if it ended before."""
        environment = {} if after is not None else {"TORTURE_AT": str(at), **_watched(self.ground)}
        environment |= {"TORTURE_ALONE": "1"} if alone else {}
        with self.ground.command(*words, **environment) as run:
            if after is not None:
                time.sleep(after)
                if run.poll() is None:
                    (os.kill if alone else os.killpg)(run.pid, signal.SIGKILL)
            run.communicate(timeout=300)
        return run.returncode == -signal.SIGKILL

    def look(self, *, pruning: bool) -> None:
        """What is there must be the generation before or the one in the inbox, and be served."""
        store = self.ground.store()
        now = whole(store.current())
        self.found.check(store.degraded is None, f"{self.told}: {store.degraded}")
        for version in store.versions():
            store.verify(version.version)
        is_old, is_new = now.digests == self.stay.digests, self.ground.is_in(now)
        self.found.add("the old one" if is_old else "the new one")
        self.found.check(is_old or (is_new and not pruning), f"{self.told}: neither old nor new")
        self.stay = now
        self.served()

    def mended(self, words: Sequence[str]) -> None:
        """A run that is let be succeeds, and nothing is left of the ones that were killed."""
        code, said = self.ground.done(*words)
        self.found.check(code == 0, f"{self.told}, the next run: {said}")
        store = self.ground.store()
        self.stay = whole(store.current())
        self.found.check(self.ground.is_in(self.stay), f"{self.told}: not all is there")
        left = self.ground.leftovers()
        left += [v.version for v in store.versions() if v.version > self.stay.version]
        self.found.check(not left, f"{self.told}: left behind: {left}")
        self.found.add(f"{words[0]} that was let be")
        self.served()

    def served(self) -> None:
        """The running server soon serves what is there, and answers out of it."""

        def ready() -> bool:
            status, said = got(self.server, "/readyz")
            return bool(status == 200 and said["detail"] is None and said["snapshot"] == version)

        version, began = self.stay.version, time.monotonic()
        self.found.check(awaited(ready), f"{self.told}: {got(self.server, '/readyz')}")
        status, answer = asked(self.server)
        good = status == 200 and true(answer, self.stay.texts)
        self.found.check(good, f"{self.told}: {status} {answer}")
        self.found.most("slowest to serve and answer, ms", 1000 * (time.monotonic() - began))


def killed(folder: Path, trials: int, *, seed: int = 0) -> Found:
    """So many trials."""
    ground, found, chance = Ground(folder), Found(), random.Random(seed)
    ground.generation(0)
    assert ground.done(*UPDATE)[0] == 0
    ground.generation(1)
    began = time.monotonic()
    steps = {UPDATE: _steps(ground, UPDATE)}
    seconds = time.monotonic() - began
    steps[PRUNE] = _steps(ground, PRUNE)
    found.counts.update({f"steps of {words[0]}": number for words, number in steps.items()})
    turns = [TURNS[n % len(TURNS)] for n in range(trials)]
    many, done = Counter(turns), Counter[tuple[Sequence[str], str]]()
    with serving(ground) as server:
        assert awaited(lambda: asked(server)[0] == 200, 60)
        run = Trials(ground, server, found, whole(ground.store().current()))
        for number, (words, way) in enumerate(turns):
            place = done[words, way]
            done[words, way] += 1
            at = 1 + place * (steps[words] - 1) // max(1, many[words, way] - 1)
            after = chance.uniform(0, seconds) if way == BY_TIME else None
            run.told = f"trial {number}, {words[0]} {way}, {at if after is None else after}"
            ground.generation(2 + number)
            if words == PRUNE:
                run.mended(UPDATE)
            dead = run.die(words, at=at, after=after, alone=bool(number % 2))
            found.add(f"{words[0]} killed {way}" if dead else f"{words[0]} ended first")
            run.look(pruning=words == PRUNE)
            print(run.told, "killed" if dead else "ended", file=sys.stderr, flush=True)
        run.mended(UPDATE)
        run.mended(PRUNE)
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
