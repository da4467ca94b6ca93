"""The words of an action made fit to be shown: whole brackets, no doer, no more than fits."""

from __future__ import annotations

import re

from kb.text.excerpts import whole_words
from kb.types import Span

_SAYS = re.compile(
    r"[也还已正均都]?(?:分别|各自|共同|愿意|承诺)?(?:将会?(?!同)|会(?!同)|拟|要(?!求)|计划|承诺|力争"
    r"|(?:负责|同意)(?=[将把对为向从自在于给按与]|[完增推建改新加清拆发拨出修补开安落提])"
    r"|(?=(?:完成|增[设加派]|推[动进]|拨付|建[成立设]|改[造建]|新[建增]|加装|清[理淤]|拆[除改]|发放|出台|修[订复]|补[植建划]|开[通展放工]|安装|施划|把|将)))"
)


def balanced(words: str) -> str:
    """``words`` without brackets that have lost their other half."""
    for opening, closing in ("（）", "()", "“”", "《》"):
        while words.count(opening) > words.count(closing):
            before, _, after = words.rpartition(opening)
            words = before or after
        while words.count(closing) > words.count(opening):
            before, _, after = words.partition(closing)
            words = before + after
    return words


def without_doer(words: str, doer: str | None) -> str:
    """Of 县交通局将增设站牌 the 增设站牌, where the ``doer`` is 县交通局."""
    if not doer or not words.startswith(doer):
        return words
    said = _SAYS.match(words, len(doer))
    return words[said.end() :] or words if said else words


def cut(words: str, longest: int) -> str:
    """``words`` up to the last part or word that is whole within ``longest`` characters."""
    if len(words) <= longest:
        return words
    if (at := max(words.rfind(mark, longest // 2, longest) for mark in "，、")) > 0:
        return words[:at]
    whole = Span(start=0, end=len(words))
    return whole_words(words, Span(start=0, end=longest), within=whole).of(words)
