"""A web page → the letter on it, and the table of metadata before it. Child process only.

What is left out is left out by what it is (navigation, forms, what is hidden, blocks of
links), never because it is short: a letter's signature and date are often blocks of their own.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO

from lxml import etree, html
from lxml.html import HtmlElement as Element

from indexer.formats import plain
from indexer.formats.bars import parted
from indexer.formats.hidden import UNSHOWN, drop_hidden
from indexer.formats.markup import block_lines
from indexer.formats.metadata import pairs
from indexer.formats.raw import Limits, Raw, refused
from indexer.formats.searched.html import is_searched
from indexer.formats.surroundings import around
from kb.text.chars import bare

# Declared encodings that the ladder cannot tell by itself; UTF-8 that is valid comes first,
# since pages that were converted to it often still declare gb2312.
DECLARED = re.compile(rb"<meta[^>]{1,200}charset\s*=\s*[\"']?\s*([\w-]{1,20})", re.I)
LEGACY = {b"gb2312": "gb18030", b"gbk": "gb18030", b"gb18030": "gb18030", b"big5": "big5"}
HEAD = 4096

NEVER_SHOWN = ("script", "style", "iframe", "svg", "head", *UNSHOWN)
AROUND = ("nav", "aside", "footer", "select", "button", "textarea", "form")

# Containers that content systems of government sites use for the text alone, by id or class.
TEXT_ALONE = re.compile(
    r"zoom(?:con)?|trs_u?editor\w*|trs_editor_view|pages_content|ucap-content|v_news_content"
    r"|vsb_content\w*|(?:article|news|xxgk|detail|text|view)[-_]?content|content[-_]?text",
    re.I,
)
# Those that hold the text with other things around it, best first; also the tags of the name.
TEXT_WITHIN = ("article", "content", "view", "main")
JUNK = re.compile(
    r"(?:top|head|header|foot|footer|nav|menu|position|location|crumbs?|breadcrumb|sidebar"
    r"|share|tools?|copyright|next|prev|pager|related|login|search)(?:[-_]?(?:bar|box|wrap|nav))?",
    re.I,
)
# Names of sites that follow a page's title, and what only the title of a reply says.
SITE = re.compile(
    r"\s*[-_|｜—–]+[^-_|｜—–]{2,24}(?:政府|门户|网站|网|局|委员会|厅|部|信息公开|中心)\s*$"
)
REPLY = re.compile(r"答复|复函|回复|回函|会办|协办|建议|提案|议案")
LEAST_TEXT = 20  # characters of a container that is worth taking
FRONT_LENGTH = 2000  # characters; a longer block is no table of metadata
FRONTS = 20  # blocks of named values of which it is asked whether they stand before the letter


def read(file: BinaryIO, limits: Limits) -> Raw:
    """The letter on the page ``file``; its title, if any, is ``meta["page_title"]``.

    ``searched`` if nothing but the letter is in the page's source.
    Raises UnreadableFile ``encoding_unknown``, ``resource_limit`` or ``no_text``.
    """
    source = decode(file.read())
    root = _document(source)
    title = _title(root)
    marking = around(root).split("\n")
    clean(root)
    front = _take_front(root)
    blocks = main_blocks(root)
    lines, bar = parted([line for block in blocks for line in block_lines(block)])
    text = "\n".join(lines)
    front = _front(front, title=title, bar=bar, text=text)
    if not text.strip() and root.find(".//img") is not None:
        raise refused("no_text", "只有图片")
    read_already = frozenset(text.split("\n"))
    return Raw(
        id=None,
        text=text,
        front=front,
        around="\n".join(line for line in marking if line not in read_already),
        meta={"page_title": title} if title else {},
        searched=is_searched(source, text=front + text),
    )


def decode(content: bytes) -> str:
    """The page as text: byte order mark, valid UTF-8, declared encoding, then the ladder."""
    marked = content.startswith(tuple(mark for mark, _ in plain.MARKS))
    declared = DECLARED.search(content[:HEAD])
    legacy = LEGACY.get(declared[1].lower()) if declared else None
    if legacy and not marked and not plain.UTF8_INSIDE.search(content) and b"\0" not in content:
        try:
            return codecs.decode(content, legacy)
        except UnicodeDecodeError:
            pass
    return plain.decode(content)


def _document(text: str) -> Element:
    """The page's tree. libxml2 stops at its limits and returns what it has: that is refused."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError:
        root = None
    for entry in parser.error_log.filter_from_fatals():
        if entry.type_name == "ERR_NO_MEMORY":
            raise MemoryError
        if entry.type_name != "ERR_DOCUMENT_EMPTY":
            raise refused("resource_limit", "网页嵌套过深或过大")
    if root is None:
        raise refused("empty_file", "网页里什么也没有")
    return root


def _title(root: Element) -> str:
    """The page's title: the meta tag that government sites must set, the heading, the title."""
    for path in ("//meta[@name='ArticleTitle']/@content", "//h1", "//title"):
        for holder in root.xpath(path):
            words = holder if isinstance(holder, str) else holder.text_content()
            if title := " ".join(words.split()):
                return title
    return ""


def _front(rows: str, *, title: str, bar: Mapping[str, str], text: str) -> str:
    """``rows`` with what a bar names, and the title of a reply where the letter lacks it."""
    named = [f"{name}：{value}" for name, value in bar.items() if f"{name}：" not in rows]
    reply = SITE.sub("", title)
    if REPLY.search(reply) and bare(reply) not in bare(text) and reply not in rows:
        named.insert(0, f"标题：{reply}")
    return "\n".join(filter(None, (*named, rows)))


def clean(root: Element) -> None:
    """Take out, in place, what a reader of the letter does not see or need."""
    drop_hidden(root)
    _drop_all(root, NEVER_SHOWN)
    everything = _length(root)
    for element in list(root.iter(*AROUND)):
        if element.tag == "form" and 2 * _length(element) > everything:
            element.drop_tag()  # ASP.NET wraps the whole page into one form
        else:
            _drop(element)
    for element in list(root.iter("header")):
        if not any(above.tag in ("article", "main") for above in element.iterancestors()):
            _drop(element)


def _drop_all(root: Element, tags: Sequence[str]) -> None:
    for element in list(root.iter(*tags)):
        _drop(element)


def _drop(element: Element) -> None:
    """Take ``element`` out of its tree; what follows it stays."""
    if element.getparent() is not None:
        element.drop_tree()


def _length(element: Element) -> int:
    """Characters of ``element``, white space not counted."""
    return len(bare(element.text_content()))


def _unlinked(element: Element) -> int:
    """Characters of ``element`` that are not in links."""
    return _length(element) - sum(_length(link) for link in element.iter("a"))


def _take_front(root: Element) -> str:
    """The table of metadata before the letter, taken out of the tree; "" if there is none."""
    rows: dict[str, str] = {}
    left = FRONTS
    for element in list(root.iter("table", "dl", "ul", "ol", "div", "section", "p")):
        if element.getroottree().getroot() is not root or _length(element) > FRONT_LENGTH:
            continue
        listed = element.tag in ("table", "dl", "ul", "ol")
        named = pairs(block_lines(element), strays_allowed=listed)
        if named and (left := left - 1) < 0:
            break
        if named and _before(element) <= _after(element):
            for name, value in named:
                rows.setdefault(name, value)
            _drop(element)
    return "\n".join(f"{name}：{value}" for name, value in rows.items())


def _before(element: Element) -> int:
    """Characters of the page that come before ``element``, links not counted."""
    return sum(_text_length(text) for text in element.xpath("preceding::text()[not(ancestor::a)]"))


def _after(element: Element) -> int:
    return sum(_text_length(text) for text in element.xpath("following::text()[not(ancestor::a)]"))


def _text_length(text: str) -> int:
    return len(bare(text))


def main_blocks(root: Element) -> list[Element]:
    """The blocks that hold the letter, in order; the whole page without its junk at worst."""
    alone = [e for e in _named(root, TEXT_ALONE) if _length(e) >= LEAST_TEXT]
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
            _drop(element)
    for element in list(root.iter("ul", "ol", "div", "table", "td", "p")):
        links = list(element.iter("a"))
        if len(links) >= 3 and 3 * _unlinked(element) < _length(element):
            _drop(element)
