"""The tables of metadata before a letter: taken out of the page, named values kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from lxml.html import HtmlElement as Element

from indexer.formats.markup import block_lines
from indexer.formats.metadata import LEAST_LABELS, known_label, label_of, pairs
from indexer.formats.web.container import drop, length
from kb.text.chars import bare

FRONT_LENGTH = 2000  # characters; a longer block is no table of metadata
FRONTS = 20  # blocks of named values of which it is asked whether they stand before the letter
LONGEST_LABEL = 14
LONGEST_VALUE = 100
_INLINE = ("b", "strong", "span", "em", "i", "label", "font", "h4", "h5", "h6")


def take(root: Element) -> dict[str, str]:
    """The named values of the tables of metadata before the letter, taken out of ``root``."""
    rows: dict[str, str] = {}
    left = FRONTS
    for element in list(root.iter("table", "dl", "ul", "ol", "div", "section", "p")):
        if element.getroottree().getroot() is not root or length(element) > FRONT_LENGTH:
            continue
        listed = element.tag in ("table", "dl", "ul", "ol")
        named = _structured(element) or pairs(block_lines(element), strays_allowed=listed)
        if named and (left := left - 1) < 0:
            break
        if named and _before(element) <= _after(element):
            for name, value in named:
                rows.setdefault(name, value)
            drop(element)
    return rows


def _structured(element: Element) -> list[tuple[str, str]]:
    """The pairs of a block whose mark-up says what is a label, also one that no list knows."""
    tag = element.tag
    found = list(
        _of_list(element)
        if tag == "dl"
        else _of_rows(element)
        if tag == "table"
        else _of_items(element)
    )
    known = sum(known_label(name) for name, _ in found)
    words = sum(len(bare(name)) + len(bare(value)) for name, value in found)
    whole = length(element)
    if known < LEAST_LABELS or 2 * known < len(found) or words < 0.8 * whole - 8:
        return []
    return [(name, " ".join(value.split())) for name, value in found if value.strip()]


def _of_list(element: Element) -> Iterator[tuple[str, str]]:
    label = ""
    for inner in element.iter("dt", "dd"):
        words = inner.text_content()
        if inner.tag == "dt":
            if label:
                yield label, ""
            label = label_of(words)
        elif label:
            yield label, words
            label = ""


def _of_rows(element: Element) -> Iterator[tuple[str, str]]:
    """Rows of label, value, label, value; a table of anything else gives too few known labels."""
    for row in element.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        if len(cells) % 2 or any(cell.find(".//table") is not None for cell in cells):
            continue
        for at in range(0, len(cells), 2):
            label = label_of(cells[at].text_content())
            if 0 < len(label) <= LONGEST_LABEL:
                yield label, cells[at + 1].text_content()


def _of_items(element: Element) -> Iterator[tuple[str, str]]:
    """Items that begin with a label in an element of its own: <li><b>文号</b>…</li>."""
    for item in element:
        if not isinstance(item.tag, str) or item.tag not in ("li", "p", "div", "span", "td"):
            continue
        first = next(iter(item), None)
        if first is None or (item.text or "").strip():
            continue
        if first.tag not in _INLINE and len(item) != 2:
            continue
        label = label_of(first.text_content())
        if 0 < len(label) <= LONGEST_LABEL:
            whole = item.text_content().lstrip()
            value = whole[len(first.text_content().lstrip()) :]
            yield label, value.lstrip("：: \u3000\xa0")


def loose(lines: Sequence[str]) -> dict[str, str]:
    """The named values of ``lines`` that are a label, each with its value on the next line."""
    rows: dict[str, str] = {}
    for line, after in pairwise(lines):
        name = label_of(line)
        value = " ".join(after.split())
        if known_label(name) and not known_label(label_of(after)) and len(value) <= LONGEST_VALUE:
            rows.setdefault(name, value)
    return rows if len(rows) >= LEAST_LABELS else {}


def _before(element: Element) -> int:
    """Characters of the page that come before ``element``, links not counted."""
    return sum(_text_length(text) for text in element.xpath("preceding::text()[not(ancestor::a)]"))


def _after(element: Element) -> int:
    return sum(_text_length(text) for text in element.xpath("following::text()[not(ancestor::a)]"))


def _text_length(text: str) -> int:
    return len(bare(text))
