"""Pages set in columns: what stands left of a gutter is read before what stands right of it.

A gutter is a place where many lines begin, far from the margin, and that no line of a band of the
page crosses; on both sides of it must stand prose, that is lines as wide as a clause of which a
fair share reach the edge. Tables have short cells and keep their rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from indexer.formats.layout import Piece

STEP = 3.0  # points within which lines begin at the same place
LEAST = 3  # lines of prose that a column has
WIDE, PROSE = 7.5, 0.3  # ems that lines of prose are wide, and their share of a column's lines
FULL, EDGE = 0.25, 3.0  # share of the lines that end within so many ems of the column's edge
MOST_PLACES = 16  # where lines begin that are tried as gutters
DEEPEST = 4  # columns beside each other
SAME_ROW, OVERLAP = 0.35, 0.5  # ems

Row = list[Piece]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Rows of a page that are read one after the other; ``column`` if they stand in a column."""

    rows: list[Row]
    column: bool = False


def blocks(pieces: Sequence[Piece], *, depth: int = 1) -> list[Block]:
    """The pieces of a page, or of a column, as blocks in the order of reading."""
    rows = _rows(pieces)
    if depth >= DEEPEST:
        return [Block(rows=rows, column=depth > 1)]
    for gutter in _places(rows):
        bands = _bands(rows, gutter)
        if any(_is_parted(band, gutter) for band in bands):
            return _split(bands, gutter, depth)
    return [Block(rows=rows, column=depth > 1)]


def _split(bands: list[list[Row]], gutter: float, depth: int) -> list[Block]:
    """``bands`` in order, those with prose on both sides of ``gutter`` a side after the other."""
    found: list[Block] = []
    for band in bands:
        if _is_parted(band, gutter):
            left, right = _sides(band, gutter)
            found += blocks(left, depth=depth + 1) + blocks(right, depth=depth + 1)
        elif found and not found[-1].column:
            found[-1] = Block(rows=found[-1].rows + band)
        else:
            found.append(Block(rows=band))
    return found


def _rows(pieces: Sequence[Piece]) -> list[Row]:
    """The pieces from top to bottom, those on one baseline that do not overlap as one row."""
    rows: list[Row] = []
    for piece in sorted(pieces, key=lambda piece: (piece.base, piece.left)):
        row = rows[-1] if rows else None
        if row and piece.base - row[0].base < SAME_ROW * max(piece.size, row[0].size):
            room = OVERLAP * piece.size
            beside = piece.left > row[-1].right - room or piece.right < row[0].left + room
            if beside or (len(row) < MOST_PLACES and _fits(piece, row, room)):
                row.append(piece)
                row.sort(key=lambda piece: piece.left)
                continue
        rows.append([piece])
    return rows


def _fits(piece: Piece, row: Row, room: float) -> bool:
    return all(piece.left > o.right - room or piece.right < o.left + room for o in row)


def _places(rows: list[Row]) -> list[float]:
    """Where many lines begin, far from the margin, from left to right."""
    pieces = [piece for row in rows for piece in row]
    if len(pieces) < 2 * LEAST:
        return []
    em = median(piece.size for piece in pieces)
    margin = min(piece.left for piece in pieces)
    counts = Counter(round(piece.left / STEP) for piece in pieces)
    near = {place: count + counts[place - 1] + counts[place + 1] for place, count in counts.items()}
    far = [
        place
        for place, count in near.items()
        if count >= LEAST and place * STEP > margin + WIDE * em
    ]
    best = sorted(far, key=lambda place: -near[place])[:MOST_PLACES]
    return [(place - 1) * STEP for place in sorted(best)]


def _bands(rows: list[Row], gutter: float) -> list[list[Row]]:
    """``rows`` parted where one crosses ``gutter``; each that does is a band of its own."""
    bands: list[list[Row]] = []
    crossed = True
    for row in rows:
        crosses = any(piece.left < gutter < piece.right - OVERLAP * piece.size for piece in row)
        if crosses or crossed:
            bands.append([])
        bands[-1].append(row)
        crossed = crosses
    return bands


def _sides(band: list[Row], gutter: float) -> tuple[list[Piece], list[Piece]]:
    pieces = [piece for row in band for piece in row]
    left = [piece for piece in pieces if piece.left < gutter]
    return left, [piece for piece in pieces if piece.left >= gutter]


def _is_parted(band: list[Row], gutter: float) -> bool:
    """True if prose stands on both sides of ``gutter``."""
    left, right = _sides(band, gutter)
    if min(len(left), len(right)) < LEAST:
        return False
    filled = sum(any(piece.left < gutter for piece in row) for row in band)
    if len(left) > 1.25 * filled:  # cells, or columns that a gutter further left parts
        return False
    edge = max(piece.right for piece in left)
    full = sum(piece.right > edge - EDGE * piece.size for piece in left)
    return _is_prose(left) and _is_prose(right) and full >= FULL * len(left)


def _is_prose(side: list[Piece]) -> bool:
    wide = sum(piece.right - piece.left >= WIDE * piece.size for piece in side)
    return wide >= max(LEAST, PROSE * len(side))
