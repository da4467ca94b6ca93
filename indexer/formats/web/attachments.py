"""Links to files on a page: what is no part of the letter, or all that there is of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from lxml.html import HtmlElement as Element

from indexer.formats.markup import BLOCKS
from indexer.formats.raw import refused
from indexer.formats.web.titles import same
from kb.errors import UnreadableFile
from kb.text.chars import bare

LEAST = 30  # characters of sentences that a page must have to be more than its attachment
MOST = 100  # links that are looked at
_ENDING = r"\.(?:pdf|docx?|xlsx?|wps|et|ofd|ceb|zip|rar|7z|pptx?|rtf|tiff?)"
_FILE = re.compile(rf"{_ENDING}(?=$|[?#&\s\"'）)】\]])", re.I)
_IN_SCRIPT = re.compile(rf"[\"']([^\"'\n]{{1,300}}?{_ENDING})[\"'?#]", re.I)
_LABEL = re.compile(
    r"[（(【\[]?(?:相关|正文|原文|文件|全文)?(?:附件|附|下载|文档|全文|原文)(?:下载|列表|信息|名称)?"
    r"[\d一二三四五六七八九十]{0,3}[：:、.．）)】\]]*"
)
_REST = re.compile(
    r"(?>附件?|相关|正文|全文|原文|文件|点击|请|查看|预览|下载|已下载|格式|大小"
    r"|[\d.]{1,8}(?:KB|MB|次)?|[一二三四五六七八九十：:、.．,，（）()\[\]【】|-])*",
    re.I,
)
_POINTER = re.compile(r"附件|点击|下载|扫描|图片")
_ENDED = re.compile(r"(?<=[。；！？])")


def embedded(root: Element) -> list[str]:
    """The names of the files that frames and scripts of the page ``root`` show in its place."""
    found: list[str] = []
    for element in root.iter("iframe", "embed", "object", "frame"):
        address = element.get("src") or element.get("data") or ""
        found += [address] if _FILE.search(unquote(address[:2000])) else []
    for script in root.iter("script"):
        words = (script.text or "")[:20_000]
        if "pdf" in words.lower():
            found += _IN_SCRIPT.findall(words)[:3]
    return list(dict.fromkeys(_name(address) for address in found))


def take(root: Element) -> list[str]:
    """Take blocks that are nothing but links to files out of ``root``; returns the files' names."""
    names: list[str] = []
    more: set[Element] = set()  # blocks that hold more than links
    for link in list(_links(root)):
        words = " ".join(link.text_content().split())
        names.append(words if len(bare(words)) > 4 else _name(link.get("href") or ""))
        block = _block(link)
        if block is None or block in more:
            continue
        if not _REST.fullmatch(_beside(block)):
            more.add(block)
            continue
        above = _above(block)
        _empty(block)
        if above is not None and _LABEL.fullmatch(bare(above.text_content())):
            _empty(above)
    return names


def only_these(lines: Sequence[str], files: Sequence[str], *, title: str) -> UnreadableFile | None:
    """The refusal of a page whose reply is one of its ``files``; None if it says something."""
    if not files:
        return None
    words = [line for line in lines if not same(line, title)]
    said = "".join(
        sentence
        for line in words
        for sentence in _ENDED.split(line)[:-1]
        if not _POINTER.search(sentence)
    )
    if len(bare(said)) >= LEAST or any(len(bare(line)) >= 2 * LEAST for line in words):
        return None
    return refused("attachment_only", f"附件是“{files[0][:80]}”")


def _links(root: Element) -> Iterator[Element]:
    seen = 0
    for link in root.iter("a"):
        address, words = unquote((link.get("href") or "")[:2000]), link.text_content()[:300]
        if _FILE.search(address) or _FILE.search(words.strip()):
            seen += 1
            if seen > MOST:
                return
            yield link


def _block(link: Element) -> Element | None:
    """The innermost block that ``link`` stands in, if the page is more than that."""
    for above in link.iterancestors():
        if above.tag in BLOCKS:
            return None if above.tag in ("body", "html") else above
    return None


def _beside(block: Element) -> str:
    """The words of ``block`` outside its links to files, without white space."""
    files = {id(link) for link in _links(block)}
    words: list[str] = []
    stack: list[Element | str] = [block]
    while stack:
        piece = stack.pop()
        if isinstance(piece, str):
            words.append(piece)
        elif id(piece) not in files:
            inner: list[Element | str] = [piece.text or ""]
            for child in piece:
                inner += [child, child.tail or ""]
            stack += reversed(inner)
    return bare("".join(words))[:500]


def _above(block: Element) -> Element | None:
    """The nearest block before ``block`` that has words, if it stands beside it."""
    before = block.getprevious()
    while (
        before is not None and not bare(before.text_content()) and not (before.tail or "").strip()
    ):
        before = before.getprevious()
    return before if before is not None and not (before.tail or "").strip() else None


def _empty(element: Element) -> None:
    """Leave nothing of ``element`` but its place."""
    element.clear(keep_tail=True)


def _name(address: str) -> str:
    """The file's name in an address."""
    parts = re.split(r"[/?=&#]", unquote(address))
    return next((part for part in reversed(parts) if _FILE.search(part)), address[-60:])
