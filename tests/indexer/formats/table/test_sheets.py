"""Bytes → rows of cells: encodings, merged cells, formulas, and files made to hurt."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.formats import forkserver
from indexer.formats.parse import parse
from indexer.formats.raw import Limits, Raw
from indexer.formats.table import csv, xlsx
from indexer.formats.table.items import Item
from indexer.formats.table.rows import items as table_items
from indexer.formats.table.sheet import Sheet, day, words
from kb.errors import UnreadableFile
from kb.store.register import RegisterRow
from tests.support import hostile
from tests.support.tables import as_csv, as_xlsx, saved

DEFAULT = Limits()
HEAD = ["提案号", "案由", "主办单位"]
ROWS = [
    HEAD,
    ["7", "关于修建滨河步道的提案", "市水利局"],
    ["8", "关于设置斑马线的提案", "市公安局"],
]


def cells(sheet: Sheet) -> list[tuple[str, ...]]:
    return [line.cells for line in sheet.lines]


def of_csv(content: bytes, limits: Limits = DEFAULT) -> Sheet:
    return csv.sheets(io.BytesIO(content), limits)[0]


def of_xlsx(content: bytes, limits: Limits = DEFAULT) -> list[Sheet]:
    return xlsx.sheets(io.BytesIO(content), limits)


def items(
    content: bytes, tmp_path: Any, reader: str = "xlsx", limits: Limits = DEFAULT
) -> list[Item]:
    path = tmp_path / "t"
    path.write_bytes(content)
    with path.open("rb") as file:
        return forkserver.run_table(reader, file, limits)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("parting", [",", "\t", ";", "|"])
def test_csv_is_read_in_every_usual_encoding(encoding: str, parting: str) -> None:
    assert cells(of_csv(as_csv(ROWS, encoding, parting))) == [tuple(row) for row in ROWS]


def test_a_cell_of_several_lines_is_one_and_rows_are_counted_as_lines() -> None:
    sheet = of_csv(as_csv([HEAD, ["7", "关于\n步道", "局"], ["8", "桥", "局"]]))
    assert [line.number for line in sheet.lines] == [1, 2, 4]
    assert sheet.lines[1].cells[1] == "关于\n步道"


def test_a_quote_that_is_never_closed_is_told_with_its_row() -> None:
    with pytest.raises(UnreadableFile, match="第3行引号") as caught:
        of_csv('提案号,案由\n7,步道\n8,"桥\n9,路\n'.encode())
    assert caught.value.code == "damaged_file"


@pytest.mark.parametrize("reader", [of_csv, of_xlsx])
def test_more_rows_or_columns_than_allowed_are_refused(reader: Any) -> None:
    make = as_csv if reader is of_csv else as_xlsx
    with pytest.raises(UnreadableFile, match="超过 2 行"):
        reader(make(ROWS), Limits(rows=2))
    with pytest.raises(UnreadableFile, match="200") as caught:
        reader(make([["格"] * 201]))
    assert caught.value.code == "too_large"


def test_a_workbook_is_read_as_people_see_it() -> None:
    rows = [
        [7, 8.0, 0.5, True, date(2024, 5, 6), datetime(2024, 5, 6, 9, 30), None, "甲_x000D_\n乙"]
    ]
    (sheet,) = of_xlsx(as_xlsx(rows))
    assert cells(sheet) == [("7", "8", "0.5", "是", "2024-05-06", "2024-05-06 09:30", "", "甲\n乙")]


def test_formulas_are_read_by_what_they_showed_and_never_as_formulas() -> None:
    (sheet,) = of_xlsx(as_xlsx([["题", "=1+1"], ["甲", '=HYPERLINK("http://x","y")']]))
    assert cells(sheet) == [("题",), ("甲",)]


def test_a_cell_that_is_merged_downwards_says_the_same_in_each_row() -> None:
    rows = [
        ["表", "", ""],
        HEAD,
        ["7", "步道", "市水利局"],
        ["8", "桥", ""],
        ["9", "路", ""],
        ["10", "灯", "市城管局"],
    ]
    (sheet,) = of_xlsx(as_xlsx(rows, merged=["A1:C1", "C3:C5"]))
    assert [line.cells[2] for line in sheet.lines[2:]] == ["市水利局"] * 3 + ["市城管局"]
    assert sheet.lines[0].cells == ("表",)


def test_hidden_sheets_are_left_aside_and_hidden_rows_are_known() -> None:
    book = openpyxl.Workbook()
    book.active.append(["甲"])
    book.active.append(["乙"])
    book.active.row_dimensions[2].hidden = True
    secret = book.create_sheet("密")
    secret.append(["丙"])
    secret.sheet_state = "hidden"
    (sheet,) = of_xlsx(saved(book))
    assert [(line.cells, line.hidden) for line in sheet.lines] == [
        (("甲",), False),
        (("乙",), True),
    ]


def test_sheets_are_named_where_there_are_several() -> None:
    first, second = of_xlsx(as_xlsx(提案=[["甲"]], 建议=[["乙"]]))
    assert first.place(first.lines[0]) == "工作表“提案”第1行"
    assert second.name == "建议"


def test_the_rows_of_a_far_away_cell_cost_nothing(tmp_path: Any) -> None:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.active.cell(1_048_576, 1, "末")
    found = items(saved(book), tmp_path)
    assert [item.numbers for item in found if isinstance(item, RegisterRow)] == [("7",), ("8",)]


def swapped(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """A workbook with ``old`` in one of its parts replaced."""
    file = io.BytesIO(content)
    with zipfile.ZipFile(file) as package:
        parts = [(one, package.read(one)) for one in package.namelist()]
    return hostile.package(
        (one, part.replace(old, new) if one == name else part) for one, part in parts
    )


SHEET = "xl/worksheets/sheet1.xml"


def test_what_a_sheet_says_of_its_size_is_not_believed(tmp_path: Any) -> None:
    content = as_xlsx(ROWS)
    lying = swapped(content, SHEET, b'<dimension ref="A1:C3"', b'<dimension ref="A1:XFD1048576"')
    assert lying != content
    assert len(items(lying, tmp_path)) == 2


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"<sheetData>", b"<!DOCTYPE x [<!ENTITY a 'b'>]><sheetData>", "xml_dtd_forbidden"),
        (b"</sheetData>", b"", "damaged_file"),
        (b'<c r="A2" t="inlineStr">', b'<c r="A2" t="s"><v>99999</v>', "damaged_file"),
        (b'<c r="A2" t="inlineStr">', b'<c r="A2" t="d"><v>soon</v>', "damaged_file"),
        (b'r="A2"', b'r="2A"', "damaged_file"),
    ],
)
def test_workbooks_that_are_wrong_inside_are_refused(
    tmp_path: Any, old: bytes, new: bytes, code: str
) -> None:
    with zipfile.ZipFile(io.BytesIO(as_xlsx(ROWS))) as package:
        assert old in package.read(SHEET)
    with pytest.raises(UnreadableFile) as caught:
        items(swapped(as_xlsx(ROWS), SHEET, old, new), tmp_path)
    assert caught.value.code == code


def test_a_workbook_that_swells_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    swollen = [("xl/workbook.xml", "<x/>"), ("xl/sharedStrings.xml", b" " * 70_000_000)]
    path.write_bytes(hostile.package(swollen))
    with pytest.raises(UnreadableFile, match="拆开，或另存为 CSV") as caught:
        parse(path)
    assert caught.value.code == "zip_bomb"


def test_rows_that_are_alike_are_no_bomb(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(
        as_xlsx([HEAD, *([f"{n}", "关于修建滨河步道的提案" * 9, "局"] for n in range(4000))])
    )
    assert sum(isinstance(item, RegisterRow) for item in parse(path)) == 4000


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELL, min_size=1, max_size=6), max_size=8))
def test_whatever_stands_in_a_table_is_read_or_refused(rows: list[list[str]]) -> None:
    for head in (HEAD, ["来信内容", "答复内容", "答复单位", "工单编号"]):
        try:
            found = list(table_items([of_csv(as_csv([head, *rows]))]))
        except UnreadableFile:
            continue
        assert all(isinstance(item, Item) for item in found)


@settings(max_examples=60, deadline=None)
@given(CELL, CELL, CELL)
def test_what_was_asked_is_never_in_the_reply(before: str, after: str, reply: str) -> None:
    asked = f"{before}本人来信反映井盖{after}"
    rows = [["来信内容", "答复内容", "答复单位"], [asked, f"{reply}胶垫已加装。", "局"]]
    for item in table_items([of_csv(as_csv(rows))]):
        assert isinstance(item, UnreadableFile | Raw)
        assert isinstance(item, UnreadableFile) or "本人来信反映" not in item.text


def test_an_empty_workbook_or_one_without_a_heading_is_told(tmp_path: Any) -> None:
    for rows in ([], [["日期", "气温"], ["1", "2"]]):
        with pytest.raises(UnreadableFile) as caught:
            items(as_xlsx(rows), tmp_path)
        assert caught.value.code in ("empty_file", "unknown_table")
    assert "日期、气温" in str(caught.value)


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("2024/4/3", "2024-04-03"), ("2024.04.03", "2024-04-03"), ("２０２４年４月３日", "2024-04-03"),
        ("2024-04-03 09:00:00", "2024-04-03"), ("45385", "2024-04-03"), ("20240403", "2024-04-03"),
        ("2024年4月", "2024年4月"), ("三个月内", "三个月内"), ("2024-13-40", "2024-13-40"), ("—", ""),
    ],
)  # fmt: skip
def test_dates_are_read_and_other_words_kept(cell: str, told: str) -> None:
    assert day(cell) == told


@pytest.mark.parametrize("cell", ["", " ", "无", "/", "--", "——", "#N/A", "#REF!", "暂无", "null"])
def test_cells_that_say_nothing_are_empty(cell: str) -> None:
    assert words(cell) == ""
