"""Whether a web page holds nothing beside the words of its letter: its source, to the last sign.

The source has to be tags from a short list, with known words in them, and the words between them
those of the letter, in their order. Scripts, styles, comments, links and what surrounds the
letter on a site make the answer no.
"""

from __future__ import annotations

import html
import re

from indexer.formats.searched.words import LARGEST, known
from kb.text.chars import bare

TAGS = frozenset(
    (
        "html", "head", "title", "meta", "body", "main", "article", "section", "div", "p", "span",
        "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "b", "strong", "em", "i", "u", "center",
        "font", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "thead",
        "tbody", "tr", "th", "td", "col", "colgroup",
    )
)  # fmt: skip
ATTRIBUTES = frozenset(
    (
        "charset", "content", "http-equiv", "name", "lang", "style", "class", "id", "align",
        "valign", "width", "height", "border", "cellpadding", "cellspacing", "colspan", "rowspan",
        "size", "color", "face", "dir",
    )
)  # fmt: skip
DOCTYPE = re.compile(r"\s*(?:<!doctype html>)?", re.I)
_VALUE = r"\"[^\"<>&]*\"|'[^'<>&]*'|[^\s\"'<>&=`/]+"
TAG = re.compile(rf"<(/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+\s*=\s*(?:{_VALUE}))*)\s*/?>", re.I)
ATTRIBUTE = re.compile(rf"\s+([a-z-]+)\s*=\s*({_VALUE})", re.I)
COLOUR = re.compile(r"#[0-9a-f]{3,6}\b", re.I)


def is_searched(source: str, *, text: str) -> bool:
    """True if ``source``, a web page as decoded, holds nothing beside the letter's ``text``."""
    if len(source) > LARGEST:
        return False
    at, words, title = _end_of_doctype(source), list[str](), ""
    inside = ""  # the last tag that was opened
    while at < len(source):
        if source[at] != "<":
            end = source.find("<", at)
            end = len(source) if end < 0 else end
            if inside == "title":
                title += source[at:end]
            else:
                words.append(source[at:end])
            at = end
            continue
        tag = TAG.match(source, at)
        if tag is None or not _is_known(tag):
            return False
        inside = "" if tag[1] else tag[2].lower()
        at = tag.end()
    whole = bare(text)
    return bare(html.unescape("".join(words))) == whole and bare(html.unescape(title)) in whole


def _end_of_doctype(source: str) -> int:
    match = DOCTYPE.match(source)
    return match.end() if match else 0


def _is_known(tag: re.Match[str]) -> bool:
    """True if the tag, its attributes and what they say are on the lists."""
    if tag[2].lower() not in TAGS or (tag[1] and tag[3].strip()):
        return False
    return all(
        name.lower() in ATTRIBUTES and known(COLOUR.sub("", value))
        for name, value in ATTRIBUTE.findall(tag[3])
    )
