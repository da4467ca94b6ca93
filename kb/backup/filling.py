"""What fills the disk: the parts of the data folder and the backups, with their bytes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kb.settings import Settings

What = Literal[
    "snapshots", "originals", "vectors", "staff", "copies", "uploads", "evidence", "drafts",
    "backups", "other",
]  # fmt: skip
# By how the names at the top of the data folder begin, the first that fits.
PARTS: dict[str, What] = {
    "snapshots": "snapshots",
    "originals": "originals",
    "vectors.db": "vectors",
    "staff.db.before-": "copies",
    "uploads.before-": "copies",
    "staff.db": "staff",
    "uploads": "uploads",
    "evidence": "evidence",
    "drafts": "drafts",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """``count`` files, or folders where each is a whole: snapshots, copies, backups."""

    what: What
    size: int
    count: int


def filling(settings: Settings) -> list[Part]:
    """The parts that there are, the largest first."""
    sizes: dict[What, int] = {}
    counts: dict[What, int] = {}
    for what, path in _entries(settings):
        sizes[what] = sizes.get(what, 0) + size_of(path)
        counts[what] = counts.get(what, 0) + 1
    parts = [Part(what=what, size=size, count=counts[what]) for what, size in sizes.items()]
    return sorted(parts, key=lambda part: -part.size)


def size_of(path: Path) -> int:
    """The bytes of a file, or of all files below a folder; 0 of what is gone meanwhile."""
    total = 0
    with suppress(OSError):
        for file in path.rglob("*") if path.is_dir() else (path,):
            with suppress(OSError):
                total += file.lstat().st_size if not file.is_dir() else 0
    return total


def _entries(settings: Settings) -> Iterator[tuple[What, Path]]:
    backups = Path(settings.backups) if settings.backups else None
    for path in settings.data.iterdir() if settings.data.is_dir() else ():
        if backups and path.resolve() == backups.resolve():
            continue
        for each in path.iterdir() if _shelf(path) else (path,):
            yield _what(path), each
    for path in backups.iterdir() if backups and backups.is_dir() else ():
        yield "backups", path


def _what(path: Path) -> What:
    return next((what for name, what in PARTS.items() if path.name.startswith(name)), "other")


def _shelf(path: Path) -> bool:
    """True of the folders whose entries are counted one by one."""
    return path.is_dir() and path.name in ("snapshots", "originals")
