"""The events of the ledger and what follows from them: recorded, and in force at once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from kb.errors import WrongUse
from kb.extract.types import Relation
from kb.ledger.columns import BLANK, ENTRY_NAMES, EVENT, Columns, named
from kb.ledger.rows import entry_of
from kb.ledger.state import apply, settled
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
from kb.staff.connection import Database
from kb.staff.database import By, stamp, writing

LONGEST_REASON = 2000  # code points


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Words of a letter, of the day ``on`` if it is known, and what they say of a commitment."""

    relation: Relation
    quote: Excerpt
    on: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attaching:
    """What is no letter and says something of a commitment; ``told`` by the table's columns."""

    relation: Relation
    told: Mapping[str, Any]


@dataclass(slots=True)
class Book:
    """The ledger inside one transaction; what is recorded is in force at once."""

    database: Database
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
        self._write(number, 1, kind, {}, settled(columns), reason=reason)
        return number

    def record(
        self,
        number: int,
        kind: Kind,
        columns: Columns,
        *,
        reason: str = "",
        proof: Proof | Attaching | None = None,
        unlinked: int | None = None,
        linked: int | None = None,
        told: Columns | None = None,
    ) -> None:
        """Change those of ``columns`` that differ; the event is written even if none does.

        ``unlinked`` is evidence that goes with it, ``linked`` such that comes back; ``told`` what
        the event tells besides, by the names of ``TOLD``.
        """
        row = self.row(number)
        whole = settled(columns)
        became = {name: value for name, value in whole.items() if row[name] != value}
        was = {name: row[name] for name in became}
        if unlinked is not None:
            was["evidence"] = unlinked
        if linked is not None:
            became["evidence"] = linked
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
        proof: Proof | Attaching | None = None,
    ) -> None:
        if len(reason) > LONGEST_REASON:
            raise WrongUse(f"理由不能超过 {LONGEST_REASON} 个字；请写短一些")
        quote = proof.quote if isinstance(proof, Proof) else None
        if isinstance(proof, Attaching):
            became = {**became, "attachment": proof.told}
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
def booking(database: Database, by: By) -> Iterator[Book]:
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


def entry(database: Database, number: int) -> Entry:
    """One commitment. Raises CommitmentNotFound."""
    row = database.execute(
        f"SELECT {ENTRY_NAMES} FROM commitment WHERE id = ?", (number,)
    ).fetchone()
    if row is None:
        raise CommitmentNotFound(f"台账里没有第 {number} 号承诺；请回到列表")
    return entry_of(row)


def newest(database: Database) -> int:
    """The number of the last event: another one once anything in the ledger is (for an ETag)."""
    row = database.execute("SELECT coalesce(max(id), 0) FROM commitment_event").fetchone()
    return int(row[0])


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True)
