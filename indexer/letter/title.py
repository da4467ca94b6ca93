"""What a letter is called: in its own words, beside it, or on the page that it stands on."""

from __future__ import annotations

import re
from collections.abc import Mapping

from indexer.letter.rules import NUMBER, TITLE
from kb.types import Field, Span

LONGEST_TITLE = 300  # code points of the name of a web page that may serve as a title
_HEAD = 800  # code points in which a letter says what it is called
_FIRST_LINE = 60  # the longest first line, in code points, that may serve as a title
# What may stand first and is no title: sentences, salutations, labels, numbers, classes.
_NO_TITLE = re.compile(
    rf"[。；，：:]$|^.{{1,8}}[：:]|{NUMBER}|^[（(【\[]?[A-DＡ-Ｄ甲乙丙丁]\s?类?[）)】\]]?$"
)
_LINE = re.compile(r"^(?:标题|信息名称|文件名称|名称)：(?P<v>[^\n]+)$", re.MULTILINE)


def read_title(text: str, body: Span, meta: Mapping[str, str]) -> Field | None:
    """The title of the letter ``body`` in ``text``; None if nothing is called one."""
    head = text[body.start : body.start + _HEAD]
    if match := TITLE.search(head):
        start = body.start + match.start("v")
        return Field(
            value=match["v"], span=Span(start=start, end=start + len(match["v"])), rule="标题行"
        )
    if meta.get("title"):
        return given(text, meta["title"])
    if on_page := title_on_page(text, Span(start=0, end=body.start)):
        return on_page
    first = head.split("\n", 1)[0]
    if len(first) <= _FIRST_LINE and not _NO_TITLE.search(first):
        span = Span(start=body.start, end=body.start + len(first))
        return Field(value=first, span=span, rule="首行")
    if 0 < len(meta.get("page_title", "")) <= LONGEST_TITLE:
        return given(text, meta["page_title"])
    return None


def title_on_page(text: str, front: Span) -> Field | None:
    """The title that ``front``, the values before a letter in ``text``, gives; None without one."""
    match = _LINE.search(text, front.start, front.end)
    if match is None or len(match["v"]) > LONGEST_TITLE:
        return None
    return Field(
        value=match["v"], span=Span(start=match.start("v"), end=match.end("v")), rule="网页标题"
    )


def given(text: str, value: str) -> Field:
    """A value that came beside the text, with the place where the text says the same."""
    at = text.find(value)
    span = Span(start=at, end=at + len(value)) if at >= 0 else None
    return Field(value=value, span=span, rule="bulk import")
