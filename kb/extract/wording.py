"""The words of an action made fit to be shown: whole brackets, no doer, no more than fits."""

from __future__ import annotations

import re

from kb.text.excerpts import whole_words
from kb.types import Span

_SAYS = re.compile(
    r"[也还已正均都]?(?:愿意|承诺)?(?:将会?(?!同)|会(?!同)|拟|要(?!求)|计划|承诺|力争)"
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
