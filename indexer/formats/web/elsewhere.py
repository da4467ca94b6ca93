"""Pages that hold no text of their own: it is in a frame, or a script fetches it.

What is left on such a page is the site's furniture, which must not be taken for a letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement as Element

from indexer.formats.raw import refused
from indexer.formats.web.attachments import only_file
from indexer.formats.web.container import TEXT_ALONE
from indexer.formats.web.titles import same
from indexer.formats.web.words import is_furniture
from kb.errors import UnreadableFile
from kb.text.chars import bare

FRAMED = "正文在框架（iframe）里"
SCRIPTED = "正文要由脚本显示"
LEAST = 150  # characters of sentences from which on a page says something after all
NARROW = 120  # pixels: a smaller frame is a player, a counter or a button
_ROOM = re.compile(
    r"app|root|__next|__nuxt|q-app|main-?app|vue-?app|page-?app|(?:news|article|art|detail|info|page|main|right)?"
    r"[-_]?(?:content|detail|article|main|body|text|view|box|wrap(?:per)?|container)[-_]?\d?",
    re.I,
)
_UNFILLED = re.compile(r"\{\{[^{}\n]{1,120}\}\}|\$\{[^{}\n]{1,120}\}|<%=?[^%\n]{1,120}%>")
_WAITING = re.compile(
    r"加载中|(?:启用|开启|打开|允许)[^。\n]{0,12}(?:javascript|脚本)|enable javascript"
    r"|(?:不支持|禁用了?)[^。\n]{0,12}(?:javascript|脚本)|loading",
    re.I,
)
_LETTERLY = re.compile(
    r"收悉|敬悉|收到您|[答回]复如下|函复|[答回]复您|现将.{0,30}[答回]复|您(?:好|提出|反映|来信|咨询)"
    r"|[委代][员表][:：]|感谢您|特此[答回函]|同志[:：]|女士[:：]|先生[:：]"
)
_ENDED = re.compile(r"(?<=[。；！？])")
_OF_THE_SITE = re.compile(
    r"版权|备案|浏览器|javascript|分辨率|网站|转载|声明|客服|登录|注册|维护|技术支持|搜索", re.I
)


def signs(root: Element) -> str:
    """Why the text of the page ``root`` may not be on it; "" where nothing tells that."""
    if any(map(_is_wide, root.iter("frame", "iframe"))):
        return FRAMED
    words = "\n".join(piece[:2000] for piece in _own(root))
    if _UNFILLED.search(words) or _WAITING.search(words):
        return SCRIPTED
    return SCRIPTED if any(_is_empty(element) for element in _rooms(root)) else ""


def refusal(
    lines: Sequence[str], why: str, *, title: str, files: Sequence[str]
) -> UnreadableFile | None:
    """The refusal of a page of ``lines`` whose text may be elsewhere; None if it holds a letter.

    ``files`` are those that the page shows or links to.
    """
    if not why:
        return None
    said = [line for line in lines if not same(line, title) and not is_furniture(line)]
    sentences = [words for line in said for words in _ENDED.split(line)[:-1]]
    own = [words for words in sentences if not _OF_THE_SITE.search(words)]
    if len(bare("".join(own))) >= LEAST or any(map(_LETTERLY.search, said)):
        return None
    return only_file(files[0]) if files else refused("not_on_page", why)


def _is_wide(frame: Element) -> bool:
    """True of a frame that shows another page, and is large enough to hold a letter."""
    address = (frame.get("src") or frame.get("srcdoc") or frame.get("data-src") or "").strip()
    if not address or address.lower().startswith(("about:", "javascript:")):
        return False
    style = dict(
        part.split(":", 1) for part in (frame.get("style") or "").split(";") if ":" in part
    )
    sizes = (frame.get(name) or style.get(name, "") for name in ("width", "height"))
    return not any(_is_small(size) for size in sizes) and "none" not in style.get("display", "")


def _is_small(size: str) -> bool:
    match = re.fullmatch(r"\s*(\d{1,5})(?:\.\d*)?\s*(?:px)?\s*", size)
    return match is not None and int(match[1]) < NARROW


def _rooms(root: Element) -> Iterator[Element]:
    """The elements of ``root`` whose names say that the text stands in them."""
    for element in root.iter("div", "section", "article", "main", "td", "span"):
        names = f"{element.get('id') or ''} {element.get('class') or ''}".split()
        known = element.tag in ("article", "main")
        if known or any(TEXT_ALONE.fullmatch(n) or _ROOM.fullmatch(n) for n in names):
            yield element


def _is_empty(element: Element) -> bool:
    """True of an element without words, pictures or fields: something is to be put there."""
    if any(words.strip() for words in _own(element)):
        return False
    return next(element.iter("img", "input", "table", "video", "embed", "object"), None) is None


def _own(element: Element) -> Iterator[str]:
    """The words in ``element`` that are no script's, nor for browsers that run none."""
    for inner in element.iter():
        if isinstance(inner.tag, str) and inner.tag not in ("script", "style", "noscript"):
            yield inner.text or ""
        if inner is not element:
            yield inner.tail or ""
