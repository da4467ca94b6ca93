"""The figure, day, organ or number to call that a question asks for, where a quote says just one.

A span runs over all that belongs to the figure: 约, the unit and 以上; the year of a day.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.query.parse import Query
from kb.text.organs import ORGAN
from kb.text.traditional import simplified
from kb.types import Span

_N = r"(?:\d{1,12}(?:[,，]\d{3})*(?:\.\d{1,6})?|[一二两三四五六七八九十百千万零半]{1,8})"
_UNIT = (
    r"(?:平方公里|平方千米|平方米|立方米|公里|千米|厘米|毫米|公顷|公斤|千克|千瓦时|千瓦|兆瓦|工作日|个工作日|个月|小时|分钟|百分点|个百分点"
    r"|人次|车次|分贝|车道|周岁|届|元|块|亩|米|吨|户|人|名|位|家|栋|幢|座|处|辆|件|套|条|项|部|台|张|批|间|床|所|倍|成|级|次|场|趟|班|层|岁"
    r"|个|折|平|株|棵|盏|根|块|片|组|类|种|期|份|期|门|把|路|桩|天|日|年|月|%|％|‰|㎡|mm|km|方|度|MW)"
)
_MANY = r"(?:多|余|来|几)?"
_AROUND = r"(?:大约|约|近|将近|接近|超过|不超过|不少于|不低于|不高于|至少|最多|最高|最低|高达|仅)?"
_EACH = r"(?:每[\u4e00-\u9fff]{1,3}){0,3}"
_SINGLE = rf"{_N}\s?{_MANY}(?:万|亿|千|百)?{_MANY}\s?{_UNIT}"
_BEHIND = r"(?:/[\u4e00-\u9fff·]{1,4}){0,2}(?:以上|以下|以内|左右|之内|上下)?"
_AMOUNT = re.compile(
    rf"{_AROUND}{_EACH}{_AROUND}(?<![\d.])(?:{_N}(?:万|亿|%)?{_UNIT}?\s?[-—~～至到]\s?)?{_SINGLE}{_BEHIND}"
    r"|(?:百分之|千分之)[一二三四五六七八九十百点零]{1,6}"
)
_YEAR = r"(?:(?:19|20)\d\d\s?年|今年|去年|明年|前年|上年|当年|次年)"
_PART = r"(?:年?底|年?初|末|中旬|上旬|下旬|上半年|下半年|第?[一二三四1-4]季度)"
_CLOCK = r"(?:凌晨|早上|上午|中午|下午|傍晚|晚上|晚)?\d{1,2}(?:[:：]\d\d|[点时](?!间)(?:\d{1,2}分|半|整)?)"
_DATE = (
    rf"(?:{_YEAR}\s?(?:\d{{1,2}}\s?月份?)?\s?(?:\d{{1,2}}\s?[日号])?|\d{{1,2}}\s?月份?(?:\s?\d{{1,2}}\s?[日号])?"
    rf"|\d{{1,2}}\s?[日号](?![楼线栋路令文]))(?:{_PART})?(?:{_CLOCK})?"
)
_UNTIL = r"(?:(?:之|以)?[前后]|起|开始|左右|前后)?"
_WHEN = re.compile(
    rf"(?<![\d第])(?:{_DATE}(?:\s?(?:至|到|[-—~～])\s?(?:{_DATE}|{_CLOCK}))?|{_CLOCK}(?:\s?(?:至|到|[-—~～])\s?{_CLOCK})?"
    rf"|{_YEAR}?(?:{_PART}))(?![\d/])(?:{_UNTIL})"
)
_FEW = r"(?:\d{1,3}(?:\.\d)?|[一二两三四五六七八九十百半]{1,4})"
_LASTING = re.compile(
    rf"{_AROUND}(?<!\d){_FEW}(?:[-—~～至到]{_FEW})?\s?{_MANY}\s?(?:个?工作日|个?自然日|个?月|个?小时|分钟|年|天|日|周|个?星期)(?![前底初岁])(?:以上|以内|之内|内|左右)?"
)
_PHONE = re.compile(
    r"(?<![\d\-*])(?:\(?0\d{2,3}\)?[-—－–\s]?\d{7,8}(?:[-—转]\d{1,5})?|400[-\s]?\d{3,4}[-\s]?\d{3,4}|\d{7,8}|1\d{4}|1[12]\d)(?![\d*年.])"
)
# 由市城管局负责, 归市住建局管理: an organ alone, or with what says that it is the one.
_WHO = re.compile(
    rf"(?:(?:现|目前|已)?(?:由|归|属|移交(?:给)?|是|为|系|找|向|请到|到))?(?P<organ>{ORGAN})"
    r"(?=$|[。，；（(]|负责|牵头|管理|主管|承办|办理|维护|管护|审批|受理|咨询|反映|申请|所有|承担)"
)
_LASTS = re.compile(
    r"多久|多长时间|[多几]少?[个]?(?:天|年|月|小时|分钟|工作日|星期|周)|时长|[多几]少?天[之以]?内"
)
# What is asked for decides which units answer.
_UNITS = tuple(
    (re.compile(asks), re.compile(units))
    for asks, units in (
        (r"多少钱|几块|几元|什么价|啥价|价[钱格位]|[费价金][^，？]{0,5}多少|费用|金额|资金|(?:补|收|花|投|罚|贴|给|交|出|奖|发|赔|付)(?:助|贴|费|了|资|款|金|偿)*(?:了|个)?(?:多少|几[块万千百元]|好多)(?!户|人|个|家|年|天|亩|平|处)"
         r"|工资|多少(?:万|亿)?元|几万", r"元|块|折"),
        (r"多[长宽高远深](?!时间)|长度|宽度|高度|里程", r"米|里|m$"),
        (r"多大|面积|多少(?:亩|平)", r"平|亩|公顷|㎡"),
        (r"比例|占比|[^效利功频速汇]率|百分之|几成", r"%|％|‰|成|百分之|千分之"),
        (r"(?:多少|几)(?:个|名|位)?人|人数", r"人|名|位"),
        (r"(?:多少|几)(?:户|家)", r"户|家"),
    )
)  # fmt: skip
_ASKS = re.compile(
    r"多少|几(?!乎|经|年来)|好多|多[长宽高远深大久]|什么时[候间]|啥时|何时|哪[年月天日一]|谁|哪个|怎么|什么"
)


def figure(query: Query, text: str, *, quoted: Span, exact: Sequence[Span]) -> Span | None:
    """The words of ``quoted``, normally within ``exact``, that are what ``query`` asks for.

    None where several could be meant, where two things are asked, or where nothing is sure.
    """
    kind = query.expected.kind
    if kind is None or len(exact) > 1 or len(_ASKS.findall(query.text)) != 1:
        return None
    part = exact[0] if exact else quoted
    if kind.name == "who":
        return _organ(text, part)
    found = [
        span
        for rule in _rules(query)
        for match in rule.finditer(simplified(text[quoted.start : quoted.end]))
        if (span := _moved(match, by=quoted.start)).meets(part) and span.end > span.start
    ]
    found = [span for span in found if _answers(query, span.of(text))]
    return found[0] if len(found) == 1 else None


def _organ(text: str, part: Span) -> Span | None:
    """The organ that ``part`` begins with, if one does and no other stands in it."""
    words = simplified(part.of(text))
    found = _WHO.match(words)
    if found is None or re.search(r"[、和与及]", found["organ"]):
        return None
    return Span(start=part.start + found.start("organ"), end=part.start + found.end("organ"))


def _rules(query: Query) -> tuple[re.Pattern[str], ...]:
    kind = query.expected.kind.name if query.expected.kind else ""
    if kind == "time":
        return (_LASTING,) if _LASTS.search(query.text) else (_WHEN,)
    rules = {"amount": (_AMOUNT,), "phone": (_PHONE,)}
    return rules.get(kind, ())


def _answers(query: Query, words: str) -> bool:
    """True if a figure is counted in what the question asks for."""
    kind = query.expected.kind
    if kind is None or kind.name != "amount":
        return True
    for asks, units in _UNITS:
        if asks.search(query.text):
            return bool(units.search(words))
    unit = query.expected.unit
    return unit is None or unit == "个" or unit in words


def _moved(match: re.Match[str], *, by: int) -> Span:
    return Span(start=match.start() + by, end=match.end() + by)
