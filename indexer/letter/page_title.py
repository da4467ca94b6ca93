"""What the page of a letter calls it, where it stands among the values before the letter."""

from __future__ import annotations

import re

from kb.types import Field, Span

LONGEST_TITLE = 300  # code points of the name of a web page that may serve as a title
_LINE = re.compile(r"^(?:标题|信息名称|文件名称|名称)：(?P<v>[^\n]+)$", re.MULTILINE)


def title_on_page(text: str, front: Span) -> Field | None:
    """The title that ``front``, the values before a letter in ``text``, gives; None without one."""
    match = _LINE.search(text, front.start, front.end)
    if match is None or len(match["v"]) > LONGEST_TITLE:
        return None
    return Field(
        value=match["v"], span=Span(start=match.start("v"), end=match.end("v")), rule="网页标题"
    )
