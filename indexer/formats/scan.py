"""What an engine saw on a picture of a page → pieces on a level page, and how sure it was.

A scan lies askew, on its side or upside down: most of its lines say how, and all are turned back.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from indexer.formats.layout import Piece

Corner = tuple[float, float]
BESIDE = math.radians(30)  # a line at a greater angle to most is none of the text
WIDE = 3.0  # times its height that a line is wide whose angle counts
NEAR, LEAST_BELOW = 0.8, 3  # ems within which so many lines begin at a gutter
HIGH = 0.7  # of the height of a line's box that its type is at the least


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A line that an engine read: its words, how sure it is, where it stands.

    ``confidence``, 0 to 1, is that of the character that it is least sure of. The four
    ``corners`` (x, y; y downwards) go around from the one over the beginning of the words to the
    one over their end. ``gaps`` are where more than a character is left out: the place of the
    character after it, and how far along the line, 0 to 1, it begins and ends.
    """

    words: str
    confidence: float
    corners: Sequence[Corner]
    gaps: Sequence[tuple[int, float, float]] = ()


def levelled(page: Sequence[Seen]) -> tuple[list[Seen], list[Seen]]:
    """The lines of ``page`` as they stand once it is level; and those that run another way."""
    angle = _angle(page)
    level, aside = list[Seen](), list[Seen]()
    for line in page:
        off = abs(math.remainder(_slope(line) - angle, math.tau))
        (aside if off > BESIDE and len(line.words) > 1 else level).append(_turned(line, -angle))
    return level, aside


def piece(line: Seen) -> Piece:
    """The ``line``, of a level page, where it stands; its size is that of its type."""
    across, down = [x for x, _ in line.corners], [y for _, y in line.corners]
    left, right = min(across), max(across)
    height = math.dist(line.corners[0], line.corners[-1]) or 1.0
    ems = sum(0.5 if character.isascii() else 1.0 for character in line.words)
    size = min(max((right - left) / max(ems, 1.0), HIGH * height), height)
    return Piece(words=line.words, left=left, right=right, base=sum(down) / len(down), size=size)


def parted(page: Sequence[Seen]) -> list[Seen]:
    """The lines of a level ``page``, those that run on across the gutter of columns in two.

    A line is parted at a gap after which it begins where several others begin.
    """
    starts = [min(x for x, _ in line.corners) for line in page]
    return [part for line in page for part in _parts(line, starts)]


def _parts(line: Seen, starts: Sequence[float]) -> list[Seen]:
    em = piece(line).size
    for at, before, after in line.gaps:
        begins = _between(line.corners[0], line.corners[1], after)
        if sum(abs(start - begins[0]) < NEAR * em for start in starts) >= LEAST_BELOW:
            return [
                _part(line, slice(None, at), along=(0.0, before)),
                _part(line, slice(at, None), along=(after, 1.0)),
            ]
    return [line]


def _part(line: Seen, words: slice, *, along: tuple[float, float]) -> Seen:
    """The ``words`` of ``line``, which stand ``along`` it."""
    first, second, third, last = line.corners
    corners = [_between(first, second, share) for share in along]
    corners += [_between(last, third, share) for share in along[::-1]]
    return replace(line, words=line.words[words].strip(), corners=corners, gaps=())


def _between(one: Corner, other: Corner, share: float) -> Corner:
    return one[0] + share * (other[0] - one[0]), one[1] + share * (other[1] - one[1])


def _angle(page: Sequence[Seen]) -> float:
    """The angle at which most characters of ``page`` run, in radians; 0 where none tells."""
    told = [(_slope(line), len(line.words)) for line in page if _is_wide(line)]
    if not told:
        return 0.0
    way = max(told, key=lambda one: sum(n for slope, n in told if _near(slope, one[0])))[0]
    along = sorted((math.remainder(slope - way, math.tau), n) for slope, n in told
                   if _near(slope, way))  # fmt: skip
    half = sum(n for _, n in along) / 2
    for off, n in along:
        half -= n
        if half <= 0:
            return way + off
    return way


def _near(slope: float, way: float) -> bool:
    return abs(math.remainder(slope - way, math.tau)) < BESIDE / 2


def _is_wide(line: Seen) -> bool:
    first, second, *_, last = line.corners
    return math.dist(first, second) >= WIDE * math.dist(first, last) > 0


def _slope(line: Seen) -> float:
    (x, y), (end_x, end_y) = line.corners[0], line.corners[1]
    return math.atan2(end_y - y, end_x - x)


def _turned(line: Seen, by: float) -> Seen:
    cos, sin = math.cos(by), math.sin(by)
    corners = [(x * cos - y * sin, x * sin + y * cos) for x, y in line.corners]
    return replace(line, corners=corners)
