"""A commitment to write out, without a ledger around it."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from kb.ledger.events import entry
from kb.ledger.formats.table import Line
from kb.ledger.types import Entry
from kb.staff.database import opened
from tests.support.promises import PROMISES, TODAY, letter_of, put


@cache
def promised() -> Entry:
    """One that was proposed and nobody has looked at."""
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder) / "staff.db") as database:
        put(database, letter_of(*PROMISES, number="云建函〔2024〕3号"))
        return entry(database, 1)


def line_of(*, evidence: int = 0, **changed: Any) -> Line:
    """Its row, with other fields."""
    return Line(entry=replace(promised(), **changed), evidence=evidence, today=TODAY)
