"""All rows of one database in another: from ``staff.db`` to PostgreSQL, and back for a backup."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from kb.errors import KbError
from kb.staff import audit
from kb.staff.connection import Database

# In an order in which every row finds what it refers to.
TABLES = (
    "kin", "gram", "asked", "event", "commitment_event", "commitment", "evidence", "attachment",
    "letter_read", "account", "session", "acquainted", "feed", "saved_view", "api_key", "audit",
    "record", "kindred", "repeated", "pending", "failure", "failed_names", "suggested", "upload",
    "field_event", "field_applied",
)  # fmt: skip
# What triggers make of the others.
DERIVED = ("common", "commitment_text")
BEGUN = frozenset(("field_applied",))  # tables that are not empty in a new database
CONDITIONS = frozenset(("missed",))  # columns that PostgreSQL has as true or false
PIECE = 1000  # rows written together


class NotCopied(KbError):
    """The copy is not what was copied."""

    status, code = 500, "not_copied"


def occupied(database: Database) -> str | None:
    """The first table that has rows, None of a database as it is made."""
    for table in TABLES:
        if table not in BEGUN and database.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone():
            return table
    return None


def copy_rows(source: Database, target: Database) -> int:
    """Copy all rows into an empty database, inside a transaction on each; how many.

    The copy is read again, row by row. Raises NotCopied, LogBroken.
    """
    total = 0
    for table in TABLES:
        if table in BEGUN:
            target.execute(f"DELETE FROM {table}")
        rows = source.execute(f"SELECT * FROM {table}")
        names = [name for name, *_ in rows.description]
        marks = ", ".join("?" * len(names))
        adding = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"
        turned = (_turned(names, row) for row in rows)
        while piece := list(islice(turned, PIECE)):
            target.executemany(adding, piece)
        total += _check(table, source, target)
    for name, last in source.execute("SELECT name, seq FROM sqlite_sequence").fetchall():
        if name in TABLES:  # numbers of rows that are gone are not given again
            target.execute("DELETE FROM sqlite_sequence WHERE name = ?", (name,))
            target.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (name, last))
    audit.check(target)
    return total


def _turned(names: Sequence[str], row: Sequence[Any]) -> list[Any]:
    return [
        bool(value) if name in CONDITIONS else value for name, value in zip(names, row, strict=True)
    ]


def _check(table: str, source: Database, target: Database) -> int:
    """How many rows ``table`` has. Raises NotCopied where the two differ in any."""
    (there, rows), (copied, copies) = (_summed(_rows(table, of)) for of in (source, target))
    if (there, rows) != (copied, copies):
        raise NotCopied(
            f"{table} 表搬过去以后不一样了（{rows} 行，搬到 {copies} 行）；什么也没有搬，"
            "请保留现场并告知开发者"
        )
    return rows


def _rows(table: str, database: Database) -> Iterator[Sequence[Any]]:
    rows = database.execute(f"SELECT * FROM {table}")
    names = [name for name, *_ in rows.description]
    order = sorted(range(len(names)), key=names.__getitem__)
    for row in rows:
        turned = _turned(names, row)
        yield [turned[place] for place in order]


def _summed(rows: Iterable[Sequence[Any]]) -> tuple[int, int]:
    """The sum of the rows' SHA-256, whatever their order, and how many there are."""
    total = number = 0
    for row in rows:
        written = json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass")
        total += int.from_bytes(hashlib.sha256(written).digest(), "big")
        number += 1
    return total, number
