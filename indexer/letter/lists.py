"""The lists of a letter: whom it addresses, who had a hand in it, who gets copies."""

from __future__ import annotations

import re
from collections.abc import Mapping

from indexer.letter.rules import LIST_RULES, TITLE, Rule, Zone
from indexer.letter.view import Words, value_of
from kb.text.organs import SIGNER_END
from kb.types import Field, Span

_ORGAN = re.compile(rf"{SIGNER_END}$")
_ANSWERS = re.compile(
    r"收悉|收到|敬悉|研究办理|主办的|(?:答复|函复|回复|报告|反馈|意见|说明|汇报)如下"
)
_NOT_ADDRESSED = re.compile(
    r"如下|附件|事项|联系|抄送|电话|时间|地点|要求|内容|措施|说明|您|你|问题|做法|经[核查调过研]"
)
# What a line of a head or of a page's table begins with: 文件编号：, 索引号：, 签发人：.
_LABEL = re.compile(
    r".{0,6}(?:编号|字号|文号|索引号|日期|来源|名称|标题|题目|案由|类别|类型|分类|级别|密级|栏目|主题词?|关键词"
    r"|结果|方式|形式|属性|范围|时限|性质|机关|机构|情况|进度|状态|[签审提建记录编发办核]\S{0,2}人|地址|邮编)"
    r"|(?:承办|主办|会办|协办|发文|责任|办理|答复|联系|发布|制发|提案|供稿|所属)(?:单位|部门|科室|处室)"
)
_SEPARATOR = re.compile(
    r"[、，；](?![^（]{0,200}）)|(?<=[局委会办厅部心院府司处队联行署])(?:和|与|及|以及)"
    r"|(?<=[局委会厅员表])(?:并|暨)|(?<=[员表])(?:和|与|及|以及)"
)
# At the letter's end a space parts them too, and so does how many copies each gets.
_SEPARATOR_OF_LINES = re.compile(
    r"[、，；\s](?![^（]{0,200}）)|（[^）]{0,4}[一二三两四五六七八九十\d]{1,3}\s?份）|(?:各|共)?[一二两三四五六七八九十\d]{1,3}\s?份"
)
_MORE = ("等单位", "等部门", "等")


def is_reply(view: str, zones: Mapping[Zone, Span]) -> bool:
    """False for a notice that only mentions a proposal."""
    return bool(TITLE.search(zones["title"].of(view)) or _ANSWERS.search(zones["opening"].of(view)))


def read_lists(words: Words, zones: Mapping[Zone, Span]) -> dict[str, tuple[Field, ...]]:
    """Each list that the letter has, by the first rule that reads any member of it."""
    lists: dict[str, tuple[Field, ...]] = {}
    for rule in LIST_RULES:
        if rule.field not in lists:
            # News of other organs' joint work is no reply that they had a hand in.
            foreign = rule.field == "co_organs" and not is_reply(words.view, zones)
            members = () if foreign else apply_list(rule, words, zones)
            if members:
                lists[rule.field] = members
    return lists


def apply_list(rule: Rule, words: Words, zones: Mapping[Zone, Span]) -> tuple[Field, ...]:
    """The members that ``rule`` reads from its zone; () if it does not apply."""
    zone = zones[rule.zone]
    if rule.field == "addressees":
        start = max(zones["title"].end, zone.start)
        zone = Span(start=start, end=max(zone.end, start))
    for match in rule.pattern.finditer(zone.of(words.view)):
        if rule.field == "addressees" and _is_none(match["v"]):
            continue
        run = Span(start=zone.start + match.start("v"), end=zone.start + match.end("v"))
        members = _members(rule, words, run)
        if members:
            return members
    return ()


def _is_none(run: str) -> bool:
    """True if ``run`` is no addressee: words of a sentence, or the label of a value."""
    return bool(_NOT_ADDRESSED.search(run) or _LABEL.fullmatch(run.strip()))


def _members(rule: Rule, words: Words, run: Span) -> tuple[Field, ...]:
    """The members of the list ``run``, without 等部门 and without how many copies each gets."""
    separator = _SEPARATOR_OF_LINES if rule.zone in ("tail", "end", "front") else _SEPARATOR
    view, members, start = run.of(words.view), list[Field](), 0
    for stop, after in [*((m.start(), m.end()) for m in separator.finditer(view)), (len(view), 0)]:
        member = view[start:stop].rstrip()
        for more in _MORE:
            member = member.removesuffix(more)
        begin = run.start + start + len(member) - len(member.lstrip())
        start = after
        member = member.strip("。 ")
        if not member or (rule.field == "co_organs" and not _ORGAN.search(member)):
            continue
        span = Span(start=begin, end=begin + len(member))
        value = value_of(rule.field, span.of(words.text)) or ""
        members.append(Field(value=value, span=span, rule=rule.name))
    return tuple(members)
