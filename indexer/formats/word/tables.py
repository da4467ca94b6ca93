"""Rows of a docx's table with their merged cells: every value stays under its own head.

A cell that goes on from the row above (w:vMerge) repeats the name that stands there, so that each
row can be read alone; a cell over several columns (w:gridSpan) takes up as many places, and in the
rows of the head its name stands in each of them. ECMA-376, part 1, 17.4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from indexer.formats.numbering import attribute, child
from indexer.formats.raw import RUNNING_TEXT, row_lines
from indexer.formats.word.xml import name_of

LONGEST_NAME = 40  # code points of a cell that is repeated; what is longer is no name
MOST_COLUMNS = 63  # Word makes no more
HOLDING = ("sdt", "sdtContent", "customXml", "ins", "smartTag")

ReadCell = Callable[[Element], list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a row: its lines, its columns, and how it is merged with those above."""

    lines: list[str]
    first: int
    span: int
    merged: str  # "", "restart" or "continue"

    @property
    def name(self) -> str:
        """Its words on one line if they are short enough to be repeated, else ""."""
        words = " ".join(line.strip() for line in self.lines if line.strip())
        return words if len(words) <= LONGEST_NAME else ""


@dataclass(slots=True, kw_only=True)
class _Above:
    """What the rows read so far leave to the next: names by column, and how far the head goes."""

    names: dict[int, str] = field(default_factory=dict)
    spanned: set[int] = field(default_factory=set)  # columns under a name of several columns
    row: int = 0


def table_lines(table: Element, read: ReadCell) -> Iterator[str]:
    """The lines of ``table``; ``read`` gives those of a cell. Deleted rows are left out."""
    above = _Above()
    for row in within(table, "tr"):
        if child(row, "trPr", "del") is None:
            yield from _row(list(_cells(row, read)), above)
            above.row += 1


def within(element: Element, name: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, also those in content controls."""
    for inner in element.iterchildren():
        tag = name_of(inner)
        if tag == name:
            yield inner
        elif tag in HOLDING:
            yield from within(inner, name)


def _cells(row: Element, read: ReadCell) -> Iterator[Cell]:
    """The cells of ``row``, one that is deleted left out."""
    first = _count(child(row, "trPr", "gridBefore"), least=0)
    for cell in within(row, "tc"):
        properties = child(cell, "tcPr")
        if child(properties, "cellDel") is not None:
            continue
        span = _count(child(properties, "gridSpan"), least=1)
        merge = child(properties, "vMerge")
        merged = "" if merge is None else attribute(merge, "val") or "continue"
        yield Cell(lines=read(cell), first=first, span=span, merged=merged)
        first += span


def _count(element: Element | None, *, least: int) -> int:
    """How many columns an element says, within what Word makes."""
    value = attribute(element, "val") or ""
    count = int(value) if value.isascii() and value.isdecimal() and len(value) < 4 else least
    return min(max(count, least), MOST_COLUMNS)


def _row(cells: list[Cell], above: _Above) -> list[str]:
    """The lines of a row: one of cells parted by tabs, or several where it is mere layout."""
    names = {cell.first: above.names.get(cell.first, "") for cell in cells if _goes_on(cell)}
    wide = _head_spans(cells, above)
    for cell in cells:
        if not _goes_on(cell):
            above.names[cell.first] = cell.name if cell.merged == "restart" else ""
    own = [[line for line in cell.lines if line.strip()] for cell in cells]
    running = any(len(lines) > 1 and sum(map(len, lines)) > RUNNING_TEXT for lines in own)
    alone = sum(map(bool, own)) <= 1
    if running or (alone and not any(names.values())):
        return row_lines(own)
    if not any(own):
        return []
    places: list[str] = [""] * (cells[0].first if cells else 0)
    for cell, lines in zip(cells, own, strict=True):
        words = names.get(cell.first) or " ".join(line.strip() for line in lines)
        again = words if cell.first in wide else ""
        places += [words, *[again] * (cell.span - 1)]
    return ["\t".join(places).rstrip("\t")]


def _goes_on(cell: Cell) -> bool:
    return cell.merged not in ("", "restart") and not any(line.strip() for line in cell.lines)


def _head_spans(cells: list[Cell], above: _Above) -> set[int]:
    """The first columns of the cells of a row of the head whose name holds for several columns."""
    spans = [cell for cell in cells if cell.span > 1 and cell.name]
    if above.row == 0:
        leads = bool(cells) and cells[0].merged == "restart"
        if len(cells) < 2 or not (leads or len(spans) > 1):
            spans = []
    else:
        spans = [cell for cell in spans if cell.first in above.spanned]
    above.spanned = {cell.first + at for cell in spans for at in range(cell.span)}
    return {cell.first for cell in spans}
