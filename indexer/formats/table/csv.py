"""CSV → a sheet. Runs in the child process only.

Cells are parted by commas, tabs, semicolons or bars, whichever the first lines hold most of.
"""

from __future__ import annotations

import csv
import io
from typing import BinaryIO

from indexer.formats.plain import decode
from indexer.formats.raw import Limits, refused
from indexer.formats.table.sheet import MOST_COLUMNS, Line, Sheet

_PARTING = ",\t;|"
_HEAD = 4000  # code points in which what parts the cells is looked for


def sheets(file: BinaryIO, limits: Limits) -> list[Sheet]:
    """The one sheet of the CSV ``file``.

    Raises UnreadableFile ``encoding_unknown``, ``damaged_file`` (naming the row), ``too_large``.
    """
    text = decode(file.read())
    csv.field_size_limit(limits.letter_length)
    head = text[:_HEAD]
    parting = max(_PARTING, key=head.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=parting, strict=True)
    lines: list[Line] = []
    number = 1
    try:
        for cells in rows:
            if any(cell.strip() for cell in cells):
                lines.append(_line(number, cells, limits))
            if len(lines) > limits.rows:
                raise refused("too_large", f"超过 {limits.rows} 行")
            number = rows.line_num + 1
    except csv.Error as error:
        why = "有一格太长" if "field larger" in str(error) else "引号没有配对，或引号后面还有字"
        raise refused("damaged_file", f"第{number}行{why}") from None
    return [Sheet(name="", lines=tuple(lines), ragged=True)]


def _line(number: int, cells: list[str], limits: Limits) -> Line:
    if len(cells) > MOST_COLUMNS:
        raise refused("too_large", f"第{number}行有 {len(cells)} 格，上限 {MOST_COLUMNS} 格")
    return Line(number=number, cells=tuple(cells))
