"""Pages of words at places → text, as OFD and OCR give them.

What stands in columns is read a column after the other; the cells of a table are parted by tabs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from indexer.formats.layout import Piece, joined, once
from indexer.formats.pdf_page.columns import Row, blocks
from indexer.formats.pdf_page.tables import Line, lines_of

INDENT = "\u3000"
MAX_INDENT = 30  # ems
MARGIN_SHARE = 0.1  # of the lines must begin at the same place to make it the margin
TYPE = 12.0  # points: pages are scaled so that this is the size of most of their words


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """The ``text`` of pages, parted by ``\\f``, and whether some of it stood in columns."""

    text: str
    columns: bool


def laid_out(pages: Sequence[Sequence[Piece]], *, below: Sequence[Sequence[str]] = ()) -> Laid:
    """The pages as text; lines are indented from their margin.

    Gaps between pieces of a line become a space, wide ones a tab. Left and right pages have
    margins of their own. ``below`` are further lines of each page.
    """
    read = [_lines(once(pieces)) for pieces in pages]
    lined = [lines for lines, _ in read]
    margins = [_margin([line for page in lined[side::2] for line in page]) for side in (0, 1)]
    texts = []
    for number, page in enumerate(lined):
        left = margins[number % 2]
        more = below[number] if below else ()
        indented = (INDENT * _ems(line, left) + line[0] for line in page)
        texts.append("\n".join([*indented, *more]))
    return Laid(text="\f".join(texts), columns=any(parted for _, parted in read))


def _lines(pieces: Sequence[Piece]) -> tuple[list[Line], bool]:
    """The lines of a page in the order of reading; whether some stood in columns.

    Lines of a further column are moved to where they would stand in the first.
    """
    size = median([piece.size for piece in pieces]) if pieces else 0.0
    if size <= 0:
        return [_plain([piece]) for piece in pieces], False
    found = blocks([_scaled(piece, TYPE / size) for piece in pieces])
    lines: list[Line] = []
    first: float | None = None  # the margin of the first column
    for block in found:
        added = lines_of(block.rows, plain=_plain)
        if block.column and added:
            left = _margin(added)
            first = left if first is None else first
            added = [(words, x - left + first, em) for words, x, em in added]
        lines += added
    unit = size / TYPE
    whole = [(words, x * unit, em * unit) for words, x, em in lines if words.strip()]
    return whole, any(block.column for block in found)


def _plain(row: Row) -> Line:
    whole = joined(row)
    return whole.words, whole.left, whole.size


def _scaled(piece: Piece, by: float) -> Piece:
    return replace(
        piece,
        left=piece.left * by,
        right=piece.right * by,
        base=piece.base * by,
        size=piece.size * by,
    )


def _margin(found: Sequence[Line]) -> float:
    """The leftmost place at which a fair share of the lines begin."""
    sizes = [size for _, _, size in found if size > 0]
    if not sizes:
        return 0.0
    step = min(sizes) / 4
    counts = Counter(round(left / step) for _, left, _ in found)
    usual = [place for place, count in counts.items() if count >= MARGIN_SHARE * len(found)]
    return step * min(usual or counts)


def _ems(line: Line, left: float) -> int:
    _, start, size = line
    return min(max(round((start - left) / size), 0), MAX_INDENT) if size > 0 else 0
