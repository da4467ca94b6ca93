"""The registers of proposals in a local snapshot's database."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager

from kb.store import codec
from kb.store.local.insert import amend_letter
from kb.store.register import (
    Outcome,
    Registered,
    RegisterRow,
    outcome_from,
    outcome_json,
    row_from,
    row_json,
)
from kb.types import Letter

NOT_YET = outcome_json(Outcome(standing="unanswered"))
QUERY = "SELECT source, record, outcome FROM registers ORDER BY source, position"


def read(rows: Sequence[tuple[str, str, str]]) -> list[Registered]:
    """The rows of ``QUERY`` as values."""
    return [
        Registered(source=source, row=row_from(record), outcome=outcome_from(outcome))
        for source, record, outcome in rows
    ]


class LocalRegisters:
    """``kb.store.register.Registers`` in the database of a draft.

    ``writing`` is the draft's context in which it is changed.
    """

    def __init__(
        self, db: sqlite3.Connection, writing: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._db = db
        self._writing = writing

    def put(self, source: str, rows: Sequence[RegisterRow]) -> None:
        known = self._db.execute(
            "SELECT record FROM registers WHERE source = ? ORDER BY position", (source,)
        )
        records = [row_json(row) for row in rows]
        if [record for (record,) in known] == records:
            return
        with self._writing():
            self._db.execute("DELETE FROM registers WHERE source = ?", (source,))
            self._db.executemany(
                "INSERT INTO registers VALUES (?, ?, ?, ?)",
                ((source, at, record, NOT_YET) for at, record in enumerate(records)),
            )

    def rows(self) -> Sequence[Registered]:
        return read(self._db.execute(QUERY).fetchall())

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        keys = self._db.execute("SELECT source, position FROM registers ORDER BY source, position")
        told = zip(outcomes, keys.fetchall(), strict=True)
        with self._writing():
            self._db.executemany(
                "UPDATE registers SET outcome = ? WHERE source = ? AND position = ?",
                ((outcome_json(outcome), *key) for outcome, key in told),
            )

    def letters(self) -> Iterator[Letter]:
        for (record,) in self._db.execute("SELECT record FROM texts ORDER BY id"):
            yield codec.letter_from(record)

    def set_aside(self) -> Collection[str]:
        return frozenset(row[0] for row in self._db.execute("SELECT id FROM aside"))

    def filled(self) -> frozenset[str]:
        return frozenset(row[0] for row in self._db.execute("SELECT id FROM filled"))

    def amend(self, letter: Letter) -> None:
        with self._writing():
            amend_letter(self._db, letter)
            self._db.execute("REPLACE INTO filled VALUES (?)", (letter.id,))
