"""Numbers and addresses on the net that are one person's: rows, however they are written.

They are searched in text whose numerals are all digits, so that 一三八 and １３８ are 138.
Separators may stand anywhere in a number; each is bounded, so that a rule takes linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from kb.privacy.rule import Finder, PiiRule, digits_in, where, whole
from kb.types import Span

# What may stand between two digits: signs, white space, a line end, marks that nobody sees.
_GAP = r"[\s\-—–―‐‑‒−－﹣﹘~～_./·•・~|()\u200b-\u200f\u2060\ufeff\ufe0f\u20e3]{0,3}"
_ODD_SIGNS = r":;=+*&#'\"“”‘’<>《》〈〉【】「」〔〕\[\]{}…^→"
_MARK = _GAP.replace(
    "[", f"[,、{_ODD_SIGNS}", 1
)  # in a mobile commas too: 一八六，五五六七，八八九九
_IS = (
    r"(?:号码|编号|账号|帐号|账户|号|id)?[\s\"“”'【\[(]{0,3}(?:号码|编号|号|id)?[\s\"“”'【\[]{0,3}"
    r"(?:分别|均)?(?::|是|为|叫|->)?[\s\"“”'【\[(]{0,3}"
)
_NEAR = 12  # characters before a number in which a label tells what it is
_LABEL = re.compile(r"电话|手机|号码|联系|微信|热线|致电|拨打|tel|phone|mobile", re.IGNORECASE)
_LETTERS = re.compile(r"[0-9A-Za-z]")
_GROUP = re.compile(r"[\dOoIl|]+")
_STANDARD = (
    (3, 4, 4),
    (3, 8),
    (7, 4),
    (3, 3, 5),
    (4, 3, 4),
    (3, 4, 2, 2),
    (3, 2, 2, 2, 2),
    (2, 2, 2, 2, 2, 1),
)
_PROVINCES = frozenset(
    re.findall(
        r"\d\d",
        "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 "
        "61 62 63 64 65 "
        "71 81 82 83",
    )
)
_ISSUERS = frozenset(re.findall(r"\d\d", "62 43 45 49 52 53 55 95"))  # first digits of banks' cards
_MOBILE, _FEW = 11, 5  # digits of a mobile, groups that it may be written in
_MISTYPED = 2  # letters that may stand for its digits where no label does


def _luhn(words: str) -> bool:
    """ISO/IEC 7812-1: every second digit from the right doubled, the sum divisible by ten."""
    doubled = "0246813579"
    total = 0
    for place, digit in enumerate(reversed(digits_in(words))):
        total += int(doubled[int(digit)] if place % 2 else digit)
    return total % 10 == 0 and total > 0


def _card(words: str) -> bool:
    """A number of a bank card in groups of four, or in one; a row of years is none.

    In groups, or of 16 or 19 digits with an issuer's first two, its check digit may be wrong.
    """
    groups = re.findall(r"\d+", words)
    grouped = len(groups) == 1 or all(len(group) == 4 for group in groups[:4])
    years = all(re.fullmatch(r"(?:19|20)\d\d", group) for group in groups)
    fours = grouped and len(groups) > 3 and words[0] in "3456"
    issued = len(groups[0]) in (16, 19) and groups[0][:2] in _ISSUERS
    return grouped and not years and (fours or issued or _luhn(words))


def _identity(words: str) -> bool:
    """GB 11643-1999: ISO 7064 MOD 11-2 over the first 17 digits, and a day that exists.

    With the code of a province (GB/T 2260) and a day that somebody now alive was born on, the
    check digit may be wrong: people mistype it.
    """
    digits = digits_in(words).upper()
    if not _day(digits[6:14]):
        return False
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(digits[:17]))
    typed = digits[:2] in _PROVINCES and digits[4:6] != "00" and "1915" < digits[6:10] < "2015"
    return typed or digits[17] == "10X98765432"[total % 11]


def _old_identity(words: str) -> bool:
    """The 15-digit form bears the year in two digits, of the 20th century."""
    return _day("19" + digits_in(words)[6:12])


def _day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def _digits(least: int) -> Finder:
    """The group, if it has as many digits."""
    return where(lambda words: sum(map(str.isdigit, words)) >= least)


def _mobile(view: str, span: Span) -> Iterator[Span]:
    """A mobile in one of its usual groups; in any others, if no further number stands beside it."""
    words = span.of(view)
    groups = tuple(map(len, _GROUP.findall(words)))
    label = _LABEL.search(view, max(0, span.start - _NEAR), span.end + _NEAR)
    letters = _MOBILE - sum(map(str.isdigit, words))
    around = view[max(0, span.start - 1) : span.start] + view[span.end : span.end + 1]
    if letters and not label and (letters > _MISTYPED or _LETTERS.search(around)):
        return  # letters for digits
    torn = words.count("\n") > 1 or ("\n" in words and (len(groups) > 2 or groups[0] < 3))
    if torn and not label:
        return
    listed = re.search(rf"[,、{_ODD_SIGNS}]", words) is not None
    if listed and groups != (3, 4, 4):
        return
    if len(groups) == 1 or (groups in _STANDARD and words.count(".") != 1):
        yield span
        return
    alone = not re.search(r"\d[\s\-—–.]{1,2}$", view[max(0, span.start - 3) : span.start])
    alone = alone and not re.match(r"[\s\-—–.]{1,2}\d", view[span.end : span.end + 3])
    grouped = len(groups) <= _FEW and "." not in words
    if label or (alone and (grouped or len(groups) == _MOBILE)):
        yield span


def _row(
    kind: str,
    pattern: str,
    keep: tuple[int, int],
    example: str,
    hidden: str,
    finds: Finder = whole,
) -> PiiRule:
    return PiiRule(
        kind=kind,
        view="digits",
        pattern=re.compile(pattern, re.ASCII | re.IGNORECASE),
        finds=finds,
        hides=_LETTERS,
        front=keep[0],
        back=keep[1],
        example=example,
        hidden=hidden,
    )


_PAPERS = (
    r"证件号码?|证照号|护照|通行证|回乡证|台胞证|居留证|军官证|士官证|士兵证|义务兵证|文职证"
    r"|文职干部证|军人证"
    r"|警官证|驾驶证|驾照"
    r"|居住证|残疾证|残疾人证|社保卡|社会保障卡|社保|医保卡|医保|学生证|老年证|优待证|退役证"
    r"|退伍证|就诊卡|病历|住院"
    r"|学籍|准考证|考生|户口本|户口簿|出生证|出生证明|出生医学证明|结婚证|离婚证|房产证|产权证"
    r"|不动产权证|公积金"
    r"|(?:用电|用水|燃气|水费|电费)?户号|用户号"
)
_DAY_OF = r"(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_PLATE = r"[A-HJ-NP-Z\d]"

# The longer before the shorter: what one rule has found wholly is of its kind.
NUMBERS = (
    _row("电子邮箱",
         r"(?<![\w.+-])(?P<hide>\w[\w.+-]*+(?:[ ]\d{1,8})?)\s{0,2}(?:@|[(\[]\s?at\s?[)\]]"
         r"|艾特)\s{0,2}"
         r"[\w-]{1,63}(?:\s?(?:\.|[(\[]\s?dot\s?[)\]]|点|。)\s?[\w-]{1,63}){1,5}", (1, 0),
         "发到 zhangsan@qq.com", "发到 z*******@qq.com"),
    _row("身份证号", rf"(?<!\w)(?P<hide>\d(?:{_GAP}\d){{16}}{_GAP}[\dX])(?!\w)", (3, 2),
         "身份证 11010519491231002X", "身份证 110*************2X", where(_identity)),
    _row("身份证号", rf"(?:身份证件?|身份号|身份|证件|公民身份|有效证|(?<![a-z])id)(?:号|号码"
         rf"|编号)?{_IS}"
         rf"(?P<hide>[\dlI](?:{_GAP}[\dX*OIl]){{5,19}})", (3, 2),
         "身份证号：410802198001011230", "身份证号：410*************30", _digits(6)),
    _row("身份证号", rf"(?<!\w)(?P<hide>\d(?:{_GAP}\d){{16}}{_GAP}[\dX])(?=[\s,，;)）(（是为的]{{0"
         rf",3}}"
         r"(?:这个|我的|本人)?(?:身份证|证件号))", (3, 2),
         "410802198001011230（身份证）", "410*************30（身份证）"),
    _row("身份证号", r"(?:身份证|证件)号?码?(?:的)?(?:[前后末]\w?[位个]|尾号|后几位)(?:数字|数)?"
         rf"{_IS}(?P<hide>\d{{3,8}}X?)(?!\w)", (0, 0), "身份证后六位：011235", "身份证后六位：****"
         "**"),
    _row("银行卡号", rf"(?<!\w)(?P<hide>\d(?:{_GAP}\d){{15,18}})(?!\w)",
         (4, 4), "卡号 4111 1111 1111 1111", "卡号 4111 **** **** 1111", where(_card)),
    _row("银行卡号", r"(?:银行卡|储蓄卡|借记卡|信用卡|工资卡|存折|一卡通|一折通|卡号|账号|帐号"
         r"|账户|帐户|[工农中建交招]行|邮储|农信|信用社|农商行)"
         rf"(?:号码|卡号|账号|号)?[^\d\n。;]{{0,14}}(?P<hide>\d(?:{_GAP}\d){{9,21}})(?!\w)", (4, 4),
         "银行卡（建行）：6217002430012345678", "银行卡（建行）：6217***********5678"),
    _row("银行卡号", rf"(?<!\w)(?P<hide>\d(?:{_GAP}\d){{14,18}})(?=[\s)]?(?:这张|这个|的)?(?:银行"
         rf"|工资|储蓄)?卡)",
         (4, 4), "6222021701001234567这张卡", "6222***********4567这张卡"),
    _row("身份证号", rf"(?<![\w.])(?P<hide>\d{{6}}{_GAP}\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d"
         rf"|3[01])"
         rf"{_GAP}\d{{3}})(?![\w.])", (3, 2), "旧证 110105491231002", "旧证 110**********02",
         where(_old_identity)),
    _row("手机号", rf"(?<!\d\.)(?<![\d第])(?:\(?(?:\+|00)?86\)?{_GAP}|0)?"
         rf"(?P<hide>(?:1|(?<![a-z])[lI]){_MARK}[3-9](?:{_MARK}[\dOIl|]){{9}})"
         r"(?!\d|\.\d|\s?[元万亿吨次件]|\s?号(?:提案|建议|议案|文))", (3, 4),
         "我的电话是13812345678", "我的电话是138****5678", _mobile),
    _row("手机号", r"(?<![\d.])(?P<hide>1[3-9]\d(?P<sign>[^\d\s\u3400-\u9fff]{1,3})\d{4}(?P=sign"
         r")\d{4})"
         r"(?![\d.])", (3, 4), "138★1234★5678", "138★****★5678"),
    _row("住宅电话",
         r"(?:(?:家庭|家里|家中|老家|自家|住宅|我家|娘家)的?(?:固定)?(?:电话|座机|固话)|宅电|"
         r"(?:打|拨|致电)(?:我|到|给)?(?:们)?(?:家里?|家中|老家)的?|(?<!国)(?:"
         r"家里|家中|老家|我家)(?=[\d(]))"
         rf"{_IS}(?P<hide>\d(?:{_GAP}\d){{5,12}})", (0, 0),
         "宅电：0391-3556677", "宅电：****-*******"),
    _row("住宅电话",
         r"(?:(?:找|联系|打|回复?|告知|通知|致电|拨打?)(?:我|本人)|(?:我|本人)的?"
         r"(?:家|单位|办公室?|工作|联系|老公|老婆|爱人|丈夫|妻子|儿子|女儿|父亲|母亲|[爸妈哥姐弟妹])?的?"
         r"(?:电话|座机|固话|号码|联系方式)|小灵通)(?:号码|号)?(?:是|为)?[:,]?\s?"
         r"(?P<hide>(?:\(?0\d{2,3}\)?[ \-—–]{0,2})?[2-9]\d{2,3}[ \-]?\d{4}(?!\d)"
         r"(?:(?:转|[\-—#*])\d{1,5}(?!\d))?)",
         (0, 0), "打我座机：0391-3556677转12", "打我座机：****-*******转**"),
    _row("住宅电话", r"(?<!\d)(?P<hide>(?:\(?0\d{2,3}\)?[ \-—–]{0,2})?[2-9]\d{2,3}[ \-]?\d{4})(?="
         r"\s?[(（,，]?(?:是|为|系)?(?:[我其他她](?:女儿|儿子|老伴|妻子|丈夫|母亲|父亲)?["
         r"\u4e00-\u9fff]{0,3})?"
         r"(?:家里|家庭|家中|住宅|我家|宅电|自家|老家))", (0, 0), "3556677（家里座机）", "*******"
         "（家里座机）"),
    _row("证件号", rf"(?:{_PAPERS})(?:证件)?{_IS}(?:[\u4e00-\u9fff]{{1,4}}字?第)?"
         rf"(?P<hide>[A-Z\d](?:{_GAP}[A-Z\d]){{4,21}})(?!\w)", (1, 0),
         "护照号E12345678", "护照号E********", _digits(4)),
    _row("证件号", rf"(?:{_PAPERS})(?:证件)?{_IS}"
         r"(?P<hide>[A-Z\d]{6,12}(?:[、,，和及;；/ ]{1,2}[A-Z]{0,2}\d{6,9}[A-Z]?(?!\w)){1"
         r",30})", (0, 0),
         "护照号E12345678、G28440173", "护照号*********、*********", _digits(8)),
    _row("车牌号", r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼](?:牌照?"
         r"|牌号)? ?(?P<hide>[A"
         r"-HJ-NP-Z]"
         rf"[·•.\-— ]{{0,2}}{_PLATE}(?:[ ·]?{_PLATE}){{3,4}}[ ·]?[A-HJ-NP-Z\d挂学警港澳])(?!\w)",
         (1, 0), "车牌豫H·12345被占", "车牌豫H·*****被占", _digits(1)),
    _row("车牌号", rf"(?:车牌|车号|牌照|号牌){_IS}(?P<hide>[A-HJ-NP-Z]?[·•.\-— ]{{0,2}}{_PLATE}{{5"
         rf",6}})(?!\w)",
         (1, 0), "车牌号H12345", "车牌号H*****", _digits(1)),
    _row("证件号", r"(?:产权证|房产证|不动产证)(?:证?号码?)?[:：是为]{0,2}\s?[\u4e00-\u9fff]?"
         r"[(（〔\[]\d{4}[)）〕\]][\u4e00-\u9fff]{0,14}第?(?P<hide>\d{5,10})号?", (0, 0),
         "产权证号：豫(2020)某县不动产权第0012345号", "产权证号：豫(2020)某县不动产权第*******号"),
    _row("电子邮箱", r"(?<![\w.+-])(?P<hide>\w[\w.+-]*+)\s{0,2}#\s{0,2}"
         r"(?:qq|163|126|139|sina|sohu|gmail|foxmail|hotmail|outlook|yeah)\.(?:com|cn|net)", (1, 0),
         "邮箱zhangsan#qq.com", "邮箱z*******#qq.com"),
    _row("QQ号", rf"(?:QQ|扣扣|企鹅|(?<![a-z])q(?=[号:：]))(?!群){_IS}"
         rf"(?P<hide>\d(?:{_GAP}\d){{4,11}})(?!\d)", (0, 0), "QQ：123456789", "QQ：*********"),
    _row("微信号", rf"(?:微信|威信|薇信|微x|weixin|wechat|(?<![a-z])(?:wx|vx)|加\s?v|v信|抖音|快手"
         rf"|小红书|支付宝|钉钉|微博)"
         rf"(?:同号|联系)?{_IS}(?P<hide>[a-z][\w-]{{4,30}}|\d(?:{_GAP}\d){{4,14}})(?![\w])", (0, 0),
         "微信号：zhangsan88", "微信号：**********"),
)  # fmt: skip
