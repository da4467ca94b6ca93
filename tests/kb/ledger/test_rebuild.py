"""The state of the ledger follows from its events: compared with them, made anew from them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.ledger import edit, rebuild, work
from kb.ledger.events import entry
from kb.ledger.rebuild import LedgerDiffers, Rebuilt, verify
from kb.ledger.types import excerpt
from kb.staff import audit
from kb.staff.audit import LogBroken
from kb.staff.database import StaffUnusable, opened
from kb.types import Span
from tests.support.postgres import unguard
from tests.support.promises import LIFTS, PROMISES, WANG, letter_of, projection, put
from tests.support.staffed import join

LETTER = letter_of(*PROMISES)
LATER = letter_of("加装电梯61部", letter_id="乙", issued_on="2025-07-01")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with opened(tmp_path / "staff.db") as database:
        put(database, LETTER)
        edit.move(database, entry(database, 1).seen, "under_way", by=WANG)
        start = LATER.text.index("加装")
        words = Span(start=start, end=start + 7)
        seen = entry(database, 1).seen
        edit.link(database, seen, LATER, words, relation="progresses", by=WANG)
        yield database


def test_what_was_recorded_agrees_and_is_left_alone(book: sqlite3.Connection) -> None:
    was = projection(book)
    assert verify(book) == 3
    assert projection(book) == was
    assert not book.in_transaction


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (
            "UPDATE commitment SET status = 'done', note = 'x' WHERE id = 1",
            "第 1 号（status、note）",
        ),
        ("UPDATE commitment SET due_key = '2030-01-01' WHERE id = 2", "第 2 号（due_key）"),
        ("DELETE FROM evidence", "第 1 号（佐证）"),
        ("UPDATE evidence SET words = '别的话'", "第 1 号（佐证）"),
        ("DELETE FROM commitment WHERE id = 2", "第 2 号（台账里没有）"),
        (
            "UPDATE commitment SET id = 9 WHERE id = 3",
            "第 3 号（台账里没有）、第 9 号（记录里没有）",
        ),
    ],
)
def test_what_differs_is_named_and_made_anew(
    book: sqlite3.Connection, damage: str, told: str
) -> None:
    was = projection(book)
    book.execute(damage)
    with pytest.raises(LedgerDiffers) as raised:
        verify(book)
    assert told in str(raised.value)
    assert rebuild.rebuild(book, by=WANG).differed >= 1
    assert projection(book) == was
    assert verify(book) == 3
    assert rebuild.rebuild(book, by=WANG) == Rebuilt(commitments=3, differed=0)


def tampered(book: sqlite3.Connection, became: str) -> None:
    """Change an event that the log says is otherwise, as only who opens the file can."""
    unguard(book)
    book.execute("UPDATE commitment_event SET became = ? WHERE id = 1", (became,))


def test_events_that_were_tampered_with_are_not_made_the_state(book: sqlite3.Connection) -> None:
    (became,) = book.execute("SELECT became FROM commitment_event WHERE id = 1").fetchone()
    tampered(book, json.dumps({**json.loads(became), "organ": "别的局"}))
    was = projection(book)
    with pytest.raises(LogBroken):
        rebuild.rebuild(book, by=WANG)
    assert projection(book) == was


def test_an_event_that_cannot_be_read_is_named(book: sqlite3.Connection) -> None:
    tampered(book, "不是 JSON")
    with pytest.raises(LedgerDiffers, match="第 1 条记录读不懂"):
        verify(book)
    assert not book.in_transaction


def test_a_table_that_is_gone_is_named(book: sqlite3.Connection) -> None:
    book.execute("DROP TABLE evidence")
    with pytest.raises(LedgerDiffers, match="没有 evidence 这张表"):
        verify(book)


def test_of_many_that_differ_the_first_are_named(book: sqlite3.Connection) -> None:
    put(book, letter_of(*PROMISES, letter_id="乙"))
    put(book, letter_of(*PROMISES, letter_id="丙"))
    book.execute("UPDATE commitment SET name = ''")
    with pytest.raises(LedgerDiffers, match="有 9 条承诺") as raised:
        verify(book)
    assert "第 5 号（name）等" in str(raised.value)
    assert "第 6 号" not in str(raised.value)


def test_it_is_told_in_the_audit_log(book: sqlite3.Connection) -> None:
    rebuild.rebuild(book, by=WANG)
    row = audit.entries(book, limit=1)[0]
    assert (row.who, row.action, row.detail) == (
        "王芳",
        "rebuilt",
        {"commitments": 3, "differed": 0},
    )
    audit.verify(book)


def test_a_rebuilding_that_fails_changes_nothing(
    book: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("disk full")

    book.execute("UPDATE commitment SET note = 'x' WHERE id = 1")
    was = projection(book)
    monkeypatch.setattr(audit, "append", fails)
    with (
        pytest.raises(StaffUnusable, match="disk full"),
        opened(tmp_path / "staff.db") as database,
    ):
        rebuild.rebuild(database, by=WANG)
    monkeypatch.undo()
    assert projection(book) == was


def test_the_same_connection_goes_on_working_afterwards(book: sqlite3.Connection) -> None:
    verify(book)
    rebuild.rebuild(book, by=WANG)
    edit.move(book, entry(book, 2).seen, "rejected", by=WANG)
    assert entry(book, 2).status == "rejected"
    assert excerpt(LETTER, entry(book, 1).span).text == LIFTS
    assert verify(book) == 3


@pytest.mark.sqlite
def test_a_ledger_of_before_owners_and_reminders_opens_and_agrees(tmp_path: Path) -> None:
    path = tmp_path / "staff.db"
    with opened(path) as book:
        put(book, LETTER)
        edit.move(book, entry(book, 1).seen, "under_way", by=WANG)
        join(book, "王芳", password=None)
        for index in ("owner", "owner_stage", "event_at", "vague", "vague_queue"):
            book.execute(f"DROP INDEX commitment_{index}")
        for column in ("owner", "reminders", "reminded_on"):
            book.execute(f"ALTER TABLE commitment DROP COLUMN {column}")
        book.execute("ALTER TABLE account DROP COLUMN mailbox")
        book.execute("DROP TABLE saved_view")
        book.execute("DROP TABLE api_key")
        book.execute("UPDATE schema SET version = 13")
    with opened(path) as book:
        assert verify(book) == 3
        assert (entry(book, 1).owner, entry(book, 1).reminders) == (None, 0)
        work.assign(book, entry(book, 1).seen, "王芳", by=WANG)
        assert rebuild.rebuild(book, by=WANG).differed == 0
        audit.verify(book)
