"""A table as rows of cells: what CSV, workbooks and lines of JSON are made into."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kb.text.chars import narrow

MOST_COLUMNS = 200
LONGEST_NOTHING = 20
# What stands in a cell for nothing, and what a spreadsheet shows where a formula failed.
_NOTHING = re.compile(
    r"[-—–_/\\.…、，。*\s]*|[无空]|暂无|null|none|nan"
    r"|#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)",
    re.I,
)
_DAY = re.compile(r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_SERIAL, _EPOCH = re.compile(r"[345]\d{4}"), date(1899, 12, 30)  # days as spreadsheets count them


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of a table: its number as people count them, from 1, and its cells' words.

    ``hidden``: whoever opens the file does not see it.
    """

    number: int
    cells: tuple[str, ...]
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The rows of one sheet that hold something.

    ``name`` is "" where a file has one sheet only. ``ragged``: rows have as many cells as
    they were written with, so that one with fewer or more than the heading is broken.
    """

    name: str
    lines: tuple[Line, ...]
    ragged: bool = False

    def place(self, line: Line) -> str:
        """Where ``line`` stands, for people."""
        return f"工作表“{self.name}”第{line.number}行" if self.name else f"第{line.number}行"


def words(cell: str) -> str:
    """``cell`` on one line, with one space between words; "" where it says nothing."""
    line = " ".join(cell.split())
    if len(line) > LONGEST_NOTHING:
        return line
    return "" if _NOTHING.fullmatch(narrow(line, signs=True)) else line


def broken_width(line: Line, names: Sequence[str]) -> str:
    """Why ``line`` has other cells than the heading ``names``, or "" if it has as many."""
    width = len(names)
    beyond = [cell for cell in line.cells[width:] if cell.strip()]
    if beyond:
        more = f"多出来的是“{beyond[0].strip()[:12]}”"
        return f"有 {len(line.cells)} 格，表头只有 {width} 列（{more}）；有逗号的格要加引号"
    if len(line.cells) < width:
        return f"只有 {len(line.cells)} 格，表头有 {width} 列；有换行的格要加引号"
    return ""


def day(cell: str) -> str:
    """A date as ISO, also one that lost its format (45383) or its signs (20240403); else the words.

    >>> day("2024年4月3日 9:30"), day("45385"), day("收到后三个月内")
    ('2024-04-03', '2024-04-03', '收到后三个月内')
    """
    line = narrow(words(cell), signs=True)
    match = _DAY.match(line) or _COMPACT.fullmatch(line)
    try:
        if match:
            return date(*map(int, match.groups())).isoformat()
        if _SERIAL.fullmatch(line):
            return (_EPOCH + timedelta(days=int(line))).isoformat()
    except ValueError:
        pass
    return words(cell)
