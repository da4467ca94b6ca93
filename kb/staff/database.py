"""What people write: in ``staff.db``, beside the snapshots and never inside one, or on a server.

SQLite in WAL mode with full sync: what a transaction wrote outlives ``kill -9``. PostgreSQL, where
KB_STAFF_DB names one, is the business of ``kb.staff.postgres`` and needs the extra.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kb.staff.connection import Database
from kb.staff.places import NAME as NAME  # with what opens it
from kb.staff.places import Place, Server
from kb.staff.places import StaffUnusable as StaffUnusable
from kb.staff.places import staff_of as staff_of
from kb.staff.schema import STEPS
from kb.store.disk import is_full
from kb.store.modes import make_folder

BUSY = 5.0  # seconds that one process waits for another's transaction
GLANCE = 1.0  # the same for whoever answers citizens, and can do without
PROGRAM = "程序"  # who proposes what the program finds; no account may have this name
PRIVATE = 0o600  # questions of citizens are for the account that serves them


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who does something, and when."""

    who: str
    at: datetime


@contextmanager
def opened(place: Place) -> Iterator[Database]:
    """The database at ``place``, made where it is not there, closed on leaving.

    Raises StaffUnusable, also for what goes wrong inside.
    """
    with _telling(place), backend(place).opened(place) as database:
        yield database


@contextmanager
def reading(place: Place) -> Iterator[Database]:
    """The database at ``place`` as it is at one moment, to be read only; nothing is made.

    Raises StaffUnusable: also for what goes wrong inside, and where it is not there.
    """
    with _telling(place), backend(place).reading(place) as database:
        yield database


@contextmanager
def replaced(server: Server, aside: str | None) -> Iterator[Database]:
    """A new database in the place of that of ``server``, whose schema is called ``aside`` then.

    All of it is one transaction; without ``aside`` nothing is kept. Raises StaffUnusable.
    """
    with _telling(server), backend(server).replaced(server, aside) as database:
        yield database


def check(place: Place) -> None:
    """Raise StaffUnusable unless ``opened`` could read and write ``place`` now.

    Nothing is written, and nobody is waited for: whoever is writing shows that it can be done.
    """
    with _telling(place):
        backend(place).check(place)


@contextmanager
def alone(place: Place, what: str) -> Iterator[None]:
    """Work that one host does at a time, the others wait; on one host ``server.shared`` sees to it.

    Raises StaffUnusable.
    """
    with _telling(place), backend(place).alone(place, what):
        yield


def backend(place: Place) -> Any:
    """What opens, reads and checks ``place``. Raises StaffUnusable where the extra is missing."""
    if not isinstance(place, Server):
        return _File
    try:
        from kb.staff.postgres import server
    except ModuleNotFoundError as error:
        raise StaffUnusable(
            f"设了 KB_STAFF_DB，但没有装 PostgreSQL 要用的程序库（{error.name}）；"
            "请运行 pip install 'fuwen[postgres]'"
        ) from None
    return server


class _File:
    """The file ``staff.db``."""

    @staticmethod
    @contextmanager
    def opened(path: Path) -> Iterator[Database]:
        make_folder(path.parent)
        if not path.exists():
            # Never where it is there: a process that closes a descriptor of the file loses the
            # locks of all its connections, and another takes the journal from under them.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE))
        # isolation_level=None: transactions begin where ``writing`` says, nowhere else.
        database = sqlite3.connect(path, timeout=BUSY, isolation_level=None)
        try:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
            database.execute("PRAGMA foreign_keys = ON")
            bring_up(database, path)
            yield database
        finally:
            database.close()

    @staticmethod
    @contextmanager
    def reading(path: Path) -> Iterator[Database]:
        address = f"{path.resolve().as_uri()}?mode=ro"
        connection = sqlite3.connect(address, uri=True, timeout=GLANCE, isolation_level=None)
        with closing(connection) as found:
            found.execute("BEGIN")
            _check_version(_version(found), path)
            yield found

    @staticmethod
    def alone(path: Path, what: str) -> AbstractContextManager[None]:
        return nullcontext()

    @staticmethod
    def check(path: Path) -> None:
        if not path.exists():
            return  # it is made by whoever first has something to write
        if not os.access(path.parent, os.W_OK):
            raise PermissionError(f"{path.parent.name} 不可写")
        address = f"{path.resolve().as_uri()}?mode=rw"
        with closing(sqlite3.connect(address, uri=True, timeout=0, isolation_level=None)) as found:
            try:  # reading too has to wait where a journal is taken away or recovered
                _check_version(_version(found), path)
                found.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise


@contextmanager
def writing(database: Database) -> Iterator[None]:
    """A transaction: all of it, or nothing; nobody else writes meanwhile."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    finally:
        if database.in_transaction:
            database.execute("ROLLBACK")


def stamp(at: datetime) -> str:
    """A moment as it is stored: ISO 8601 in UTC."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


@contextmanager
def _telling(place: Place) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError, UnicodeDecodeError) as error:  # a damaged name in an error
        remedy = "请检查磁盘空间和权限，或从备份恢复这个文件"
        if is_full(error):
            remedy = "磁盘已满或超出配额，请腾出空间后重试"
        elif isinstance(place, Server) and isinstance(error, sqlite3.Error):
            remedy = backend(place).remedy(error)
        raise StaffUnusable(f"{place} 不能使用（{error}）；{remedy}") from error


def bring_up(database: sqlite3.Connection, path: Path) -> None:
    """Run the steps that a file lacks. Raises StaffUnusable for one of a newer program."""
    if _version(database) == len(STEPS):
        return
    with writing(database):
        database.execute("CREATE TABLE IF NOT EXISTS schema (version INTEGER NOT NULL) STRICT")
        version = _version(database)
        _check_version(version, path)
        for statement in (statement for step in STEPS[version:] for statement in step):
            database.execute(statement)
        database.execute("DELETE FROM schema")
        database.execute("INSERT INTO schema VALUES (?)", (len(STEPS),))


def _check_version(version: int, path: Path) -> None:
    if version > len(STEPS):
        raise StaffUnusable(
            f"{path} 由更新的程序写成（第 {version} 版，本程序只认到第 {len(STEPS)} 版）；"
            "请升级程序"
        )


def _version(database: sqlite3.Connection) -> int:
    """The schema version of the file; 0 of an empty one."""
    made = database.execute("SELECT 1 FROM sqlite_master WHERE name = 'schema'").fetchone()
    row = database.execute("SELECT version FROM schema").fetchone() if made else None
    return int(row[0]) if row else 0
