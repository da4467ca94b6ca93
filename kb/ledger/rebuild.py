"""The state of the ledger made anew from its events: compared with what is there, or put there.

``commitment``, ``evidence`` and ``attachment`` follow from ``commitment_event``. The events are
replayed into temporary tables of the same names, which SQLite takes first where a name has no
schema, so that the very code that records an event replays it.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from kb.errors import KbError
from kb.ledger.columns import EVENT, named
from kb.ledger.state import apply
from kb.staff import audit
from kb.staff.connection import Database
from kb.staff.database import By, writing
from kb.staff.engine import shadow

REBUILT = "rebuilt"  # the action of the row of the audit log
TABLES = ("commitment", "evidence", "attachment")
SHOWN = 5  # differing commitments that a message describes


class LedgerDiffers(KbError):
    """The state of the ledger is not what its events give."""

    status, code = 500, "ledger_differs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """How many commitments there are now, and how many of them were something else before."""

    commitments: int
    differed: int


def verify(database: Database) -> int:
    """Compare the state with what the events give, changing nothing; how many commitments.

    Raises LedgerDiffers, naming the first that differ.
    """
    database.execute("BEGIN")  # one view of both, while others write
    try:
        _replay(database)
        if differing := _differing(database):
            some = "、".join(_described(database, number) for number in differing[:SHOWN])
            more = "等" if len(differing) > SHOWN else ""
            raise LedgerDiffers(
                f"台账有 {len(differing)} 条承诺与记录不符：{some}{more}；"
                "请先用 fuwen audit verify 核对记录，再用 fuwen ledger rebuild 由记录重建"
            )
        return _count(database)
    finally:
        database.execute("ROLLBACK")  # the temporary tables go with it


def rebuild(database: Database, *, by: By) -> Rebuilt:
    """Put what the events give in the place of the state, in one transaction.

    A row of the audit log tells of it, even where nothing differed. Raises LogBroken where the
    events are not as they were written: a state made of them would only hide that.
    """
    audit.verify(database)
    with writing(database):
        _replay(database)
        rebuilt = Rebuilt(commitments=_count(database), differed=len(_differing(database)))
        for table in reversed(TABLES):  # the evidence first: it refers to the commitments
            database.execute(f"DELETE FROM main.{table}")
        for table in TABLES:
            database.execute(f"INSERT INTO main.{table} SELECT * FROM temp.{table}")
        for table in reversed(TABLES):
            database.execute(f"DROP TABLE temp.{table}")
        audit.append(
            database,
            REBUILT,
            who=by.who,
            at=by.at,
            detail={"commitments": rebuilt.commitments, "differed": rebuilt.differed},
        )
    return rebuilt


def _replay(database: Database) -> None:
    """Make the temporary tables: what the events give."""
    for table in TABLES:
        if not shadow(database, table):
            raise LedgerDiffers(f"staff.db 里没有 {table} 这张表；请从备份恢复")
    for row in database.execute(f"SELECT {named(EVENT)} FROM commitment_event ORDER BY id"):
        try:
            apply(database, row)
        except (
            ValueError,
            TypeError,
            KeyError,
            sqlite3.IntegrityError,
            sqlite3.DataError,
        ) as error:
            raise LedgerDiffers(
                f"台账的第 {row[0]} 条记录读不懂（{error}）；"
                "请用 fuwen audit verify 核对，从备份恢复"
            ) from error


def _differing(database: Database) -> list[int]:
    """The numbers of the commitments that differ, or whose evidence does."""
    sides = (("main", "temp"), ("temp", "main"))
    apart = " UNION ".join(
        f"SELECT {number} FROM"
        f" (SELECT * FROM {left}.{table} EXCEPT SELECT * FROM {right}.{table}) AS apart"
        for table, number in zip(TABLES, ("id", "commitment", "commitment"), strict=True)
        for left, right in sides
    )
    return [number for (number,) in database.execute(f"{apart} ORDER BY 1")]


def _described(database: Database, number: int) -> str:
    """A commitment that differs, with the columns that do."""
    there, given = (_row(database, schema, number) for schema in ("main", "temp"))
    if not there or not given:
        return f"第 {number} 号（{'台账里没有' if given else '记录里没有'}）"
    names = [name for name, value in given.items() if there[name] != value]
    return f"第 {number} 号（{'、'.join(names) or '佐证'}）"


def _row(database: Database, schema: str, number: int) -> dict[str, object]:
    found = database.execute(f"SELECT * FROM {schema}.commitment WHERE id = ?", (number,))
    names = [name for name, *_ in found.description]
    row = found.fetchone()
    return dict(zip(names, row, strict=True)) if row else {}


def _count(database: Database) -> int:
    return int(database.execute("SELECT count(*) FROM temp.commitment").fetchone()[0])
