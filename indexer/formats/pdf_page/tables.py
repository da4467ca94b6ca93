"""Rows of words as lines: cells that stand under each other are parted by a tab.

PDF has no tables, only words at places. Two rows or more with gaps at the same places are taken as
one: then each piece stands in its column, an empty cell is an empty one, and what stands in one
column right under a row goes on with its cell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from indexer.formats.layout import Piece
from indexer.formats.pdf_page.columns import Row

APART = 5.0  # ems between baselines of rows that belong together
UNDER, ALIGNED = 1.7, 0.7  # ems between the lines of one cell, and that they may be out of line
MOST_COLUMNS = 40
MOST_SINGLE = 3  # rows with a single cell that may follow each other in a table
SPACE = 0.2  # ems between pieces that are a space
# The number of a paragraph, which stands apart from its words.
NUMBER = re.compile(
    r"(?:\d{1,2}[.．、)）]|[一二三四五六七八九十]{1,3}[、.．]|[（(][\d一二三四五六七八九十]{1,3}[)）]"
    r"|[①-⑳●■◆▪•·○□-])$"
)

Line = tuple[str, float, float]  # words, where they begin and the size of their type, in points
Column = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """Rows that make a table, and its columns."""

    rows: list[Row]
    columns: list[Column]


def lines_of(rows: Sequence[Row]) -> list[Line]:
    """The lines of ``rows``."""
    rows = [_numbered(row) for row in rows]
    lines: list[Line] = []
    at = 0
    while at < len(rows):
        run = _run(rows, at)
        if run is None:
            lines.append(_plain(rows[at]))
            at += 1
        else:
            lines += _table(run)
            at += len(run.rows)
    return lines


def _numbered(row: Row) -> Row:
    """``row`` with the number of a paragraph joined to its words."""
    if len(row) > 1 and NUMBER.match(row[0].words):
        return [_joined(row[0], row[1], " "), *row[2:]]
    return row


def _joined(first: Piece, second: Piece, glue: str) -> Piece:
    return Piece(
        words=first.words + glue + second.words,
        left=first.left,
        right=second.right,
        base=first.base,
        size=first.size,
    )


def _plain(row: Row) -> Line:
    """A row that is no table's: one line."""
    whole = row[0]
    for piece in row[1:]:
        apart = piece.left - whole.right > SPACE * piece.size
        whole = _joined(whole, piece, " " if apart else "")
    return whole.words, whole.left, whole.size


def _run(rows: Sequence[Row], at: int) -> _Run | None:
    """The table that begins at the row ``at``; None if there is none."""
    if len(rows[at]) < 2:
        return None
    columns = [(piece.left, piece.right) for piece in rows[at]]
    end = at + 1
    single = 0
    reached, kept = end, columns  # as far as the last row with several cells
    while end < len(rows) and single < MOST_SINGLE:
        row = rows[end]
        fitted = _fitted(columns, row)
        if fitted is None or row[0].base - rows[end - 1][0].base > APART * row[0].size:
            break
        columns, end = fitted, end + 1
        single = 0 if len(row) > 1 else single + 1
        if len(row) > 1 or _goes_on(rows[end - 2], row[0], columns):
            reached, kept = end, columns
    several = sum(len(row) > 1 for row in rows[at:reached])
    return _Run(rows=list(rows[at:reached]), columns=kept) if several > 1 else None


def _fitted(columns: list[Column], row: Row) -> list[Column] | None:
    """``columns`` widened by the pieces of ``row``; None if one of them does not fit."""
    found = list(columns)
    taken: set[int] = set()
    for piece in row:
        met = [
            n for n, (left, right) in enumerate(found) if left < piece.right and piece.left < right
        ]
        if len(met) > 1 or taken.intersection(met) or len(found) > MOST_COLUMNS:
            return None
        if met:
            left, right = found[met[0]]
            found[met[0]] = (min(left, piece.left), max(right, piece.right))
            taken.add(met[0])
        elif len(row) < 2:
            return None
        else:
            found.append((piece.left, piece.right))
            taken.add(len(found) - 1)
    if len(found) > len(columns) + 1:  # a row of quite other columns
        return None
    found.sort()
    overlapping = any(one[1] > two[0] for one, two in pairwise(found))
    return None if overlapping else found


def _column(columns: list[Column], piece: Piece) -> int:
    """The number of the column that ``piece`` stands in."""
    return next(
        n for n, (left, right) in enumerate(columns) if left <= piece.left and piece.right <= right
    )


def _goes_on(row: Row, piece: Piece, columns: list[Column]) -> bool:
    """True if ``piece``, alone in its row, is the next line of a cell of ``row``."""
    return (
        len(row) > 1
        and piece.base - row[0].base < UNDER * piece.size
        and any(_is_aligned(piece, above) for above in row)
    )


def _is_aligned(piece: Piece, above: Piece) -> bool:
    """True if both begin at one place, or have one middle."""
    room = ALIGNED * piece.size
    middles = piece.left + piece.right, above.left + above.right
    return abs(piece.left - above.left) < room or abs(middles[0] - middles[1]) < 2 * room


def _table(run: _Run) -> list[Line]:
    """The lines of a table, its cells parted by tabs."""
    lines: list[Line] = []
    cells: list[str] = []
    before: Row = []
    for row in run.rows:
        if len(row) == 1 and before and _goes_on(before, row[0], run.columns):
            cells[_column(run.columns, row[0])] += row[0].words
        else:
            cells = [""] * len(run.columns)
            for piece in row:
                cells[_column(run.columns, piece)] = piece.words
            lines.append(("", run.columns[0][0], row[0].size))
        lines[-1] = ("\t".join(cells).rstrip("\t"), *lines[-1][1:])
        before = row
    return lines
