"""Where marks of publicity may stand in a text, and what each says.

A mark may stand on a short line, in a cell, in brackets at an end of a line, behind a label, beside
a box, or be said of this very letter (此件…). What stands there with a word of publicity is a mark,
unless it looks like prose: a public one if it is nothing but the words of one, and what no table
reads holds its letter back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from indexer.publicity.lines import BOX, SHORT, Line, blocks, line_at
from indexer.publicity.words import (
    BESIDE,
    CLOSED,
    HARMLESS,
    LABEL,
    NOTHING,
    OF_THIS,
    PARTLY,
    PLEA,
    PROSE,
    PUBLIC,
    REASON,
    REQUEST,
    SECRET_LABEL,
    STARRED,
    STEM,
    VOCABULARY,
    plain,
)
from kb.privacy.publicity import strictest
from kb.text.chars import bare
from kb.types import Publicity, Span

MANY = 200  # marks of one letter from which on it is not read further: nobody understands it
LONGEST = 60  # code points of a mark's words that are kept
# Characters that a mark may hold besides the words that marks are made of, by where it stands.
_OWN, _SENTENCE, _BRACKETS, _OF_THIS = 6, 3, 10, 14
_CHUNK = re.compile(r"[^:\t,;。()☑☒×□]{1,14}:")
_PIECE = re.compile(
    r"(?:\((?:\d{1,4}|[一二三四五六七八九十]{1,3})\)|\?(?=[是否可同不yn])|[^()。;!?\t])+"
)
_EDGES = re.compile(r"^[^\w(☑☒×□]+|[^\w)☑☒×□]+$")
_RUNNING = re.compile(r"[。;!?][^()]{2}")
_TITLE = re.compile(r"《[^《》]{9,80}》")
_NUMBER = re.compile(r"^(?:[①-⑩]|[1-9a-d][.、)])")
_YES = re.compile(r"[是涉]")
_BUT = re.compile(r"[但除仅限不未非]|附件")
_HINT = re.compile(r"\([^()]{0,24}?(?:打|划|画|勾|选|填)[^()]{0,16}\)")

Found = tuple[Publicity, bool]  # how public, and whether that is understood


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
    below: Line | None = None
    for block, after in pairwise((*blocks(text), None)):
        if block and STEM.search(bare(plain(block.of(text)))):
            line = line_at(text, block)
            below = line_at(text, after) if after and "\t" in line.text else None
            for start, end, level, clear, empty in _of_line(line, below):
                span = line.span(start, end)
                yield Mark(
                    level=level,
                    words=bare(span.of(text))[:LONGEST],
                    span=span,
                    clear=clear,
                    empty=empty,
                )


Placed = tuple[int, int, Publicity, bool, bool]  # start, end, level, clear, empty


def _of_line(line: Line, below: Line | None) -> Iterator[Placed]:
    line = replace(line, text=_TITLE.sub(lambda title: "※" * len(title[0]), line.text))
    words = line.text
    for match in STARRED.finditer(words):
        yield *match.span(), "closed", True, False
    longest = max(map(len, re.split(r"[\t()]", words)))
    running = longest > SHORT or bool(_RUNNING.search(words))
    for start, end in _chunks(line):
        chunk = words[start:end]
        if not STEM.search(chunk):
            continue
        if BOX.search(chunk) and end - start <= 4 * SHORT:
            if ticked := _ticked(line, start, end):
                yield start, end, *ticked, False
        else:
            yield from _pieces(line, start, end, running=running, below=below)


def _chunks(line: Line) -> Iterator[tuple[int, int]]:
    """The parts of a line, each from a label with a colon to the next."""
    words, begun, at = line.text, 0, 0
    while match := _CHUNK.search(words, at):
        start = match.start()
        free = not start or words[start - 1] in "\t,;。()☑☒×□" or line.gap(start)
        gaps = (n for n in range(start + 1, match.end() - 3) if line.gap(n))
        start = start if free else next(gaps, 0)
        if start > begun:
            yield begun, start
            begun = start
        at = match.end()
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
        before, after = words[start - 1 : start], words[end : end + 1]
        label = _label(words[start:end])
        if label and after == "\t" and end < ended:
            value = _PIECE.match(words, end + 1, ended)
            done = value.end() if value else end
            pair = f"{words[start:end]}\t{value[0] if value else ''}"
            if NOTHING.fullmatch(pair):
                continue
            found = _judged(pair, limit=SHORT)
            if not (found and found[1]) and below and (under := _under(line, start, below)):
                yield (
                    start,
                    end,
                    *(_judged(f"{words[start:end]}\t{under}", limit=SHORT) or ("held", False)),
                    False,
                )
            elif found:
                yield start, done, *found, False
            continue
        if label and below and (under := _under(line, start, below)) and words[:start].count("\t"):
            if found := _judged(f"{words[start:end]}\t{under}", limit=SHORT):
                yield start, end, *found, False
            continue
        bracketed = before == "(" and after == ")"
        if bracketed:
            edge = start == 1 or words[start - 2] == "\t" or not words[end + 1 :].strip("。)※*")
            edge = edge or words[end + 1] == "\t"
            limit = _BRACKETS if edge else 0
        elif running and not (
            before in ("", "\t") and after in ("", "\t", "(") and end - start <= SHORT
        ):
            limit = -1 if before not in ("", *"。;!?") or after not in ("", *"。;!?") else 0
            limit = limit if end - start <= _OF_THIS else -1
        else:
            limit = _SENTENCE if after and after in "。;!?" else _OWN
        found = _judged(words[start:end], limit=limit)
        if found:
            yield start, end, *found, bool(label and label.end() >= end - start - 1)


def _under(line: Line, start: int, below: Line) -> str:
    """The cell below the one that starts at ``start``; "" if the lines have other columns."""
    cells = below.text.split("\t")
    column = line.text.count("\t", 0, start)
    return cells[column] if len(cells) == line.text.count("\t") + 1 else ""


def _label(words: str) -> re.Match[str] | None:
    match = LABEL.match(words) or SECRET_LABEL.match(words)
    return match if match and match.end() >= len(words.rstrip(":=")) else None


def _judged(words: str, *, limit: int) -> Found | None:
    """What ``words`` say of who may see the letter, or None if they are no mark.

    ``limit`` is how many characters of other words they may hold; below zero they stand in
    running text, where only what is said of this letter is a mark.
    """
    words = _EDGES.sub("", words)
    said = HARMLESS.sub("※", words)
    if not STEM.search(said) or NOTHING.fullmatch(words):
        return None
    if limit >= 0 and PUBLIC.fullmatch(words):
        return "public", True
    label = LABEL.match(words) or SECRET_LABEL.match(words)
    if label and words[label.end() : label.end() + 1] in (*":=\t", ""):
        if label.end() < len(words) or (limit >= 0 and not PROSE.fullmatch(words)):
            secret = SECRET_LABEL.match(words)
            return _level(words[secret.end() :] if secret else words, secret=bool(secret))
        return None
    of_this = OF_THIS.search(words)
    if of_this and len(words) - of_this.start() <= 2 * SHORT:
        rest = words[of_this.start() :]
        if PUBLIC.fullmatch(rest):
            return "public", True
        clauses = [
            clause for clause in re.split("[,、]", HARMLESS.sub("※", rest)) if STEM.search(clause)
        ]
        if clauses and min(map(_others, clauses)) <= _OF_THIS:
            return _level(rest)
    clauses = [clause for clause in said.split(",") if STEM.search(clause)]
    for clause in clauses:
        if PLEA.search(clause) and "的," not in words:
            return _level(clause)
    if PROSE.fullmatch(words):
        return None
    if not clauses or min(map(_others, clauses)) > limit:
        return None
    if limit == _SENTENCE and min(map(_others, clauses)) and not said.endswith(clauses[-1]):
        return None  # what a sentence goes on from
    if "," in words and all(map(PUBLIC.fullmatch, clauses)) and not _BUT.search(words):
        return None  # a sentence that something is public
    return _level(words)


def _others(words: str) -> int:
    """How many characters of ``words`` are no words of a mark."""
    return len(VOCABULARY.sub("", BESIDE.sub("", words))) + 2 * words.count("※")


def _level(words: str, *, secret: bool = False) -> Found:
    """The level of words that are not public."""
    short = REASON.sub("", words)
    words = short if STEM.search(short) else words
    if PARTLY.search(words):
        return ("closed", True) if STARRED.search(words) else ("held", False)
    levels: list[Publicity] = ["on_request"] if REQUEST.search(words) else []
    if CLOSED.search(REQUEST.sub("", words)) or (secret and _YES.search(words)):
        levels.append("closed")
    return (strictest(tuple(levels)), True) if levels else ("held", False)


def _ticked(line: Line, start: int, end: int) -> Found | None:
    """What is ticked; where that cannot be told, the strictest of what may be, not understood."""
    label = LABEL.match(line.text, start, end) or SECRET_LABEL.match(line.text, start, end)
    after = label.end() if label else start
    if hint := _HINT.match(line.text, after, end):
        after = hint.end()
    while after < end and line.text[after] in ":=\t?":
        after += 1
    boxes = [match.start() for match in BOX.finditer(line.text, after, end)]
    options: list[tuple[str, Found]] = []
    for n, box in enumerate(boxes):
        option = _option(line, boxes, n, within=(after, end))
        whole = option if STEM.search(option) or not label else f"{label[0]}:{option}"
        if option and (level := _judged(whole, limit=SHORT)):
            options.append((line.text[box], level))
    if not options:
        return ("held", False) if label and LABEL.match(line.text, start, end) else None
    signs = [sign for sign, _ in options]
    tick = "☑" if "☑" in signs else "☒"
    chosen = {level for sign, level in options if sign == tick}
    if len(chosen) == 1:
        return chosen.pop()
    levels = chosen or {level for _, level in options}
    return strictest(("held", *(level for level, _ in levels))), False


def _option(line: Line, boxes: Sequence[int], n: int, *, within: tuple[int, int]) -> str:
    """The words that the n-th box belongs to."""
    words, (start, end) = line.text, within
    left = words[(boxes[n - 1] + 1 if n else start) : boxes[n]]
    right = words[boxes[n] + 1 : (boxes[n + 1] if n + 1 < len(boxes) else end)]
    if boxes[0] == start:
        return _NUMBER.sub("", _EDGES.sub("", right))
    if boxes[-1] >= end - 2:
        return _NUMBER.sub("", _EDGES.sub("", left))
    # Neither: the words that no space parts from the box.
    at = boxes[n]
    before = next(
        (k for k in range(at, at - len(left), -1) if line.gap(k) or words[k - 1] == "\t"),
        at - len(left),
    )
    after = next(
        (k for k in range(at + 1, at + 1 + len(right)) if line.gap(k) or words[k] == "\t"),
        at + 1 + len(right),
    )
    near = words[before:at] or words[at + 1 : after]
    return _NUMBER.sub("", _EDGES.sub("", near))
