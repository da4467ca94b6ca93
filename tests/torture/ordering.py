"""What is on the disk before CURRENT names a new version: told from the calls to the system.

``strace`` writes down each write, fsync and rename of an update. Of every file of the version the
last write must come before its fsync, all of those before the folder is moved, then the folders it
was moved in, then the new pointer's own fsync, and only then the rename that makes it current.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT
from tests.torture.ground import Found, Ground

CALLS = "openat,write,pwrite64,pwritev,ftruncate,fsync,fdatasync,rename,renameat,renameat2,mkdir"
# A call on a descriptor, whose path strace puts after it; a call on two paths.
ON_FILE = re.compile(r"^\d+ +(p?write(?:64|v)?|ftruncate|fsync|fdatasync)\(\d+<([^>]+)>")
RENAMED = re.compile(r'^\d+ +rename(?:at2?)?\((?:[^,"]*, )?"([^"]+)", (?:[^,"]*, )?"([^"]+)"')
SYNCED = ("fsync", "fdatasync")


@dataclass(frozen=True, slots=True)
class Step:
    """One call: ``write``, ``sync``, or ``rename`` of ``path`` to ``to``."""

    kind: str
    path: str
    to: str = ""


def ordered(folder: Path, trials: int) -> Found:
    """So many updates, each traced; the first makes the data folder."""
    ground, found = Ground(folder.resolve()), Found()
    if shutil.which("strace") is None:
        found.check(False, "there is no strace here: apt-get install strace")
        return found
    for number in range(trials):
        ground.generation(number)
        judge(traced(ground), ground.data, found)
    return found


def traced(ground: Ground) -> Sequence[Step]:
    """The calls of an update, in order."""
    log = ground.folder / "trace"
    strace = ["strace", "-f", "-y", "-s", "4096", "-e", f"trace={CALLS}", "-o", str(log)]
    indexing = [sys.executable, "-m", "indexer", "update", str(ground.inbox)]
    subprocess.run(
        [*strace, *indexing, "--data", str(ground.data)],
        cwd=ROOT, env=dict(os.environ), check=True, capture_output=True, timeout=600,
    )  # fmt: skip
    return list(_steps(log.read_text("utf-8", "backslashreplace").splitlines()))


def _steps(lines: Sequence[str]) -> Iterator[Step]:
    for line in lines:
        if call := ON_FILE.match(line):
            yield Step("sync" if call[1] in SYNCED else "write", _path(call[2]))
        elif call := RENAMED.match(line):
            yield Step("rename", _path(call[1]), _path(call[2]))


def _path(told: str) -> str:
    """A path as strace writes it: what is not ASCII in octal."""
    raw = re.sub(rb"\\(\d{3})", lambda m: bytes([int(m[1], 8)]), told.encode())
    return raw.decode("utf-8", "replace")


def judge(steps: Sequence[Step], data: Path, found: Found, *, writes: bool = True) -> None:
    """Check the order of ``steps`` of an update that made current what CURRENT names.

    Without ``writes`` it is not known when files were written, only that they were synced.
    """
    version = data / "snapshots" / (data / "CURRENT").read_text().split()[0]
    moved = _last(steps, "rename", to=str(version))
    pointed = _last(steps, "rename", to=str(data / "CURRENT"))
    found.check(0 <= moved < pointed, "the pointer was moved before the version")
    if not 0 <= moved < pointed:
        return
    for path in (version, *version.rglob("*")):
        if path.is_file() and path.stat().st_nlink > 1:  # of the version before, and on the disk
            found.add("files taken over")
            continue
        there = str(Path(steps[moved].path) / path.relative_to(version))
        synced = _last(steps[:moved], "sync", path=there)
        changed = _changed(steps[:moved], there, folder=path.is_dir())
        known = changed > -1 or not writes
        found.check(known and changed < synced, f"{there}: {changed}, synced at {synced}")
        found.add("folders synced" if path.is_dir() else "files synced")
    for path in (data / "originals").glob("*"):
        kept = _last(steps, "rename", to=str(path))
        synced = _last(steps[: max(kept, 0)], "sync", path=f"{path}.tmp")
        listed = _last(steps[:pointed], "sync", path=str(path.parent))
        found.check(kept == -1 or -1 < synced < kept < listed, f"{path}: not kept in order")
    for folder in (version.parent, data):
        listed = _last(steps[:pointed], "sync", path=str(folder))
        found.check(listed > moved, f"{folder}: not synced before the pointer moved")
    pointer = steps[pointed].path
    synced = _last(steps[:pointed], "sync", path=pointer)
    written = _last(steps[:pointed], "write", path=pointer)
    good = written < synced and (written > -1 or not writes)
    found.check(good, f"the pointer's words: written at {written}, synced at {synced}")
    found.check(_last(steps, "sync", path=str(data)) > pointed, "the pointer's move: not synced")
    found.add("publishes in order")


def _changed(steps: Sequence[Step], path: str, *, folder: bool) -> int:
    """The place of the last change of a file's content, or of the names in a folder."""
    if not folder:
        return max(_last(steps, "write", path=name) for name in _names(steps, path))
    moves = [n for n, step in enumerate(steps) if os.path.dirname(step.to) == path]  # noqa: PTH120
    return max([0, *moves])


def _names(steps: Sequence[Step], path: str) -> list[str]:
    """``path`` and what it was called before it, or a folder it is in, was renamed."""
    names = [path]
    for step in reversed(steps):
        if step.kind == "rename" and names[-1] == step.to:
            names.append(step.path)
    return names


def _last(steps: Sequence[Step], kind: str, **what: str) -> int:
    """The place of the last step of that kind and path; -1 if there is none."""
    places = [
        place
        for place, step in enumerate(steps)
        if step.kind == kind and all(getattr(step, name) == value for name, value in what.items())
    ]
    return places[-1] if places else -1
