"""Corrections out of a table: what they change, what they leave, why they are refused."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from kb.ledger import edit
from kb.ledger.events import entry
from kb.ledger.formats.csv import read, written
from kb.ledger.formats.import_csv import Imported, Problem, corrections
from kb.ledger.formats.table import NAMES, lines
from kb.ledger.queries import Wanted
from kb.staff import audit
from kb.staff.database import opened
from tests.support.promises import CARS, PROMISES, TODAY, WANG, events, letter_of, put


@pytest.fixture
def book(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with opened(tmp_path / "staff.db") as database:
        put(database, letter_of(*PROMISES))
        yield database


def exported(book: sqlite3.Connection) -> bytes:
    return b"".join(written(lines(book, Wanted(), today=TODAY, order="letter", unmasked=True)))


def changed(content: bytes, number: int, **cells: str) -> bytes:
    """The file with other cells in the row of this commitment."""
    rows = [dict(row.cells) for row in read(content)]
    for row in rows:
        if row["编号"] == str(number):
            row |= cells
    shown = [NAMES, *(tuple(row[name] for name in NAMES) for row in rows)]
    return "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in shown).encode()


def tried(book: sqlite3.Connection, content: bytes, *, reason: str = "") -> Imported:
    return corrections(book, content, by=WANG, reason=reason, dry=True)


def done(book: sqlite3.Connection, content: bytes, *, reason: str = "") -> Imported:
    return corrections(book, content, by=WANG, reason=reason, dry=False)


def test_a_file_as_it_was_exported_changes_nothing(book: sqlite3.Connection) -> None:
    content, before = exported(book), events(book)
    told = done(book, content)
    assert (told.rows, told.changes, told.problems) == (3, (), ())
    assert told.sha256 == sha256(content).hexdigest()
    assert events(book) == before


def test_a_dry_run_says_what_would_change_and_keeps_nothing(book: sqlite3.Connection) -> None:
    content, before = changed(exported(book), 2, 备注="催办", 负责单位="市住建局"), events(book)
    told = tried(book, content)
    (one,) = told.changes
    assert (one.row, one.id, one.text) == (3, 2, CARS)
    assert one.changes == (
        ("负责单位", "云岭市住房和城乡建设局", "市住建局"),
        ("备注", "", "催办"),
    )
    assert events(book) == before
    assert entry(book, 2).note == ""


def test_what_the_dry_run_said_is_what_is_then_done(book: sqlite3.Connection) -> None:
    content = changed(
        exported(book),
        1,
        末日="2025/5/31",
        精确到="日",
        会办单位="市财政局，市水利局",
        目标="61部",
        目标数值="61",
        语气="力争",
        事项="加装",
    )
    assert tried(book, content) == done(book, content)
    now = entry(book, 1)
    assert (now.version, now.decided, now.action, now.strength) == (2, True, "加装", "strives")
    assert now.co_organs == ("市财政局", "市水利局")
    assert now.due is not None
    assert (now.due.last, now.due.precision) == ("2025-05-31", "day")
    assert now.target is not None
    assert now.target.value == 61
    audit.verify(book)


def test_what_a_spreadsheet_changes_by_itself_is_no_change(book: sqlite3.Connection) -> None:
    content = changed(
        exported(book),
        1,
        首日="2024/5/6",
        末日="2025/6/30",
        日期="2024/5/6",
        目标数值="60.0",
        更新时间="2026/6/30 20:00",
    )
    assert done(book, content).changes == ()


def test_a_file_with_the_needed_columns_alone_is_enough(book: sqlite3.Connection) -> None:
    told = done(book, "编号,版本,备注\n3,1,已转市水利局\n".encode())
    assert [one.id for one in told.changes] == [3]
    assert entry(book, 3).note == "已转市水利局"
    assert entry(book, 3).organ is not None


def test_a_row_that_nobody_touched_is_left_though_the_commitment_was_changed_since(
    book: sqlite3.Connection,
) -> None:
    content = changed(exported(book), 3, 备注="看过")
    edit.correct(book, entry(book, 1).seen, {"note": "别人写的", "organ": "市水利局"}, by=WANG)
    edit.move(book, entry(book, 1).seen, "rejected", by=WANG)
    assert [one.id for one in done(book, content).changes] == [3]
    assert entry(book, 1).note == "别人写的"


def test_a_row_that_somebody_else_changed_too_is_refused_and_so_is_the_file(
    book: sqlite3.Connection,
) -> None:
    content = changed(changed(exported(book), 1, 备注="我写的"), 3, 备注="看过")
    edit.correct(book, entry(book, 1).seen, {"note": "别人写的"}, by=WANG)
    before = events(book)
    told = done(book, content)
    assert [(one.row, one.column) for one in told.problems] == [(2, "")]
    assert "别人改过" in told.problems[0].text
    assert events(book) == before


def test_every_problem_is_told_with_its_row_and_column_and_nothing_is_done(
    book: sqlite3.Connection,
) -> None:
    content = exported(book)
    for number, cells in ((1, {"末日": "六月底"}), (2, {"状态": "已完成"}), (3, {"语气": "肯定"})):
        content = changed(content, number, **cells)
    content += b"\r\n3,1,,,,,,,,,,,,,,,,,,,,,\r\n99,1,,,\r\n1,9,,\r\nx,1,,\r\n"
    before = events(book)
    told = done(book, content)
    assert [(one.row, one.column) for one in told.problems] == [
        (2, "末日"),
        (3, "状态"),
        (4, "语气"),
        (5, "状态"),
        (6, ""),
        (7, "版本"),
        (8, "编号"),
    ]
    assert told.changes == ()
    assert events(book) == before


def test_a_commitment_in_two_rows_is_told(book: sqlite3.Connection) -> None:
    told = tried(book, "编号,版本,备注\n3,1,甲\n3,1,乙\n".encode())
    assert told.problems == (
        Problem(row=3, column="编号", text="第 3 号承诺在第 2 行已有；请只留一行"),
    )


def test_the_words_of_a_letter_are_not_changed_by_way_of_a_table(
    book: sqlite3.Connection,
) -> None:
    (problem,) = tried(book, changed(exported(book), 2, 承诺原文="争取")).problems
    assert problem.column == "承诺原文"
    assert CARS in problem.text


def test_a_later_day_of_what_is_confirmed_needs_a_reason(book: sqlite3.Connection) -> None:
    edit.move(book, entry(book, 1).seen, "under_way", by=WANG)
    content = changed(exported(book), 1, 期限="2025年底前", 末日="2025-12-31")
    (problem,) = done(book, content).problems
    assert "理由" in problem.text
    assert not done(book, content, reason="市里统一调整").problems
    assert entry(book, 1).extensions == 1


def test_what_reads_overdue_in_the_table_is_still_the_status_it_was(
    book: sqlite3.Connection,
) -> None:
    edit.move(book, entry(book, 1).seen, "under_way", by=WANG)
    content = exported(book)
    assert "逾期".encode() in content
    assert not tried(book, content).problems
