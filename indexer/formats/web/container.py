"""Which blocks of a page hold its text, told by what they are called and how much they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement as Element

from kb.text.chars import bare

AROUND = ("nav", "aside", "footer", "select", "button", "textarea", "form")

# Containers that content systems of government sites use for the text alone, by id or class.
TEXT_ALONE = re.compile(
    r"zoom(?:con)?|trs_u?editor\w*|trs_editor_view|pages_content|ucap-content|v_news_content"
    r"|vsb_content\w*|(?:article|news|xxgk|detail|text|view|gkwz|wz|nr|arti|con)[-_]?(?:content|con|text|nr)"
    r"|content[-_]?text|entry-content|post-content|article-?body|bt-?content|info-?content|xl(?:_|-)?con|zwnr|wznr|nr_?text",
    re.I,
)
# Those that hold the text with other things around it, best first; also the tags of the name.
TEXT_WITHIN = ("article", "content", "view", "main")
JUNK = re.compile(
    r"(?:top|head|header|foot|footer|nav|menu|position|location|crumbs?|breadcrumb|sidebar"
    r"|share|tools?|copyright|next|prev|pager|related|login|search)(?:[-_]?(?:bar|box|wrap|nav))?",
    re.I,
)
LEAST_TEXT = 20  # characters of a container that is worth taking


def drop_all(root: Element, tags: Sequence[str]) -> None:
    """Take all elements of ``tags`` out of ``root``."""
    for element in list(root.iter(*tags)):
        drop(element)


def drop(element: Element) -> None:
    """Take ``element`` out of its tree; what follows it stays."""
    if element.getparent() is not None:
        element.drop_tree()


def length(element: Element) -> int:
    """Characters of ``element``, white space not counted."""
    return len(bare(element.text_content()))


def _unlinked(element: Element) -> int:
    """Characters of ``element`` that are not in links."""
    return length(element) - sum(length(link) for link in element.iter("a"))


def main_blocks(root: Element) -> list[Element]:
    """The blocks that hold the letter, in order; the whole page without its junk at worst."""
    alone = [e for e in _named(root, TEXT_ALONE) if length(e) >= LEAST_TEXT]
    outermost = [e for e in alone if not any(above in alone for above in e.iterancestors())]
    if outermost:
        return outermost
    _drop_junk(root)
    everything = _unlinked(root)
    for name in TEXT_WITHIN:
        candidates = [*_named(root, re.compile(name, re.I)), *root.iter(name)]
        best = max(candidates, key=_unlinked, default=None)
        if best is not None and 2 * _unlinked(best) >= everything:
            return [best]
    return [root]


def _named(root: Element, pattern: re.Pattern[str]) -> Iterator[Element]:
    """Elements with an id or a class that ``pattern`` matches whole, in document order."""
    for element in root.xpath("//*[@id or @class]"):
        names = f"{element.get('id') or ''} {element.get('class') or ''}".split()
        if any(pattern.fullmatch(name) for name in names):
            yield element


def _drop_junk(root: Element) -> None:
    """Take out blocks that are named as furniture, or that are mostly links."""
    everything = _unlinked(root)
    for element in list(_named(root, JUNK)):
        if 3 * _unlinked(element) < everything:
            drop(element)
    for element in list(root.iter("ul", "ol", "div", "table", "td", "p")):
        links = list(element.iter("a"))
        if len(links) >= 3 and 3 * _unlinked(element) < length(element):
            drop(element)
