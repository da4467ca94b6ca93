"""Rows of tables as letters' texts have them: a line of cells parted by tabs."""

from __future__ import annotations

import re

from kb.types import Span

_FIGURE = re.compile(r"[约近达超]?\d[\d.,，:：/\-—–～~]*\s?[%％‰]?[万亿千]?[\u4e00-\u9fff/㎡]{0,4}")
_YEAR = re.compile(r"(?:19|20)\d{2}年(?:度|底|末|[上下]半年|前?[一二三四1-4]季度|\d{1,2}月)?")
_MOST_ROWS = 3  # of a table's head


def is_head_row(text: str, span: Span) -> bool:
    """True if ``span`` is within a row that names the columns of the table below it.

    Such a row stands above the others, and none of its cells is a figure where theirs are.
    """
    start = text.rfind("\n", 0, span.start) + 1
    line, end = _line(text, start)
    if "\t" not in line or span.end > end or _figures(line):
        return False
    for _ in range(_MOST_ROWS):
        above, _end = _line(text, text.rfind("\n", 0, max(start - 1, 0)) + 1)
        if not start or "\t" not in above:
            break
        if _figures(above):
            return False
        start = text.rfind("\n", 0, start - 1) + 1
    else:
        return False
    below, after = _line(text, end + 1)
    for _ in range(_MOST_ROWS):
        if "\t" not in below:
            return False
        if _figures(below):
            return True
        below, after = _line(text, after + 1)
    return False


def _line(text: str, start: int) -> tuple[str, int]:
    """The line of ``text`` that begins at ``start``, and where it ends."""
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    return text[start:end], end


def is_figure(cell: str) -> bool:
    """True if ``cell`` holds a figure and nothing else; years name columns as often."""
    return bool(_FIGURE.fullmatch(cell.strip())) and not _YEAR.fullmatch(cell.strip())


def _figures(row: str) -> bool:
    """True if a cell of ``row`` is a figure and no year."""
    return any(map(is_figure, row.split("\t")))
