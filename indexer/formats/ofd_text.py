"""What one page of an OFD draws: its characters, each where it stands (GB/T 33190, chapter 11)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml.etree import _Element as Element

from indexer.formats.layout import SPACE, Piece
from indexer.formats.raw import refused

Matrix = tuple[float, float, float, float, float, float]
SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
TURNED = 0.1  # sine of the angle from which a line is no longer level
DEEPEST = 3  # graphic units that stand in one another


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A page: its level words, its columns of vertical writing, and the words that are no text.

    ``turned`` are words that stand at an angle or are hidden, ``length`` all its characters.
    """

    pieces: tuple[Piece, ...]
    columns: tuple[str, ...]
    turned: tuple[str, ...]
    pictures: bool
    length: int

    @property
    def silent(self) -> bool:
        """True for a page of pictures only."""
        return self.pictures and not self.level

    @property
    def level(self) -> tuple[str, ...]:
        """The words that are its text."""
        return (*(piece.words for piece in self.pieces), *self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Code:
    """A TextCode with the object it stands in, and how both lie on the page."""

    code: Element
    size: float
    matrix: Matrix
    hidden: bool


def sheet(trees: Sequence[Element], units: Mapping[str, Element], *, most: int) -> Sheet:
    """What ``trees``, a page and its templates, draw.

    ``units`` are the graphic units that they may name. Raises UnreadableFile ``too_large`` for
    more than ``most`` characters.
    """
    pieces: list[Piece] = []
    columns: list[tuple[float, str]] = []
    turned: list[str] = []
    length = 0
    for tree in trees:
        for found in _codes(tree, units, SAME, deep=0):
            words = "".join((found.code.text or "").split("\n"))
            length += len(words) + 1
            if length > most:
                raise refused("too_large", "文字太多")
            a, b, *_ = found.matrix
            if found.hidden or abs(b) > TURNED * math.hypot(a, b):
                turned.append(words)
            elif len(words) > 1 and _is_column(found.code):
                columns.append((_at(found, 0.0, 0.0)[0], words))
            else:
                pieces.extend(_pieces(found, words))
    pictures = any(next(tree.iter("{*}ImageObject", "{*}PathObject"), None) is not None
                   for tree in trees)  # fmt: skip
    return Sheet(
        pieces=tuple(pieces),
        columns=tuple(words for _, words in sorted(columns, key=lambda column: -column[0])),
        turned=tuple(turned),
        pictures=pictures,
        length=length,
    )


def _codes(
    tree: Element, units: Mapping[str, Element], matrix: Matrix, *, deep: int
) -> Iterator[_Code]:
    """The TextCodes under ``tree`` in the order of drawing, also those of graphic units."""
    for drawn in tree.iter("{*}TextObject", "{*}CompositeObject"):
        x, y, *_ = (*_numbers(drawn.get("Boundary")), 0.0, 0.0)
        own = _matrix(drawn.get("CTM"))
        lies = _times(_times(own, (1.0, 0.0, 0.0, 1.0, x, y)), matrix)
        if str(drawn.tag).endswith("}CompositeObject"):
            unit = units.get(drawn.get("ResourceID") or "")
            if unit is not None and deep < DEEPEST:
                yield from _codes(unit, units, lies, deep=deep + 1)
            continue
        size = abs(next(iter(_numbers(drawn.get("Size"))), 0.0))
        hidden = (drawn.get("Visible") or "").strip().lower() in ("false", "0")
        for code in drawn.iterchildren("{*}TextCode"):
            yield _Code(code=code, size=size, matrix=lies, hidden=hidden)


def _pieces(found: _Code, words: str) -> Iterator[Piece]:
    """The characters of a TextCode, parted where a gap or another line is."""
    scale = math.hypot(found.matrix[0], found.matrix[1])
    across = steps(found.code.get("DeltaX"), len(words) - 1)
    down = steps(found.code.get("DeltaY"), len(words) - 1)
    x = y = right = 0.0
    begin, begin_x = 0, 0.0
    for index, character in enumerate(words):
        em = found.size
        if index:
            step = across[index - 1] if index <= len(across) else right - x
            fall = down[index - 1] if index <= len(down) else 0.0
            x, y = x + step, y + fall
            # In one run a figure may be as wide as a character: only what is wider is a gap.
            if step >= (1 + SPACE) * em or x < begin_x or fall:
                yield _piece(found, words[begin:index], (begin_x, right, y - fall), scale)
                begin, begin_x = index, x
        right = x + em * (0.5 if character.isascii() else 1.0)
    if words:
        yield _piece(found, words[begin:], (begin_x, right, y), scale)


def _piece(found: _Code, words: str, place: tuple[float, float, float], scale: float) -> Piece:
    begin, end, fall = place
    left, base = _at(found, begin, fall)
    right, _ = _at(found, end, fall)
    return Piece(words=words, left=left, right=right, base=base, size=found.size * scale)


def _at(found: _Code, x: float, y: float) -> tuple[float, float]:
    """Where on the page a point of the TextCode, from its start, is."""
    start_x = next(iter(_numbers(found.code.get("X"))), 0.0)
    start_y = next(iter(_numbers(found.code.get("Y"))), 0.0)
    a, b, c, d, e, f = found.matrix
    x, y = start_x + x, start_y + y
    return a * x + c * y + e, b * x + d * y + f


def _is_column(code: Element) -> bool:
    """True if the characters stand below one another."""
    return any(steps(code.get("DeltaY"), 1)) and not any(steps(code.get("DeltaX"), 1))


def steps(given: str | None, most: int) -> list[float]:
    """The steps from character to character, at most ``most``; ``g 3 5`` is three times 5.

    >>> steps("5 g 2 4 6", 9)
    [5.0, 4.0, 4.0, 6.0]
    """
    found: list[float] = []
    parts = iter((given or "").split())
    for part in parts:
        if len(found) >= most:
            break
        if part.lower() == "g":
            times, step = _number(next(parts, "")), _number(next(parts, ""))
            found += [step] * max(0, min(int(times), most - len(found)))
        else:
            found.append(_number(part))
    return found


def _number(given: str) -> float:
    """A number of millimetres; what is none, or beyond any page, is 0."""
    try:
        value = float(given)
    except ValueError:
        return 0.0
    return value if abs(value) < 1e6 else 0.0


def _numbers(given: str | None) -> list[float]:
    return [_number(part) for part in (given or "").split()[:6]]


def _matrix(given: str | None) -> Matrix:
    match _numbers(given):
        case [a, b, c, d, e, f]:
            return a, b, c, d, e, f
        case _:
            return SAME


def _times(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that does ``first``, then ``then``."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (
        a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s,
        e * p + f * r + t, e * q + f * s + u,
    )  # fmt: skip
