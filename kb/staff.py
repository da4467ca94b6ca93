"""``staff.db``: what people write. It lies beside the snapshots and never inside one.

SQLite in WAL mode with full sync: what a transaction wrote outlives ``kill -9``.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.errors import KbError

NAME = "staff.db"
BUSY = 5.0  # seconds that one process waits for another's transaction
PRIVATE = 0o600  # questions of citizens are for the account that serves them


class StaffUnusable(KbError):
    """The staff's database cannot be opened, read or written."""

    status, code = 503, "staff_unusable"


# One step a schema version, never changed once released; an older file is brought up by those
# that it lacks. ``asked`` has a row a reply and a row a feedback (useful 1 or 0); in one that
# was noted without its words ``kin`` is null. ``upto`` is the last row that an event had seen.
STEPS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE kin (id INTEGER PRIMARY KEY, question TEXT NOT NULL,"
        " figures TEXT NOT NULL, weight INTEGER NOT NULL) STRICT",
        "CREATE TABLE gram (gram TEXT NOT NULL, kin INTEGER NOT NULL REFERENCES kin,"
        " PRIMARY KEY (gram, kin)) STRICT, WITHOUT ROWID",
        "CREATE TABLE asked (id INTEGER PRIMARY KEY, at TEXT NOT NULL,"
        " kin INTEGER REFERENCES kin, question TEXT, snapshot TEXT NOT NULL,"
        " verdict TEXT NOT NULL, code TEXT, nearest TEXT NOT NULL, useful INTEGER, reason TEXT,"
        " letter TEXT, start INTEGER, stop INTEGER, missed INTEGER NOT NULL) STRICT",
        "CREATE INDEX asked_missed ON asked (kin, id) WHERE missed",
        "CREATE INDEX asked_kin ON asked (kin, missed, useful)",
        "CREATE TABLE event (id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL,"
        " kin INTEGER NOT NULL REFERENCES kin, upto INTEGER NOT NULL, was TEXT NOT NULL,"
        " became TEXT NOT NULL, reason TEXT NOT NULL, question TEXT, letter TEXT,"
        " start INTEGER, stop INTEGER, words TEXT) STRICT",
        "CREATE INDEX event_kin ON event (kin, id)",
        "CREATE TRIGGER event_stays BEFORE UPDATE ON event"
        " BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END",
        "CREATE TRIGGER event_remains BEFORE DELETE ON event"
        " BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END",
        "CREATE VIEW standing AS WITH"
        " missed AS (SELECT kin, max(id) AS last, sum(useful IS NULL) AS refused,"
        "  sum(useful IS NOT NULL) AS useless FROM asked WHERE missed GROUP BY kin),"
        " ruled AS (SELECT kin, max(id) AS event FROM event GROUP BY kin)"
        " SELECT kin.id, kin.question, refused, useless, last, asked.at, asked.code, asked.nearest,"
        "  coalesce(event.id, 0) AS event,"
        "  CASE WHEN event.id IS NULL OR (became = 'done' AND upto < last) THEN 'open'"
        "   ELSE became END AS state"
        " FROM missed JOIN kin ON kin.id = missed.kin JOIN asked ON asked.id = last"
        " LEFT JOIN ruled ON ruled.kin = kin.id LEFT JOIN event ON event.id = ruled.event",
    ),
)


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The database at ``path``, made where it is not there, closed on leaving.

    Raises StaffUnusable, also for what goes wrong inside.
    """
    with _telling(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE))
        # isolation_level=None: transactions begin where ``writing`` says, nowhere else.
        database = sqlite3.connect(path, timeout=BUSY, isolation_level=None)
        try:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
            database.execute("PRAGMA foreign_keys = ON")
            _bring_up(database, path)
            yield database
        finally:
            database.close()


@contextmanager
def writing(database: sqlite3.Connection) -> Iterator[None]:
    """A transaction: all of it, or nothing."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    finally:
        if database.in_transaction:
            database.execute("ROLLBACK")


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StaffUnusable(
            f"{path} 不能使用（{error}）；请检查磁盘空间和权限，或从备份恢复这个文件"
        ) from error


def _bring_up(database: sqlite3.Connection, path: Path) -> None:
    if _version(database) == len(STEPS):
        return
    with writing(database):
        database.execute("CREATE TABLE IF NOT EXISTS schema (version INTEGER NOT NULL) STRICT")
        version = _version(database)
        if version > len(STEPS):
            raise StaffUnusable(
                f"{path} 由更新的程序写成（第 {version} 版，本程序只认到第 {len(STEPS)} 版）；"
                "请升级程序"
            )
        for statement in (one for step in STEPS[version:] for one in step):
            database.execute(statement)
        database.execute("DELETE FROM schema")
        database.execute("INSERT INTO schema VALUES (?)", (len(STEPS),))


def _version(database: sqlite3.Connection) -> int:
    """The schema version of the file; 0 of an empty one."""
    made = database.execute("SELECT 1 FROM sqlite_master WHERE name = 'schema'").fetchone()
    row = database.execute("SELECT version FROM schema").fetchone() if made else None
    return int(row[0]) if row else 0
