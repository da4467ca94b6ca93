"""Questions for how things stand now: 现在到底……了, 最新的数字, 目前多少."""

from __future__ import annotations

import re

_NOW = re.compile(
    r"最新|最近一?次?的?(?:数|情况|进展)|目前|现在|现如今|如今|眼下|当前|截至今|到今天|这会儿"
)
# Words that only press for the newest, and stand in no letter.
_PRESSING = re.compile(
    r"(?:的)?最新的?(?:数字|数据|统计|数|情况|进展|消息)(?=是|有|多少|怎么?样?|如何|到|$|[？?])|到底|究竟"
)
_SHORTEST = 4  # characters of a question that are left once these are taken out


def asks_now(question: str) -> bool:
    """True if ``question`` asks how things stand now, and not what was said once."""
    return bool(_NOW.search(question))


def without_pressing(question: str) -> str:
    """``question`` without 到底 and 的最新数字, where enough is left to be searched for."""
    rest = _PRESSING.sub("", question)
    return rest if len(rest) >= _SHORTEST else question
