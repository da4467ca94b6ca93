"""The ledger as a workbook, as the program that opens it would read it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zipfile import ZipFile

from lxml import etree
from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name

from kb.ledger.formats import xlsx
from kb.ledger.formats.table import COLUMNS, NAMES, Line
from tests.support.outgoing import line_of
from tests.support.promises import LIFTS

NS = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
NOON = datetime(2026, 6, 30, 12, tzinfo=UTC)


def sheet_of(path: Path, *lines: Line) -> etree._Element:
    count = xlsx.write(
        path / "台账.xlsx",
        lines,
        made_at=NOON,
        address_of=lambda number: f"https://www.example.gov.cn/staff/commitments/{number}",
    )
    assert count == len(lines)
    with ZipFile(path / "台账.xlsx") as book:
        assert book.testzip() is None
        return etree.fromstring(book.read("xl/worksheets/sheet1.xml"))


def row(sheet: etree._Element, number: int) -> list[tuple[str, str]]:
    """The cells that have anything in them: the column's name, what it says."""
    found = []
    for cell in sheet.iterfind(f".//x:row[@r='{number}']/x:c", NS):
        _, place = xl_cell_to_rowcol(cell.get("r", ""))
        text = "".join(cell.itertext())
        if text:
            found.append((NAMES[place], text))
    return found


def test_the_heading_is_frozen_and_filters_the_rows(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, line_of(), line_of(id=2))
    assert [name for _, name in row(sheet, 1)] == list(NAMES)
    pane = sheet.find(".//x:pane", NS)
    assert pane is not None
    assert (pane.get("state"), pane.get("ySplit")) == ("frozen", "1")
    last = xl_col_to_name(len(COLUMNS) - 1)
    filtered = sheet.find(".//x:autoFilter", NS)
    assert filtered is not None
    assert filtered.get("ref") == f"A1:{last}3"


def test_days_and_figures_are_days_and_figures(tmp_path: Path) -> None:
    told = dict(row(sheet_of(tmp_path, line_of(evidence=2)), 2))
    assert told["末日"] == str((date(2025, 6, 30) - date(1899, 12, 30)).days)
    assert (told["目标数值"], told["佐证数"], told["版本"]) == ("60", "2", "1")
    assert float(told["更新时间"]) > 46000
    assert told["承诺原文"] == LIFTS


def test_the_number_leads_to_the_page_of_the_commitment(tmp_path: Path) -> None:
    formulas = [one.text for one in sheet_of(tmp_path, line_of(id=12)).iterfind(".//x:f", NS)]
    assert formulas == ['HYPERLINK("https://www.example.gov.cn/staff/commitments/12",12)']


def test_no_text_is_a_formula_or_a_link(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, line_of(note="=1+1", action="@sum(1)", organ="https://x.example"))
    told = dict(row(sheet, 2))
    assert (told["备注"], told["事项"], told["负责单位"]) == (
        "=1+1",
        "@sum(1)",
        "https://x.example",
    )
    assert len(sheet.findall(".//x:f", NS)) == 1
    assert sheet.find(".//x:hyperlink", NS) is None


def test_what_no_cell_can_hold_is_not_cut(tmp_path: Path) -> None:
    told = dict(row(sheet_of(tmp_path, line_of(text="路" * 40_000)), 2))
    assert told["承诺原文"] == "（40000 个字，一格放不下；请在网页上看）"


def test_an_empty_workbook_has_its_heading(tmp_path: Path) -> None:
    assert [name for _, name in row(sheet_of(tmp_path), 1)] == list(NAMES)
