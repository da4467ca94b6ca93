"""A letter's lines as they are set: paragraphs, and tables with their heads, each line verbatim."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kb.text.sentences import answers_from, quotable, sentences, trimmed
from kb.text.tables import is_figure, is_head_row
from kb.types import Letter, Quote, Span
from server.present import views
from server.present.views import Line, Piece

SHORT = 300  # code points of a letter that is shown whole even on a telephone
LOOKED_AT = 40  # sentences among which the first that says something is looked for
_LABEL = 12  # code points of a cell that names a column of words
_ALONE = 20  # code points of a row that stands across all columns: 一、市本级
_LEADS_ON = re.compile(r"[：:]\s*$")  # 现答复如下：
_ENDED = re.compile(r"[。；！？：:,，、]\s*$")
_HEADED = 3  # columns that a table of words has, whose first row names them


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a table: its line, and the pieces of each cell, which join to it with tabs.

    ``head`` if it names the columns; ``across`` if its one cell stands for all of them.
    """

    line: Line
    cells: tuple[tuple[Piece, ...], ...]
    head: bool = False
    across: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, or the rows of a table; ``figures`` are the columns that hold nothing else.

    ``far`` if it can wait until the whole letter is asked for, ``gap`` if such stand before it.
    """

    line: Line | None = None
    rows: tuple[Row, ...] = ()
    figures: frozenset[int] = frozenset()
    far: bool = False
    gap: bool = False

    @property
    def head(self) -> tuple[Row, ...]:
        """The rows that name the columns."""
        return tuple(row for row in self.rows if row.head)

    @property
    def body(self) -> tuple[Row, ...]:
        """The other rows."""
        return tuple(row for row in self.rows if not row.head)

    @property
    def width(self) -> int:
        """How many columns there are."""
        return max((len(row.cells) for row in self.rows), default=0)


def set_out(lines: Sequence[Line], letter: Letter, *, focus: Span | None) -> list[Block]:
    """``lines``, all of ``letter``, as they are set.

    Of a long letter only the lines of ``focus`` and the heading over them are near.
    """
    starts = _starts(lines)
    made, at = list[tuple[Block, Span]](), 0
    while at < len(lines):
        end = _table_end(lines, at)
        block = _table(lines[at:end], letter, starts[at]) if end else Block(line=lines[at])
        end = end or at + 1
        last = starts[end - 1] + len(text_of(lines[end - 1]))
        made.append((block, Span(start=starts[at], end=last)))
        at = end
    folded = focus is not None and len(letter.text) > SHORT
    return _folded(made, focus) if folded and focus else [block for block, _ in made]


def table_of(quote: Quote, letter: Letter) -> Block | None:
    """The rows of a table that ``quote`` is, under the heads of their columns; None if it is none.

    What the quote has of them is marked, and nothing is an anchor.
    """
    if "\t" not in letter.text:
        return None
    lines = views.lines(letter, mark=quote.span)
    blocks = set_out(lines, letter, focus=None)
    marked = [block for block in blocks if any(map(_marked, _lines_of(block)))]
    if len(marked) != 1 or not marked[0].rows:
        return None
    rows = [row for row in marked[0].rows if row.head or _marked(row.line)]
    return replace(marked[0], rows=tuple(map(_plain, rows)))


def _lines_of(block: Block) -> Sequence[Line]:
    return [block.line] if block.line else [row.line for row in block.rows]


def _marked(line: Line) -> bool:
    return any(piece.marked for piece in line.pieces)


def _plain(row: Row) -> Row:
    cells = tuple(tuple(replace(part, anchor=False) for part in cell) for cell in row.cells)
    return replace(row, line=replace(row.line, anchor=""), cells=cells)


def opening(letter: Letter) -> Span | None:
    """The first sentence of ``letter`` that says something; None if none does."""
    rest = Span(start=answers_from(letter), end=letter.body.end)
    for _, sentence in zip(range(LOOKED_AT), sentences(letter.text, rest), strict=False):
        span = trimmed(letter.text, sentence)
        said = quotable(letter, span, contact=False)
        if said and not _LEADS_ON.search(span.of(letter.text)):
            return span
    return None


def text_of(line: Line) -> str:
    """The line as the letter has it."""
    return "".join(piece.text for piece in line.pieces)


def _starts(lines: Sequence[Line]) -> list[int]:
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(text_of(line)) + 1)
    return starts


def _table_end(lines: Sequence[Line], at: int) -> int:
    """The line behind the table that begins at ``at``; 0 if none does: one row is none."""
    rows, last, end = 0, 0, at
    while end < len(lines):
        if "\t" in text_of(lines[end]):
            rows, last = rows + 1, end + 1
        elif not _across(lines, end, first=at):
            break
        end += 1
    return last if rows > 1 else 0


def _across(lines: Sequence[Line], at: int, *, first: int) -> bool:
    """True for a short row without tabs between others: a heading within the table."""
    words = text_of(lines[at])
    inside = first < at < len(lines) - 1 and "\t" in text_of(lines[at + 1])
    plain = lines[at].kind == "text" and not lines[at].anchor
    return inside and plain and 0 < len(words.strip()) <= _ALONE and not _ENDED.search(words)


def _table(lines: Sequence[Line], letter: Letter, start: int) -> Block:
    rows, heading = list[Row](), True
    for line in lines:
        end = start + len(text_of(line))
        across = "\t" not in text_of(line)
        heading = heading and not across and is_head_row(letter.text, Span(start=start, end=end))
        rows.append(Row(line=line, cells=tuple(_cells(line)), head=heading, across=across))
        start = end + 1
    if not rows[0].head and _names_columns(rows):
        rows[0] = replace(rows[0], head=True)
    return Block(rows=tuple(rows), figures=_figures(rows))


def _names_columns(rows: Sequence[Row]) -> bool:
    """True if the first of rows of words names their columns."""
    first = [_words(cell) for cell in rows[0].cells]
    named = all(0 < len(words) <= _LABEL and not is_figure(words) for words in first)
    return named and len(first) >= _HEADED and all(len(row.cells) <= len(first) for row in rows)


def _figures(rows: Sequence[Row]) -> frozenset[int]:
    """The columns whose cells below the heads are figures, as far as they say anything."""
    figures, others = set[int](), set[int]()
    for row in rows:
        if not row.head and not row.across:
            for column, words in enumerate(map(_words, row.cells)):
                if words:
                    (figures if is_figure(words) else others).add(column)
    return frozenset(figures - others)


def _words(cell: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in cell).strip()


def _cells(line: Line) -> Iterator[tuple[Piece, ...]]:
    """The pieces between the tabs of ``line``."""
    cell = list[Piece]()
    for piece in line.pieces:
        anchor = piece.anchor
        for at, words in enumerate(piece.text.split("\t")):
            if at:
                yield tuple(cell)
                cell = []
            if words:
                cell.append(replace(piece, text=words, anchor=anchor))
                anchor = False
    yield tuple(cell)


def _folded(made: Sequence[tuple[Block, Span]], focus: Span) -> list[Block]:
    near = {at for at, (_, span) in enumerate(made) if _meets(span, focus)}
    over = max((at for at in range(min(near, default=0)) if _heading(made[at][0])), default=None)
    near |= {over} if over is not None else set()
    # A line that says 如下表： is nothing without the table below it.
    near |= {at + 1 for at in near if _leads_to_table(made, at)}
    shown, skipped = list[Block](), False
    for at, (block, _) in enumerate(made):
        shown.append(replace(block, far=at not in near, gap=at in near and skipped))
        skipped = at not in near
    return shown


def _leads_to_table(made: Sequence[tuple[Block, Span]], at: int) -> bool:
    line, below = made[at][0].line, made[at + 1 : at + 2]
    leads = line is not None and bool(_LEADS_ON.search(text_of(line)))
    return leads and bool(below and below[0][0].rows)


def _meets(span: Span, focus: Span) -> bool:
    return span.start < focus.end and focus.start < span.end


def _heading(block: Block) -> bool:
    return block.line is not None and (block.line.kind == "heading" or bool(block.line.anchor))
