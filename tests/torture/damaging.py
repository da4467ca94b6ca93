"""Bits flipped, files cut or gone: of a snapshot at rest, of one that a server has open, of others.

What is damaged must be refused by name, the version before served in its place, whole; a server
goes on answering, says so in ``/readyz``, and serves the current one again once it is mended.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kb.errors import BadSnapshot, KbError, NoSnapshot
from kb.store import manifest
from tests.attack.conftest import Running
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

Damage = Callable[[Path, random.Random], None]
LOOKED = 25  # of so many trials at rest, in one all letters are read


def flip(path: Path, chance: random.Random) -> None:
    """One bit, in the inode that is there."""
    with path.open("r+b") as file:
        place = chance.randrange(path.stat().st_size)
        file.seek(place)
        (byte,) = file.read(1)
        file.seek(place)
        file.write(bytes([byte ^ 1 << chance.randrange(8)]))


def cut(path: Path, chance: random.Random) -> None:
    """The end is missing."""
    os.truncate(path, chance.randrange(path.stat().st_size))


def miss(path: Path, _: random.Random) -> None:
    """The file is gone."""
    path.unlink()


DAMAGES: Mapping[str, Damage] = {"flipped": flip, "cut": cut, "missing": miss}


@dataclass(frozen=True, slots=True)
class Shelf:
    """Two versions, and a copy of the files of the current one."""

    ground: Ground
    found: Found
    chance: random.Random
    before: Whole
    now: Whole

    @property
    def folder(self) -> Path:
        """The current version's."""
        return self.ground.data / "snapshots" / self.now.version

    @contextmanager
    def broken(self, name: str, how: str) -> Iterator[str]:
        """Damage a file of the current version for as long as it takes; says what was done."""
        path, kept = self.folder / name, self.ground.folder / "kept"
        shutil.copy2(path, kept)
        path.chmod(0o600)
        DAMAGES[how](path, self.chance)
        self.found.add(how)
        try:
            yield f"{name} {how}"
        finally:
            path.unlink(missing_ok=True)
            shutil.copy2(kept, path)

    def refused(self, name: str, told: str, *, thorough: bool) -> None:
        """Another process serves the version before and says why."""
        store, check = self.ground.store(), self.found.check
        reader = store.current()
        check(reader.snapshot.version == self.before.version, f"{told}: not refused")
        said = str(store.degraded)
        check(name in said and "rebuild" in said, f"{told}: {said}")
        if thorough:
            check(whole(reader).digests == self.before.digests, f"{told}: not whole")
        try:
            store.verify()
            check(False, f"{told}: verified")
        except BadSnapshot as error:
            check(name in str(error), f"{told}: {error}")


def files_of(folder: Path) -> list[str]:
    """The names of a version's files."""
    return [path.relative_to(folder).as_posix() for path in manifest.files(folder)]


def shelf(folder: Path, found: Found, seed: int, *, first: int = 1) -> Shelf:
    """Two published versions; of an even and an odd generation the second lacks a letter."""
    ground, versions = Ground(folder), []
    for number in (first, first + 1):
        ground.generation(number)
        assert ground.done("update")[0] == 0
        versions.append(whole(ground.store().current()))
    return Shelf(ground, found, random.Random(seed), versions[0], versions[1])


def damaged(folder: Path, trials: int, *, seed: int = 0) -> Found:
    """So many flips at rest, a tenth as many cuts and losses; every file once beside a server."""
    found = Found()
    on = shelf(folder, found, seed)
    names = files_of(on.folder)
    found.counts["files of a snapshot"] = len(names)
    ways = [(on.chance.choice(names), "flipped") for _ in range(trials)]
    ways += [(names[n % len(names)], ("cut", "missing")[n % 2]) for n in range(trials // 10)]
    for number, (name, how) in enumerate(ways):
        with on.broken(name, how) as told:
            on.refused(name, told, thorough=number % LOOKED == 0)
    _newer(on)
    _pointed(on, trials)
    each = [(name, how) for name in names for how in DAMAGES]
    few = each if trials >= 10 * len(each) else on.chance.sample(each, max(2, trials // 20))
    with serving(on.ground) as server:
        assert awaited(lambda: asked(server)[0] == 200, 60)
        for name, how in few:
            _beside(on, server, name, how)
        found.check(server.process.poll() is None, "the server ended")
        found.check(not unbroken(server), f"the server's log: {unbroken(server)[:3]}")
    for number, name in enumerate(names if len(few) == len(each) else names[:1]):
        _started(on, name, tuple(DAMAGES)[number % 3])
    return found


def _beside(on: Shelf, server: Running, name: str, how: str) -> None:
    """Damage what a server has open: it answers on, out of the version before, and comes back."""
    with on.broken(name, how) as told:
        on.found.add("beside a server")
        _degraded(on, server, told)

    def back() -> bool:
        said = got(server, "/readyz")[1]
        return bool(said["status"] == "ready" and said["snapshot"] == on.now.version)

    on.found.check(awaited(back), f"{told}: not served again: {got(server, '/readyz')}")


def _started(on: Shelf, name: str, how: str) -> None:
    """Start a server over what is damaged."""
    with on.broken(name, how) as told, serving(on.ground) as server:
        on.found.add("at the start of a server")
        on.found.check(awaited(lambda: asked(server)[0] == 200), f"{told}: {asked(server)}")
        _degraded(on, server, f"{told}, then started")
        on.found.check(not unbroken(server), f"{told}: {unbroken(server)[:3]}")


def _degraded(on: Shelf, server: Running, told: str) -> None:
    status, answer = asked(server)
    good = status == 200 and true(answer, on.before.texts)
    on.found.check(good, f"{told}: {status} {answer}")
    status, said = got(server, "/readyz")
    good = status == 200 and said["status"] == "degraded" and said["snapshot"] == on.before.version
    on.found.check(good and "fuwen index verify" in said["detail"], f"{told}: {status} {said}")


def _newer(on: Shelf) -> None:
    """A manifest of a newer program is refused, and its operator told to upgrade."""
    path = on.folder / "manifest.json"
    with on.broken("manifest.json", "flipped"):
        shutil.copy2(on.ground.folder / "kept", path)
        path.chmod(0o600)
        was, manifest.FORMAT = manifest.FORMAT, manifest.FORMAT + 1
        body = {key: value for key, value in _body(path).items() if key not in ("sum", "format")}
        manifest.write_sealed(path, body)
        manifest.FORMAT = was
        on.refused("manifest.json", "a newer format", thorough=True)
        on.found.check(
            "升级" in str(_degradation(on.ground)), "a newer format: not told to upgrade"
        )
    on.found.add("of a newer format")


def _body(path: Path) -> dict[str, object]:
    return dict(json.loads(path.read_text("utf-8")))


def _degradation(ground: Ground) -> str | None:
    store = ground.store()
    store.current()
    return store.degraded


def _pointed(on: Shelf, trials: int) -> None:
    """Bits of CURRENT: what is served is one of the two, and a wrong name never passes."""
    path = on.ground.data / "CURRENT"
    kept = path.read_bytes()
    for bit in on.chance.sample(range(8 * len(kept)), min(8 * len(kept), trials)):
        changed = bytearray(kept)
        changed[bit // 8] ^= 1 << bit % 8
        path.write_bytes(changed)
        store = on.ground.store()
        try:
            version = store.current().snapshot.version
        except (BadSnapshot, NoSnapshot) as error:
            on.found.check(False, f"CURRENT, bit {bit}: {error}")
            continue
        named = changed.decode("utf-8", "replace").split()[:1] == [on.now.version]
        allowed = (on.now.version,) if named else (on.now.version, on.before.version)
        good = version in allowed and (named or store.degraded)
        on.found.check(good, f"CURRENT, bit {bit}: {version}")
        on.found.add(f"CURRENT flipped, {'noticed' if store.degraded else 'harmless'}")
    path.write_bytes(kept)
    on.found.check(_degradation(on.ground) is None, "CURRENT: not mended")


def originals(folder: Path, trials: int, *, seed: int = 0) -> Found:
    """Bits of the files that letters were read from, and of TAKEN_DOWN."""
    found = Found()
    on = shelf(folder, found, seed, first=2)
    reader = on.ground.store().current()
    letters = [head.id for head in reader.letters()]
    for _ in range(trials):
        letter = on.chance.choice(letters)
        kept = reader.original(letter)
        assert kept is not None
        was = kept.path.read_bytes()
        kept.path.chmod(0o600)
        flip(kept.path, on.chance)
        found.check(on.ground.store().current().original(letter) is None, f"{letter}: shown")
        kept.path.write_bytes(was)
        found.add("an original flipped, not given out")
    _taken_down(on, trials)
    return found


def _taken_down(on: Shelf, trials: int) -> None:
    """A damaged list of what was taken down lets no older version show it again."""
    path = on.ground.data / "TAKEN_DOWN"
    kept = path.read_bytes()
    for _ in range(trials):
        flip(path, on.chance)
        store = on.ground.store()
        good = store.current().snapshot.version == on.now.version
        try:
            store.rollback()
            on.found.check(False, "TAKEN_DOWN: an older version is served")
        except KbError as error:
            on.found.check("TAKEN_DOWN" in str(error) and good, f"TAKEN_DOWN: {error}")
        path.write_bytes(kept)
        on.found.add("TAKEN_DOWN flipped, refused")
