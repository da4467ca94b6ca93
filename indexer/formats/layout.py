"""Words that stand at a place on a page, and those of one line joined, as OFD and OCR give them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

SPACE, CELL = 0.5, 2.5  # ems between words that are a space, and between cells of a table
TWICE = 0.2  # ems within which the same words are drawn twice, to look bold
NEAR = 8  # pieces drawn before that are looked at for it


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


def once(pieces: Sequence[Piece]) -> list[Piece]:
    """``pieces`` that hold words, those drawn twice only once, blanks at their start as room."""
    found: list[Piece] = []
    filled = (piece for piece in pieces if piece.words.strip())
    for piece in sorted(filled, key=lambda piece: (piece.base, piece.left)):
        if not any(_again(piece, before) for before in found[-NEAR:]):
            found.append(piece)
    return list(map(_stripped, found))


def _again(piece: Piece, before: Piece) -> bool:
    room = TWICE * max(piece.size, before.size)
    return (
        piece.words == before.words
        and abs(piece.left - before.left) < room
        and abs(piece.base - before.base) < room
    )


def _stripped(piece: Piece) -> Piece:
    blank = len(piece.words) - len(piece.words.lstrip())
    left = min(piece.left + blank * piece.size, piece.right)
    return replace(piece, words=piece.words.strip(), left=left)


def joined(row: Sequence[Piece]) -> Piece:
    """The pieces of a line, from left to right, as one: wide gaps are tabs, others spaces."""
    last = row[-1]
    return replace(row[0], words="".join(_parts(row)), right=last.right)


def _parts(row: Sequence[Piece]) -> Iterator[str]:
    before: Piece | None = None
    for piece in row:
        if before is not None:
            em = max(piece.size, before.size)
            gap = piece.left - before.right
            yield "\t" if gap >= CELL * em else " " if gap >= SPACE * em else ""
        yield piece.words
        before = piece
