"""A nursery of indexers that die or run out of room, for ``tests/kb/store/local``.

``python -m tests.support.crash killed|full FOLDER``. The nursery imports the engines but never uses
them itself, so that it can fork; every child starts from a clean state without the cost of
importing. ``killed``: for each n, a child publishes a new generation of all letters and kills
itself just before its n-th step on the disk; then children are killed after random times.
After each death another child reads what is served. Prints one JSON object: how often the old
and the new were found.
``full`` lets children write files of so many bytes only (the kernel then refuses as it does on
a full disk), and counts how often they said so.
"""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from kb.errors import StoreFull
from kb.types import Scope
from tests.support.fakes import make_letter
from tests.support.stores import local, put

LETTERS = 12
RANDOM_DEATHS = 12
FULL = 28  # the exit code of a child that was told there is no room
STEPS = ("fsync", "rename", "replace", "mkdir", "chmod", "link")


def publish(folder: Path, generation: int) -> None:
    """Replace every letter by its next generation."""
    with local(folder).draft() as draft:
        for n in range(LETTERS):
            put(draft, make_letter(f"{n:02}", f"第{generation}代。"), digest=str(generation))
        draft.seen("a.txt", str(generation))
        draft.publish()


def served(folder: Path) -> int:
    """The generation that is served; fails unless letters and indexes agree on it."""
    store = local(folder)
    reader = store.current()
    store.verify()
    assert store.degraded is None
    texts = {reader.letter(head.id).text for head in reader.letters()}
    assert len(texts) == 1, texts
    generation = int(texts.pop().split("第")[1].split("代")[0])
    expected = np.stack([reader.vectors([0])[0]] * LETTERS)
    np.testing.assert_array_equal(reader.vectors(range(LETTERS)), expected)
    found = reader.lexical([str(generation)[-1]], limit=99, scope=Scope())
    assert len(found) == LETTERS
    assert len(reader.nearest(expected[0], limit=99, scope=Scope())) == LETTERS
    return generation


def child(work: Callable[[], object]) -> int:
    """Fork a child that does ``work`` and exits; its process id."""
    process = os.fork()
    if process:
        return process
    try:
        work()
    except BaseException as error:
        print(repr(error), file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)


def read_in_child(folder: Path) -> int:
    """What ``served`` says, asked in a child."""
    receive, send = os.pipe()
    process = child(lambda: os.write(send, str(served(folder)).encode()))
    os.close(send)
    with os.fdopen(receive) as answer:
        said = answer.read()
    if os.waitpid(process, 0)[1] != 0:
        raise SystemExit("a mixture, or nothing at all, is served")
    return int(said)


def dying_before(step: int, work: Callable[[], object]) -> Callable[[], object]:
    """``work``, killed just before its ``step``-th call that changes the disk's names."""
    left = step

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal left
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1
            return real(*args, **kwargs)

        return call

    def run() -> object:
        for name in STEPS:
            setattr(os, name, counted(getattr(os, name)))
        return work()

    return run


def killed(folder: Path) -> dict[str, int]:
    """Let children die and count what survives."""
    os.waitpid(child(lambda: publish(folder, 1)), 0)
    generation, counts = read_in_child(folder), {"old": 0, "new": 0, "steps": 0}

    def after(status: int, tried: int) -> bool:
        nonlocal generation
        found = read_in_child(folder)
        if found not in (generation, tried):
            raise SystemExit(f"generation {found} after {generation} and {tried}")
        killed = os.WIFSIGNALED(status)
        if killed:
            counts["new" if found == tried else "old"] += 1
        elif found != tried:
            raise SystemExit("a publish that ended well was lost")
        generation = found
        return killed

    for step in range(200):
        tried = 1000 + step
        work = dying_before(step, lambda tried=tried: publish(folder, tried))
        if not after(os.waitpid(child(work), 0)[1], tried):
            break
        counts["steps"] += 1
    rng = random.Random(0)
    for turn in range(RANDOM_DEATHS):
        tried = 2000 + turn
        process = child(lambda tried=tried: publish(folder, tried))
        time.sleep(rng.uniform(0, 0.08))
        os.kill(process, signal.SIGKILL)
        after(os.waitpid(process, 0)[1], tried)
    return counts


def full(folder: Path) -> dict[str, int]:
    """Let children run out of room at every size of file, and count what they say."""
    os.waitpid(child(lambda: publish(folder, 1)), 0)
    counts = {"refused": 0, "published": 0}
    sizes = {path.stat().st_size for path in folder.rglob("*") if path.is_file()}
    for limit in sorted({0, 1, *(size // 2 for size in sizes), *(size - 1 for size in sizes)}):
        process = child(lambda limit=limit: publish_within(folder, max(limit, 0)))
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        if code not in (0, FULL):
            raise SystemExit(f"files of {limit} bytes at most: ended with {code}")
        counts["refused" if code else "published"] += 1
        if code and read_in_child(folder) != 1:
            raise SystemExit("a publish that was refused is served all the same")
        if any((folder / "data" / "drafts").iterdir()):
            raise SystemExit("leftovers")
        if code == 0:
            break
    return counts


def publish_within(folder: Path, limit: int) -> None:
    """Publish while no file may grow beyond ``limit`` bytes; exit with FULL if told so."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        publish(folder, 2)
    except StoreFull:
        os._exit(FULL)


if __name__ == "__main__":
    print(json.dumps({"killed": killed, "full": full}[sys.argv[1]](Path(sys.argv[2]))))
