"""Workbooks (xlsx) → sheets. Runs in the child process only.

What a formula showed last is read, never the formula; hidden sheets and links to other
files are left aside. A cell merged over several rows says the same in each of them.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

import openpyxl
from lxml import etree
from openpyxl.utils.cell import column_index_from_string
from openpyxl.utils.exceptions import InvalidFileException

from indexer.formats import zip
from indexer.formats.raw import Limits, refused
from indexer.formats.table.sheet import MOST_COLUMNS, Line, Sheet

_ASIDE = ("xl/externallinks/", "xl/drawings/", "xl/charts/", "xl/comments", "xl/embeddings/")
_MERGED = re.compile(
    rb'<(?:\w+:)?mergeCell\s[^<>]{0,60}?ref="([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})"'
)
_ROW = re.compile(rb"<(?:\w{1,20}:)?row\s([^<>]{0,500})")
_NUMBER, _HIDDEN = re.compile(rb'\br="(\d{1,7})"'), re.compile(rb'\bhidden="(?:1|true)"')
_ESCAPED = re.compile(r"_x000[0-9A-Fa-f]_")
_BROKEN = (
    zipfile.BadZipFile, InvalidFileException, ParseError, etree.Error, KeyError, ValueError,
    TypeError, AttributeError, IndexError, OverflowError,
)  # fmt: skip
_EMPTY = (None,) * (MOST_COLUMNS + 1)


def sheets(file: BinaryIO, limits: Limits) -> list[Sheet]:
    """The visible sheets of the workbook ``file`` that hold something.

    Raises UnreadableFile as ``zip.open_package``, ``damaged_file``, ``too_large``.
    """
    parts = zip.xml_parts(zip.open_package(file, limits), limits)
    try:
        book = openpyxl.load_workbook(
            io.BytesIO(_packed(parts)), read_only=True, data_only=True, keep_links=False
        )
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except _BROKEN as error:
        raise refused("damaged_file", "工作簿读不出来") from error
    found: list[Sheet] = []
    left = limits.rows
    for sheet in shown:
        name = str(sheet.title) if len(shown) > 1 else ""
        source = parts.get(str(sheet._worksheet_path).lstrip("/"), b"")
        lines = tuple(_lines(sheet, source, named=str(sheet.title), most=left))
        left -= len(lines)
        found += [Sheet(name=name, lines=lines)] if lines else []
    return found


def _packed(parts: Mapping[str, bytes]) -> bytes:
    """The checked parts as a package: what was looked at is what is read."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as package:
        for name, content in parts.items():
            if not name.lower().startswith(_ASIDE):
                package.writestr(name, content)
    return packed.getvalue()


def _lines(sheet: Any, source: bytes, *, named: str, most: int) -> Iterator[Line]:
    """The rows of ``sheet``, whose part is ``source``, that hold something; at most ``most``."""
    merged, hidden = _merged(source), _hidden(source)
    sheet.reset_dimensions()  # what the file says of its size is not believed
    spread: dict[int, tuple[str, int]] = {}  # column → a merged cell's words and its last row
    count = 0
    rows = sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True)
    try:
        for number, row in enumerate(rows, start=1):
            starting = merged.get(number, ())
            spread = {at: block for at, block in spread.items() if number <= block[1]}
            if row == _EMPTY and not spread:
                continue
            cells = [_shown(value) for value in _trimmed(row, widest=max(spread, default=-1))]
            spread |= {at: (cells[at], last) for at, last in starting if at < len(cells)}
            for at, (words, _) in spread.items():
                cells[at] = cells[at] or words
            if not any(cells):
                continue
            count += 1
            if len(cells) > MOST_COLUMNS:
                raise refused("too_large", f"工作表“{named}”超过 {MOST_COLUMNS} 列")
            if count > most:
                raise refused("too_large", f"超过 {most} 行")
            yield Line(number=number, cells=tuple(cells), hidden=number in hidden)
    except _BROKEN as error:
        raise refused("damaged_file", f"工作表“{named}”读不出来") from error


def _trimmed(row: Sequence[Any], *, widest: int) -> Sequence[Any]:
    """``row`` without the empty cells at its end, but with those up to the column ``widest``."""
    width = len(row)
    while width > widest + 1 and row[width - 1] is None:
        width -= 1
    return row[:width]


def _merged(source: bytes) -> dict[int, list[tuple[int, int]]]:
    """First row → the columns, from 0, and the last rows of the cells that are merged from it."""
    found: dict[int, list[tuple[int, int]]] = {}
    for match in _MERGED.finditer(source):
        column, first, last = column_index_from_string(match[1].decode()), match[2], match[3]
        if int(first) < int(last) and column <= MOST_COLUMNS:
            found.setdefault(int(first), []).append((column - 1, int(last)))
    return found


def _hidden(source: bytes) -> frozenset[int]:
    """The numbers of the rows that are hidden."""
    rows = (match[1] for match in _ROW.finditer(source) if _HIDDEN.search(match[1]))
    numbers = (_NUMBER.search(row) for row in rows)
    return frozenset(int(number[1]) for number in numbers if number)


def _shown(value: Any) -> str:
    """A cell's value as people see it."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case datetime():
            day = value.date().isoformat()
            return day if value.time() == time() else f"{day} {value:%H:%M}"
        case date():
            return value.isoformat()
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
    return _ESCAPED.sub("", str(value)).strip()
