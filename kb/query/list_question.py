"""Questions for a list of letters or their number: the conditions that they state."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kb.query.directory import Directory
from kb.query.mentions import Mention, mentions, without
from kb.text.chars import bare, made_of
from kb.text.places import Place
from kb.text.tokens import subject_tokens
from kb.text.traditional import simplified
from kb.types import LetterHead

_TOPIC_LENGTH = 14  # characters; what is longer is a sentence

_KINDS = ("提案", "建议", "议案")

CONSULTED = "会办意见"

_NOUN = r"(?:答复函?|回复|复文|复函|政协提案|提案|(?:人大|代表)?建议|议案|会办意见)"

_EACH = r"(?:件|份|封|个|条|篇)?"

_ASKS = re.compile(
    rf"哪些|哪几{_EACH}|列出|列举|列一下|清单|名单|一览|全部|所有|(?:多少|几){_EACH}|总数|数量"
)

_ANSWERED = re.compile(
    r"(?:答复|回复)(?:了|过)?(?:多少|几|哪些|哪几)|哪些(?:单位|部门)(?:答复|回复)"
)

_NAMED_KIND = re.compile(
    r"提案|议案|会办意见|(?:人大|代表)建议|(?:件|份|封)建议|(?:关于|涉及).{2,14}的建议|建议(?:的?(?:答复|回复|复文|复函))"
    r"|(?:答复|回复|办理)(?:了|过)?(?:的|哪些|多少)?建议|(?:类|年)的?建议|答复函?|回复|复文|复函"
)

# All that may be left of such a question once what it names and its topic are taken out.
_UNDERSTOOD = frozenset((
    "哪些", "哪几", "列出", "列举", "列一下", "清单", "名单", "一览", "全部", "所有", "多少", "几",
    "总数", "数量", "件", "份", "封", "个", "条", "篇", "答复", "答复函", "回复", "复文", "复函",
    "提案", "建议", "议案", "会办意见", "政协", "人大", "代表", "委员", "办理", "承办", "办理结果",
    "结果", "单位", "部门", "的", "了", "过", "有", "是", "都", "由", "被", "在", "和", "与", "、",
    "中", "里", "为", "属于", "属", "请", "请问", "帮我", "给我", "我", "想", "要", "看", "看看",
    "知道", "查", "查看", "查询", "查一下", "找", "找出", "一下", "一共", "总共", "共", "已经",
    "目前", "现在", "已", "发", "发出", "发布", "作出", "收录", "分别", "全市", "我市", "本市",
    "类", "函", "出", "关于", "有关", "涉及", "针对", "围绕",
))  # fmt: skip

# These describe a letter and are no topic: 优秀提案 is not about 优秀.
_NO_TOPIC = re.compile(
    r"优秀|重[点要]|满意|解决|落实|采纳|公开|最[新近]|相关|类似|同类|其[他它]|联名|集体|个人|办结"
    r"|主要|具体|(?:委员|代表)$|联合|今年|去年|明年|前年|[以之][前后]|以来|[上下]半年|季度"
    r"|上次|这|那|该|本|谁|哪|什么|怎|多少|几|没有|未|不|吗|为何"
)

_ABOUT = re.compile(r"(?:关于|涉及|针对|围绕|对)$")

_OF_ONE_LETTER = re.compile(r"单位|部门|结果|委员|代表")  # fields that one letter has of itself

_TOPICS = (
    re.compile(rf"(?:关于|(?<!所)有关|涉及|针对|围绕)(?P<topic>[^，。；？\d]{{2,{_TOPIC_LENGTH}}}?)"
               rf"(?:方面|领域|问题|工作)?(?:有关|相关)?的?(?={_NOUN})"),
    re.compile(rf"(?P<topic>[^，。；？\d的]{{2,{_TOPIC_LENGTH}}}?)(?:方面|领域|问题)?的(?={_NOUN})"),
    re.compile(rf"^(?P<topic>[^，。；？\d]{{2,{_TOPIC_LENGTH}}}?)(?:方面|问题)?"
               rf"(?=(?:都|一共|总共|共)?有(?:哪些|多少|几){_EACH}(?:答复|回复|复文|复函|提案|议案))"),
    re.compile(rf"^哪些(?:单位|部门)(?:答复|回复)(?:了|过)?(?:关于)?"
               rf"(?P<topic>[^，。；？\d]{{2,{_TOPIC_LENGTH}}}?)(?:方面|问题)*$"),
)  # fmt: skip

_LED_BY = re.compile(
    r"^(?:请问|请|帮我|给我|查一下|查询|查|列出|列举|找出|找|所有|全部|哪些|有|是|"
    r"答复|回复|办理|单位|部门|了|过|我|想|要|知道|看看|看)+"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListConditions:
    """The conditions of a list; an empty one admits every letter.

    ``organs`` is how the question calls the issuers; ``topic`` holds the words that a title
    must hold.
    """

    organs: tuple[str, ...] = ()
    issuers: frozenset[str] = frozenset()
    places: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    consulted: bool = False
    topic: tuple[str, ...] = ()

    def admits(self, head: LetterHead) -> bool:
        """True if the letter meets every condition but the topic, which needs the letter."""
        about = simplified(f"{head.issuer or ''}\n{head.title or ''}")
        return (
            (not self.issuers or head.issuer in self.issuers)
            and (not self.years or (head.issued_on or "")[:4] in self.years)
            and (not self.classes or head.result_class in self.classes)
            and (not self.kinds or simplified(head.kind or "") in self.kinds)
            and all(place in about for place in self.places)
        )


def list_question(
    question: str, known: Directory, *, places: Sequence[Place], today: date | None = None
) -> ListConditions | None:
    """The list that ``question`` asks for; None if it asks for content or says more than that.

    ``places`` are those that it names; 去年 and the like are understood where ``today`` is given.
    """
    text = simplified(bare(question))
    named = mentions(text, known, places=places, today=today)
    if any(
        mention.kind == "number" or not mention.means or _is_topic(mention, text)
        for mention in named
    ):
        return None
    rest = re.sub(r"[，。；：？！?!,.“”\"]", "", without(text, named))
    topic, rest = _topic(rest)
    if not (named or topic) and _OF_ONE_LETTER.search(rest):
        return None
    asks = _ASKS.search(rest) and (_ANSWERED.search(rest) or _NAMED_KIND.search(text))
    of_class = _ASKS.search(rest) and any(mention.kind == "class" for mention in named)
    if not (asks or of_class) or not made_of(rest, _UNDERSTOOD):
        return None
    if sum(mention.kind == "place" for mention in named) > 1:
        return None
    return ListConditions(
        organs=tuple(mention.text for mention in named if mention.kind == "organ"),
        issuers=frozenset(_means(named, "organ")),
        places=_means(named, "place"),
        years=_means(named, "year"),
        classes=_means(named, "class"),
        kinds=tuple(kind for kind in _KINDS if kind in rest),
        consulted=CONSULTED in rest,
        topic=topic,
    )


def _is_topic(mention: Mention, text: str) -> bool:
    """True of 关于教育局的提案, which others may answer."""
    return mention.kind == "organ" and bool(_ABOUT.search(text[: mention.span.start]))


def _means(named: Sequence[Mention], kind: str) -> tuple[str, ...]:
    return tuple(word for mention in named if mention.kind == kind for word in mention.means)


def _topic(rest: str) -> tuple[tuple[str, ...], str]:
    """The words of the topic that ``rest`` states, and what is left without it."""
    for pattern in _TOPICS:
        match = pattern.search(rest)
        if not match:
            continue
        lead = _LED_BY.match(match["topic"])
        start = match.start("topic") + (lead.end() if lead else 0)
        topic = rest[start : match.end("topic")]
        words = tuple(subject_tokens(topic))
        if len(topic) < 2 or not words or made_of(topic, _UNDERSTOOD) or _NO_TOPIC.search(topic):
            continue
        return words, rest[:start] + rest[match.end() :]
    return (), rest
