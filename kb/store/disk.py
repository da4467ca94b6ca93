"""The disk under the snapshots: the writer's lock, fsync, checksums, running out of room."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import NamedTuple, Self

from kb.errors import StoreBusy, StoreFull
from kb.store.modes import make_folder

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
Stamp = tuple[tuple[str, int, int, int], ...]


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def sync(path: Path) -> None:
    """fsync a file or a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def open_sealed(path: Path) -> sqlite3.Connection:
    """A database that is read and left exactly as it is, for use under a lock.

    Nothing is made beside the file, which nobody may write to meanwhile.
    """
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(address, uri=True, check_same_thread=False)


class Room(NamedTuple):
    """Bytes of a disk: how many it has, and how many are free."""

    size: int
    free: int


def room_for(folder: Path) -> Room:
    """How much there is for what is written to ``folder``, which may still have to be made."""
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    usage = shutil.disk_usage(there)
    return Room(size=usage.total, free=usage.free)


class WriterLock:
    """Held until it is closed or its process ends."""

    def __init__(self, file: TextIOWrapper) -> None:
        self._file = file

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the next writer in; may be called twice."""
        if not self._file.closed:
            # Closing alone would not do while a forked child still holds a copy of the file.
            fcntl.flock(self._file, fcntl.LOCK_UN)
            self._file.close()


def lock(root: Path) -> WriterLock:
    """Take the writer's lock of the data folder ``root``, which is made if need be.

    Raises StoreBusy if another process, or another part of this one, holds it.
    """
    make_folder(root)
    file = (root / "LOCK").open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        owner = file.read().strip() or "未知"
        file.close()
        raise StoreBusy(
            f"{root} 正由另一个索引进程写入（进程号 {owner}）；请等它结束后再试"
        ) from None
    with suppress(OSError):  # on a full disk the lock goes unnamed, and works all the same
        os.ftruncate(file.fileno(), 0)
        os.write(file.fileno(), f"{os.getpid()}\n".encode())
    return WriterLock(file)


@contextmanager
def room(root: Path) -> Iterator[None]:
    """Turn any engine's way of saying “no space left” into StoreFull."""
    try:
        yield
    except (OSError, ValueError, RuntimeError, sqlite3.Error) as error:
        if not is_full(error):
            raise
        raise StoreFull(
            f"写入 {root} 时磁盘已满或超出配额（{error}）；没有发布，正在使用的快照"
            "不受影响，半成品已清除；请腾出空间（或用 prune 删去旧快照）后重试"
        ) from error


def is_full(error: BaseException) -> bool:
    """True if ``error`` is an engine's report that the disk or the quota is used up."""
    if isinstance(error, OSError):
        return error.errno in _FULL
    if isinstance(error, sqlite3.Error):
        # A short write that is not ENOSPC (a quota, say) reaches SQLite as an I/O error.
        return getattr(error, "sqlite_errorcode", 0) in (
            sqlite3.SQLITE_FULL,
            sqlite3.SQLITE_IOERR_WRITE,
            sqlite3.SQLITE_IOERR_SHMSIZE,  # no room for what lies beside a database in WAL mode
        )
    # tantivy (Rust) and faiss (C++) only pass on the operating system's words.
    return any(os.strerror(code) in str(error) for code in _FULL)


def stamp(folder: Path) -> Stamp:
    """Path, size, inode and change time (ns) of every file: differs once one is touched.

    It is taken at every question, in some 60 microseconds; () where there is no such folder.
    """
    found = []
    try:
        for where, _, names in os.walk(folder):
            for name in names:
                path = f"{where}/{name}"
                stat = os.lstat(path)
                found.append((path, stat.st_size, stat.st_ino, stat.st_mtime_ns))
    except OSError:
        return ()
    return tuple(sorted(found))
