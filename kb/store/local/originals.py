"""The files that letters were read from, each kept once under the SHA-256 of its bytes.

They lie beside the snapshots and not in them: a snapshot is hashed whole before it is served,
and every version would repeat them. The name of a file says what it has to hold, so damage
shows. A file stays for as long as some version on the shelf was made from it.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, suppress
from functools import lru_cache
from pathlib import Path

from kb.store.disk import open_sealed, sha256_of, sync
from kb.store.modes import SEALED
from kb.store.snapshot import Shelf

_DIGEST = re.compile(r"[0-9a-f]{64}")


def keep(folder: Path, file: Path, digest: str) -> None:
    """Copy ``file`` into ``folder`` unless it is there, or is no longer what ``digest`` says."""
    original = folder / digest
    if original.exists():
        return
    folder.mkdir(exist_ok=True)
    aside = folder / f"{digest}.tmp"
    try:
        shutil.copyfile(file, aside)
        if sha256_of(aside) == digest:
            aside.chmod(SEALED)
            sync(aside)
            aside.replace(original)
            sync(folder)
    finally:
        aside.unlink(missing_ok=True)


def find(folder: Path, digest: str) -> Path | None:
    """The kept file with this digest; None if it is not there or was damaged."""
    original = folder / digest
    try:
        stat = original.stat()
    except OSError:
        return None
    sound = _DIGEST.fullmatch(digest) and _sum(original, stat.st_size, stat.st_mtime_ns) == digest
    return original if sound else None


@lru_cache(maxsize=4096)
def _sum(path: Path, _size: int, _changed: int) -> str:
    """The checksum of ``path``, taken once for as long as nobody touches the file."""
    return sha256_of(path)


def unwanted(shelf: Shelf, *, without: Collection[str] = ()) -> list[Path]:
    """What no version on the shelf was made from, apart from those ``without`` which it is asked.

    Nothing where a version cannot be read: nobody knows then what it was made from.
    """
    if not shelf.originals.is_dir():
        return []
    wanted: set[str] = set()
    for version in shelf.versions():
        if version in without:
            continue
        if not _readable(shelf.of(version)):
            return []
        wanted |= {*named(shelf.of(version))}
    return sorted(path for path in shelf.originals.iterdir() if path.name not in wanted)


def sweep(shelf: Shelf) -> list[str]:
    """Delete what is unwanted; returns the names of what is gone."""
    gone = unwanted(shelf)
    for path in gone:
        with suppress(OSError):
            path.unlink()
    return [path.name for path in gone]


def _readable(version: Path) -> bool:
    try:
        with closing(open_sealed(version / "letters.db")) as db:
            db.execute("SELECT count(*) FROM sources").fetchone()
    except sqlite3.Error:
        return False
    return True


def named(version: Path) -> Iterator[str]:
    """The digests of the files that a version was made from; none where it cannot be read."""
    with suppress(sqlite3.Error), closing(open_sealed(version / "letters.db")) as db:
        yield from (row[0] for row in db.execute("SELECT digest FROM sources"))
