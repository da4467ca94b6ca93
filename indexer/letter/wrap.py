"""How wide the lines of hard-wrapped text are, where it is: on a page, or in the whole of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

CLOSED = "。！？!?；;：:…"
WRAP_WIDTH = 64  # lines of hard-wrapped text are narrower than this, in code points
NARROWEST, BROKEN = 24, 3  # columns of broken lines, and how many of them tell a page's width


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the file, closed up; ``page`` is the number of its page."""

    text: str
    indented: bool
    page: int
    tail: int  # display columns of its last line in the file, a Chinese character being two


def columns(text: str) -> int:
    """How wide ``text`` is shown: two columns for a character of the East Asian wide kinds."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def wrap_widths(lines: list[Line], *, starts: Callable[[str], bool]) -> dict[int, int | None]:
    """The width of each page: that of its own prose, which may stand beside forms, or of all.

    ``starts``: whether a line with these words begins a paragraph.
    """
    everywhere = _wrap_width(lines)
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    return {page: _prose_width(its, starts=starts) or everywhere for page, its in pages.items()}


def _wrap_width(lines: list[Line]) -> int | None:
    """The width of hard-wrapped text in columns, or None where a line is a paragraph."""
    widths = sorted(line.tail for line in lines if line.tail > 16)
    if len(widths) < 8 or widths[-1] > 2 * WRAP_WIDTH:
        return None
    width = widths[int(len(widths) * 0.9)]
    full = sum(w >= width * 0.85 for w in widths)
    return width if full >= len(widths) * 0.4 else None


def _prose_width(lines: list[Line], *, starts: Callable[[str], bool]) -> int | None:
    """The width at which the sentences of ``lines`` break off, None where they do not.

    Only lines count that go on until one ends a sentence: those of a form or a list end nowhere.
    """
    broken: list[int] = []
    running: list[int] = []
    for line, after in pairwise(lines):
        ended = "\t" in line.text or line.tail <= NARROWEST or line.text[-1] in CLOSED
        if ended or after.indented or starts(after.text):
            running = []
        else:
            running.append(line.tail)
            if after.text[-1] in CLOSED:
                broken += running
    width = max(broken, default=0)
    alike = sum(tail >= 0.9 * width for tail in broken)
    wider = any(line.tail > 1.1 * width for line in lines)
    if alike < BROKEN or alike < 0.75 * len(broken) or wider or width > 2 * WRAP_WIDTH:
        return None
    return width
