"""Words for when that name no day (近期, 待验收合格后), kept as the letter has them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from kb.extract.days import Clock, Resolved, ahead
from kb.extract.types import Due
from kb.text.normalize import normalized
from kb.types import Span

_VAGUE = Resolved(precision="vague")
_N = r"(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3}|半)"
_PART = r"(?:^|(?<=[，。；]))"  # where a part of a clause begins
_DONE = (
    r"(?:完成|完工|竣工|到位|成立|通过|批复|审批|批准|具备|成熟|移交|完毕|结束|落实|建成|运营|通车"
    r"|明确|确定|出台|下达|下来|落地|一致|意见|使用)"
)
_U = r"(?:个(?=[月星小]))?(?P<u>(?<=个)月|年|周|星期|天|日)"


@dataclass(frozen=True, slots=True, kw_only=True)
class UndatedRule:
    """``example`` holds ``raw``, the words that the pattern finds in it.

    ``manner``: they only say how it is done (及时, 逐步), and are no deadline.
    """

    name: str
    pattern: re.Pattern[str]
    example: str
    raw: str
    resolve: Callable[[re.Match[str], Clock], Resolved] = lambda match, clock: _VAGUE
    manner: bool = False


def _after(match: re.Match[str], clock: Clock) -> Resolved:
    """1个月后: from about that day on."""
    if clock.signed is None:
        return _VAGUE
    return Resolved(first=ahead(clock.signed, match)[0], precision="approximate")


def _about(match: re.Match[str], clock: Clock) -> Resolved:
    """还有一个星期左右: until about that day."""
    if clock.signed is None:
        return _VAGUE
    last = ahead(clock.signed, match)[0]
    return Resolved(first=clock.signed, last=last, precision="approximate")


def _rule(
    name: str,
    pattern: str,
    example: str,
    raw: str,
    resolve: Callable[[re.Match[str], Clock], Resolved] | None = None,
    *,
    manner: bool = False,
) -> UndatedRule:
    compiled = re.compile(pattern)
    rule = UndatedRule(name=name, pattern=compiled, example=example, raw=raw, manner=manner)
    return replace(rule, resolve=resolve) if resolve else rule


# In the order in which they count: what has to come first says more than 尽快 beside it.
UNDATED: tuple[UndatedRule, ...] = (
    _rule("再过多久", rf"(?:还有|还需要?|再有|再过|约需)(?:大?约)?{_N}{_U}(?:左右)?(?:的?时间)?",
          "还需要两个月左右才能通车", "还需要两个月左右", _about),
    _rule("多久以后", rf"(?<![满第近过\d一二三四五六七八九十]){_N}{_U}(?:之|以)?后(?![续期勤台])",
          "将于1个月后恢复通行", "1个月后", _after),
    _rule("待什么以后", rf"(?:{_PART}|(?<=[将需须拟])|(?<=下一步))(?:待|等(?![级方待候额同]))(?!遇)[^，。；]{{1,40}}?(?:(?:之|以)?后|时(?=[，再就即将会我由可一])|(?=，|再(?!次)|即可|方可|我[局们]|将|(?<![委议社协])会(?![员议])))",
          "待管网验收合格后组织移交", "待管网验收合格后"),
    _rule("一旦", r"一旦(?!发现|查|出现|有|被|确)[^，。；]{2,30}(?=，|立即|就|即|将)", "一旦资金到位，立即开工", "一旦资金到位"),
    _rule("什么以后", rf"{_PART}(?:我[们局委办中心司镇]{{1,2}}|[^，。；在待后]{{1,16}}(?=在))?(?P<raw>(?!若|如)(?:在|自|于)?[^，。；]{{2,30}}?(?:(?:之|以)?后(?=，|将|再(?!次)|我[局们]|立即|即可|方可|由)|{_DONE}(?:之|以)?后(?![续期勤台])))|{_PART}之后",
          "道路施工完毕后，恢复绿化带", "道路施工完毕后"),
    _rule("在什么以后", rf"(?<=[将拟划定会])在[^，。；]{{2,24}}?{_DONE}(?:之|以)?后(?![续期勤台])", "计划在土地腾空完成后拆除", "在土地腾空完成后"),
    _rule("什么时", rf"(?:{_PART}|(?<=[将拟划定会愿意]))在(?!同|平|必|及|适)[^，。；]{{2,24}}?(?<![及按准同临])时(?![间段期候常刻长机限数])", "在线路优化时一并考虑", "在线路优化时"),
    _rule("什么之前", rf"(?:{_PART}|(?<=[将拟划定会]))(?:在|于)[^，。；]{{2,24}}?(?:之前|以前|前(?=，|将))", "在新站投用之前，加密临时班次", "在新站投用之前"),
    _rule("届时", r"届时|到时候?", "届时将向社会公布", "届时"),
    _rule("时节", r"(?:(?<=[，。；在于])|^|今年|明年)(?:[春夏秋冬](?:[季天])|汛期|寒暑假|暑假|寒假|雨季|[采供]暖季)(?![节])", "计划在冬季组织清淤", "冬季"),
    _rule("近期", r"近期内?|近日|近段时间|不久|短期内|短时间内|最短时间内|日内(?!瓦)|不日", "近期安排复查", "近期"),
    _rule("远期", r"远期|中远期|中长期|后期(?=我|将|会|再|，)|后阶段|来期", "远期再行拓宽", "远期"),
    _rule("尽快", r"尽快|尽早|尽速|早日|及早|从快|如期", "尽快恢复供水", "尽快", manner=True),
    _rule("立即", r"立即|立刻|马上|即刻|即时|第一时间|当场|迅速|随即|很快|随后", "立即清运", "立即", manner=True),
    _rule("即将", r"即将", "即将开工", "即将"),
    _rule("条件成熟", r"条件(?:一旦)?(?:成熟|具备|允许)[时后]?", "条件成熟时启动二期", "条件成熟时"),
    _rule("适时", r"适时|择机|择期|择日|相机|视情", "择机启动二期", "择机", manner=True),
    _rule("及时", r"及时", "发现破损及时修补", "及时", manner=True),
    _rule("逐步", r"逐步|逐年|分期分批", "逐步更换老旧路灯", "逐步", manner=True),
)  # fmt: skip


def undated(words: str, *, clock: Clock, manner: bool = True) -> tuple[Span, Due] | None:
    """What ``words`` say of the time, where they name no day: of several, the first row's first.

    Without ``manner`` what only says how it is done (及时, 尽快) is left out. The span counts code points of ``words``. None where they say nothing of it.
    """
    plain = normalized(words)
    for rule in UNDATED:
        match = rule.pattern.search(plain.words) if manner or not rule.manner else None
        if match:
            group = "raw" if match.groupdict().get("raw") else 0
            span = plain.span(*match.span(group))
            resolved = rule.resolve(match, clock)
            first, last = (_iso(day) for day in (resolved.first, resolved.last))
            raw = span.of(words)
            return span, Due(raw=raw, first=first, last=last, precision=resolved.precision)
    return None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
