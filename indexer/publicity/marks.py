"""Where marks of publicity may stand in a text, and what each says.

A mark may stand on a short line, in a cell, in brackets at an end of a line, behind a label, beside
a box, or be said of this very letter (此件…). What stands there with a word of publicity is a mark,
unless it looks like prose: a public one if it is nothing but the words of one, and what no table
reads holds its letter back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from indexer.publicity.levels import (
    BRACKETS,
    NO_MARK,
    OF_THIS_LETTER,
    OWN_LINE,
    SENTENCE,
    Found,
    judged,
    label_of,
    ticked,
    understood,
)
from indexer.publicity.lines import BOX, SHORT, Line, blocks, line_at
from indexer.publicity.words import BESIDE_PUBLIC, NEUTRAL, STARRED, STEM, plain
from kb.text.chars import bare
from kb.types import Publicity, Span

MANY = 200  # marks of one letter from which on it is not read further: nobody understands it
LONGEST = 60  # code points of a mark's words that are kept
_CHUNK = re.compile(r"[^:\t,;。()☑☒×□]{1,14}:")
_PIECE = re.compile(
    r"(?:\((?:\d{1,4}|[一二三四五六七八九十]{1,3})\)|\?(?=[是否可同不yn])|[^()。;!?\t—])+"
)
_RUNNING = re.compile(r"[。;!?][^()]{2}")
_TITLE = re.compile(r"《[^《》]{9,80}》")

Placed = tuple[int, int, Found, bool]  # from where to where, what it says, is it only a label


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What one mark says and where (None: not in the letter); ``clear``: it is understood.

    ``empty``: a label with nothing after it.
    """

    level: Publicity
    words: str
    span: Span | None
    clear: bool = True
    empty: bool = False


def marks(text: str) -> list[Mark]:
    """The marks in ``text``."""
    found = list(islice(_all(text), MANY))
    if len(found) == MANY:
        found.append(replace(found[-1], level="held", clear=False, empty=False))
    return found


def _all(text: str) -> Iterator[Mark]:
    for block, after in pairwise((*blocks(text), None)):
        if block and STEM.search(bare(plain(block.of(text)))):
            line = line_at(text, block)
            below = line_at(text, after) if after and "\t" in line.text else None
            for start, end, (level, clear), empty in _of_line(line, below):
                span = line.span(start, end)
                words = bare(span.of(text))[:LONGEST]
                yield Mark(level=level, words=words, span=span, clear=clear, empty=empty)


def _of_line(line: Line, below: Line | None) -> Iterator[Placed]:
    line = replace(line, text=_TITLE.sub(lambda title: "※" * len(title[0]), line.text))
    words = line.text
    for match in STARRED.finditer(words):
        yield *match.span(), ("closed", True), False
    longest = max(map(len, re.split(r"[\t()]", words)))
    running = longest > SHORT or bool(_RUNNING.search(words))
    for start, end in _chunks(line):
        if not STEM.search(words[start:end]):
            continue
        if BOX.search(words, start, end) and end - start <= 4 * SHORT:
            if found := ticked(line, start, end):
                yield start, end, found, False
        else:
            yield from _pieces(line, start, end, running=running, below=below)


def _chunks(line: Line) -> Iterator[tuple[int, int]]:
    """The parts of a line, each from a label with a colon to the next."""
    words, begun, at = line.text, 0, 0
    while match := _CHUNK.search(words, at):
        start, at = match.span()
        free = not start or words[start - 1] in "\t,;。()☑☒×□" or line.gap(start)
        gaps = (n for n in range(start + 1, at - 2) if line.gap(n))
        found = list(gaps)
        if free and len(found) == 1 and min(found[0] - start, at - 1 - found[0]) > 1:
            start = found[0]
        start = start if free else next(iter(found), 0)
        if start > begun:
            yield begun, start
            begun = start
    yield begun, len(words)


def _pieces(
    line: Line, begun: int, ended: int, *, running: bool, below: Line | None
) -> Iterator[Placed]:
    """The marks in a part of a line without boxes."""
    words, done = line.text, begun
    for match in _PIECE.finditer(words, begun, ended):
        start, end = match.span()
        if start < done or end - start > 8 * SHORT:
            continue
        piece = match[0]
        label = 0 < len(label_of(piece)) >= len(piece.rstrip(":="))
        cells = _beside(words, end, ended) if label else []
        if label and below:
            cells += _under(line, start, below)
        if cells:
            pairs = [f"{piece}\t{cell}" for cell in cells]
            found = next(filter(None, map(understood, pairs)), ("held", False))
            if found != NO_MARK:
                done = end + 1 + len(cells[0]) if words[end : end + 1] == "\t" else end
                yield start, min(done, ended), found, False
            elif words[end : end + 1] == "\t" and understood(pairs[0]) == NO_MARK:
                done = end + 1 + len(cells[0])  # 是否保密, 不保密: the value alone would bar
        elif said := judged(piece, limit=_limit(words, start, end, running=running)):
            beside = NEUTRAL.sub("", words[end : end + SHORT])
            doubted = beside[:1] == "?" or (beside[:1] == "(" and not BESIDE_PUBLIC.match(beside))
            found = ("held", False) if doubted and said[0] == "public" else said
            yield start, end, found, label


def _limit(words: str, start: int, end: int, *, running: bool) -> int:
    """How many characters of other words a mark from ``start`` to ``end`` may hold; -1: none."""
    before, after = words[start - 1 : start], words[end : end + 1]
    if before == "(" and after == ")":
        outer = (
            start == 1 or words[start - 2] == "\t",
            not words[end + 1 : end + 5].strip("。)※*") and end + 5 > len(words),
        )
        return BRACKETS if any(outer) or words[end + 1] == "\t" else 0
    cell = before in ("", "\t", "—") and after in ("", "\t", "—", "(") and end - start <= SHORT
    if running and not cell:
        whole = before in ("", *"。;!?") and after in ("", *"。;!?")
        return 0 if whole and end - start <= OF_THIS_LETTER else -1
    return SENTENCE if (after and after in "。;!?") or words[end - 1] == ":" else OWN_LINE


def _beside(words: str, end: int, ended: int) -> list[str]:
    """The cell after the one that ends at ``end``."""
    if end >= ended or words[end] != "\t":
        return []
    stop = words.find("\t", end + 1, ended)
    return [words[end + 1 : ended if stop < 0 else stop]]


def _under(line: Line, start: int, below: Line) -> list[str]:
    """The cell below the one that starts at ``start``, if both lines have the same columns."""
    cells = below.text.split("\t")
    column = line.text.count("\t", 0, start)
    return cells[column : column + 1] if len(cells) == line.text.count("\t") + 1 else []
