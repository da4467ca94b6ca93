"""What marks of publicity are made of: rows of words, each with its level and its own example.

They are looked for in compact text: half width, simplified, lower case, without white space.
Rows stand before those that begin one of their words: 不予公开 before 公开.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase

from kb.text.chars import HAN, narrow
from kb.types import Publicity

# Traditional characters and variants of the words below, and what each is here.
_FORMS = str.maketrans(
    "幵開機祕內屬資傳佈會複復報閱擴洩據經請類項選問許當應對於級與範圍審為見員單關協標誌號權實讀製"
    "絕參別處發擬僅須無緩領導黨員統隱貴務門議復備條單體長擅據機廳辦業區縣",
    "开开机秘内属资传布会复复报阅扩泄据经请类项选问许当应对于级与范围审为见员单关协标志号权实读制"
    "绝参别处发拟仅须无缓领导党员统隐贵务门议复备条单体长擅据机厅办业区县",
)
_FORMS |= str.maketrans("﹝﹞【】〔〕〖〗「」『』{}《》〈〉", "()()()()()()()()()")
_FORMS |= str.maketrans(ascii_uppercase, ascii_lowercase)

_WHOM = (
    r"(?:社会(?:公众)?|公众|群众|外界?|网上|互联网|(?:门户|政府|政务)?网站|媒体|任何(?:人|单位))"
)
# Between a negation and what it negates.
_SMALL = (
    r"(?:予以?|于|宜|得|可以?|能够?|应当?|该|便|适[合宜]|允许|同意|准予?|许|要|必|再|属于?|是|需要?|须|用|作|擅自|随意|私自|自行"
    rf"|主动|全文|全部|依申请|依法|以?任何(?:形式|方式)|[向对在于通过]{{1,2}}{_WHOM}|公开)"
)
_SHOW = (
    r"(?:公开|公布|发布|披露|外传|外泄|上网|挂网|传播|扩散|泄露|泄密|翻印|复印|复制|摘抄|外借|外送)"
)
_NOT = r"(?:不|非|未|免|勿|莫|毋|无需|无须|毋须|毋庸|禁止|严禁|拒绝|谢绝|停止|暂停|暂缓|缓|延期|延缓|推迟|限制|切勿|请勿|切忌)"
_LED = r"(?:[暂拟均应宜请务望先尚皆概确系属]|建议|原则上?|一律|敬请|务必|仅供|经审[查核]|依法|暂时|目前|现|敬希|希望|网上|互联网上)"
_WITHIN = (
    r"(?:(?:本)?(?:机关|单位|系统|部门|政府|党|局|委|厅|行业|办)内部?|内部|系统|本(?:单位|机关|部门|局|委)|特定(?:对象|范围|人员)"
    r"|(?:一定|限定|小|较小)范围内?|有关(?:单位|部门|人员)|相关(?:单位|部门|人员)|提案[人者]|建议人|领衔(?:委员|代表)|委员(?:本人)?|代表(?:本人)?"
    r"|本人|申请人|当事人|主办单位|承办单位|领导|工作人员|党员)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A kind of word that says how public a letter is; ``level`` is what it says."""

    name: str
    level: Publicity
    pattern: str
    example: str


def _row(name: str, level: Publicity, pattern: str, example: str) -> Word:
    return Word(name=name, level=level, pattern=pattern, example=example)


WORDS: tuple[Word, ...] = (
    _row("非主动公开", "on_request",
         rf"{_LED}?(?:不|非|未)(?:予以?|属于?|宜)?主动公开(?:类|件)?", "不予主动公开"),
    _row("不公开", "closed",
         rf"{_LED}{{0,3}}{_NOT}{{1,2}}{_SMALL}{{0,5}}{_SHOW}(?:[、和及或]?{_SHOW}){{0,2}}"
         r"(?:发布|出版|发表|文件|全文|答复|材料|资料|内容|件|文|类)?", "暂不对外公开"),
    _row("限人公开", "closed",
         rf"(?:[仅只限供向对在于]|局限|限于|提供|发送|发给|送|发|答复){{0,5}}{_WITHIN}{{1,3}}"
         r"(?:[范]围)?内?(?:公开|公布|使用|传阅|知悉|参阅|参考|掌握|阅读|查阅|阅知|阅|存档|留存)(?:件)?", "仅限本单位内部使用"),
    _row("不对外", "closed", r"暂?不对外(?:提供)?", "不对外"),
    _row("定向公开", "closed", r"(?:定向|有限|限定|选择性|局部|限制性)公开", "定向公开"),
    _row("内部", "closed",
         r"(?:[仅只限供系属为]|机关|单位|系统|党内|局|委|政府|严格|限于){0,3}内部"
         r"(?:资料|文件|材料|使用|参考|参阅|掌握|传阅|交流|情况|公开|刊物|阅读|阅|明电|发行|事项|信息|公文|函件|工作|办公|运转|流转"
         r"|存档|留存|文稿|稿|讨论|征求意见|答复|回复|复函|通报|件|级|类|查看|知悉|敏感|不公开){0,3}|内参|内部", "内部资料"),
    _row("密级", "closed",
         r"(?:国家|工作|商业|核心|普通|属于?){0,2}(?:绝密|机密|秘密|商密)(?:级|件|文件|事项|公文|材料){0,2}"
         r"(?:[★☆✩✭⭐✰*·∙•\-—/()]{0,3}(?:保密期限:?)?(?:长期|永久|\d{1,3}(?:年|个?月|天|日)?|[一二三四五六七八九十两]{1,3}(?:年|个月)"
         r"|(?:解密|启用|公布|发布|实施)前)){0,2}[★☆✩✭⭐✰]?", "秘密★1年"),
    _row("涉密", "closed",
         r"(?:属于?)?(?:涉密|涉敏|密件|限阅|敏感)(?:件|文件|材料|信息|事项|公文|级)?"
         r"|(?:请|务必|严格|切实){0,2}(?:注意|妥善)?(?:保密|保存|保管)(?:件|文件|材料)?|㊙"
         r"|阅后(?:即焚|收回|退回|销毁|即毁|归还|清退)", "涉密件"),
    _row("英文", "closed",
         r"(?:strictly)?confidential|topsecret|secret|internal(?:useonly|only|document)?|forinternaluse(?:only)?"
         r"|restricted|notfor(?:public)?(?:release|publication|disclosure)|nonpublic|non-public|closed|private",
         "Internal use only"),
    _row("依申请", "on_request",
         r"(?:[经须需应拟属系为]|依法|按照?|依照?|依据|根据|凭|有){0,3}"
         r"(?:(?:依|按|凭|经|须|需|据|照)(?:法|照|据|规定)?(?:公民|群众|当事人|个人|书面|他人|其)?申请|申请(?:后|人)?(?=公开|查阅|可公开|方可))"
         r"(?:人)?(?:后|予以|再|才|方可?|可以?|部分|全部|受理){0,3}(?:公开|提供|查阅|获取)?(?:发布|类|件|文件|信息)?"
         r"|onrequest|on_request", "依申请公开"),
    _row("部分公开", "held",
         r"(?:部[分份]|有条件|附条件|(?:适当|区分|分类)(?:处理)?|(?:经|待)?(?:处理|删减|删节|脱密|脱敏|解密|去标识|隐去|屏蔽|技术处理|修改|审[查核批定]"
         r"|研究|批准|请示|商定|结案|办结|完善|条件成熟)(?:后|时|同意后)?(?:再|方可?|可以?|予以|才)?|择期|适时|摘要|节选|主要内容)(?:向社会|对外|主动)?"
         r"(?:不予?)?公开(?:件)?|(?:公开(?:属性|方式|与否)?)?(?:待定|未定|待审|待核|待议|待公开|另行(?:确定|商定|研究|通知)|待(?:研究|确定|审定|审核|审查|批)"
         r"|审[核查批]中|尚未(?:确定|审核|审查)|未(?:确定|审核|审查|明确)|held)", "部分公开"),
    _row("公开", "public",
         rf"(?:[可应拟宜]|同意|可以|准予|准许|予以|应当|建议|适宜|全部|全文|整体|依法|自愿){{0,3}}(?:(?:主动|对外|[向对]{_WHOM}|面向{_WHOM}){{0,2}}"
         r"(?:予以)?公开(?:发布|发表|公布)?|主动)(?:类|件|文件|答复|全文)?|public", "主动公开"),
)  # fmt: skip
# What a label's value may be, besides those words, to say that all may see it.
OPEN_VALUES = (
    rf"面?[向对]?全?{_WHOM}|全社会|(?:面?向)?(?:全社会|全体(?:公民|市民|居民|村民)|全市|全县|全区|全省|全国|不限)"
    r"|(?:(?:市|县|区|省)?(?:政府|政务|门户|官方|部门|单位|局|委)?(?:门户|官方|政务)?(?:网站|网络|网上|网|官网|公报|公示栏|公告栏|公开栏|报刊|报纸|电视|广播|微信|微博|公众号|新媒体"
    r"|新闻发布会|新闻媒体|电子显示屏|客户端|app)[、,和及/]?)+(?:公开|发布|公布)?"
)

_OWN = r"(?:政府|政务|本|该|此|文件|信息|公文|提案|建议|议案|答复|复函|回复|办理|结果|意见|内容|件|的|全文|拟|复文|来文|发文|人大|政协|委员|代表|函|情况|文)"
_ASKED = r"(?:可以?|能够?|同意|准予|适[宜合]|宜|应当?|需要?|属于?|予以|主动|对外|全文|依法|依申请|面?向社会|[在于]?(?:网上|上网|门户网站|网站|网络)|为|将|不予?)"
STRONG_LABEL = (
    rf"(?:知悉|阅读|传阅|传达)范围|{_OWN}{{0,8}}公开(?:属性|选项|选择|性质|标识|标志|标记|标注|与否|状态|级别|等级|程度|权限|审[查核批]|定性|认定|代码|类型|形式|方式|范围)"
    r"(?:选项|选择|标识|意见|结果|结论|代码|认定|确认|类别|情况)?"
)
QUESTION_LABEL = (
    rf"{_OWN}{{0,8}}(?:是否|可否|能否|应否|宜否|同意与否|是不是|能不能|可不可以|准否){_ASKED}{{0,4}}"
    rf"(?:公开|公布|发布|上网)(?:发布|公布)?{_OWN}{{0,4}}"
)
SECRET_LABEL = (
    r"(?:文件|公文|拟定|原定|确定)?(?:密级|保密[级等]级?别?|秘密等级|涉密[等级]级?别?|定密(?:意见|情况)?)(?:[及和与、/]?保密期限)?(?:标[识志])?"
    r"|是否(?:属于?|为)?(?:涉密|保密|涉及?国家秘密|涉及?秘密|内部(?:文件|资料|事项)?|敏感|国家秘密)(?:件|文件|信息|内容)?"
)
WEAK_LABEL = (
    rf"{_OWN}{{0,8}}公开(?:类别|分类|类|时限|期限|时间|日期|途径|渠道|情况|要求|意见|建议|结论|说明|处理)"
    r"|(?:发布|发文|印发|发送|分发|发放)(?:范围|层次|方式|级别)"
    rf"|{_OWN}{{0,4}}公开(?=:)|(?:政府|政务|本件|文件)?信息公开(?=[:(\[□☑■√])|publicity(?=[:=])"
)
REASON_LABEL = (
    r"(?:不予?公开|免予公开|不宜公开|依申请公开|非主动公开)(?:的)?(?:理由|原因|依据|情形|说明)(?=:)"
)

SUBJECT = (
    r"(?:此件|本件|该件|此文件?|本文件?|此函|本函|本复函|此复函|本答复(?:函|意见|件)?|此答复(?:函|意见)?|本意见|此意见|本会办意见|本协办意见|本回复"
    r"|本复文|此复文|本(?:材料|资料)|此(?:材料|资料)|本提案(?:的?(?:答复|复函|办理|回复)(?:意见|函|情况|结果)?)?"
    r"|本建议(?:的?(?:答复|复函|办理|回复)(?:意见|函|情况|结果)?)?|本议案(?:答复)?|[以上]上述?(?:内容|答复|意见|情况|材料|信息)|全文|附件[一二三四五六七八九十\d]{0,3}"
    r"|附表\d{0,2}|答复(?:意见|函|件)?|复函|会办意见|协办意见)(?:全文|内容)?"
)
_LINKS = r"(?:为|属于|属|系|是|按|列为|定为|确定为|标注为|拟|请|经审[查核]|建议|应当?|均|一律|等级|处理|办理|类)"
_BESIDE = (
    r"(?:办理结果|办理类别|答复类别|办复类别|结果类别|办理类型|类别|分类|类型)(?=:?\(?[a-d甲乙丙丁]类?)|[a-d甲乙丙丁]\d?类?(?![a-z])|特急|加急|平急|特提|急件|急|缓急程度|紧急程度|普通件?"
    rf"|份号:?\d*|编号:?\d{{1,8}}|\d{{5,8}}|{HAN}{{1,12}}\(\d{{4}}\)第?\d{{1,5}}号|\d{{4}}年\d{{1,2}}月\d{{1,2}}日(?:印发)?"
)
# Words beside a value that take nothing from it.
_NEUTRAL = r"(?:不|非|未|无)(?:涉密|涉敏|涉及?[^。,;()]{0,6}(?:秘密|敏感|隐私)[^。,;()]{0,6})|非密|无密级|已?经?审[核查批](?!后)|已公开"
_HINT = r"\([^()]{0,24}?(?:打|划|画|勾|选|填)[^()]{0,16}\)"
# Also the check boxes of the fonts Wingdings and Symbol, as Word and PDFs give them.
_ON = r"(?:[☑✓✔√■●◉◼⬛☒⊠✅þ\uf052\uf0fe\uf0fc\uf06e\uf0d6]|r(?=不|依|主|公|是|否))"
_OFF = r"[□☐○◯▢◻⬜◇◎£¨\uf0a3\uf06f\uf0a8\uf071\uf072]"
_TICKED = rf"\((?:{_ON}|v|x|✗|✘)\)|\[(?:{_ON}|v|x|✗|✘)\]|{_ON}"
_UNTICKED = rf"\(_*\)|\[_*\]|{_OFF}"
_CROSSED = r"\([×]\)|\[[×]\]|[×✗✘✕╳]"
_ANSWER = r"不(?:同意|可以?|能|宜|应当?|需要?|公开|予|是)?|未|否(?:定)?|无|同意|可以?|能|宜|应当?|需要?|是(?:的)?|有|对|yes|no|[yn](?![a-z])|真|假"
# 1. 2. or A. B. before the options of a choice; one alone numbers a heading.
_ENUMERATOR = r"(?:[①-⑩]|[1-9][.、)]|[a-d][.、)])(?=[□☐○☑√■(\[]?(?:主动|依申请|不予?公开|是|否))"
_SEPARATOR = r"[和或及]|[^\u3400-\u9fffa-z0-9①-⓿]"  # every other sign, ornaments too

_ALTERNATIVES = (
    ("hint", _HINT), ("ticked", _TICKED), ("unticked", _UNTICKED), ("crossed", _CROSSED),
    ("reason", REASON_LABEL), ("neutral", _NEUTRAL), ("question", QUESTION_LABEL), ("secrecy", SECRET_LABEL),
    ("label", STRONG_LABEL), ("weak", WEAK_LABEL),
    *((f"v{number}", word.pattern) for number, word in enumerate(WORDS)),
    ("enumerator", _ENUMERATOR), ("beside", _BESIDE), ("subject", SUBJECT), ("answer", _ANSWER), ("link", _LINKS),
    ("separator", _SEPARATOR),
)  # fmt: skip
TOKEN = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _ALTERNATIVES))
LABELS = ("reason", "question", "secrecy", "label", "weak")
TICKS = ("ticked", "unticked", "crossed")
YES = re.compile(r"同意|可以?|能|宜|应当?|需要?|是的?|有|对|yes|y|真")
OPEN = re.compile(OPEN_VALUES)
NOTHING = re.compile(r"[/—\-_无()空:,.，。*]*|非密|普通|一般|公开|(?:非|不)涉密|否|没有|none|n/?a")

LABEL = re.compile("|".join((REASON_LABEL, QUESTION_LABEL, SECRET_LABEL, STRONG_LABEL, WEAK_LABEL)))
# What is a mark in the midst of a sentence too.
STARRED = re.compile(r"(?:绝密|机密|秘密)(?:级)?[(]?(?:[★☆✩✭⭐✰]|[*·∙•]\d|\d{1,2}年)")
# A choice that is left standing: what was chosen is not told in a way that is read here.
CHOICE = re.compile(
    r"(?=[^。，]{0,60}$)[^。，]*主动公开[^\u4e00-\u9fff]{0,6}依申请公开[^\u4e00-\u9fff]{0,6}(?:不予?公开)?[^。，]*"
)
ABOUT = re.compile(
    rf"(?:{SUBJECT})(?P<between>[^。;\n]{{0,40}}?)"
    r"(?P<said>(?:[暂均一律拟均应宜请务望须]|建议){0,3}(?:不|非|勿|免|严禁|禁止|切勿|暂缓|缓|限制)(?:予以?|于|宜|得|可以?|能|应|便|适宜|许|要|属于?|擅自|随意|对外|主动"
    r"|[向对]社会|全文|在?网上|再){0,4}(?:公开|公布|发布|外传|披露|上网|扩散|泄露|传播)|依申请公开|申请公开"
    r"|(?:仅|只|限)[供限]?[^。;,\n]{0,8}内部[^。;,\n]{0,6})(?:发布|全文|答复|件)?(?=[。;)(!]|,?(?:因|理由|请)|$)"
)
PLEA = re.compile(
    r"(?:^|[,。;:(])(?:以上)?(?:敬?请|望|务必|务请|请务必)(?:各单位|贵[局委办厅单位]{1,2}|大家|注意|妥善保管[,、]?)?(?:勿|不要|不得|切勿)"
    r"(?:擅自|随意|对外|向外|[向对]社会|再|私自|以任何形式|在?网上){0,3}(?:外传|公开|扩散|泄露|外泄|上网|传播|披露|公布|发布)(?=[。,;)!]|$)"
    r"|(?:仅|只)[供限](?:贵?(?:机关|局|委|单位|系统|党内)?内部|领导|本单位|本系统|本机关|有关部门|党内|委员本人|代表本人|提案[人者]本人)"
    r"[^。,;()]{0,6}(?:参考|参阅|使用|掌握|传阅|知悉|查阅|阅)(?=[。,;)!]|$)"
)


def level_of(kind: str) -> Publicity | None:
    """The level that a token of ``kind`` (a group of TOKEN) says; None if it is no such word."""
    return WORDS[int(kind[1:])].level if kind[:1] == "v" and kind[1:].isdigit() else None


def plain(text: str) -> str:
    """``text`` in the form that the rows are written in, one code point for one."""
    return narrow(text, signs=True).translate(_FORMS)
