"""Elements of a web page → lines of text, as a browser would show them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement as Element

from indexer.formats.raw import row_lines

BLOCKS = frozenset(
    (
        "address", "article", "blockquote", "body", "caption", "center", "dd", "details",
        "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2",
        "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "ol", "p", "section",
        "summary", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"
    )
)  # fmt: skip
READINGS = frozenset(("rt", "rp", "rtc"))  # how the characters of a ruby sound
# HTML's own white space collapses; ideographic and no-break spaces are words of the page.
# A line end between two wide characters is nothing (CSS Text 3, 4.1.3).
WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
WIDE_BREAK = re.compile(f"(?<=[{WIDE}])[ \t\r\f]*\n[ \t\r\n\f]*(?=[{WIDE}])")
SPACE = re.compile("[ \t\r\n\f]+")
MOST_COLUMNS = 60  # of a table whose cells are kept in their columns
LONGEST_NAME = 40  # code points of a cell that names the rows it goes on for
NUMBERED = re.compile("[0-9０-９（(一二三四五六七八九十①-⑳]")


def block_lines(block: Element) -> list[str]:
    """The lines of ``block`` that hold words, each with its leading ideographic spaces."""
    lines: list[str] = []
    words: list[str] = []
    counted: dict[Element, int] = {}  # items of each list that were met

    def end() -> None:
        line = SPACE.sub(" ", WIDE_BREAK.sub("", "".join(words))).strip(" ")
        words.clear()
        if line.strip():
            lines.append(line.rstrip())

    def walk(element: Element) -> None:
        tag = element.tag
        if tag in READINGS or not isinstance(tag, str):
            return
        if tag in BLOCKS or tag in ("br", "pre", "table"):
            end()
        if tag == "pre":
            lines.extend(line.rstrip() for line in element.text_content().split("\n"))
            return
        if tag == "table" and (rows := list(_rows(element))):
            lines.extend(_table_lines(element, rows))
            return
        if tag == "li":
            words.append(_number(element, counted))
        words.append(element.text or "")
        for inner in element:
            walk(inner)
            words.append(inner.tail or "")
        if tag in BLOCKS:
            end()

    walk(block)
    end()
    return lines


def _number(li: Element, counted: dict[Element, int]) -> str:
    """The number that a browser shows before an item of a numbered list.

    ``counted`` holds the items before it in its list, so that none is counted twice.
    """
    above = li.getparent()
    if above is None or above.tag != "ol" or above.get("type") not in (None, "1"):
        return ""
    if above not in counted:
        counted[above] = sum(1 for _ in li.itersiblings("li", preceding=True))
    before = counted[above]
    counted[above] += 1
    if NUMBERED.match(li.text_content().strip()):
        return ""  # numbered by hand, the list's own numbers are then styled away
    start = above.get("start") or "1"
    first = int(start) if re.fullmatch("[0-9]{1,4}", start) else 1
    return f"{first + before}."


def _rows(table: Element) -> Iterator[Element]:
    """The rows of ``table`` itself, not those of tables inside it."""
    for inner in table:
        if inner.tag == "tr":
            yield inner
        elif inner.tag in ("thead", "tbody", "tfoot"):
            yield from inner.iterchildren("tr")


def _table_lines(table: Element, rows: list[Element]) -> Iterator[str]:
    """The lines of a table: its caption, then its rows."""
    for caption in table.iterchildren("caption"):
        yield from block_lines(caption)
    above: dict[int, tuple[int, list[str]]] = {}  # column → rows that its cell goes on for, lines
    for row in rows:
        yield from row_lines(_cells(row, above))


def _cells(row: Element, above: dict[int, tuple[int, list[str]]]) -> list[list[str]]:
    """The cells of ``row`` in their columns, a list of lines each.

    Where a cell ``above`` goes on its words are repeated if they name the row; a cell over several
    columns has its words in the first.
    """
    cells: list[list[str]] = []
    inner = iter(row.iterchildren("td", "th"))
    while True:
        column = len(cells)
        if column in above:
            left, lines = above.pop(column)
            if left > 1:
                above[column] = (left - 1, lines)
            cells.append(lines)
            continue
        cell = next(inner, None)
        if cell is None:
            if not any(further > column for further in above) or column > MOST_COLUMNS:
                return cells
            cells.append([])
            continue
        lines = block_lines(cell)
        wide = min(_number_of(cell, "colspan"), MOST_COLUMNS)
        name = lines if len(lines) == 1 and len(lines[0]) <= LONGEST_NAME else []
        tall = _number_of(cell, "rowspan") - 1
        for further in range(wide):
            if tall > 0 and column < MOST_COLUMNS:
                above[column + further] = (tall, [] if further else name)
        cells += [lines, *([] for _ in range(wide - 1))]


def _number_of(cell: Element, name: str) -> int:
    """How many rows or columns ``cell`` covers."""
    value = (cell.get(name) or "").strip()
    return max(1, int(value)) if re.fullmatch("[0-9]{1,5}", value) else 1
