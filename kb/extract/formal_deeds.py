"""Sentences of formal letters that say a deed with its day, its figure or its doer, and no cue.

Replies to proposals tell in running text what is arranged: 今年安排改造管网11公里. The weights of
``kb.extract.tagger`` pass over these; this adds them where no part of the clause was labelled.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kb.extract.listed import each_clause
from kb.extract.promise_features import Part
from kb.extract.promise_rules import ACTS, BACKGROUND, CONDITION, DONE, TAIL
from kb.text.organs import ACTOR

Dated = Literal["", "begins", "ends"]
BACK = 3  # parts that a deed reaches back to what it is done to


@dataclass(frozen=True, slots=True, kw_only=True)
class FormalRule:
    """Words that a part holds, as ``example`` does.

    ``dated`` ones need a time in the parts that they read which begins or ends after the letter's
    day; ``then`` is how the next part has to go on. ``back``: the parts before it say what it is done to.
    """

    name: str
    pattern: re.Pattern[str]
    example: str
    then: re.Pattern[str] | None = None
    dated: Dated = ""
    back: bool = False


def _row(
    name: str,
    pattern: str,
    example: str,
    *,
    then: str = "",
    dated: Dated = "",
    back: bool = False,
) -> FormalRule:
    return FormalRule(
        name=name,
        pattern=re.compile(pattern),
        example=example,
        then=re.compile(then) if then else None,
        dated=dated,
        back=back,
    )


_MORE = r"(?:布局|布点|新[建增设开]|增[设加派配]|建[成设]?|改[造建]|安排|投放|开[通设]|配[备建]|施划|加装)"
# What others ask for, or wrote; and what only says how it stands.
_NO_DEED = re.compile(
    r"建议|希望|提出|呼吁|提议|要求|[您你]|(?:^|有|部分|各位|名|位)(?:人大|政协)?(?:代表|委员)|提案|以来"
)
_HARD = re.compile(r"难度|困难|可能性|同比|环比|增[长速]")
_RAISED = r"[由从][^，]{0,20}?\d[^，]{0,8}?(?:提[高升]|上调|上涨|涨|增加?|扩大|降低|降|下调|调整|缩短|压缩)[至到为][^，]{0,6}?\d"
_IN_FORCE = r"(?:起|开始)?(?:开始|正式|全面)?(?:执行|实施|施行)$"
FORMAL: tuple[FormalRule, ...] = (
    _row("同意", rf"^(?:{ACTOR}|我[局委办厅中心]{{1,2}})(?:已经?)?同意(?=[自于在从将把对为]|\d|[今明]年|年[底内]|[新追增拨安配划调])",
         "市交通运输局同意自9月1日起将215路首班车提前至6：20"),
    _row("牵头", rf"^由(?>{ACTOR})(?:具体|统一)?(?:牵头|负责|承办|主办)(?:实施|组织|落实)?$",
         "由市市场监督管理局牵头，每学期对食堂开展检查", then=rf"(?:每[年月季周学半个]|[今明]年|年[内底]|\d|{ACTS.pattern}|对|在|于|按|组织|开展)"),
    _row("安排", r"(?:内|再|计划|拟|年|季度)安排(?!的|部署|专[人题]|会|[^，]{0,10}(?:资金|经费|投资|补[助贴]|预算))[^，的]*\d", "今年安排改造管网11公里", dated="ends"),
    _row("再做多少", rf"再{_MORE}[^，的]*\d", "年内再布局42处", dated="ends"),
    _row("提高到", rf"{_RAISED}[^，]*{_IN_FORCE}", "明年1月1日起补贴由2元提高到4元执行", dated="begins"),
    _row("提高到", _RAISED, "补贴由2元提高到4元，7月1日起执行", dated="begins", then=rf"[自从]?[^，]{{2,14}}{_IN_FORCE}"),
    _row("申请", r"^(?:但|并|同时)*(?:我[局委办厅]|我们|[^，]{2,14}[局委办厅])?将(?:另行|另外|同步|专门|单独)(?:再)?(?:向[^，]{2,16})?(?:申请|申报|报请|争取)[^，]{3,}",
         "我局将另行向市财政局申请专项资金"),
    _row("到时办好", r"(?:前|底|末|内|起|季度|月份?|[暑寒][假期])(?:全部|全面|全域|基本|正式|统一|集中)*(?:加装|安装|整改|清理|补种|补植|发放)?(?:完毕|开餐|清零|收官|扫尾|落成|就位)$",
         "防坠网，我局于汛前加装完毕", dated="ends", back=True),
    _row("到时办好", r"(?:月份?|季度|下半年|明年)(?:首[届批]|首次|全部|正式)*(?:完成|招生|招收|报[^，]{2,10}审[批议定])(?!了)[^，的]*$",
         "剩余500个在下月完成", dated="begins", back=True),
    _row("到时办好", r"^(?:到|至)[^，]*(?:底|末|前)$", "到2027年末，合流制管网全部清零", dated="ends",
         then=r"[^，]{0,24}(?:全部|全面|基本|实现)[^，]*(?:清零|覆盖|完[成工毕]|达标|改造|消除|到位|建成)"),
)  # fmt: skip


def with_formal(
    parts: Sequence[Part], labelled: Sequence[int], *, out: int, begins: int, goes_on: int
) -> list[int]:
    """``labelled`` with such sentences labelled too, where no part of them was.

    ``out``, ``begins`` and ``goes_on`` are the labels of ``kb.extract.tagger``.
    """
    labels = list(labelled)
    for first, last in each_clause(parts):
        if any(labels[n] != out for n in range(first, last)):
            continue
        own, free = parts[first:last], 0
        for n in range(len(own)):
            if n < free or not _says(own, n):
                continue
            begin = n
            while begin > max(free, n - BACK) and _of(own, begin - 1, n):
                begin -= 1
            free = _end(own, n)
            labels[first + begin] = begins
            labels[first + begin + 1 : first + free] = [goes_on] * (free - begin - 1)
    return labels


def _rule(own: Sequence[Part], n: int) -> FormalRule | None:
    """The first rule that the part ``n`` of a clause's parts meets."""
    part, after = own[n], own[n + 1].words if n + 1 < len(own) else ""
    for rule in FORMAL:
        if not rule.pattern.search(part.words) or (rule.then and not rule.then.match(after)):
            continue
        if not rule.dated or any(_to_come(one, rule.dated) for one in own[n : _least(rule, n)]):
            return rule
    return None


def _says(own: Sequence[Part], n: int) -> bool:
    """True if the part says such a deed, and nothing up to it is done, supposed or asked for."""
    if any(part.mark.barred or _NO_DEED.search(part.words) for part in own[: n + 1]):
        return False
    if any(CONDITION.match(part.words) for part in own[: n + 1]):
        return False
    rule = _rule(own, n)
    read = own[n : _least(rule, n)]
    return bool(rule) and not any(DONE.search(one.words) or _HARD.search(one.words) for one in read)


def _to_come(part: Part, dated: Dated) -> bool:
    """True if a time stands in the part that begins, or ends, after the letter was signed."""
    times = [time.due for time in part.said.within(part.number) if not time.past]
    signed = part.said.signed.isoformat() if part.said.signed else ""
    days = [(due.last if dated == "ends" else None) or due.first for due in times]
    return any(day is not None and day > signed for day in days)


def _of(own: Sequence[Part], before: int, n: int) -> bool:
    """True if the part ``before`` says to what that is done which the part ``n`` says."""
    rule, part = _rule(own, n), own[before]
    apart = BACKGROUND.match(part.words) or DONE.search(part.words)
    return bool(rule and rule.back and not apart and not part.said.within(part.number))


def _least(rule: FormalRule | None, n: int) -> int:
    """After the last part that the rule itself reads."""
    return n + 2 if rule and rule.then else n + 1


def _end(own: Sequence[Part], n: int) -> int:
    """After the last part that goes on to say what is done."""
    end = _least(_rule(own, n), n)
    while end < len(own) and not own[end].mark.barred:
        words = own[end].words
        if TAIL.match(words) or DONE.search(words) or CONDITION.match(words):
            break
        if _rule(own, end):
            break  # another one
        end += 1
    return end
