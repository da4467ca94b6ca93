"""Two indexers at once: one of them stops and says why; nothing is mixed."""

from __future__ import annotations

import random
import time
from pathlib import Path

from tests.torture.ground import Found, Ground, whole

# Each against an update that began before it.
SECONDS = (("update",), ("prune", "--keep", "1"), ("rollback",))
BUSY = ("正由另一个索引进程写入", "请等它结束后再试")


def competed(folder: Path, trials: int, *, seed: int = 0) -> Found:
    """So many pairs, the second begun after a random time."""
    ground, found, chance = Ground(folder), Found(), random.Random(seed)
    for number in (0, 2):
        ground.generation(number)
        began = time.monotonic()
        assert ground.done("update")[0] == 0
    seconds = time.monotonic() - began
    for number in range(trials):
        words = SECONDS[number % len(SECONDS)]
        ground.generation(4 + 2 * number)  # of none a letter is taken down: one may go back
        after = chance.uniform(0, seconds)
        told = f"{words[0]} {after:.2f} s after an update"
        with ground.command("update") as first:
            time.sleep(after)
            code, said = ground.done(*words)
            first_said = "\n".join(first.communicate(timeout=300))
        busy = [one for one in (said, first_said) if BUSY[0] in one]
        found.check("Traceback" not in said + first_said, f"{told}: {said} {first_said}")
        found.check(all(BUSY[1] in one for one in busy), f"{told}: {busy}")
        found.check((code == 0) == (said not in busy), f"{told}: {code} {said}")
        found.check((first.returncode == 0) == (first_said not in busy), f"{told}: {first_said}")
        found.add("one was told to wait" if busy else "one after the other")
        store = ground.store()
        now = whole(store.current())
        for version in store.versions():
            store.verify(version.version)
        found.check(words[0] == "rollback" or ground.is_in(now), f"{told}: not all is in")
        found.check(not ground.leftovers(), f"{told}: left behind: {ground.leftovers()}")
    return found
