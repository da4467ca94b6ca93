"""The events of the ledger and what follows from them: recorded, folded, made anew."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from kb.errors import WrongUse
from kb.extract.types import Relation
from kb.ledger.rows import BLANK, KEPT, Columns, kept_of
from kb.ledger.types import (
    OFF,
    CommitmentNotFound,
    CommitmentOutdated,
    Entry,
    Excerpt,
    Kind,
    Seen,
    stage_of,
)
from kb.staff import audit
from kb.staff.database import By, stamp, writing

LONGEST_REASON = 2000  # code points
UNDATED = "9999-99-99"  # comes after every day
_EVENT = (
    "id", "at", "who", "commitment", "version", "kind", "was", "became", "reason",
    "letter", "start", "stop", "words", "relation",
)  # fmt: skip


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
            f"SELECT {', '.join(names)} FROM commitment WHERE id = ?", (number,)
        ).fetchone()
        if row is None:
            raise CommitmentNotFound(f"台账里没有第 {number} 号承诺；请回到列表")
        return dict(zip(names, row, strict=True))

    def unchanged(self, seen: Seen) -> dict[str, Any]:
        """The same, unless it was changed since. Raises CommitmentNotFound, CommitmentOutdated."""
        row = self.row(seen.id)
        if row["version"] != seen.version:
            raise CommitmentOutdated(
                f"第 {seen.id} 号承诺刚被别人改过，没有改动；请看过最新情况再决定"
            )
        return row

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
    ) -> None:
        """Change those of ``columns`` that differ; the event is written even if none does."""
        row = self.row(number)
        became = {name: value for name, value in columns.items() if row[name] != value}
        was = {name: row[name] for name in became}
        if unlinked is not None:
            was["evidence"] = unlinked
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
            f"INSERT INTO commitment_event ({', '.join(_EVENT[1:])})"
            f" VALUES ({', '.join('?' * len(values))}) RETURNING id",
            values,
        ).fetchone()[0]
        self.events.append(int(made))
        _apply(self.database, (made, *values))


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


def kept(database: sqlite3.Connection, number: int) -> Entry:
    """One commitment. Raises CommitmentNotFound."""
    row = database.execute(
        f"SELECT {', '.join(KEPT)} FROM commitment WHERE id = ?", (number,)
    ).fetchone()
    if row is None:
        raise CommitmentNotFound(f"台账里没有第 {number} 号承诺；请回到列表")
    return kept_of(row)


def newest(database: sqlite3.Connection) -> int:
    """The number of the last event: another one once anything in the ledger is (for an ETag)."""
    row = database.execute("SELECT coalesce(max(id), 0) FROM commitment_event").fetchone()
    return int(row[0])


def rebuild(database: sqlite3.Connection) -> int:
    """Make the commitments anew from the events; how many there are."""
    with writing(database):
        database.execute("DELETE FROM evidence")
        database.execute("DELETE FROM commitment")
        for row in database.execute(
            f"SELECT {', '.join(_EVENT)} FROM commitment_event ORDER BY id"
        ):
            _apply(database, row)
        return int(database.execute("SELECT count(*) FROM commitment").fetchone()[0])


def _apply(database: sqlite3.Connection, row: tuple[Any, ...]) -> None:
    """What follows from one event: the only place that writes commitments and evidence."""
    event = dict(zip(_EVENT, row, strict=True))
    became = json.loads(event["became"])
    own = {"version": event["version"], "event": event["id"], "changed_at": event["at"]}
    write = _insert if event["version"] == 1 else _update
    write(database, event["commitment"], {**became, **own})
    if event["kind"] == "unlinked":
        database.execute(
            "DELETE FROM evidence WHERE id = ?", (json.loads(event["was"])["evidence"],)
        )
    elif event["relation"]:
        names = (
            "id",
            "commitment",
            "relation",
            "letter",
            "start",
            "stop",
            "words",
            "at",
            "who",
            "reason",
        )
        database.execute(
            f"INSERT INTO evidence ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
            [event[name] for name in names],
        )


def _derived(columns: Columns) -> dict[str, Any]:
    """What the lists look things up by, of those columns that it follows from."""
    found: dict[str, Any] = {}
    if "due_last" in columns:
        last = columns["due_last"]
        found |= {"due_key": last or UNDATED, "due_month": last and last[:7]}
    if "issued_on" in columns:
        found["year"] = columns["issued_on"] and columns["issued_on"][:4]
    if "status" in columns:
        status = columns["status"]
        found |= {"stage": stage_of(status), "live": int(status not in OFF)}
    return found


def _insert(database: sqlite3.Connection, number: int, columns: Columns) -> None:
    whole = {"id": number, **BLANK, **columns}
    whole |= _derived(whole)
    database.execute(
        f"INSERT INTO commitment ({', '.join(whole)}) VALUES ({', '.join('?' * len(whole))})",
        list(whole.values()),
    )


def _update(database: sqlite3.Connection, number: int, columns: Columns) -> None:
    whole = {**columns, **_derived(columns)}
    changes = ", ".join(f"{name} = ?" for name in whole)
    database.execute(f"UPDATE commitment SET {changes} WHERE id = ?", [*whole.values(), number])


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True)
