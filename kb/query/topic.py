"""What the letters of a list are about, as a question for it states that."""

from __future__ import annotations

import re

from kb.text.chars import made_of
from kb.text.tokens import subject_tokens

_LENGTH = 14  # characters; what is longer is a sentence

_NOUN = r"(?:答复[函件信]?|回复|回信|复信|复文|复函|政协提案|提案|(?:人大|代表)?建议|议案|会办意见)"
_EACH = r"(?:件|份|封|个|条|篇|次|回)?"
_FIELD = r"(?:这?方面|领域|问题|工作|这块|这件事|这事|的事情?|话题)*"
_ABOUT = r"(?:关于|(?<!所)有关(?!于)|涉及到?|针对|围绕|讲到?的?|谈到?|提到|说到?的?)"
_ALL = r"(?:都|一共|总共|共|你们|已经)*"

# These describe a letter and are no topic: 优秀提案 is not about 优秀.
_NO_TOPIC = re.compile(
    r"优秀|重[点要]|满意|解决|落实|采纳|公开|最[新近]|相关|类似|同类|其[他它]|联名|集体|个人|办结"
    r"|主要|具体|(?:委员|代表|局|厅|委|委员会|部门|单位|公司|政府|[支大]队)$|联合|今年|去年|明年|前年|[以之][前后]|以来|[上下]半年|季度"
    r"|上次|[他她它]|这|那|该|本|谁|哪|什么|怎|多少|几|没有|未(?!成年|来社区)|不(?!动产)|吗|为何|除了|以外|之外|以上|以下|超过|最[多少高低大小早好]"
)


_PATTERNS = (
    re.compile(rf"{_ABOUT}(?P<topic>[^，。；？\d]{{2,{_LENGTH}}}?){_FIELD}(?:有关|相关)?的?(?={_NOUN})"),
    re.compile(rf"(?:和|跟|与|同)(?P<topic>[^，。；？\d]{{2,{_LENGTH}}}?)(?:有关系?|相关|沾边)的?"),
    re.compile(rf"{_ABOUT}(?:了|过)?(?P<topic>[^，。；？\d的]{{2,{_LENGTH}}}?){_FIELD}(?:的|(?=，|$|一共|总共|有[多几哪]))"),
    re.compile(rf"(?P<topic>[^，。；？\d的]{{2,{_LENGTH}}}?){_FIELD}的(?={_NOUN})"),
    re.compile(rf"(?:^|，)(?P<topic>[^，。；？\d]{{2,{_LENGTH}}}?){_FIELD}"
                rf"(?={_ALL}有(?:过)?(?:哪些|多少|几){_EACH}{_NOUN})"),
    re.compile(rf"(?:^|，)(?P<topic>[^，。；？\d]{{2,{_LENGTH}}}?){_FIELD}的?"
                rf"(?={_ALL}(?:答复|回复|答|回)(?:过|了)(?:多少|几)[次回份封件])"),
    re.compile(rf"(?:^|，)(?P<topic>[^，。；？\d的]{{2,{_LENGTH}}}?){_FIELD}的?{_ALL}(?=有(?:多少|几)[份封]$)"),
    re.compile(rf"^哪些(?:单位|部门)(?:答复|回复|答|回)(?:了|过)?(?:关于)?"
                rf"(?P<topic>[^，。；？\d]{{2,{_LENGTH}}}?)(?:方面|问题)*$"),
)  # fmt: skip
# Words that a letter about the same may leave out: 青河治理 is about 青河.
_GENERAL = frozenset((
    "治理", "建设", "管理", "工作", "问题", "发展", "推进", "加强", "提升", "改善", "情况", "事情",
))  # fmt: skip
_LEADING = re.compile(rf"(?:^|，)(?P<topic>[^，。；？\d]{{2,{_LENGTH}}}?){_FIELD}的?(?=，|$)")

_LED_BY = re.compile(
    r"^(?:请问|请|帮我|给我|查一下|查询|查|列出|列举|找出|找|所有|全部|哪些|哪几件|哪几份|有|是|"
    r"答复|回复|办理|单位|部门|了|过|我|想|要|知道|看看|看|你们|的|一共|总共|多少件|多少份|几件|几份|提案|建议)+"
)


_IN_TITLE = re.compile(
    rf"(?:题目|标题|名[字称])[里中上]?就?(?:带|写|有|含|包含|提到)[着有了]?，?"
    rf"(?P<topic>[^，。；？\d]{{2,{_LENGTH}}}?)，?(?:[一二两三四五六]个字|字样)?的?，?(?={_NOUN}|有?哪|，|$)"
)


def in_title(rest: str) -> tuple[tuple[str, ...], str]:
    """The words that a title shall have by ``rest``, and what is left without them."""
    match = _IN_TITLE.search(rest)
    words = tuple(subject_tokens(match["topic"])) if match else ()
    if not match or not words:
        return (), rest
    return words, f"{rest[: match.start()]}，{rest[match.end() :]}"


def topic(
    rest: str, *, understood: frozenset[str], leading: bool = False
) -> tuple[tuple[str, ...], str]:
    """The words of the topic that ``rest`` states, and what is left without it.

    What is made of ``understood`` words is none. With ``leading`` a whole clause may be one, as
    in 垃圾分类，最新的一份.
    """
    for pattern in (*_PATTERNS, _LEADING) if leading else _PATTERNS:
        for match in pattern.finditer(rest):
            lead = _LED_BY.match(match["topic"])
            start = match.start("topic") + (lead.end() if lead else 0)
            about = rest[start : match.end("topic")]
            words = tuple(subject_tokens(about))
            none = len(about) < 2 or not words or made_of(about, understood)
            if none or _NO_TOPIC.search(about):
                continue
            telling = tuple(word for word in words if word not in _GENERAL) or words
            return telling, f"{rest[:start]}，{rest[match.end() :]}"
    return (), rest
