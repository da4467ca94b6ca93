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


# How many there are by now: a count without a year, and of no plan.
_COUNTED = re.compile(
    r"(?:一共|总共|累计|全市|统共|合计|已经?)[^，。；？]{0,12}(?:多少|几)[^，。；？]{0,10}了?"
    r"|(?:建|装|修|改|铺|种|办|开|完|换|划)(?:成|好|完|了|造|设|通|出){1,2}(?:了)?(?:多少|几)|还[有剩](?:多少|几)|有(?:多少|几)[个部座处所家条辆套块]"
)
_NOT_NOW = re.compile(
    r"[12]\d年|去年|前年|明年|今年|当[初时年]|原[来先]|计划|打算|目标|准备|还要|将|要[建装修改]|再[建装修]"
    r"|答应|承诺|什么时候|每年|提到|答复|建议|提案|份|封|件"
)


def asks_now(question: str) -> bool:
    """True if ``question`` asks how things stand now, and not what was said once."""
    if _NOW.search(question):
        return True
    return bool(_COUNTED.search(question)) and not _NOT_NOW.search(question)


def without_pressing(question: str) -> str:
    """``question`` without 到底 and 的最新数字, where enough is left to be searched for."""
    rest = _PRESSING.sub("", question)
    return rest if len(rest) >= _SHORTEST else question
