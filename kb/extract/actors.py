"""Who is to do what a clause promises: its subject, else the section's provider, else the issuer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.text.chars import HAN
from kb.text.organs import ACTOR, ACTORS, WITH, organs_apart

_OURS = re.compile(
    r"(?:我|本|贵)(?:[局委办厅市区县镇乡街院校司队所站馆州们府单]|公司|中心|街道|大队|支队)"
)
# 我市住建局 is 市住建局.
_OF_OUR_PLACE = re.compile(
    r"^我(?=[市县区省][^，。；将会]{1,12}?(?:局|委|办|厅|中心|支队|大队|公司|集团))"
)
# What is no part of a name before it, and words that begin none.
_BEFORE_NAME = re.compile(r"^.*?(?:届时|到时|相关事宜)|^辖区")
_VERB = re.compile(
    r"引[进入导]|指导|包括|采取|通过|要求|组织|协调|邀请|支持|鼓励|推[动进]|加强|完善|建立|继续|进一步|督促|落实|聘请|委托|新建|建[成设]|完成|请|待|等"
)
_SUBJECT = re.compile(
    rf"^(?:同时|另外|此外|其中|目前|现|并且|但|届时|到时|下一?步|今后|后续|近期|日前|由|据|按.{{2,8}}，)*(?!如果|若|会同|配合|联合|协同|[与商])(?P<v>{ACTOR}(?:[、和与]{ACTOR}){{0,2}})"
    r"(?=[，：]|分别|各自|共同|联手|均|下一步|当场|承诺|为了|牵头|将|拟|也|已|正|会|计划|力争|争取|承诺|负责|表示|[今明]年|于|在|对|积极|进一步|继续|把|完成|近期|相关负责人|负责人|等|立即|尽快|预计|按|从|\d|年底|每|要求|现|要|应|督促|会同|联合|协同|组织(?!部)|加强|安排|愿意|可|能|需|应|表示|同意|正|通过|采取|开展|着手|还|再|派|成立|密切|利用|给予|针对|配合|与)"
)
# A due expression that no subject follows: 2025年8月底前会同市水利局…
_DATED = re.compile(
    r"^(?:到|在|于|争取)?\d{4}年(?:\d{1,2}月|\d{1,2}日|[年上下半底末初前内]|第.季度)*，?"
)
_TOGETHER = re.compile(rf"{_DATED.pattern}(?:会同|联合|配合|协同)")
_BY = re.compile(
    rf"(?:^|，|将|拟|[前内]|工作|事项|任务|[均都]|一并)由(?P<v>{ACTOR}(?:(?:[、和与及]|以及){ACTOR}){{0,2}})"
    rf"(?:[、和与及]各{HAN}{{1,6}}?)?(?={WITH}|商(?=[省市县区])|[于在](?=[今明本年\d])"
    r"|(?:具体|统一|全面|共同|联合|分别|一起)?"
    r"(?:负责|实施|组织(?!部)|承[担办]|建设|落实|主办|完成|推进|办理))"
)
_ORDERED = re.compile(rf"(?:责令|要求|督促|限)(?P<v>{ACTORS})(?:尽快|立即|在|于|限期)")
_JOINTLY = r"(?=[，、]|共同|联合|一起|一道|一并|沟通|协[商调作同议]|研究|商|核|签|对接|建立|开展|配合|密切|加强|合作|衔接|逐|进一步|进行|就|等)"
_WITH = re.compile(
    rf"(?:会同|(?<![省市县区])联合(?!国)|(?<![开发供应招协磋经])商(?=[省市县区])|配合|协同(?!创新|发展))(?P<v>{ACTORS})|(?<![参给])与(?P<w>{ACTORS}){_JOINTLY}"
)
# 市住建局牵头，市财政局、市残联配合: those that are named before 配合 where another one leads.
_HELPED = re.compile(
    rf"(?:牵头|主办)(?:负责|实施|组织|落实|办理|推进|抓总)?[，、和]?由?(?P<v>{ACTORS})(?:、[各有相][^，。；]{{1,6}})?"
    r"(?:积极|共同|分别|全力|予以|给予|密切|负责|按职责|按职责分工)?(?:配合|协助|协办|协同|参与|参加)"
)
_NO_NAME = re.compile(r"^\d|[布格结僵]局$")
# Words that name no organ of their own.
_NOBODY = re.compile(
    r"(?:[我本贵][局委办厅市县区镇校]?|[市县区省]|有关|相关|各|上级|职能|主管|业务|责任|成员|物业|其他|相应|各级|属地|施工|建设|设计|运营|产权)*"
    r"(?:部门|单位|局|市局|政府|方|街道|社区|物业)?"
)
_PROVIDED = re.compile(
    rf"[（(]\s?(?P<v>{HAN}{{2,24}}?)\s?提供\s?[）)]|(?P<w>{HAN}{{2,20}}?[局委办])提供的情况是"
)


def provider(words: str) -> str | None:
    """The organ that gave a section its content: 市民政局 of 二、改造情况（市民政局提供）."""
    match = _PROVIDED.search(words)
    return (match["v"] or match["w"]) if match else None


def actor(parts: Sequence[str], clause: str, *, after: str) -> str | None:
    """The organ that acts in ``parts`` of ``clause``, "" for 我局 and the like, None if not said.

    ``after`` is the clause that follows, which may say 由市生态环境局负责. Several that act
    together are one string, for ``organs_apart``.
    """
    if match := _BY.search(clause) or _ORDERED.search(clause):
        return _named(match["v"])
    subject = _subject(parts)
    if not subject and (match := _BY.match(after)):
        return _named(match["v"])
    return subject


def _named(words: str) -> str | None:
    """``words``, unless a row's number stands before them (2石桥区中心小学), or they end in 布局."""
    return None if _NO_NAME.search(words) else words


def _subject(parts: Sequence[str]) -> str | None:
    """The subject of the first part that has one, "" for 我局 and the like."""
    for words in parts:
        words = _OF_OUR_PLACE.sub("", words)
        if _OURS.search(words.split("，")[0]):
            return ""
        match = _SUBJECT.match(_DATED.sub("", words) if _TOGETHER.match(words) else words)
        named = _named(_BEFORE_NAME.sub("", match["v"])) if match else None
        if named and not _VERB.match(named):
            return named
    return None


def co_organs(promise: str, clause: str, *, after: str = "") -> tuple[str, ...]:
    """The organs that a promise is done with: 会同市财政局、市残联; no 有关部门, which names none.

    ``clause`` is what it stands in and ``after`` what follows, which may say 由市民政局会同市财政局落实.
    """
    by = _BY.search(clause) or _BY.match(after)
    words = f"{promise}；{by.string[by.start() :]}" if by else promise
    named = [match["v"] or match["w"] for match in _WITH.finditer(words)]
    named += [match["v"] for match in _HELPED.finditer(words)]
    found = (organ for names in named for organ in organs_apart(names))
    return tuple(dict.fromkeys(organ for organ in found if not _NOBODY.fullmatch(organ)))
