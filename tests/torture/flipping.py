"""Bits of the two databases that no manifest covers: ``staff.db`` and ``vectors.db``.

Of ``staff.db`` nothing but SQLite itself notices damage, and not much of it: what is counted is
how often. Of ``vectors.db`` no vector may be taken that is not the one that was put there.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from kb.settings import Settings
from kb.store.vector_cache import NAME, VectorCache
from kb.types import Letter
from server import demo
from tests.conftest import CORPUS
from tests.support.asking import FakeModel
from tests.support.fakes import cut, make_letter
from tests.torture.damaging import flip
from tests.torture.ground import Found, Ground, asked, awaited, got, serving, unbroken

SERVED = 10  # of so many flips, with one a server is started


def cached(folder: Path, trials: int, *, seed: int = 0) -> Found:
    """Flip bits of ``vectors.db``; whatever is then embedded must be as it was."""
    found, chance = Found(), random.Random(seed)
    path, kept = folder / NAME, folder / "kept"
    texts = [f"第{n}条路灯已装好{n}盏。明年再装{n + 9}盏。\n水管在换{n}处。" for n in range(60)]
    letters = [make_letter(f"{n:02}", text) for n, text in enumerate(texts)]
    with VectorCache(path, FakeModel()) as cache:
        sound = [cache.passages(letter, cut(letter)) for letter in letters]
        cache.tidy([letter.id for letter in letters])
    shutil.copy2(path, kept)
    for number in range(trials):
        flip(path, chance)
        model = FakeModel()
        with VectorCache(path, model) as cache:
            again = [cache.passages(letter, cut(letter)) for letter in letters]
            cache.tidy([letter.id for letter in letters])
        same = all(
            np.allclose(one[0], two[0], atol=2e-3)
            and all(np.allclose(a, b, atol=2e-3) for a, b in zip(one[1], two[1], strict=True))
            for one, two in zip(sound, again, strict=True)
        )
        found.check(same, f"flip {number}: other vectors than were made")
        found.add("embedded some anew" if model.embedded else "found all")
        _usable_again(path, letters, found, told=f"flip {number}")
        shutil.copy2(kept, path)
    return found


def _usable_again(path: Path, letters: Sequence[Letter], found: Found, *, told: str) -> None:
    """The run after the next has nothing to embed: the file was mended or made anew."""
    with VectorCache(path, FakeModel()) as cache:
        for letter in letters:
            cache.passages(letter, cut(letter))
        cache.tidy([letter.id for letter in letters])
    model = FakeModel()
    with VectorCache(path, model) as cache:
        for letter in letters:
            cache.passages(letter, cut(letter))
    found.check(not model.embedded, f"{told}: {model.embedded} passages are embedded at every run")


def staffed(folder: Path, trials: int, *, seed: int = 0) -> Found:
    """Flip bits of ``staff.db`` with the demonstration's ledger in it."""
    ground, found, chance = Ground(folder), Found(), random.Random(seed)
    shutil.copytree(CORPUS / "letters", ground.inbox)
    assert ground.done("update")[0] in (0, 1)
    settings, reader = Settings(data=ground.data), ground.store().current()
    demo.seed(settings, reader, CORPUS / "decisions.jsonl", now=datetime.now(UTC))
    path, kept = ground.data / "staff.db", ground.folder / "kept.db"
    for number in range(trials):
        shutil.copy2(path, kept)
        flip(path, chance)
        found.add(f"SQLite's integrity_check: {_integrity(path)}")
        found.add(f"reading every row: {_read(path)}")
        if number % SERVED == 0:
            with serving(ground) as server:
                found.check(awaited(lambda: asked(server)[0] == 200), f"flip {number}: no answer")
                status, said = got(server, "/readyz")
                found.check(status == 200, f"flip {number}: {status} {said}")
                found.add(f"a server is {said['status']}")
                found.check(not unbroken(server), f"flip {number}: {unbroken(server)[:3]}")
        for beside in ground.data.glob("staff.db*"):
            beside.unlink()
        shutil.copy2(kept, path)
    return found


def _integrity(path: Path) -> str:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        try:
            return (
                "ok" if database.execute("PRAGMA integrity_check").fetchone()[0] == "ok" else "bad"
            )
        except sqlite3.Error:
            return "bad"


def _read(path: Path) -> str:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        try:
            names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            for (name,) in names.fetchall():
                database.execute(f"SELECT * FROM {name}").fetchall()
        except (sqlite3.Error, UnicodeDecodeError):
            return "an error"
    return "nothing noticed"
