"""A ledger that an earlier version wrote: it opens, and its events still give its state."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from kb.extract.types import Due
from kb.ledger import edit
from kb.ledger.events import entry
from kb.ledger.rebuild import verify
from kb.ledger.undo import undo
from kb.staff import database as staff
from kb.staff import schema
from kb.staff.database import opened
from kb.staff.schema import STEPS
from tests.support.promises import PROMISES, WANG, confirm, letter_of, put, seen

BEFORE = STEPS.index(schema._COMPLETION)  # steps of the schema before completion came
NEW = (
    "original_last", "done_on", "kept", "pending", "pending_by", "pending_on", "owner", "reminders",
    "reminded_on",
)  # fmt: skip


def rows(database: sqlite3.Connection, table: str) -> list[dict[str, object]]:
    found = database.execute(f"SELECT * FROM {table} ORDER BY id")
    names = [name for name, *_ in found.description]
    return [dict(zip(names, row, strict=True)) for row in found]


def without(told: object) -> str:
    """What an event said of columns, of those that there were."""
    columns = json.loads(str(told))
    return json.dumps({name: columns[name] for name in columns if name not in NEW})


@pytest.fixture
def earlier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database in which one was put off twice, and another is done, as it was written before."""
    with opened(tmp_path / "now.db") as now:
        put(now, letter_of(*PROMISES))
        for last in ("2025-12-31", "2026-12-31"):
            if last == "2025-12-31":
                confirm(now)
            due = Due(raw="年底前", first=None, last=last, precision="year")
            edit.correct(now, seen(now), {"due": due}, by=WANG, reason="停工")
        edit.move(now, seen(now, 2), "done", by=WANG, reason="看过")
        events, commitments = rows(now, "commitment_event"), rows(now, "commitment")
    for event in events:
        event |= {"was": without(event["was"]), "became": without(event["became"])}
    path = tmp_path / "staff.db"
    monkeypatch.setattr(staff, "STEPS", STEPS[:BEFORE])
    with opened(path) as old:
        for table, some in (("commitment_event", events), ("commitment", commitments)):
            for row in some:
                kept = {name: value for name, value in row.items() if name not in NEW}
                marks = ", ".join("?" * len(kept))
                old.execute(
                    f"INSERT INTO {table} ({', '.join(kept)}) VALUES ({marks})", [*kept.values()]
                )
    monkeypatch.undo()
    return path


@pytest.mark.sqlite
def test_it_opens_and_its_events_give_its_state(earlier: Path) -> None:
    with opened(earlier) as database:
        assert verify(database) == 3
        first, second = entry(database, 1), entry(database, 2)
        assert (first.put_off_from, first.extensions) == ("2025-06-30", 2)
        assert (second.status, second.kept, second.done_on) == ("done", "unknown", None)


@pytest.mark.sqlite
def test_what_was_done_then_is_taken_back_now(earlier: Path) -> None:
    with opened(earlier) as database:
        undo(database, seen(database), by=WANG)
        undo(database, seen(database, 2), by=WANG)
        first, second = entry(database, 1), entry(database, 2)
        assert (first.put_off_from, first.extensions) == ("2025-06-30", 1)
        assert (second.status, second.kept) == ("proposed", None)
        verify(database)
