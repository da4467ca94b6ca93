"""The words and numbers by which a proposal asks: headings, openings, items, closings."""

from __future__ import annotations

import re

SHORTEST_MATTER = 4  # characters

TITLE = re.compile(r"关于[^，。；“”《》\n]{4,60}?的(?:若干|几点|一些)?(?:提案|建议|议案|意见|思考)")
LABEL = re.compile(
    r"^[\s【\[（(]*(?:提案|建议|议案)?(?:题目|标题|名称|案由|主题)[】\]）)]?\s*[：:]?\s*"
)
# Lines of a form or of a letter's head that name nothing.
HEAD = re.compile(
    r"^\s*(?:尊敬的|您好|你好|各位|敬爱的|市政协|市人大|政协|人大|第?\s*\d+\s*号|此致|敬礼"
    r"|(?:提案|建议|议案)?(?:编?号|类别|届次)|(?:提案|建议|领衔|联名)(?:人|者|单位)|(?:主|承|会|协)办|分送|附议|日期|时间|\d{4}年\d{1,2}月\d{1,2}日\s*$|[^：:，。]{0,6}提案[：:]?$)"
)
# What a point may begin with; the name of the group is its kind, so that 1. under （一） is inside.
NUMBER = re.compile(
    r"\s*(?:(?P<asked>建议[一二三四五六七八九十\d]{1,3}[：:、.．，])|(?P<big>[一二三四五六七八九十]{1,3}[、.．，：:])"
    r"|(?P<round>[（(]?[一二三四五六七八九十]{1,3}[）)]、?|[㈠-㈩])"
    r"|(?P<small>[（(]\d{1,2}[）)]|\d{1,2}\s?[)）、]|\d{1,2}[.．：:](?!\d))|(?P<ring>[①-⒛❶-❿])"
    r"|(?P<first>[一二三四五六七八九十]{1,2}是(?:要)?|[第其][一二三四五六七八九十][，、：:]|(?:首先|其次|再次|再者)[，、]?|最后[，、])"
    r"|(?P<dot>[•●■◆○▪►]|[-—–*·]\s))\s*"
)
CUT = re.compile(
    r"[。！？；!?;\n]+|(?<=[：:，、\s])(?=[一二三四五六七八九十]{1,2}(?:是|、)|[（(][一二三四五六七八九十\d]{1,2}[）)]|\d{1,2}[、.．](?!\d)"
    r"|首先|其次|再次[，、]|再者|最后，|[第其][一二三四五六七八九十][，、：:])|(?<!^)(?<![①-⒛❶-❿㈠-㈩])(?=[①-⒛❶-❿㈠-㈩])|(?<=[\u4e00-\u9fff])(?<![唯统专单万之])(?=一是)|(?<=建议)(?=首先)"
)
BLOCK = re.compile(r"^[\s【\[]*([^】\]：:\n]{1,14})[】\]：:]\s*")
# The kinds of numbers, the outer ones first.
DEPTH = {"asked": 0, "big": 1, "round": 2, "small": 3, "ring": 4, "first": 4, "dot": 4, "": 9}
BY_OTHERS = re.compile(r"^\s*(?!办理建议)(?:审查|立案|办理|承办|审核|拟办|批示)[^：:\n]{0,6}[：:]")
# Headings under which it is asked, or told why; what else stands in them.
_OF_HEADINGS = (
    r"[几两三四五六七八九]点|主要|相关|有关|具体|当前|目前|存在|基本|突出|工作|解决|改进|整改"
    r"|下一步|提案|我们?|我[市县区]|[的和与及、]"
)
ASKING = re.compile(
    rf"^(?:{_OF_HEADINGS}|办理|建议|对策|意见|措施|办法|方案|诉求|请求|希望)*(?:建议|对策|意见|措施|办法|方案|诉求|请求|要求)(?:如下|是|内容|部分|有)?$"
    r"|(?:提|如下|以下|几点|下列)[^，]{0,8}(?:建议|意见|措施|对策)(?:如下)?$|建议如下$"
)
TELLING = re.compile(
    rf"^(?:{_OF_HEADINGS}|分析)*(?:问题|现状|背景|原因|情况|案由|案据|事由|依据|困难|理由|分析|不足|意义|必要性|现实)(?:[和与及、](?:问题|现状|背景|原因|情况|困难|分析|不足|必要性))*$"
)
_CONJUNCTION = (
    r"(?:因此|为此|对此|鉴于此|综上(?:所述)?|基于此|据此|同时|另外|此外|还有|，|并且|并|也|还|再)*"
)
_WE = r"(?:我们?|本人|笔者|特此?|现|谨|拟)*"
_WISH = r"(?:建议|希望|呼吁|恳请|提议|请求?|盼|期待|期盼)"
ASKS = re.compile(
    rf"^{_CONJUNCTION}{_WE}{_WISH}(?![书人信示在一问])"
    rf"|^{_CONJUNCTION}请在(?!职|校|此)"
    r"|(?:建议|希望|呼吁|恳请)(?:市|县|区|政府|有关|相关|尽快|加|由|将|把|在|对|从|出台|制定|提高|完善|建立|增|能)"
    r"|能不能|能否|可否|可不可以|应当|应该|应尽快|(?:，|也|还|都)请(?![问示假客])"
)
# Behind the last item, and no part of it.
FURTHER = re.compile(rf"^(?:此外|另外|最后)，?{_WE}{_WISH}")
# 我们建议：在东湖公园增设厕所.
OPENED = re.compile(rf"{_CONJUNCTION}{_WE}{_WISH}[：:]\s*")
# What only opens a list: 为此，我们建议, 希望市民政局, 应做好以下几方面工作.
BARE = re.compile(rf"^{_CONJUNCTION}{_WE}(?:提出)?{_WISH}(?:能够?|做到|如下|是)?$")
OF_ORGAN = re.compile(
    rf"^(?:[^。]{{0,80}}，)?{_CONJUNCTION}{_WE}{_WISH}(?:贵|由)?"
    r"[^，。；]{0,24}(?:局|委|政府|部门|单位|方面|办|厅|院|会|公司|街道|[省市县区镇乡])(?:能够?|做到)?$"
)
AS_FOLLOWS = re.compile(
    r"(?:以下|如下|下列|下面|这|[从在])?(?:[几两三四五六七八九十]|若干)?[个点条项]?(?:方面|几点|建议|意见|措施|对策|要求|请求|诉求|事项|办法)"
    r"(?:的?(?:建议|工作|意见|措施|努力|入手|着手))?(?:如下|做起)?$|(?:如下|以下[几两三四五六七八九十]?[个点条项]?(?:工作|事情|事)?)$"
)
PROBLEM = re.compile(
    r"问题|原因|困难|不足|不够|不高|不强|不全|缺乏|缺少|缺失|缺口|滞后|薄弱|短板|短缺|现象|矛盾|较少|较低|偏[少低高]|严重|困扰"
)
# What a numbered clause says that stands under no heading: 首先，要开展清淤.
SHOULD = re.compile(r"^(?:要|应|须|需|必须|尽快|加|建议|希望|请)")
CLOSING = re.compile(
    r"^(?:以上|上述|特此|此致|妥否|当否)|^(?:望|请|敬请|恳请|希望|盼)(?:贵|各位|领导|有关部门)?(?:予以?|给予|能)?(?:考虑|采纳|研究|答复|重视|支持|回复|批评)[^，]{0,6}$"
    r"|^(?:希望|恳请|请|望)[^，]{0,8}(?:高度|引起)重视"
)
# Who proposes it, and the day.
SIGNED = re.compile(
    r"^(?:提案|建议|领衔|联名|附议)(?:人|者|单位|委员|代表)[：:\s]|^[\d〇一二三四五六七八九十]{4}年[\d一二三四五六七八九十]{1,3}月(?:[\d一二三四五六七八九十]{1,3}日)?$"
)
# Where an asking sentence goes on to another thing: 提高标准，同时建立基金，并由社区牵头.
_VERBS = (
    r"(?:尽快|进一步)?(?:提高|建立|完善|配备|加强|加大|设立|出台|制定|增加|增设|简化|推行|扩大|落实|开展|强化|健全|建设|改造|优化|严格|严厉|规范|明确"
    r"|推动|推进|支持|鼓励|开放|取消|延长|新建|通过)"
)
NEXT = re.compile(
    r"[，、；](?=(?:同时|另外|此外|并且|以及|并(?!不|未|非)|还要?|再|对(?=[^，]{2,14}(?:实行|予以|给予|进行))|"
    rf"{_VERBS}))"
)
SURELY = re.compile(rf"^{_CONJUNCTION}{_WE}{_WISH}(?![书人信示在一问])")
DOES = re.compile(rf"^(?:{_CONJUNCTION}{_WE}{_WISH}|{_VERBS})")
FIRST = re.compile(r"^\s*[（(第其]?(?:一|1(?!\d)|１(?!\d)|[①⑴⒈❶㈠]|首先)")


# What comes before it is asked: 部分小区没有投放点，建议…
PREAMBLE = re.compile(r"[^。！？\n]{1,200}?[，：](?=(?:我们?|本人|特|现)?(?:建议|希望|呼吁|恳请))")
# What a wish or a question is wrapped in, and says nothing of the matter: 能否把…尽快落地？
_SOON = r"(?:尽快|尽早|早日|及早|及时|抓紧|真正|进一步)"
_WRAPPED = re.compile(
    rf"^{_CONJUNCTION}{_WE}(?:{_WISH}[^，。；]{{0,12}}?)?"
    r"(?:能否|可否|能不能够?|可不可以|是否(?:可以?|能够?|应该?|需要)|(?<=希望)能够?|(?<=[议请盼待])能够?)"
    rf"(?:也|再|还|考虑|研究)*{_SOON}*(?:把|将)?|{_SOON}*(?:予以)?(?:落地|落到实处|到位|提上日程)?[吗呢]?[？?]?$"
)


def unwrapped(words: str) -> str:
    """``words`` without the question around them, to be searched for; all where little is left."""
    inner = _WRAPPED.sub("", words).strip("，, ")
    return inner if len(inner) >= SHORTEST_MATTER else words
