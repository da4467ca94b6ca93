"""Whose words a sentence of a letter has: the organ's, or what somebody else wished or claimed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.types import Span

# Who speaks in a letter besides the organ, at the head of a clause, and in which words.
_NUMBER = (
    r"(?:[一二三四五六七八九十]{1,3}[、是]|[（(][一二三四五六七八九十\d]{1,3}[）)]"
    r"|\d{1,2}[.．、])?\s*"
)
_LEADING = r"(?:针对|关于|对于|对|就|至于|其中|此外|另外|同时)?"
_WHO = (
    r"(?:您们?|你们?|贵[委局会社方厅院处]|贵单位|贵党派|(?:两|各|几|多)位(?:代表|委员)|[\u4e00-\u9fff]{0,4}(?:委员|代表)们?"
    r"|提案[人者]?|议案|建议[人者案]|网友|网民|市民|群众|居民|家长|村民|业主|商户|来[信电访]人?|信访人|投诉人|诉求人|留言人?|帖子)"
)
_BETWEEN = r"[^，。；：！？\n“”可应须需请如若向]{0,14}?"
_VERB = (
    r"(?:建议|提出|反映|提到|提及|认为|指出|希望|呼吁|要求|投诉|举报|咨询|反馈|担心|质疑|询问|来信|来电|说(?!明)|称|讲到|所提|所问|批评|列举)"
    r"(?!量|率|件|数|办[理结]|处[理置]|电话|热线|平台|渠道|窗口|申请|强烈|较多|集中)"
)
_CLAIM = re.compile(rf"{_NUMBER}{_LEADING}{_WHO}{_BETWEEN}{_VERB}(?P<of>的|之)?")
# 建议 alone opens a point of the proposal, but for advice that the organ gives.
_POINT = re.compile(
    rf"{_NUMBER}(?:建议|提案建议|代表建议|委员建议)(?!您|你|广?大?(?:市民|家长|居民|群众|业主)|携带|拨打|咨询|登录|前往|到|联系|关注"
    r"|提前|向|通过|可|采纳|的|已|由|中|书|稿|答复|办理|均|都|予以)"
)
_ABOUT = re.compile(
    rf"{_NUMBER}(?:关于|针对|对于|对|就)[^，；。：]{{2,50}}的(?:建议|提案|意见|诉求|请求|问题|要求)[，：]"
)
_LABEL = re.compile(
    rf"{_NUMBER}(?:来信|投诉|诉求|留言|咨询|反映|信访|问题|提案|建议)(?:内容|事项|主题|描述|要点|摘要|诉求)[：:]"
)
# A title of somebody's wish, and what he is quoted to want.
_QUOTED = re.compile(
    r"[“\"][^”\"\n]{2,120}[”\"]的?(?:提案|建议|议案|意见|诉求|请求|问题|想法|要求|来信)"
)
# Where the organ takes the word again, at the head of a clause or inside it.
_ORGAN = re.compile(
    r"\s*(?:对此|经(?!济|营|常|费|过改)|因|由于|已|我[局委市县区镇厅院办部们方]|本[局委市]|目前|现(?!有的?问题)|该|采纳|未采纳|没有采纳"
    r"|不(?:予|便|宜|再)|暂|此|这|同意|赞成|完全|原因|属实|情况|确|主要|考虑到|按|根据|依据|鉴于|为此|故|但|近期|下一步|接|收悉"
    r"|由我|将(?:在|于|会)|拟|计划|正[在与会]|试行|投资|今年|去年|截至|全市|全县|全区|市[\u4e00-\u9fff]{1,8}[局委厅]|均|可以|需要?|涉及|条件|用地"
    r"|请[您你]|[\u4e00-\u9fff]{0,8}(?:党委|政府|街道|支队|大队|分局))"
)
_ADMITTED = re.compile(
    r"确有其事|(?:情况|基本|完全)?属实|确实存在|确是实情|采纳|收悉|(?<=[题况议见事”])我[局委镇办院厅们]"
)
# A clause that only names the matter: the organ speaks from the next on.
_NAMED = re.compile(r"(?:一事|问题|情况|现象|建议|意见|诉求|事项|相关|要求)[”）]?[，：:,\s]*$")
_WISH = re.compile(r"(?:建议|希望|呼吁|要求)(?=[^，：:。\s])")
_PAUSE = re.compile(r"[，；。：！？,;!?\n]+")

# What ends, thanks, sends and prints a letter: true, yet no answer.
_THANKS = re.compile(
    r"^(?:最后|在此|同时)?[，,]?[^，。；]{0,12}(?:感谢(?!信)|谢谢|多谢|致谢)(?!.*如下)[^\d]{0,100}$|^[^\d]*(?:谢意|致谢|谢忱|敬意|谅解|祝您[^。]*)[。！]?$"
)
_CLOSING = re.compile(
    r"^(?:以上|特此|专此|此复|谨此|此致|敬请|欢迎|盼|望|恳请|祝)[^\d，；]{0,30}[。！]?$"
    r"|^(?:欢迎|希望|盼|敬请|诚恳希望|也希望|恳请|请)(?:您|你|贵|各位|两位|继续|今后|多|常|一如既往|再|接着)[^\d]*[。！]?$"
    r"|^(?:特此|专此|谨此)(?:答复|回复|函复|函告|报告)"
)
_LINE = re.compile(
    r"^(?:抄送|抄报|主送|分送|报送|附件|附注|印发|(?:信息|文章|稿件)?来源|稿源|责任编辑|编辑|作者|发布(?:时间|日期|机构|单位)|浏览(?:次数|量)"
    r"|点击(?:数|量)|阅读(?:次数|量)|字[体号]|分享|索引号|主题词|签发人|打印|关闭|上一[篇条]|下一[篇条])\s*[：:】\]]"
    r"|^[^，。；：]{0,40}\d{4}年\d{1,2}月\d{1,2}日\s*印发$|^（此件"
)
_CONTACT = re.compile(
    r"^(?:联系|咨询|监督|投诉|举报|服务)?(?:人|电话|单位|方式|人及(?:联系)?电话|地址|邮箱|热线|科室)\s*[：:]"
    r"|^(?:传真|邮编|邮政编码|电子邮箱|办公地址)\s*[：:]"
    r"|^(?:如|若|有)[^。]{0,30}(?:疑问|问题|意见|不明|不清楚|异议|咨询)[^。]{0,40}(?:联系|拨打|咨询|反馈|致电|来电|沟通|\d{7,})"
)
_RUN_IN = re.compile(
    rf"^{_NUMBER}(?:关于|针对|对于|对|就)[^，；。]{{2,60}}(?:问题|建议|意见|诉求|提案|方面|情况|要求)[。：:]?$"
)


def formal(words: str) -> bool:
    """True of what states nothing: thanks, closing words, 抄送 and 来源, 关于…的问题。"""
    plain = words.strip()
    rules = (_THANKS, _CLOSING, _LINE, _RUN_IN)
    return any(rule.search(plain) for rule in rules)


def contact(words: str) -> bool:
    """True of a line that says whom to call or ask, and answers no other question."""
    return bool(_CONTACT.search(words.strip()))


def claims(sentence: str) -> list[Span]:
    """The parts of a sentence that are another's wish or claim, in order.

    您建议每个社区都办食堂 is one; 因有的社区老年人不足200人 after it is the organ's answer.
    """
    found = [Span(start=m.start(), end=m.end()) for m in _QUOTED.finditer(sentence)]
    if _LABEL.match(sentence):
        return [Span(start=0, end=len(sentence))]
    theirs = False
    for clause in _clauses(sentence):
        words = clause.of(sentence)
        claim = _CLAIM.match(words) or _POINT.match(words) or _ABOUT.match(words)
        admitted = _ADMITTED.search(words)
        if claim:
            theirs = not admitted and not _only_named(claim, words)
            end = clause.start + admitted.start() if admitted else clause.end
            found.append(Span(start=clause.start, end=end))
        elif theirs and (_ORGAN.match(words) or admitted):
            theirs = False
        elif theirs:
            found.append(clause)
    return sorted(found, key=lambda span: span.start)


def _only_named(claim: re.Match[str], clause: str) -> bool:
    """True if the clause names the matter, 您反映的问题, and wishes nothing that may go on."""
    if claim.re is _ABOUT or (claim.re is _CLAIM and claim["of"]):
        return True
    return bool(_NAMED.search(clause)) and not _WISH.search(clause)


def _clauses(sentence: str) -> Iterator[Span]:
    start = 0
    for pause in _PAUSE.finditer(sentence):
        if pause.end() > start:
            yield Span(start=start, end=pause.end())
        start = pause.end()
    if start < len(sentence):
        yield Span(start=start, end=len(sentence))


def own_words(sentence: str, part: Span) -> Span | None:
    """The longest stretch of ``part`` that is nobody's wish or claim; None if there is none."""
    stretches, at = [], part.start
    for claim in claims(sentence):
        if claim.start > at:
            stretches.append(Span(start=at, end=min(claim.start, part.end)))
        at = max(at, claim.end)
    if at < part.end:
        stretches.append(Span(start=at, end=part.end))
    telling = [s for s in stretches if s.end > s.start and _telling(s.of(sentence))]
    return max(telling, key=lambda s: s.end - s.start, default=None)


def _telling(words: str) -> bool:
    return any(char.isalnum() for char in words)
