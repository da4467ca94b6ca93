"""The ledger as a workbook: one sheet, its heading frozen, days as days, filters on.

Rows go to disk as they come (XlsxWriter's constant memory), text is never taken for a formula.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from kb.ledger.formats.table import COLUMNS, Cell, Line

LONGEST = 32767  # characters of a cell (Excel specifications and limits)
HEADING = {"bold": True, "bg_color": "#E8EDF4", "border": 1, "valign": "vcenter"}
PLAIN = {"text_wrap": True, "valign": "top"}
DAY = {"num_format": "yyyy-mm-dd", "valign": "top"}
MOMENT = {"num_format": "yyyy-mm-dd hh:mm", "valign": "top"}
LINK = {"font_color": "#0B4F9E", "underline": 1, "valign": "top"}


def write(
    path: Path,
    lines: Iterable[Line],
    *,
    address_of: Callable[[int], str] | None,
    made_at: datetime,
) -> int:
    """Write the workbook to ``path``; how many rows.

    ``address_of`` a number is its page's; without it numbers are no links.
    """
    book = xlsxwriter.Workbook(
        str(path),
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "remove_timezone": True,
            "tmpdir": str(path.parent),
        },
    )
    book.set_properties({"title": "承诺台账", "created": made_at})
    styles = {
        name: book.add_format(style)
        for name, style in (("plain", PLAIN), ("day", DAY), ("moment", MOMENT), ("link", LINK))
    }
    sheet = book.add_worksheet("承诺台账")
    for place, column in enumerate(COLUMNS):
        sheet.set_column(place, place, column.width)
    sheet.freeze_panes(1, 1)
    sheet.write_row(0, 0, [column.name for column in COLUMNS], book.add_format(HEADING))
    count = 0
    for count, line in enumerate(lines, start=1):
        for place, column in enumerate(COLUMNS):
            _put(sheet, count, place, column.cell(line), styles)
        if address_of:
            _link(sheet, count, line.entry.id, address_of(line.entry.id), styles["link"])
    sheet.autofilter(0, 0, count, len(COLUMNS) - 1)
    book.close()
    return count


def _link(sheet: Any, row: int, number: int, address: str, style: Any) -> None:
    """A formula: of hyperlinks proper a sheet holds 65,530, and they all stay in memory."""
    sheet.write_formula(row, 0, f'=HYPERLINK("{address}",{number})', style, number)


def _put(sheet: Any, row: int, place: int, cell: Cell, styles: dict[str, Any]) -> None:
    match cell:
        case None | "":
            return
        case datetime():
            sheet.write_datetime(row, place, cell, styles["moment"])
        case date():
            sheet.write_datetime(row, place, cell, styles["day"])
        case int() | float():
            sheet.write_number(row, place, cell, styles["plain"])
        case _:
            sheet.write_string(row, place, _short(cell), styles["plain"])


def _short(text: str) -> str:
    """``text``, or where no cell can hold it a word on where to find it: never a part of it."""
    return text if len(text) <= LONGEST else f"（{len(text)} 个字，一格放不下；请在网页上看）"
