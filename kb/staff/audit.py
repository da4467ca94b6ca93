"""The audit log: who did what to what, each row chained to the one before it by SHA-256.

A row that was changed, left out or put in between breaks the chain; events of the ledger that
were changed behind its back no longer add up to the sum in their row. What the chain alone
cannot show is the loss of its last rows together with the sequence that counts them, or a log
written anew from some row on: for that, compare with a ``Head`` that was noted elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kb.errors import KbError, WrongUse
from kb.staff.connection import Database
from kb.staff.database import stamp

NOTHING = "0" * 64  # what the first row is chained to
LEDGER = "ledger"  # the action of a row that stands for events of the ledger


class LogBroken(KbError):
    """The audit log is not what was written."""

    status, code = 500, "log_broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The last row of the log: its number, 0 before the first, and its digest."""

    row: int
    digest: str

    def __str__(self) -> str:
        return f"{self.row}:{self.digest}"

    @classmethod
    def of(cls, text: str) -> Head:
        """The head that ``str`` wrote. Raises WrongUse."""
        row, _, digest = text.partition(":")
        if not (row.isascii() and row.isdecimal() and len(row) < 16 and len(digest) == 64):
            raise WrongUse(
                f"“{text}”不是审计日志的末行；请照抄 fuwen audit verify 显示的“行号:摘要”"
            )
        return cls(row=int(row), digest=digest.lower())


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row of the log."""

    id: int
    at: datetime
    who: str
    action: str
    subject: str
    detail: Mapping[str, Any]


def append(
    database: Database,
    action: str,
    *,
    who: str,
    at: datetime,
    subject: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write a row, inside the transaction that does what it tells."""
    if not database.in_transaction:
        raise ValueError("an audit row belongs into the transaction that it tells of")
    last = head(database)
    number = _counted(database) + 1
    row = (number, stamp(at), who, action, subject, _json(detail or {}), last.digest)
    database.execute("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*row, _digest(row)))


def head(database: Database) -> Head:
    """The last row as it stands now."""
    row = database.execute("SELECT id, digest FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    return Head(row=row[0], digest=row[1]) if row else Head(row=0, digest=NOTHING)


def verify(database: Database, *, noted: Head | None = None) -> Head:
    """Read the whole log and all events of the ledger; the head, where all is as written.

    ``noted`` is a head of earlier, which has to be in the log. Raises LogBroken.
    """
    database.execute("BEGIN")  # one view of both, while others write
    try:
        return check(database, noted=noted)
    finally:
        database.execute("ROLLBACK")


def check(database: Database, *, noted: Head | None = None) -> Head:
    """``verify`` inside a transaction of the caller's."""
    last = _chain(database, noted)
    _check_events(database)
    return last


def entries(
    database: Database,
    *,
    limit: int,
    before: int | None = None,
    who: str | None = None,
    action: str | None = None,
    subject: str | None = None,
) -> list[Entry]:
    """Rows of the log, the latest first, of those numbered below ``before``."""
    found = database.execute(
        "SELECT id, at, who, action, subject, detail FROM audit WHERE id < coalesce(?, id + 1)"
        " AND who = coalesce(?, who) AND action = coalesce(?, action)"
        " AND subject = coalesce(?, subject) ORDER BY id DESC LIMIT ?",
        (before, who, action, subject, limit),
    )
    return [
        Entry(
            id=number,
            at=datetime.fromisoformat(at),
            who=name,
            action=what,
            subject=whom,
            detail=json.loads(detail),
        )
        for number, at, name, what, whom, detail in found
    ]


def events_sum(database: Database, first: int, last: int) -> str:
    """The SHA-256 of the ledger's events numbered ``first`` to ``last``."""
    found = database.execute(
        "SELECT * FROM commitment_event WHERE id BETWEEN ? AND ? ORDER BY id", (first, last)
    )
    digest = hashlib.sha256()
    for row in found:
        digest.update(_json(row).encode())
    return digest.hexdigest()


def _chain(database: Database, noted: Head | None) -> Head:
    """Follow the chain from the first row to the last."""
    last = Head(row=0, digest=NOTHING)
    met = noted is None or noted == last
    for *row, digest in database.execute("SELECT * FROM audit ORDER BY id"):
        if row[0] != last.row + 1:
            raise _broken(f"第 {last.row + 1} 行不见了（其后是第 {row[0]} 行）")
        if row[6] != last.digest:
            raise _broken(f"第 {row[0]} 行接不上前一行，有行被改动、删去或插入")
        if digest != _digest(tuple(row)):
            raise _broken(f"第 {row[0]} 行的内容已被改动")
        last = Head(row=row[0], digest=digest)
        met = met or last == noted
    if last.row != _counted(database):
        raise _broken(f"第 {last.row} 行之后应还有到第 {_counted(database)} 行，末尾被截去")
    if not met:
        raise _broken(f"找不到记下的末行 {noted}，日志在那之后被截去或重写")
    return last


def _check_events(database: Database) -> None:
    """Check that the log covers every event of the ledger, each still as it was then."""
    expected = 1
    for number, first, last, summed in _logged(database):
        if first != expected:
            raise _broken(f"台账的第 {expected} 条记录没有写进日志（日志第 {number} 行）")
        if events_sum(database, first, last) != summed:
            raise _broken(f"台账的第 {first} 至 {last} 条记录已被改动（日志第 {number} 行）")
        expected = last + 1
    newest = database.execute("SELECT coalesce(max(id), 0) FROM commitment_event").fetchone()[0]
    if newest >= expected:
        raise _broken(f"台账的第 {expected} 条及以后的记录没有写进日志")


def _logged(database: Database) -> Iterator[tuple[int, int, int, str]]:
    found = database.execute("SELECT id, detail FROM audit WHERE action = ? ORDER BY id", (LEDGER,))
    for number, detail in found.fetchall():
        logged = json.loads(detail)
        yield number, logged["first"], logged["last"], logged["sha256"]


def _counted(database: Database) -> int:
    """How many rows were ever written: SQLite counts by itself, and never back."""
    row = database.execute("SELECT seq FROM sqlite_sequence WHERE name = 'audit'").fetchone()
    return int(row[0]) if row else 0


def _digest(row: tuple[Any, ...]) -> str:
    return hashlib.sha256(_json(row).encode()).hexdigest()


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _broken(why: str) -> LogBroken:
    return LogBroken(f"审计日志不完整：{why}；请保留现场，用备份核对，并查明谁动过数据库文件")
