"""What SQLite and PostgreSQL do each in its own way; everything else is the same SQL."""

from __future__ import annotations

import sqlite3
from contextlib import suppress

from kb.staff.connection import Database


def is_file(database: Database) -> bool:
    """True if ``database`` is a file of SQLite's."""
    return isinstance(database, sqlite3.Connection)


def shadow(database: Database, table: str) -> bool:
    """Make a temporary table like ``table`` in front of it; False where there is no such table.

    Until it is dropped or the transaction undone, the name means the temporary one.
    """
    if not is_file(database):
        (there,) = database.execute("SELECT to_regclass(?)", (table,)).fetchone()
        if there is None:
            return False
        database.execute(f"CREATE TEMP TABLE {table} (LIKE main.{table} INCLUDING ALL)")
        return True
    made = database.execute(
        "SELECT sql FROM main.sqlite_master WHERE type = 'table' AND name = ?", (table,)
    ).fetchone()
    if made:
        database.execute(made[0].replace("CREATE TABLE", "CREATE TEMP TABLE", 1))
    return made is not None


def erase(database: Database) -> None:
    """From here on what is deleted is overwritten in the file; PostgreSQL does it in ``erased``."""
    if is_file(database):
        database.execute("PRAGMA secure_delete = ON")


def erased(database: Database, *tables: str) -> bool:
    """Leave nothing of what was deleted from ``tables``; False where others read the file now.

    PostgreSQL writes its tables anew; its own journal (WAL) and its backups keep what was deleted
    until they are thrown away.
    """
    if not is_file(database):
        with suppress(sqlite3.OperationalError):
            for table in tables:
                database.execute(f"VACUUM (FULL) {table}")
            return True
        return False
    if tables:
        database.execute("VACUUM")
    return not checkpoint(database)


def checkpoint(database: Database) -> bool:
    """Take the journal of SQLite into the file; True where others kept it from that."""
    if not is_file(database):
        return False
    return bool(database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])
