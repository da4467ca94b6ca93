"""The ledger as CSV (RFC 4180, UTF-8 with BOM), and the rows of such a file again.

A cell that a spreadsheet would take for a formula gets an apostrophe before it; so does one that
begins with an apostrophe, and reading takes exactly one away.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kb.errors import WrongUse
from kb.ledger.formats.table import NAMES, Line, cells, clean

NEEDED = ("编号", "版本")
# OWASP, CSV Injection: what begins a formula somewhere; full-width signs do in East Asia.
_FORMULA = re.compile(r"[=+\-@＝＋－＠\t\r\n']")
_GUARD = "'"
_ENCODINGS = ("utf-8-sig", "gb18030")  # spreadsheets in Chinese write the second


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvRecord:
    """A row of a file: its number as a spreadsheet counts (1 is the heading), its cells."""

    number: int
    cells: Mapping[str, str]


class _Echo:
    """What the writer writes to: gives back the line."""

    def write(self, line: str) -> str:
        return line


def written(lines: Iterable[Line]) -> Iterator[bytes]:
    """The file, line by line."""
    writer = csv.writer(_Echo())
    yield codecs.BOM_UTF8 + str(writer.writerow(NAMES)).encode()
    for line in lines:
        row = [guarded(cell) for cell in cells(line).values()]
        yield str(writer.writerow(row)).encode()


def guarded(cell: str) -> str:
    """``cell`` as no spreadsheet takes it for a formula."""
    return _GUARD + cell if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """What ``guarded`` was given."""
    return cell[1:] if cell.startswith(_GUARD) and _FORMULA.match(cell[1:]) else cell


def read(content: bytes) -> list[CsvRecord]:
    """The rows of a file that have anything in them. Raises WrongUse for what is no such file."""
    if content.startswith(b"PK"):
        raise WrongUse("这是 xlsx 一类的文件；请在表格软件里另存为 CSV 再上传")
    try:
        found = list(csv.reader(io.StringIO(_decoded(content), newline=""), strict=True))
    except csv.Error as error:
        raise WrongUse(f"文件不是合格的 CSV（{error}）；请用表格软件另存为 CSV") from None
    heading = [clean(name) for name in found[0]] if found else []
    _check_heading(heading)
    return [
        CsvRecord(number=number, cells=_cells(heading, row, number))
        for number, row in enumerate(found[1:], start=2)
        if any(cell.strip() for cell in row)
    ]


def _decoded(content: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise WrongUse("文件的文字编码认不出；请另存为“CSV UTF-8”")


def _check_heading(heading: Sequence[str]) -> None:
    if missing := [name for name in NEEDED if name not in heading]:
        raise WrongUse(f"第一行没有“{missing[0]}”一列；请用导出的 CSV 改，不要删去编号和版本")
    if unknown := [name for name in heading if name and name not in NAMES]:
        raise WrongUse(f"不认识的列“{unknown[0][:40]}”；可以有：{'、'.join(NAMES)}")
    if twice := [name for name in heading if name and heading.count(name) > 1]:
        raise WrongUse(f"“{twice[0]}”一列出现了两次；请删去一列")


def _cells(heading: Sequence[str], row: Sequence[str], number: int) -> dict[str, str]:
    if any(cell.strip() for cell in row[len(heading) :]):
        raise WrongUse(f"第 {number} 行的格子比第一行多；请看看是不是少了引号")
    short = dict.fromkeys(heading[len(row) :], "")
    given = {name: clean(unguarded(cell), name) for name, cell in zip(heading, row, strict=False)}
    return {name: cell for name, cell in (given | short).items() if name}
