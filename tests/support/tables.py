"""Builders of tables: CSV and workbooks from rows of words."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import openpyxl

Rows = Sequence[Sequence[Any]]


def as_csv(rows: Rows, encoding: str = "utf-8", parting: str = ",") -> bytes:
    """The rows as CSV."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=parting).writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(rows: Rows = (), *, merged: Iterable[str] = (), **sheets: Rows) -> bytes:
    """The rows as a workbook of one sheet, or of several by their names."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    named: Mapping[str, Rows] = sheets or {"Sheet1": rows}
    for name, lines in named.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(list(line))
        for cells in merged:
            sheet.merge_cells(cells)
    return saved(book)


def saved(book: Any) -> bytes:
    """A workbook of openpyxl as bytes."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
