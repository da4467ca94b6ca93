"""The audit log: what it notices, and what only a noted head does."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.errors import WrongUse
from kb.ledger import edit
from kb.ledger.events import entry
from kb.staff import audit
from kb.staff.audit import Head, LogBroken
from kb.staff.database import opened, writing
from tests.support.postgres import unguard
from tests.support.promises import NOON, PROMISES, WANG, letter_of, put


@pytest.fixture
def book(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A log of five rows, two of which stand for events of the ledger; no trigger guards it."""
    with opened(tmp_path / "staff.db") as database:
        for action in ("first", "second", "third"):
            with writing(database):
                audit.append(database, action, who="王芳", at=NOON, subject="甲", detail={"n": 1})
        put(database, letter_of(*PROMISES))
        edit.move(database, entry(database, 1).seen, "not_started", by=WANG)
        unguard(database)
        yield database


def test_a_log_as_written_is_whole_and_tells_its_head(book: sqlite3.Connection) -> None:
    assert audit.verify(book) == audit.head(book)
    assert audit.head(book).row == 5
    assert Head.of(str(audit.head(book))) == audit.head(book)


def test_an_empty_log_is_whole(tmp_path: Path) -> None:
    with opened(tmp_path / "new.db") as database:
        assert audit.verify(database) == Head(row=0, digest=audit.NOTHING)
        assert audit.verify(database, noted=audit.head(database)).row == 0


TAMPERED = {
    "changed": ("UPDATE audit SET who = '李' WHERE id = 2", "第 2 行的内容已被改动"),
    "another time": ("UPDATE audit SET at = '' WHERE id = 5", "第 5 行的内容"),
    "another digest": ("UPDATE audit SET digest = previous WHERE id = 3", "第 3 行的内容"),
    "the first is gone": ("DELETE FROM audit WHERE id = 1", "第 1 行不见了"),
    "one is gone": ("DELETE FROM audit WHERE id = 3", "第 3 行不见了"),
    "gone, renumbered": (
        "DELETE FROM audit WHERE id = 3; UPDATE audit SET id = id - 1 WHERE id > 3",
        "第 3 行接不上前一行",
    ),
    "put in between": (
        "UPDATE audit SET id = id + 1 WHERE id = 5; INSERT INTO audit SELECT 5, at, who, action,"
        " subject, detail, previous, digest FROM audit WHERE id = 4",
        "第 5 行接不上",
    ),
    "the end is gone": ("DELETE FROM audit WHERE id > 3", "末尾被截去"),
    "all is gone": ("DELETE FROM audit", "末尾被截去"),
    "an event changed": (
        "UPDATE commitment_event SET who = '李' WHERE id = 4", "台账的第 4 至 4 条记录已被改动",
    ),
    "an event is gone": ("DELETE FROM commitment_event WHERE id = 2", "第 1 至 3 条记录已被改动"),
    "an event put in": (
        "INSERT INTO commitment_event SELECT 5, at, who, commitment, version + 1, kind, was,"
        " became, reason, letter, start, stop, words, relation FROM commitment_event WHERE id = 4",
        "第 5 条及以后的记录没有写进日志",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERED)
def test_tampering_is_noticed_and_the_place_is_told(book: sqlite3.Connection, what: str) -> None:
    statements, told = TAMPERED[what]
    for statement in statements.split("; "):
        book.execute(statement)
    with pytest.raises(LogBroken, match=told):
        audit.verify(book)


def test_what_was_cut_off_shows_for_ever_after_more_was_written(book: sqlite3.Connection) -> None:
    book.execute("DELETE FROM audit WHERE id > 3")
    edit.move(book, entry(book, 2).seen, "rejected", by=WANG)
    with pytest.raises(LogBroken, match="第 4 行不见了"):
        audit.verify(book)


def rewrite(book: sqlite3.Connection) -> None:
    """Cut the log and cover it up, as one who knows how it is made can."""
    book.execute("DELETE FROM audit WHERE id > 2")
    book.execute("DELETE FROM commitment_event")
    book.execute("UPDATE sqlite_sequence SET seq = 2 WHERE name = 'audit'")
    with writing(book):
        audit.append(book, "third", who="李", at=NOON)


def test_a_log_written_anew_with_all_skill_is_noticed_by_a_noted_head_only(
    book: sqlite3.Connection,
) -> None:
    noted = audit.head(book)
    rewrite(book)
    audit.verify(book)
    with pytest.raises(LogBroken, match="找不到记下的末行"):
        audit.verify(book, noted=noted)


def test_a_noted_head_is_found_among_later_rows(book: sqlite3.Connection) -> None:
    noted = audit.head(book)
    edit.move(book, entry(book, 2).seen, "rejected", by=WANG)
    assert audit.verify(book, noted=noted).row == 6


@pytest.mark.parametrize(
    "text", ["", "5", "5:", "x:" + "0" * 64, "5:" + "0" * 63, "-1:" + "0" * 64]
)
def test_a_head_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(WrongUse, match="照抄"):
        Head.of(text)


def test_a_row_belongs_into_a_transaction(book: sqlite3.Connection) -> None:
    with pytest.raises(ValueError, match="transaction"):
        audit.append(book, "x", who="王芳", at=NOON)


def test_entries_are_read_from_the_latest_back(book: sqlite3.Connection) -> None:
    assert [one.id for one in audit.entries(book, limit=2)] == [5, 4]
    assert [one.action for one in audit.entries(book, limit=9, before=3)] == ["second", "first"]
    assert [one.id for one in audit.entries(book, limit=9, who="程序")] == [4]
    first = audit.entries(book, limit=1, before=2)[0]
    assert (first.who, first.at, first.subject, first.detail) == ("王芳", NOON, "甲", {"n": 1})
