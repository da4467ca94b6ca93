"""Where people live: rows for addresses down to the unit or the room.

A building, a street number or a village alone is nobody's home, and neither is a room of an office:
what stands before and behind the numbers tells. Searched in text whose numerals are all digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.privacy.names import typical_end, whole_name
from kb.privacy.rule import Finder, PiiRule, whole
from kb.types import Span

HOME, BUILDING = "住址", "楼栋"  # letters show buildings, which are no one's home

_N = r"[\d十百]{1,5}"
_SEP = r"[ \t\-—–－_/·]{0,2}"
_ESTATE = (
    r"(?:小区|花园|家园|公寓|家属[院楼区]|大院|新村|社区|庄园|山庄|佳苑|雅苑|名苑|新城|新苑|宿舍"
    r"|里弄|胡同|小镇"
    r"|[苑园城湾村庭郡邸轩居院里弄巷街路道屯寨庄堡墅]|(?<!政)府)"
)
_ROAD = (
    r"(?:路|街|巷|弄|道|胡同|里|小区|花园|家园|苑|园|城|(?<!政)府|湾|社区|村|大院|家属院|公寓"
    r"|庭|郡|邸|轩|居|墅)"
)
_OF_HOUSE, _OF_UNIT = (
    r"(?:号院|号楼|号(?!线)|#楼|\#|幢|栋|座|排|弄|组团|期|区)",
    r"(?:单元|门洞|门)",
)
_OF_HOUSE_ONLY = _OF_HOUSE.replace("|期|区", "")
_HOUSE = rf"(?:[a-z]?{_N}|[a-z])\s?{_OF_HOUSE}"
_UNIT = rf"[,，]?(?:[东西南北中前后甲乙丙丁](?:{_N})?|[a-z]|{_N})\s?{_OF_UNIT}"
_FLOOR = rf"{_N}\s?(?:层|楼)"
_NUMBER = rf"{_N}\s?号(?![线院楼令文公铁机桥井路])"
_ROOM = (
    rf"(?:\d{{1,2}}[a-z](?![a-z\d])|附{_N}号|"
    rf"{_N}(?:\s?(?:室|号房|房间|号|户|房))?|[东西中南北a-z]{{1,2}}\s?[户室])"
)
_NO_UNIT = (
    r"(?![\d十百]|\s?[年月日个元万亿%米人户次台件处项份平㎡多余来]|[国省县乡]道|\s?(?:地块"
    r"|宗地|[一两二三]厅|厅)|\.\d)"
)
_LIVES = (
    r"(?:家庭地址|家庭住址|家庭住所|居住地址|现住址|现居住?|居住在|居住地|住在|(?<!国)家住|住址"
    r"|户籍在|户口在|户口所在地|户口地址|户籍地址|户籍所在地|户籍地"
    r"|常住地址|常住地|身份证地址|租住|租住在|暂住|房屋坐落|房屋地址|房屋位于|房产位于|房子在"
    r"|房子位于|收件地址|收货地址|快递地址|送货地址|宅基地位于|宅基地在|老宅|老家|我家在?|他家在?"
    r"|她家在?|家在|(?<![居商入])住(?!宅|房|户|院|建|保|所|持|处|满|宿|有))"
)
_PUBLIC = re.compile(
    r"中心|大厅|大厦|教学楼|办公楼|综合楼|实验楼|门诊楼|住院楼|[文年化]宫|阅览室|公积金|不动产登"
    r"记|社保|税务|医保|"
    r"[局委厅办署院所站]|(?<!公)馆|[校店行社会队司厂部]|政府|机关|公司|集团|大楼"
    r"|办公|银行|法院|医院|学院|大学|学校"
    r"|中学|小学|窗口|广场|写字楼|酒店|宾馆|商场|市场|车站|园区|产业园|科技园|工业园|地址"
)
_HOMES = re.compile(
    rf"小区|公馆|平房|民房|住宅|出租[屋房]|自建房|家属[院楼区]|大院|宿舍|公寓|{_ESTATE}"
)
_ROOM_OF = re.compile(
    r"\s?[(（]?[\u4e00-\u9fff]{0,6}?(?:办公室|窗口|会议室|服务站|大厅|接待室|值班室"
    r"|[^家]{1,3}科(?!技))"
)
_FURTHER = re.compile(  # further houses of a list
    r"[、,和与及]\s?(?P<more>\d{3,4}(?=室|户|住户|业主|[两三四五六]?[家户]|等|[、和与及]\s?"
    r"\d{3,4})|[a-z]?\d{1,4}(?:(?:号楼?|#楼?|栋|幢|座)(?:[-—]?(?:[a-z]?\d{1,4}|[a-z]-"
    r"\d{1,4})(?:[-—]\d{1,4})?)?|(?:[-—]\d{1,2})?[-—]\d{3,4})(?:室|号)?)(?![\d.]|\s?(?:单元"
    r"|[门层楼号栋幢座排室组院])|[线院令文公铁%万亿楼年月日]|号[线文令])",
    re.ASCII | re.IGNORECASE,
)
_ROOMS = re.compile(r"[a-z]?\d{1,3}[-—–－]\d{1,2}[-—–－]\d{3,4}", re.ASCII | re.IGNORECASE)
_NAME = re.compile(r"[\u3400-\u9fff]{2,3}(?=[、,，。;；\s(（]|$|家|住户|户主)")
_BREAK = re.compile(r"[。;；!！?？\n]")
_CLAUSE = re.compile(r"[,，。;；!！?？\n]")
_OFFICE = re.compile(
    r"(?:办公|受理|单位|营业|服务|报名|咨询|信访|投递|邮寄|机关|公司|办事|接待|现场|通信"
    r"|通讯)(?:地址|地点|窗口)"
)
_FAR = 30  # characters before an address in which an office's label tells whose it is
_NUMERALS = re.compile(r"[0-9A-Za-z十百]")


def _office(view: str, span: Span) -> bool:
    """True if an office has the rooms at ``span``: the nearest word before them names one."""
    before = view[max(0, span.start - _FAR) : span.start]
    before = _BREAK.split(before)[-1]
    if _OFFICE.search(before) or _ROOM_OF.match(view, span.end, span.end + 12):
        return True
    public = max((match.end() for match in _PUBLIC.finditer(before)), default=-1)
    homes = max((match.end() for match in _HOMES.finditer(before)), default=-1)
    return public > homes


def _home(view: str, span: Span) -> Iterator[Span]:
    """What is no office's; rooms with a unit are a home whatever stands before."""
    rooms = span.of(view)
    if "单元" not in rooms and not _ROOMS.fullmatch(rooms) and _office(view, span):
        return
    yield from _listed(view, span)


def _lane(view: str, span: Span) -> Iterator[Span]:
    """The house of a lane, where nothing public stands before it in the clause."""
    clause = _CLAUSE.split(view[max(0, span.start - _FAR) : span.start])[-1]
    if not _PUBLIC.search(clause):
        yield from _home(view, span)


def _listed(view: str, span: Span) -> Iterator[Span]:
    """The house at ``span`` and those listed behind it: 桐花巷16号、18号."""
    yield span
    further = _FURTHER.match(view, span.end)
    while further:
        yield Span(start=further.start("more"), end=further.end("more"))
        further = _FURTHER.match(view, further.end())


def _row(kind: str, pattern: str, example: str, hidden: str, finds: Finder = whole) -> PiiRule:
    return PiiRule(
        kind=kind,
        view="digits" if kind == HOME else "words",
        pattern=re.compile(pattern, re.ASCII | re.IGNORECASE),
        finds=finds,
        hides=_NUMERALS,
        front=0,
        back=0,
        example=example,
        hidden=hidden,
    )


def _beside_name(view: str, span: Span) -> Iterator[Span]:
    """What a name of two or three characters stands behind: 1-502席梦、."""
    name = _NAME.match(view, span.end)
    if name and whole_name(name[0]):
        yield span


def _of_person(view: str, span: Span) -> Iterator[Span]:
    """The number behind a name in a row of a table: 王国华 庄西12号."""
    name = re.match(r"[\u3400-\u9fff]+", span.of(view))
    if name and whole_name(name[0]) and typical_end(name[0]) and not _office(view, span):
        yield from _home(view, Span(start=span.start + name.end(), end=span.end))


_DWELLS = (  # behind a street number: somebody lives there
    r"(?=[,、和与及]?(?:(?:的)?(?:住户|居民|业主|户主|村民|农户|租户|人家|老人|孤寡|"
    r"独居|低保户|贫困户|残疾人)"
    r"|后院|院内|院子|门前|门口|家|的?房子|是?危房|拆迁|翻建|翻修|漏雨|塌|失火|着火|住"
    r"人|没人|空置|的?房"
    r"屋|的?老宅|的?民房|的?自建房|危房|为[a-d]级|"
    r"两户|\d户|,?户主|[(（]户主))"
)
ADDRESSES = (
    _row(HOME, r"(?:住户|业主|用户|房号|门牌号?|室号|邻居|楼[上下])(?:分别)?[:为是的]?\s?(?P<hi"
         r"de>[a-z]?\d{1,2}[-—–－]\d{3,4})(?![\d-])",
         "涉及住户：3-201、5-402", "涉及住户：*-***、*-***", _home),
    _row(HOME, r"(?P<hide>(?<![\d第])\d{1,4}(?:[-—–－]\d{1,3})?号)(?=就?是?(?:我|俺|他|她|咱)们"
         r"?家)", "对面31-2号是我家", "对面**-*号是我家"),
    _row(HOME, r"(?<![\da-z\-—–－./号编第])(?P<hide>[a-z]?\d{1,2}[-—–－]\d{3,4}(?=[\u3400-"
         r"\u9fff]))", "1-502席梦户主",
         "*-***席梦户主", _beside_name),
    _row(HOME, r"(?P<hide>(?<!\d)[a-z]?\d{1,3}\s?(?:\#楼?|幢|栋|座|号楼)[-—–－ ]?(?:[a-z]?\d{1,"
         r"2}(?:单元)?[-—–－]"
         r"\d{1,4}|[a-z][-—–－]?\d{3,4}|[-—–－]\d{3,4}))(?:室|号|户)?(?![-—–－]?\d)"+_NO_UNIT,
         "绿地城10#2-1905", "绿地城**#*-****", _home),
    _row(HOME, r"(?P<hide>(?<!\d)\d{1,4}弄(?:\d{1,3}支弄)?\d{1,4}号(?:楼)?(?:\d{3,4}室?)?)",
         "1205弄8支弄3号",
         "****弄*支弄*号", _home),
    _row(HOME, r"(?P<hide>(?<![\d第a-z])\d{1,4}号(?:之|附|[-—–－])\d{1,3}(?:[-—–－]\d{1,3})?)(?"
         r"!\d|号?[线文令])",
         "柳条巷7号之2", "柳条巷*号之*", _home),
    _row(HOME, r"[路街巷弄里道胡同村屯湾庄坊组苑园坝坪沟岭塘沿头口桥边](?P<hide>\d{1,4}[-—–－]"
         r"\d{1,3}号"
         r")(?!\d|[线文令楼])",
         "吴家湾15-1号", "吴家湾**-*号", _home),
    _row(HOME, r"(?:[路街巷弄里道同村屯湾庄坊组沿头口桥边坝塘沟]|其中|隔壁的?|对面|邻居|紧邻)(?P"
         r"<hide>[\d十百]{1,4}"
         r"号院?(?:、\d{1,4}(?:-\d{1,3})?号(?:-\d{1,2})?){0,20})"+_DWELLS,
         "新街118号住户", "新街***号住户", _home),
    _row(HOME, rf"{_LIVES}[:：是为于在了\s]{{0,4}}[^\d\n。;；,，]{{0,25}}?"
         rf"(?P<hide>(?:{_N}|[a-z])\s?(?:{_OF_HOUSE_ONLY}|{_OF_UNIT}|组|队|社|室|[楼层](?!市))"
         rf"(?:{_SEP}(?:{_HOUSE}|{_UNIT}|{_FLOOR}|{_N}[组队社]|{_ROOM})){{0,5}}"
         rf"|\d{{3,4}}(?=[,，。;；、\s)）]|$)){_NO_UNIT}",
         "家住长宁路12号", "家住长宁路**号"),
    _row(HOME, rf"(?P<hide>(?:{_HOUSE}{_SEP})?(?:{_HOUSE}"
         rf"|{_N}){_SEP}{_UNIT}{_SEP}(?:{_FLOOR}{_SEP})?{_ROOM}){_NO_UNIT}",
         "5#楼1单元302", "*#楼*单元***", _home),
    _row(HOME, rf"(?P<hide>(?:{_HOUSE}{_SEP}){{1,3}}(?:{_FLOOR}{_SEP})?"
         rf"(?:附{_N}号|{_N}\s?(?:室|房)(?![一-龥]?[厅管])|\d{{3,4}}(?![\d]|号[线院楼文令])"
         rf"|[东西中南北]{{1,2}}\s?[户室])){_NO_UNIT}",
         "3号楼402室漏水", "*号楼***室漏水", _home),
    _row(HOME, rf"(?P<hide>{_UNIT}{_SEP}(?:{_FLOOR}{_SEP})?(?:\d{{3,4}}|{_N}\s?室"
         rf"|[东西中]{{1,2}}\s?户)){_NO_UNIT}",
         "2单元501室", "*单元***室", _home),
    _row(HOME, rf"{_ESTATE}(?P<hide>[a-z]?\d{{1,3}}(?:号楼|#|栋|幢|座)?[-—–－]\d{{1,2}}(?:单元)?[-"
         rf"—–－]\d{{1,5}})"
         rf"(?:室|号|户)?(?![-—–－]?\d){_NO_UNIT}", "阳光小区3-2-501", "阳光小区*-*-***", _home),
    _row(HOME, rf"{_ESTATE}(?P<hide>[a-z]?\d{{1,3}}(?:号楼|#|栋|幢|座)?[-—–－]\d{{3,4}})(?:室|号"
         rf"|户)?"
         rf"(?![-—–－]?\d){_NO_UNIT}", "阳光小区3-501室", "阳光小区*-***室", _home),
    _row(HOME, rf"(?P<hide>(?:{_N}\s?(?:号院|号楼|\#楼|\#|幢|栋|排"
         rf"|院){_SEP}){{1,2}}(?:{_UNIT}{_SEP})?{_NUMBER})",
         "17排3号", "**排*号", _home),
    _row(HOME, r"[村屯庄寨湾沟坪坝塘岭冲店集营堡屋镇乡][^\d\n,，。;；]{0,10}[组队社屯片](?P<hide"
         r">[\d十百]{1,4}(?:[-—"
         r"–－]\d{1,3})?号)"
         r"(?![线令文公铁机桥井路楼院])", "孟庄村孟西组22号", "孟庄村孟西组**号", _home),
    _row(HOME, r"(?:[巷弄]|胡同)(?:[东西南北]?[头口段])?(?P<hide>[\d十百]{1,4}(?:[-—–－]\d{1,3})"
         r"?号)(?!["
         r"线令文公铁机桥井路楼]|"
         r"院?(?:内的)?[\u4e00-\u9fff]{0,6}"
         r"(?:[局委厅所站馆校店厂]|中心|大厅|公司|机关|窗口|单位|医院|银行))", "育才巷33号、35号"
         "更换", "育才巷**号、**号更换", _lane),
    _row(HOME, r"(?:楼[上下]|对门|隔壁|顶楼|[\d十底]楼|[\d十底]层)的?(?P<hide>\d{3,4})(?=室|号|"
         r"户|的|那户|那家|住户|业主|邻"
         r"居|租户|家|天天|每天)",
         "楼上602住户", "楼上***住户", _home),
    _row(HOME, r"(?:^|[\n\t|,，;；、])(?P<hide>[\u3400-\u9fff]{2,3}[ \t,，|:：]{1,3}[\u4e00-\u9fff"
         r"]{1,12}[\d十百]{1,4}(?:[-—–－]\d{1,3})?号)"
         r"(?=[\s,，|;；(（]|$)", "王国华 庄西12号 126㎡", "*** 庄西**号 126㎡", _of_person),
    _row(HOME, r"(?P<hide>(?<![\da-z])\d{1,3}(?:号楼|[栋幢座])的?\d{3,4})(?![\d.年元平㎡米户人万"
         r"%])",
         "5栋的501、502和503住户", "*栋的***、***和***住户", _home),
    _row(HOME, r"(?<![\da-z第])(?P<hide>\d{3,4})(?:室|号房|房)的?(?=[\u4e00-\u9fff]{0,3}(?:女士|"
         r"先生|住户|业主|租户|租客|居民|老人|家))",
         "202室张女士", "***室张女士", _home),
    _row(HOME, r"(?:龙湖|万科|碧桂园|恒大|保利|绿地|中海|华润|融创|绿城|金地|招商|世茂|新城|中南"
         r"|建业|阳光城|旭辉|雅居乐|富力|万达|华府|御景|名邸|公馆|国际城|半岛|澜庭|学府|府邸|首"
         r"府|壹号)[\u4e00-\u9fff]{0,6}"
         r"(?P<hide>[a-z]?\d{1,2}-\d{3,4})(?![\d\-年月日.])", "龙湖3-802", "龙湖*-***", _home),
    _row(HOME, r"(?:楼号|楼栋号|栋号|单元号?|房号|房间号|门牌号|室号)[:：为是]?\s?(?P<hide>"
         r"\d{1,4}(?:[-—–－]\d{1,4}){0,3})"
         r"(?![\d\-年月日.])(?!\s?(?:个|户|元|万|%|米|栋|楼|号线|层))", "单元2，房号901",
         "单元*，房号***", _home),
    _row(HOME, r"(?:有房|房产|住房|房子|我家)[,，:：是为在]{0,2}(?P<hide>\d{1,2}-\d{1,2}-"
         r"\d{1,4})(?![\d\-年])",
         "小区有房，17-2-3", "小区有房，**-*-*", _home),
    _row(HOME, rf"(?:我们?|俺们?|家)[是在住]{{1,2}}[\u4e00-\u9fff]{{2,10}}(?P<hide>{_N}\s?号)院?的"
         rf"(?=[,，。;；、\s]|居民|住户|$)", "我是牛角湾88号的，", "我是牛角湾**号的，", _lane),
    _row(HOME, rf"家[(（](?P<hide>{_NUMBER})[)）]", "老张家（52号）", "老张家（**号）"),
    _row(HOME, r"(?<![\da-z\-—–－./号编])(?<![号编图码]:)(?P<hide>[a-z]?\d{1,3}(?:号楼|\#|栋|幢"
         r"|座)?(?:[-—–－/]\d{1,2}(?:单元)?){1,2}[-—–－/](?!19\d\d|20[0-4]\d)\d{3,4})"
         rf"(?:室|号|户)?(?![\da-z\-—–－/]){_NO_UNIT}", "6-2-301", "*-*-***", _home),
    _row(HOME, r"(?:公寓|小区|花园|家园|家属[院楼])(?P<hide>\d{3,4})(?:室|号"
         r"|户)?(?=[,，。;；、\s)）]|$|的|漏|没|室)", "时代公寓2606，", "时代公寓****，", _home),
    _row(HOME, rf"[路街巷弄里道胡同村屯](?P<hide>{_N}\s?号院?附{_N}号?)", "农民街134号附2",
         "农民街***号附*"),
    _row(HOME, rf"(?:村|屯|庄|寨|堡)(?:[东西南北中前后]?[街头巷])?(?P<hide>{_N}\s?号(?:[、和,，及]"
         rf"{_N}\s?号){{0,20}})"
         r"(?=[,，。;；、)）\s]|$|村民|的(?!公|路|桥)|户|家|院|住|门|旁|房|前|后|附近|对面|[东西"
         r"南北]侧|是|有)", "牛王庙村63号，", "牛王庙"
         "村**号，", _home),
    _row(HOME, rf"{_LIVES}[^\d\n。;；,，]{{0,25}}?(?P<hide>[a-z]?\d{{1,4}}(?:[-—–－]\d{{1,5}}){{1,"
         rf"3}}){_NO_UNIT}",
         "我家3-2-501", "我家*-*-***"),
    _row(HOME, rf"(?:村|屯|庄|寨|湾|堡)民?(?P<hide>(?:第?{_N}\s?(?:组|队|社|屯|小组|生产队)\s?)"
         rf"(?:{_N}\s?(?:号|户)(?!线|令|文)(?:[之\-]{_N}|附{_N}号)?))", "李庄村三组47号", "李庄村*"
         "组**号", _home),
    _row(HOME, rf"{_ROAD}(?P<hide>(?:{_N}\s?(?:号院|号楼|号(?!线)|\#楼|\#|弄|栋|幢|座|排|单元|层"
         rf"|楼){_SEP}){{2,5}}\d{{1,5}})"
         r"(?![\d年月日个元万亿%米])", "家住人民路12号3栋402", "家住人民路**号*栋***", _home),
    _row(BUILDING, r"[\u4e00-\u9fff](?<![图表件第式章条款约共达为号至])(?P<hide>[a-z]?\d{1,2}-\d{1"
         r",2}(?:0[1-9]|1\d))"
         r"(?![-—–－]?\d|\s?[年月日个元万亿%米人户次台件处项份平㎡多余来℃度天]|\.\d)",
         "凤凰台2-1601", "凤凰台*-****", _home),
    _row(BUILDING, rf"{_ROAD}(?P<hide>(?:\d{{1,4}}\s?(?:号院|号楼|号(?!线)|弄|栋|幢|座|排|单元|层"
         rf"|楼)"
         r"\s?[-—,，]?){1,5}\d{1,5})(?![\d年月日个元万亿%米])",
         "阳光小区3号楼5单元", "阳光小区*号楼*单元", _home),
)  # fmt: skip
