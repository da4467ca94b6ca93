"""A promise that ends in the middle of its sentence goes on to where that says what is done.

The tagger labels part by part between commas: of 我局将按照规定，办理许可 it may take the first
alone, or each as a promise of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kb.extract.promise_features import Part

MOST = 3  # parts that are added to one promise
SHORTEST = 4  # characters that say something of their own


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfRule:
    """How a part ends that leaves open what is done, as ``example`` does."""

    name: str
    pattern: re.Pattern[str]
    example: str


def _half(name: str, pattern: str, example: str) -> HalfRule:
    return HalfRule(name=name, pattern=re.compile(pattern), example=example)


# Where such a phrase begins: at the head of the part, after its subject or after 将.
_FROM = r"(?:^|^[^，]{0,24}?(?:将|会|要|拟|应|并|也|还|都|即|计划|继续|进一步|我[局委办们司镇乡院校队]))(?:严格|认真|充分|积极|全力|主动|及时|尽快|切实|继续|进一步|坚持|一如既往地?|共同)*"
_BODY = r"(?:[局委办厅处所队镇乡站院校]|部门|单位|公司|街道|社区|政府|企业|物业|村委会|业委会|开发商|力量|人员|专家|代表|专班|工作组|[中大支]队|中心|协会|学校|幼儿园)"

HALVES: tuple[HalfRule, ...] = (
    _half("同谁", _FROM + rf"(?:联合|会同|协同|组织|协调|配合|邀请|召集|安排|抽调|成立|与|对接|督促|指导|监督|引导|支持|鼓励|责成|要求|由)[^，]{{0,60}}{_BODY}(?:等|们|一起|一道|联合|共同|工作人员)*$",
          "城管中队将联合区交通运输局"),
    _half("依据", _FROM + r"(?:按照?|根据|依照|依据|结合|遵循|本着|遵照|围绕|依托|利用|以|从)(?![^，]*(?:公示|公布|办理|制定|编制|完成|开展|提交|上报|落实|出台|进行|修订|整改|处理|形成|印发|发布|报送|建立|完善|推进|提出|起草|签订))[^，]*(?:规定|要求|原则|精神|程序|方案|合同|协议|报告|情况|法规|法律|标准|政策|意见|部署|安排|计划|规划|思路|结果|实际|需[要求]|《[^》]*》|□+|机制|年限|条件|契机|目标|重点|导向|为主|抓手|特点|理念|资源|优势|特色|专项行动|活动|改造|棚改|角度|现状|因素|需求|新闻媒体)$",
          "我局将严格按照法律法规的规定"),
    _half("前提", r"(?:在(?!此)|于)[^，]*(?:的?(?:基础上|前提下|前期下|情况下|过程中|同时|期间|配合下|支持下|指导下)|[^间同按准之]时)$|^[^，]*的(?:同时|基础上|前提下)$",
          "景区将在不破坏总体规划的基础上"),
    _half("待后", r"(?:待|等)[^，]*(?:后|完成|完毕|到位|结束|批准|批复|通过|确定|之日)$", "公共厕所待设计完成"),
    _half("途径", _FROM + r"(?:通过|采取|采用)[^，]*(?:方式|形式|渠道|途径|手段|模式|办法|课|会议|平台|媒体|因素)$", "将通过错峰放学的方式"),
    _half("先要", r"^[^，]{2,24}(?:论证|评审|审批|审核|审查|批复|批准|验收|勘察|调查|核实|完成|完工|结束|接管|到位|建成|出台|确定|通过)(?:之|以)?后$", "由规划局进行相关论证后"),
    _half("定了", r"^[^，]{0,12}(?:研究|商议|会议|讨论|协商)[^，]{0,6}决定$|^[^，]{2,16}(?:表示|承诺|答复|回复)$", "经开会商议后决定"),
    _half("对象", _FROM + r"(?:针对|对于|关于|就|对)[^，]*(?:问题|情况|现象|行为|诉求|建议|意见|的(?:车辆|商户|店铺|路段|企业|人员|小区|区域))$", "将对占道经营的问题"),
)  # fmt: skip
# What begins another matter, and never goes on with a half.
_ANOTHER = re.compile(
    r"(?:并|请|感谢|欢迎|目前|同时|另外|此外|但|如果?有|建议|希望|已|我[局委办们司镇乡院校队]|您|你)"
)


def completed(
    parts: Sequence[Part], labelled: Sequence[int], *, out: int, goes_on: int
) -> list[int]:
    """``labelled`` with the parts that promises of half a sentence go on to.

    ``out`` and ``goes_on`` are the labels of ``kb.extract.tagger``.
    """
    labels = list(labelled)
    added = 0
    for n in range(1, len(parts)):
        ended = labels[n - 1] != out and labels[n] != goes_on
        if not ended:
            added = 0
        elif added < MOST and _goes_on(parts[n - 1], parts[n]):
            labels[n] = goes_on
            added += 1
    return labels


def _goes_on(before: Part, after: Part) -> bool:
    same = before.said is after.said and after.number == before.number + 1
    if not same or after.mark.barred or len(after.words) < SHORTEST:
        return False
    clause = before.said.clause
    start, end = clause.parts[before.number]
    whole = clause.masked[clause.masked.rfind("，", 0, start) + 1 : end]  # with its quotation
    return is_half(whole) and not _ANOTHER.match(after.words)


def is_half(words: str) -> bool:
    """True if a part leaves open what is done."""
    return any(rule.pattern.search(words) for rule in HALVES)
