"""Who may read the data folder: the account that runs fuwen, and nobody else on the machine.

In it stand letters that are not public, personal data that was hidden, and what staff wrote.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from kb.errors import WrongUse

FOLDER = 0o700
SEALED = 0o400  # of a file that is never changed again
OTHERS = 0o077  # what neither the group nor others may do
# What the folder holds at its top, each with what begins as it does (staff.db-wal).
OURS = (
    "CURRENT",
    "LOCK",
    "MILVUS",
    "address.key",
    "drafts",
    "originals",
    "shards",
    "snapshots",
    "staff.db",
    "TAKEN_DOWN",
    "uploads",
    "evidence",
    "vectors.db",
)


def keep_private() -> None:
    """Whatever this process makes from now on is for its account alone."""
    os.umask(OTHERS)


def make_folder(root: Path) -> None:
    """Make the data folder, if need be."""
    root.mkdir(mode=FOLDER, parents=True, exist_ok=True)


def close_to_others(root: Path) -> int:
    """Take from others what they may do with the data folder; how many files and folders that was.

    A folder in which other things lie too is left as it is, and only what is ours in it is closed.
    Raises WrongUse where others can read something that cannot be closed.
    """
    if not root.is_dir():
        return 0
    entries = list(root.iterdir())
    ours = [path for path in entries if path.name.startswith(OURS)]
    whole = [root] if len(ours) == len(entries) else []
    closed = [path for path in (*whole, *_all(ours)) if _close(path)]
    left = [path for path in closed if _mode(path) & stat.S_IRWXO]
    if left and _mode(root) & stat.S_IXOTH:
        raise WrongUse(
            f"{left[0]} 这台机器上谁都能读，本账号改不了；请以它的属主运行 chmod -R go-rwx {root}，"
            "或换一个能设权限的磁盘"
        )
    return len(closed)


def close(folder: Path) -> None:
    """Take from others what they may do with ``folder`` and all that is in it."""
    for path in _all([folder]):
        _close(path)


def _close(path: Path) -> bool:
    """Take from others what they may do with ``path``; True if there was something to take."""
    was = _mode(path)
    with suppress(OSError):
        if was & OTHERS:
            path.chmod(was & ~OTHERS)
    return bool(was & OTHERS)


def _all(entries: list[Path]) -> Iterator[Path]:
    """``entries`` and what is in them; no link is followed."""
    for entry in entries:
        if entry.is_symlink():
            continue
        yield entry
        if entry.is_dir():
            for folder, folders, files in os.walk(entry):
                names = (Path(folder, name) for name in (*folders, *files))
                yield from (path for path in names if not path.is_symlink())


def _mode(path: Path) -> int:
    """The mode of ``path``; 0 once it is gone."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return 0
