"""The table of the ledger's columns is that of the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.ledger.columns import BLANK, COLUMNS, DERIVED, EVENT, EVIDENCE
from kb.staff.database import opened


@pytest.fixture
def book(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with opened(tmp_path / "staff.db") as database:
        yield database


def columns(database: sqlite3.Connection, table: str) -> set[str]:
    found = database.execute(f"SELECT * FROM {table} LIMIT 0").description
    return {name for name, *_ in found}


def test_the_table_of_columns_names_those_that_the_database_has(book: sqlite3.Connection) -> None:
    names = [column.name for column in COLUMNS]
    assert len(set(names)) == len(names)
    assert columns(book, "commitment") == {*names, *DERIVED}
    assert columns(book, "commitment_event") == set(EVENT)
    assert columns(book, "evidence") == set(EVIDENCE)
    assert {source for source, _ in DERIVED.values()} <= set(BLANK)
