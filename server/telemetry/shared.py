"""Metrics of several worker processes on one host, which a scrape of any of them adds up.

Whoever starts the workers calls ``shared`` around them. prometheus_client looks for its folder
when it is first imported: workers have to be started anew (spawned), not forked from a process
that has imported it, and this module imports nothing of it.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_OF_PROCESS = re.compile(r"_(\d+)\.db")


@contextmanager
def shared() -> Iterator[Path]:
    """A private folder in which the workers started meanwhile count together."""
    with tempfile.TemporaryDirectory(prefix="fuwen-metrics-") as folder:
        os.environ[FOLDER] = folder
        try:
            yield Path(folder)
        finally:
            del os.environ[FOLDER]


def workers() -> list[int]:
    """The process ids of the workers that live; of this process alone where it counts alone."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return [os.getpid()]
    found = {int(match[1]) for path in Path(folder).iterdir() if (match := _of(path))}
    return sorted(pid for pid in found if _lives(pid))


def bury() -> None:
    """What workers that died were doing just then counts no longer."""
    folder = os.environ.get(FOLDER)
    for path in Path(folder).glob("gauge_live*") if folder else ():
        if (match := _of(path)) and not _lives(int(match[1])):
            with suppress(FileNotFoundError):  # another worker is asked at the same time
                path.unlink()


def _of(path: Path) -> re.Match[str] | None:
    return _OF_PROCESS.search(path.name)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
