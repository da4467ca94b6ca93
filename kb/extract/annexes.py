"""The titles of what is attached to a letter: they name a table or a list, and promise nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.types import Span

_LINE = re.compile(r"[^\n]+")
# 附件：2025年改造时限表; 附件：1. 新增任务清单; and 附件2 alone above the title.
_NAMED = re.compile(r"\s*附[件表录图][\s\d一二三四五六七八九十]{0,4}[：:.、．]")
_ALONE = re.compile(r"\s*附[件表录图][\s\d一二三四五六七八九十]{0,4}[：:]?\s*$")
_NUMBERED = re.compile(r"\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})[.、．]")
_SENTENCE = re.compile(r"[，。；！？]")
# A table's or a list's title, where no 附件 stands before it; 公布任务清单 is a deed.
_TABLE = re.compile(
    r"(?!.*(?:[前底内起]|将|拟|公[布示]|编制|制[定订]|建立|印发|出台|更新|填|发布|修订|梳理|完善|形成|报送|列出))"
    r"[^，。；：！？]{2,40}(?:[限览细总排划解计工况]表|清单|名单)\s*$"
)


def annex_titles(text: str) -> Iterator[Span]:
    """The lines of ``text`` that are titles of attachments, in order."""
    named = alone = False
    for line in _LINE.finditer(text):
        words = line[0]
        if not words.strip():
            continue
        begins = bool(_NAMED.match(words))
        listed = named and bool(_NUMBERED.match(words)) and not _SENTENCE.search(words)
        titled = alone and not _NUMBERED.match(words) and not _SENTENCE.search(words)
        if begins or listed or titled or _TABLE.match(words.strip()):
            yield Span(start=line.start(), end=line.end())
        named, alone = begins or listed, bool(_ALONE.match(words))
