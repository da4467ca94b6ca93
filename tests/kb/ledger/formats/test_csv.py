"""The ledger as CSV: what a spreadsheet makes of it, and what cannot be read."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import WrongUse
from kb.ledger.formats.csv import guarded, read, unguarded, written
from kb.ledger.formats.table import NAMES
from tests.support.outgoing import line_of
from tests.support.promises import LIFTS

HEAD = ",".join(NAMES) + "\r\n"


def test_the_file_is_utf8_with_a_mark_and_ends_its_lines_as_the_rfc_says() -> None:
    content = b"".join(written([line_of(), line_of()]))
    assert content.startswith(b"\xef\xbb\xbf" + HEAD.encode())
    assert content.count(b"\r\n") == 3
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[1][NAMES.index("承诺原文")] == LIFTS


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "－", "＠", "'"])
def test_what_a_spreadsheet_would_reckon_is_guarded(begin: str) -> None:
    cell = begin + "HYPERLINK(1)"
    assert guarded(cell) == "'" + cell
    assert unguarded(guarded(cell)) == cell


@given(st.text(max_size=5) | st.text("=+-@'\t", max_size=5))
def test_guarding_is_undone_exactly(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell


def test_an_apostrophe_that_a_person_wrote_stays() -> None:
    assert unguarded("'90年代") == "'90年代"


def test_no_cell_of_a_written_file_begins_a_formula() -> None:
    content = b"".join(written([line_of(note="=1+1", action="@x", organ="-云岭")]))
    (row,) = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1:]
    assert not [cell for cell in row if cell[:1] in tuple("=+-@")]
    (back,) = read(content)
    assert (back.cells["备注"], back.cells["事项"], back.cells["负责单位"]) == (
        "=1+1",
        "@x",
        "-云岭",
    )


def test_what_is_written_is_read_with_the_numbers_of_its_rows() -> None:
    content = b"".join(written([line_of(note='一行\n"两行"，,'), line_of()]))
    rows = read(content)
    assert [row.number for row in rows] == [2, 3]
    assert rows[0].cells["备注"] == '一行\n"两行"，,'


def test_a_file_that_a_spreadsheet_saved_in_its_own_encoding_is_read() -> None:
    rows = read("版本,编号,备注\r\n1,7,催办\r\n,,\r\n2,8,\r\n".encode("gb18030"))
    assert [(row.number, row.cells) for row in rows] == [
        (2, {"版本": "1", "编号": "7", "备注": "催办"}),
        (4, {"版本": "2", "编号": "8", "备注": ""}),
    ]


def test_a_short_row_has_nothing_in_the_rest() -> None:
    (row,) = read("编号,版本,备注\n7,1\n".encode())
    assert row.cells == {"编号": "7", "版本": "1", "备注": ""}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"PK\x03\x04", "另存为 CSV"),
        (b"\xff\xfe\xff\xff\xff", "CSV UTF-8"),
        ("编号,版本\n1,2\0\n".encode(), "CSV UTF-8"),
        (b"", "编号"),
        ("编号,备注\n1,x\n".encode(), "没有“版本”一列"),
        ("编号,版本,口令\n".encode(), "不认识的列“口令”"),
        ("编号,版本,备注,备注\n".encode(), "出现了两次"),
        ('编号,版本\n"1,2\n'.encode(), "不是合格的 CSV"),
        ("编号,版本\n1,2,3\n".encode(), "第 2 行的格子"),
    ],
)
def test_what_is_no_such_file_says_what_to_do(content: bytes, says: str) -> None:
    with pytest.raises(WrongUse, match=says):
        read(content)
