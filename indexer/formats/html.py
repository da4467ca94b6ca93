"""A web page → the letter on it, and what the page says beside it. Child process only.

What is left out is left out by what it is (navigation, forms, what is hidden, bars, blocks of
links), never because it is short: a letter's signature and date are often blocks of their own.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import BinaryIO

from lxml import etree, html
from lxml.html import HtmlElement as Element

from indexer.formats import plain
from indexer.formats.hidden import UNSHOWN, drop_hidden
from indexer.formats.markup import block_lines
from indexer.formats.raw import Limits, Raw, refused
from indexer.formats.searched.html import is_searched
from indexer.formats.surroundings import LABELLED, around, is_barring
from indexer.formats.web import attachments, elsewhere, fronts, mailbox, titles, wechat
from indexer.formats.web.container import AROUND, drop, drop_all, length, main_blocks
from indexer.formats.web.trim import bars, before_letter, trimmed
from kb.text.chars import bare

# Declared encodings that the ladder cannot tell by itself; UTF-8 that is valid comes first,
# since pages that were converted to it often still declare gb2312.
DECLARED = re.compile(rb"<meta[^>]{1,200}charset\s*=\s*[\"']?\s*([\w-]{1,20})", re.I)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LEGACY = {b"gb2312": "gb18030", b"gbk": "gb18030", b"gb18030": "gb18030", b"big5": "big5"}
HEAD = 4096

NEVER_SHOWN = ("script", "style", "iframe", "svg", "head", *UNSHOWN)
METAS = (("pubdate", "发布时间"), ("contentsource", "来源"), ("source", "来源"))
DAYS = (
    "发布时间",
    "发布日期",
    "更新时间",
    "更新日期",
    "公开日期",
    "公开时间",
    "发文日期",
    "成文日期",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letter:
    """The lines of the letter, what was taken from among them, and named values of the page."""

    lines: list[str]
    dropped: list[str]
    rows: dict[str, str]


def read(file: BinaryIO, limits: Limits) -> Raw:
    """The letter on the page ``file``; its title, if any, is ``meta["page_title"]``.

    ``searched`` if nothing but the letter is in the page's source.
    Raises UnreadableFile ``encoding_unknown``, ``resource_limit``, ``no_text``,
    ``attachment_only``, ``not_on_page`` or ``no_reply``.
    """
    source = decode(file.read())
    root = _document(source)
    named, any_title = titles.heads(root), _title(root)
    metas, column = {**wechat.uncover(root), **_metas(root)}, titles.column(root)
    marking = around(root).split("\n")
    files, away = attachments.embedded(root), elsewhere.signs(root)
    mailbox.open_tabs(root)
    clean(root)
    headings = titles.shown(root)
    title = titles.of_letter([*named[:1], *headings, *named[1:]])
    files = [*attachments.take(root), *files]
    pictures = root.find(".//img") is not None
    letter = _mail(root, title or titles.of_mail(named[::-1], headings)) or _page(root, title)
    text = "\n".join(letter.lines)
    said = any(not titles.same(line, title) for line in letter.lines)
    if pictures and not files and not said:
        raise refused("no_text", "只有图片")
    refusal = attachments.only_these(letter.lines, files, title=title)
    if refusal := refusal or elsewhere.refusal(letter.lines, away, title=title, files=files):
        raise refusal
    front = _front(letter, metas, title=title, column=column)
    read_already = frozenset(letter.lines)
    marking += [line for line in letter.dropped if is_barring(line) or LABELLED.search(bare(line))]
    return Raw(
        id=None,
        text=text,
        front=front,
        around="\n".join(dict.fromkeys(line for line in marking if line not in read_already)),
        meta={"page_title": title or any_title} if title or any_title else {},
        searched=is_searched(source, text=front + text),
    )


def _mail(root: Element, title: str) -> _Letter | None:
    """The reply on a page of a mailbox."""
    mail = mailbox.mail(root)
    if mail is None:
        return None
    reply = trimmed(mail.reply, title=title, whole_page=False)
    if not reply.lines:
        raise refused("no_reply")
    return _Letter(
        lines=reply.lines, dropped=reply.dropped, rows=_joined(mail.rows, {"标题": title})
    )


def _page(root: Element, title: str) -> _Letter:
    """The letter on any other page."""
    rows = fronts.take(root)
    above = before_letter(block_lines(root))
    beside = {**fronts.loose(above), **bars(above)}
    blocks, alone = main_blocks(root)
    lines = [line for block in blocks for line in block_lines(block)]
    letter = trimmed(lines, title=title, whole_page=blocks == [root], alone=alone)
    # Where nothing is marked as the title, a line above the letter and not in it may be that.
    outside = [] if title else [line for line in above if line not in letter.lines]
    called = {"标题": found} if (found := titles.above(outside)) else {}
    return _Letter(
        lines=letter.lines,
        dropped=letter.dropped,
        rows=_joined(rows, called, letter.values, beside),
    )


def _front(letter: _Letter, metas: dict[str, str], *, title: str, column: str) -> str:
    """The named values of the page, a line each: the title too, where the letter lacks it."""
    rows = _joined(letter.rows, metas)
    known = "标题" in rows or title in rows.values() or titles.stands_in(letter.lines, title)
    if title and not known:
        rows = {"标题": title, **rows}
    if column:
        rows.setdefault("栏目", column)
    return "\n".join(f"{name}：{value}" for name, value in rows.items() if value)


def _joined(*sources: dict[str, str]) -> dict[str, str]:
    """The values of ``sources``, the first of each name; of several days of publishing one."""
    rows: dict[str, str] = {}
    for source in sources:
        dated = any(name in rows for name in DAYS)
        for name, value in source.items():
            if not (dated and name in DAYS):
                rows.setdefault(name, value)
    return rows


def _metas(root: Element) -> dict[str, str]:
    """The day and the source that the page's meta tags give."""
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        words = " ".join((meta.get("content") or "").split())
        for name, label in METAS:
            if (meta.get("name") or "").strip().lower() == name and 0 < len(words) <= 60:
                found.setdefault(label, words)
    return found


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


def _without_controls(root: Element) -> None:
    """Take out control characters, which pages may name (&#1;) but lxml lets nobody set."""
    for element in root.iter():
        if element.text and _CONTROL.search(element.text):
            element.text = _CONTROL.sub("", element.text)
        if element.tail and _CONTROL.search(element.tail):
            element.tail = _CONTROL.sub("", element.tail)


def clean(root: Element) -> None:
    """Take out, in place, what a reader of the letter does not see or need."""
    _without_controls(root)
    drop_hidden(root)
    drop_all(root, NEVER_SHOWN)
    everything = length(root)
    for element in list(root.iter(*AROUND)):
        if element.tag == "form" and 2 * length(element) > everything:
            element.drop_tag()  # ASP.NET wraps the whole page into one form
        else:
            drop(element)
    for element in list(root.iter("header")):
        if not any(above.tag in ("article", "main") for above in element.iterancestors()):
            drop(element)
