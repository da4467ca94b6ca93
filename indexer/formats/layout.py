"""Words that stand at places on pages → lines of text, as OFD and OCR give them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

INDENT = "\u3000"
MAX_INDENT = 30  # ems
SAME_LINE = 0.5  # ems that the baselines of one line may differ by: raised figures stay in it
SPACE, CELL = 0.5, 2.5  # ems between words that are a space, and between cells of a table
NARROW_CELL = 1.0  # ems between cells, where the next begins under or over one of its column
TWICE = 0.2  # ems within which the same words are drawn twice, to look bold
MARGIN_SHARE = 0.1  # of the lines must begin at the same place to make it the margin


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Words on one page: where they begin and end, their baseline (downwards), their size.

    All in one unit, whichever it is.
    """

    words: str
    left: float
    right: float
    base: float
    size: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a page, its pieces joined."""

    words: str
    left: float
    size: float


def laid_out(pages: Sequence[Sequence[Piece]], *, below: Sequence[Sequence[str]] = ()) -> str:
    """The pages as text, parted by ``\\f``; lines are indented from their margin.

    Gaps between pieces of a line become a space, wide ones a tab. Left and right pages have
    margins of their own. ``below`` are further lines of each page.
    """
    lined = [lines(pieces) for pieces in pages]
    margins = [_margin([line for page in lined[side::2] for line in page]) for side in (0, 1)]
    texts = []
    for number, page in enumerate(lined):
        left = margins[number % 2]
        more = below[number] if below else ()
        texts.append("\n".join([*(INDENT * _ems(line, left) + line.words for line in page), *more]))
    return "\f".join(texts)


def lines(pieces: Sequence[Piece]) -> list[Line]:
    """The lines of one page from top to bottom, each from left to right."""
    rows: list[list[Piece]] = []
    for piece in sorted((p for p in pieces if p.words.strip()), key=lambda p: (p.base, p.left)):
        last = rows[-1][0] if rows else None
        if last and piece.base - last.base < SAME_LINE * max(piece.size, last.size):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    rows = [sorted(row, key=lambda piece: piece.left) for row in rows]
    parted = [[], *map(_cells, rows), []]
    return [_joined(row, columns=[*parted[at], *parted[at + 2]]) for at, row in enumerate(rows)]


def _cells(row: Sequence[Piece]) -> list[float]:
    """Where the cells of a row begin, the first aside."""
    return [
        piece.left
        for before, piece in pairwise(row)
        if piece.left - before.right >= CELL * max(piece.size, before.size)
    ]


def _joined(row: Sequence[Piece], *, columns: Sequence[float]) -> Line:
    """The pieces of a line, from left to right, as one; ``columns`` begin right above and below."""
    first, words = row[0], row[0].words
    before = first
    for piece in row[1:]:
        em = max(piece.size, before.size)
        if piece.words == before.words and piece.left - before.left < TWICE * em:
            continue
        gap = piece.left - before.right
        aligned = any(abs(piece.left - left) < SPACE * em for left in columns)
        cell = gap >= (NARROW_CELL if aligned else CELL) * em
        words += "\t" if cell else " " if gap >= SPACE * em else ""
        words += piece.words
        before = piece
    blank = len(words) - len(words.lstrip())
    return Line(words=words.strip(), left=first.left + blank * first.size, size=first.size)


def _margin(found: Sequence[Line]) -> float:
    """The leftmost place at which a fair share of the lines begin."""
    if not found:
        return 0.0
    step = max(min(line.size for line in found) / 4, 1e-6)
    counts = Counter(round(line.left / step) for line in found)
    usual = [place for place, count in counts.items() if count >= MARGIN_SHARE * len(found)]
    return step * min(usual or counts)


def _ems(line: Line, left: float) -> int:
    if line.size <= 0:
        return 0
    return min(max(round((line.left - left) / line.size), 0), MAX_INDENT)
