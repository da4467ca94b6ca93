"""The events of the ledger and what follows from them: recorded, and in force at once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from kb.errors import WrongUse
from kb.extract.types import Relation
from kb.ledger.columns import BLANK, ENTRY_NAMES, EVENT, EVIDENCE, TOLD, Columns, derived, named
from kb.ledger.rows import entry_of
from kb.ledger.types import (
    ASIDE,
    CommitmentNotFound,
    CommitmentOutdated,
    Entry,
    Excerpt,
    Kind,
    Seen,
)
from kb.staff import audit
from kb.staff.database import By, stamp, writing

LONGEST_REASON = 2000  # code points


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Words of a letter and what they say of a commitment."""

    relation: Relation
    quote: Excerpt


@dataclass(slots=True)
class Book:
    """The ledger inside one transaction; what is recorded is in force at once."""

    database: sqlite3.Connection
    by: By
    events: list[int] = field(default_factory=list)

    def row(self, number: int) -> dict[str, Any]:
        """All columns of a commitment. Raises CommitmentNotFound."""
        names = ("version", *BLANK)
        row = self.database.execute(
            f"SELECT {named(names)} FROM commitment WHERE id = ?", (number,)
        ).fetchone()
        if row is None:
            raise CommitmentNotFound(f"台账里没有第 {number} 号承诺；请回到列表")
        return dict(zip(names, row, strict=True))

    def unchanged(self, seen: Seen) -> dict[str, Any]:
        """The same, unless it was changed since. Raises CommitmentNotFound, CommitmentOutdated."""
        row = self.row(seen.id)
        if row["version"] != seen.version and self._changed_since(seen):
            raise CommitmentOutdated(
                f"第 {seen.id} 号承诺刚被别人改过，没有改动；请看过最新情况再决定"
            )
        return row

    def _changed_since(self, seen: Seen) -> bool:
        """True but where all that came since was said beside it (``ASIDE``)."""
        later = self.database.execute(
            "SELECT kind FROM commitment_event WHERE commitment = ? AND version > ?",
            (seen.id, seen.version),
        ).fetchall()
        return not later or any(kind not in ASIDE for (kind,) in later)

    def begin(self, kind: Kind, columns: Columns, *, reason: str = "") -> int:
        """A new commitment; its number."""
        newest = self.database.execute("SELECT max(id) FROM commitment").fetchone()[0]
        number = int(newest or 0) + 1
        self._write(number, 1, kind, {}, columns, reason=reason)
        return number

    def record(
        self,
        number: int,
        kind: Kind,
        columns: Columns,
        *,
        reason: str = "",
        proof: Proof | None = None,
        unlinked: int | None = None,
        told: Columns | None = None,
    ) -> None:
        """Change those of ``columns`` that differ; the event is written even if none does.

        ``told`` is what the event tells beside them, by the names of ``TOLD``.
        """
        row = self.row(number)
        became = {name: value for name, value in columns.items() if row[name] != value}
        was = {name: row[name] for name in became}
        if unlinked is not None:
            was["evidence"] = unlinked
        became |= told or {}
        self._write(number, row["version"] + 1, kind, was, became, reason=reason, proof=proof)

    def _write(
        self,
        number: int,
        version: int,
        kind: Kind,
        was: Columns,
        became: Columns,
        *,
        reason: str,
        proof: Proof | None = None,
    ) -> None:
        if len(reason) > LONGEST_REASON:
            raise WrongUse(f"理由不能超过 {LONGEST_REASON} 个字；请写短一些")
        quote = proof.quote if proof else None
        place = (
            (quote.letter_id, quote.span.start, quote.span.end, quote.text)
            if quote
            else (None,) * 4
        )
        values = (
            stamp(self.by.at),
            self.by.who,
            number,
            version,
            kind,
            _json(was),
            _json(became),
            reason,
            *place,
            proof.relation if proof else None,
        )
        made = self.database.execute(
            f"INSERT INTO commitment_event ({named(EVENT[1:])})"
            f" VALUES ({', '.join('?' * len(values))}) RETURNING id",
            values,
        ).fetchone()[0]
        self.events.append(int(made))
        apply(self.database, (made, *values))


@contextmanager
def booking(database: sqlite3.Connection, by: By) -> Iterator[Book]:
    """A transaction on the ledger: all of it or nothing, and a row of the audit log for it."""
    with writing(database):
        book = Book(database, by)
        yield book
        if book.events:
            first, last = book.events[0], book.events[-1]
            audit.append(
                database,
                audit.LEDGER,
                who=by.who,
                at=by.at,
                detail={
                    "first": first,
                    "last": last,
                    "sha256": audit.events_sum(database, first, last),
                },
            )


def entry(database: sqlite3.Connection, number: int) -> Entry:
    """One commitment. Raises CommitmentNotFound."""
    row = database.execute(
        f"SELECT {ENTRY_NAMES} FROM commitment WHERE id = ?", (number,)
    ).fetchone()
    if row is None:
        raise CommitmentNotFound(f"台账里没有第 {number} 号承诺；请回到列表")
    return entry_of(row)


def newest(database: sqlite3.Connection) -> int:
    """The number of the last event: another one once anything in the ledger is (for an ETag)."""
    row = database.execute("SELECT coalesce(max(id), 0) FROM commitment_event").fetchone()
    return int(row[0])


def apply(database: sqlite3.Connection, row: tuple[Any, ...]) -> None:
    """Write what follows from one event, a row of the columns ``EVENT``.

    Nothing else writes commitments and evidence, but ``kb.ledger.rebuild``, which calls it.
    """
    event = dict(zip(EVENT, row, strict=True))
    became = {
        name: value for name, value in json.loads(event["became"]).items() if name not in TOLD
    }
    own = {"version": event["version"], "event": event["id"], "changed_at": event["at"]}
    if event["version"] == 1:
        whole = {"id": event["commitment"], **BLANK, **became, **own}
        _insert(database, "commitment", whole | derived(whole))
    else:
        _update(database, event["commitment"], {**became, **own})
    if event["kind"] == "unlinked":
        database.execute(
            "DELETE FROM evidence WHERE id = ?", (json.loads(event["was"])["evidence"],)
        )
    elif event["relation"]:
        _insert(database, "evidence", {name: event[name] for name in EVIDENCE})


def _insert(database: sqlite3.Connection, table: str, row: Columns) -> None:
    database.execute(
        f"INSERT INTO {table} ({named(row)}) VALUES ({', '.join('?' * len(row))})",
        list(row.values()),
    )


def _update(database: sqlite3.Connection, number: int, columns: Columns) -> None:
    whole = {**columns, **derived(columns)}
    changes = ", ".join(f"{name} = ?" for name in whole)
    database.execute(f"UPDATE commitment SET {changes} WHERE id = ?", [*whole.values(), number])


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True)
