"""Registers name who brought what, so nobody who serves citizens reads them."""

from __future__ import annotations

import re

from kb.store.register import (
    Outcome,
    RegisterRow,
    outcome_from,
    outcome_json,
    row_from,
    row_json,
)
from tests.conftest import ROOT

OF_CITIZENS = (
    "kb/query", "kb/search", "kb/answer", "server/api", "server/pages", "server/present",
    "server/widget",
)  # fmt: skip


def test_no_module_that_serves_citizens_reads_registers() -> None:
    readers = [
        path
        for room in OF_CITIZENS
        for path in (ROOT / room).rglob("*.py")
        if re.search(r"\.registered\b|\.registers\b", path.read_text("utf-8"))
    ]
    assert readers == []


def test_rows_and_outcomes_come_back_as_they_were_written() -> None:
    row = RegisterRow(
        file="表.csv", place="第2行", numbers=("1", "2"), host=("甲局",), due="年底前"
    )
    assert row_from(row_json(row)) == row
    outcome = Outcome(standing="ambiguous", letters=("a",), why="不知道")
    assert outcome_from(outcome_json(outcome)) == outcome
