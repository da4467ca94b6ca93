"""Private persons: rows for whom a text calls a resident, a parent, a patient, or itself.

Officials in their office, members and deputies are none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.privacy.names import (
    HAN,
    LATIN,
    after_role,
    before,
    name_at,
    typical_at,
    typical_end,
    whole_name,
)
from kb.privacy.native import NATIVE
from kb.privacy.role_words import FIRST, LABELS, ROLES, TITLES
from kb.privacy.rule import Finder, PiiRule, where, whole
from kb.privacy.surnames import CLEAR, ODD
from kb.privacy.words import is_word
from kb.text.organs import OFFICE_END
from kb.types import Span

_SIGNS = r"[\s\"“”'‘’【(（\[]{0,2}"
_HIDDEN = re.compile(rf"{HAN}|[A-Za-z]")
_AND = re.compile(
    r"(?:[、,，和与及]|以及|[ \t]{1,3})\s?(?:(?:[他她其](?:的)?|我的?)?(?:儿子|女儿|"
    r"妻子|丈夫|老伴|弟弟|哥哥|姐姐|妹妹|父亲|母亲|孙子|孙女|爱人)|其[弟兄妹姐子女妻"
    r"夫父母])?"
)
_SHORT = re.compile(
    r"[\u3400-\u9fff]{2,4}(?=[、,，。;；\s(（)）]|等|[两三四五六七八九十\d]{1,2}[户"
    r"人位名]|参加|出席|到场|反映|联名|共同|均|都|$)"
)
_CLOSED = re.compile(r"[)）,，。;；:：、\s\d!！?？]|$|先生|女士|同志")
_OFFICE = re.compile(OFFICE_END + "$")
_COMMA = re.compile("[、和及与]")
_ANYONE = frozenset(
    [
        "广大",
        "全体",
        "全市",
        "全县",
        "有关",
        "相关",
        "和谐",
        "热心",
        "匿名",
        "各位",
        "亲爱",
        "尊敬",
        "家长",
        "农民",
    ]
)
_MOST = 40  # persons in one row


def _persons(*, sure: bool, alone: bool, strict: bool) -> Finder:
    """The person that the group begins with, and those listed after."""

    def finds(view: str, span: Span) -> Iterator[Span]:
        name = typical_at(view, span.start) if strict else name_at(view, span.start, sure=sure)
        if alone and name and not _CLOSED.match(view, name.end):
            return
        for _ in range(_MOST):
            if name is None:
                return
            yield name
            further = _AND.match(view, name.end)
            name = _further(view, further.end()) if further else None

    return finds


def _behind_role(view: str, span: Span) -> Iterator[Span]:
    """The person that the group begins with, and those listed after, whose given names may be
    words."""
    name = after_role(view, span.start)
    while name:
        yield name
        comma = _COMMA.match(view, name.end)
        name = after_role(view, comma.end()) if comma else None


_KIN = re.compile(r"系(?:夫妻|父|母|兄|姐|姊|婆|祖)|家庭|全家|所[建盖养种]|名下|的")


def _household(view: str, span: Span) -> Iterator[Span]:
    """The person that the group begins with, whose family or goods are told of, and those
    listed after: nobody where only a list tells."""
    names = list(_behind_role(view, span))
    if names and _KIN.match(view, names[-1].end):
        yield from names


def _ends(view: str, span: Span) -> Iterator[Span]:
    """The person that the group ends with."""
    if name := before(view, span.end):
        yield name


def _greeted(words: str) -> bool:
    """True for whom a letter greets by name: 广大网友 and 各位同学 are nobody."""
    return whole_name(words) and words not in _ANYONE


def _owner(words: str) -> bool:
    """True for the name of whoever owns something: 归国家所有 names none."""
    linked = words[0] in ODD + "于" and (len(words) < 3 or is_word(words[1:]))
    return whole_name(words) and not is_word(words) and not linked and not _OFFICE.search(words)


def _typical(words: str) -> bool:
    """True for a surname and a given name that ends as given names do."""
    return whole_name(words) and typical_end(words) and not is_word(words)


def _typical_or_clear(words: str) -> bool:
    """True for a name, of a surname that begins few words or with a typical end."""
    clear = words[0] in CLEAR or typical_end(words)
    return clear and whole_name(words) and not is_word(words)


def _listed(view: str, span: Span) -> Iterator[Span]:
    """The persons of a list, if none of it is anything else; words may stand before the first."""
    commas = [match.end() for match in _COMMA.finditer(view, span.start, span.end)]
    first = before(view, commas[0] - 1) if commas else None
    others = [_further(view, start) for start in commas]
    ends = [*(comma - 1 for comma in commas[1:]), span.end]
    if first and all(name and name.end == end for name, end in zip(others, ends, strict=True)):
        yield first
        yield from filter(None, others)


def _further(view: str, start: int) -> Span | None:
    """The name that stands in a list at ``start``: 来喜 too, which is a word but a surname's."""
    short = _SHORT.match(view, start)
    if short and whole_name(short[0]) and typical_end(short[0]):
        return Span(start=start, end=short.end())
    return name_at(view, start, sure=False)


def _row(
    pattern: str,
    example: str,
    hidden: str,
    *,
    sure: bool = False,
    alone: bool = False,
    strict: bool = False,
    native: bool = False,
    finds: Finder | None = None,
) -> PiiRule:
    """``sure``: whatever is no word is a name; ``alone``: no more may follow in the clause;
    ``strict``: a surname and two characters that given names are made of;
    ``native``: all that was found is the name."""
    return PiiRule(
        kind="姓名",
        view="words",
        pattern=re.compile(pattern, re.MULTILINE),
        finds=finds or (whole if native else _persons(sure=sure, alone=alone, strict=strict)),
        hides=_HIDDEN,
        front=0,
        back=0,
        example=example,
        hidden=hidden,
    )


PERSONS = (
    _row(rf"(?P<hide>{NATIVE})", "牧民扎西多吉反映", "牧民****反映", native=True),
    _row(rf"(?=[{FIRST}])(?:{ROLES}|{LABELS})(?:姓名|名字|名称|签名|签字)?(?:[一二三四"
         rf"五六七八九十\d]{{1,2}}|[abAB甲乙丙丁])?\s{{0,3}}[:：\t]{_SIGNS}(?P<hide>"
         rf"{HAN})",
         "姓名：张三，已办结", "姓名：**，已办结", sure=True),
    _row(rf"(?:(?:{ROLES}|{LABELS})(?:姓名|名字)?\s{{0,3}}[:：\t]|我叫|本人|我是|名叫|姓名)"
         rf"{_SIGNS}(?P<hide>{LATIN})", "姓名：Zhang San", "姓名：***** ***", native=True),
    _row(rf"(?:姓名|名字|户名|署名|机主|全名|真名|收款人|收件人|开户人|咨询人|留言人|联名)(?:是|"
         rf"为|叫)?{_SIGNS}(?P<hide>{HAN})", "姓名张建国",
         "姓名***"),
    _row(rf"(?:[,。;:\s](?:俺|咱)?叫|同村的|本村的|邻村的|对门的?|楼上的?|楼下的?|隔壁的?|"
         rf"(?<![任长理])由(?!{HAN}{{2,4}}(?:同志|担任|兼任|任|负责|牵头|[(,])))(?P<hide>"
         rf"{HAN})", "同村的占永富说", "同村的***说", strict=True),
    _row(rf"(?:^|[,。;:(\s])(?P<hide>{HAN})(?={HAN}{{1,4}}(?:女士|先生|的[\u3400-\u9fff]"
         rf"{{0,8}}申请|[(](?![^)\n]{{0,20}}[长任记员表席授厅局委办部院处司])|,(?:男|女|家"
         rf"住|住)))",
         "经查，巫月娥（社保", "经查，***（社保", strict=True),
    _row(rf"(?<=[\d*]{{4}})[,， ](?P<hide>{HAN})(?={HAN}{{1,3}}(?:[,，。]|$))",
         "尾号5678，尤林，盼复",
         "尾号5678，**，盼复", alone=True),
    _row(rf"(?=[{FIRST}俺我那他她一有])(?:{ROLES}|[俺我][爹娘爸妈]|那人|[他她]|[一有]个|"
         rf"人)(?:据说|听说|好像|似乎|可能|大概|应该|貌似|自称|也|就)?(?:名叫|名字叫|小名叫?|大"
         rf"名叫?|叫){_SIGNS}(?P<hide>{HAN})"
         rf"(?!做|人|我|你|停|"
         rf"苦|屈|好|板|卖|嚣|车|来了|来的)",
         "包工头叫来福，卷钱", "包工头叫**，卷钱", sure=True),
    _row(r"(?P<hide>[\u3400-\u9fff]{2,4}(?:、[\u3400-\u9fff]{2,4}){0,20}?[、和及与][\u3400-\u9fff"
         r"]{2,3}?)"
         r"(?=等?(?:共计?|一共|这)?[\d一二两三四五六七八九十]{1,3}(?:余|多)?(?:[名位]|人|户)(?!("
         r"?:市|省|县|区|人大|政协)*(?:委"
         r"员|代表|领导|干部|同志|专家|教授|民警|党员|副|局|院|工作人员)))",
         "涉及刘铁柱、何国强等五户", "涉及***、***等五户", finds=_listed),
    _row(
        r"(?:[系为是属归由]|属于|登记在|落在|挂在|是[他她其](?:儿子|女儿|父亲|母亲|丈夫|妻子))"
        r"(?P<hide>[\u3400-\u9fff]{2,3})"
        r"(?=所有|名下|出资|经营|承包|承租|建造|搭建|饲养|使用的|驾驶|购买|私自|擅自|一家)",
        "该车系简万福所有",
        "该车系***所有",
        finds=where(_owner),
    ),
    _row(r"(?<=\d{4})[,、;；和 ]{1,2}(?!电话|手机|微信|联系|座机|热线|号码|备用|另外|以及)"
         r"(?P<hide>[\u3400-\u9fff]{2,3})(?=[:( ]?1[3-9]\d{9}(?!\d))",
         "5209471，修建18705170924", "5209471，**187****0924", finds=where(whole_name)),
    _row(r"(?:物业|中介|保安|保洁|施工队|施工方|装修队|房产公司|开发商|包工队|楼上|楼下|隔壁|对"
         r"门|对面)"
         rf"(?P<hide>(?=[{''.join(sorted(CLEAR))}]){HAN})", "物业王小军每次", "物业***每次"),
    _row(rf"\d(?:[室户号房]的?|的)(?P<hide>(?=[{''.join(sorted(CLEAR))}]){HAN})"
         rf"(?={HAN}{{1,2}}(?:家|户|一家|夫妇|夫妻|反映|[,，。、]))",
         "12号的赵秀英家", "12号的***家"),
    _row(r"(?:^|[\t|,;、])(?P<hide>[\u3400-\u9fff]{2,3})(?=[ \t,|:]{1,3}[\u4e00-\u9fff"
         r"]{1,12}\d{1,4}(?:-\d{1,3})?号(?:[\s,|;(院]|$))",
         "王国华 庄西12号院", "*** 庄西12号院", finds=where(_typical)),
    _row(r"(?:^|[。!！;；\s,，])(?P<hide>[\u3400-\u9fff]{2,3})(?=\s{0,2}(?:敬上|敬启|拜上|谨上|"
         r"叩上|呈上|敬呈|谨呈|谨启))",
         "盼复！陈佳敬上", "盼复！**敬上", finds=where(_typical_or_clear)),
    _row(rf"(?:其[子女父母妻夫弟兄姐妹]|(?:转租|出租|出售|转让|过户|转卖|转账|借|卖|寄|汇|打款|"
         rf"转|赔偿|支付|退"
         rf"还|交|租)给(?:了)?|专人|工作人员)(?!.{{2,4}}(?:委员|代表)(?![会团组大小]))"
         rf"(?P<hide>(?=[{''.join(sorted(CLEAR))}]){HAN})",
         "其子李浩，", "其子**，"),
    _row(rf"(?:工作人员|科员|民警|[\u4e00-\u9fff]员|专人|业主|住户|居民|同志|邻居)[(【](?P<hide"
         rf">{HAN})(?={HAN}{{1,3}}[)】])",
         "工作人员（何晓东）已", "工作人员（***）已"),
    _row(rf"(?P<surname>{HAN})(?:先生|女士|某某?|老师|师傅|大爷|阿姨)[(](?:全名|即|名|本名|姓名:"
         rf"?)?(?P<hide>(?P=surname)"
         rf"{HAN}{{1,3}})(?=[),])", "邓先生（邓超明）", "邓先生（***）", native=True),
    _row(rf"(?:名单|对象|公示|(?:违法|涉案|被困|失联|获救|遇难|受伤|死亡|低保|受助|获奖|受"
         rf"奖)人员)[:：]\s{{0,2}}(?P<hide>{HAN})(?={HAN}{{1,3}}[、,，。和;；\s])",
         "公示名单：步云飞。", "公示名单：***。", alone=True),
    _row(rf"(?:我叫|名叫|叫做|名字叫|(?<!文)化名|真名|本名|我的名字是){_SIGNS}(?P<hide>{HAN})",
         "我叫仝小丫，是三年级的", "我叫***，是三年级的", sure=True),
    _row(rf"(?:本人|我是|这里是|鄙人)(?:叫|是|为|,|:)?{_SIGNS}(?P<hide>{HAN})", "本人张伟，想问社"
         "保", "本人**，想问社保"),
    _row(rf"姓(?P<surname>{HAN})[,，]?(?:名|叫|就是|是)?(?P<hide>(?P=surname))",
         "姓麻，麻晓东，", "姓麻，***，"),
    _row(rf"我[,:](?P<hide>{HAN})", "我，仝小丫，", "我，***，", alone=True),
    _row(rf"我们?是[^,。;:!?\n]{{1,12}}的[,:]?(?P<hide>{HAN})",
         "我是水岸的童佳慧，", "我是水岸的***，", alone=True),
    _row(rf"(?=[{FIRST}])(?:{ROLES})(?:[一二三四五六七八九十\d]{{1,2}}|[abAB甲乙丙丁])?("
         rf"?:代表|本人|名叫|叫|是|为|名为|系|有(?![权关责限义意需无的没人些效偿序条])|包括|分别"
         rf"(?:为|是)|之[妻子夫女父母])?[:："
         rf"]?{_SIGNS}(?P<hide>{HAN})", "业主张三"
         "反映漏水", "业主**反映漏水"),
    _row(rf"(?:(?:^|[,。;:\n])[是为由]?|[是为由])(?P<hide>{HAN})(?=[\u3400-\u9fff·、和]{{1,40}}?["
         rf"等这]?[\d一二"
         rf"两三四五六七八九十几多]{{1,3}}(?:名|位|户)(?:{ROLES}))",
         "由张三等五名业主提出", "由**等五名业主提出"),
    _row(rf"(?:敬礼|此致|谢谢您?|盼复|署名|[—–-]{{2}})[!！。,，;\s]{{0,6}}(?P<hide>{HAN})"
         rf"(?={HAN}{{1,4}}[\s\d年月日.]{{0,14}}$)", "谢谢！朱小红", "谢谢！***", alone=True),
    _row(rf"(?=[{FIRST}])(?:{ROLES})(?P<hide>{HAN})", "退役军人海东升的优抚金",
         "退役军人***的优抚金", finds=_behind_role),
    _row(rf"(?:反映|举报|投诉|检举|控告|所[诉称述])的?(?P<hide>{HAN})(?={HAN}{{2}}(?:违|涉嫌|私自|擅自|侵占|占用"
         rf"|长期|多次|一事|的?问题))", "您反映的宫振海违规享受低保",
         "您反映的***违规享受低保", strict=True),
    _row(rf"(?:^|[,。;:(\s])(?P<hide>{HAN})(?={HAN}{{2}}户(?![口籍主型数均]))",
         "经查，岳得水户共有", "经查，***户共有", strict=True),
    _row(rf"(?:约谈|走访|看望|劝导|训诫|[和与跟同](?={HAN}{{2,3}}(?:电话|当面)(?:沟通|联系))|对(?={HAN}{{2,3}}(?:作"
         rf"出|处以|给予|实施|进行)))(?P<hide>{HAN})", "我局已约谈沈大山，", "我局已约谈***，",
         finds=_behind_role),
    _row(rf"(?:^|[,。;:(\s经查]|[与和及])(?P<hide>{HAN})(?={HAN}{{2}}(?:家庭|全家|所[建盖养种]|名下|系夫妻|系父|系母"
         rf"|的(?:房屋|住房|宅基地|户口|低保|养老金|医保|社保|妻子|丈夫|儿子|女儿|父亲|母亲)|[和与]))",
         "经核查，沈铁山家庭共5口人", "经核查，***家庭共5口人", finds=_household),
    _row(rf"^\s{{0,4}}(?P<hide>{HAN})(?={HAN}{{2}}[:,]\s?您好)", "罗小燕：您好", "***：您好",
         finds=_behind_role),
    _row(r"(?P<hide>[\u3400-\u9fff]{2,6})(?=本人)", "与甄爱莲本人取得联系", "与***本人取得联系",
         finds=_ends),
    _row(rf"(?:我[跟和与]|请?帮(?:我|忙)?|替)(?P<hide>{HAN})(?={HAN}{{1,3}}(?:查|问|办|都|同|一起|是))",
         "请帮宫小玥查一下", "请帮***查一下", strict=True),
    _row(rf"(?:^|[。;])\s{{0,4}}(?P<hide>{HAN})(?={HAN}{{2}}(?:反映|来电|来信|来访|投诉|诉称|举报|申请))",
         "农振国反映：村委会", "***反映：村委会", strict=True),
    _row(r"^\s{0,4}(?:尊敬的|亲爱的)?(?P<hide>[\u3400-\u9fff]{2,4})(?=(?:先生|女士|网友|同学)[:,])",
         "冷月网友：您好", "**网友：您好", finds=where(_greeted)),
    _row(rf"(?:尊敬的|亲爱的|敬爱的){_SIGNS}(?P<hide>{HAN})(?!.{{0,4}}(?:委员|代表|书记|长|主任"
         rf"|领导|主席))",
         "尊敬的张建国先生：", "尊敬的***先生："),
    _row(rf"^\s{{0,4}}(?P<hide>{HAN})(?=.{{0,5}}?(?:(?:{TITLES})[:,]|同志:))",
         "张建国网友：您好", "***网友"
         "：您好"),
    _row(rf"(?:^|(?<=\t))(?P<hide>{HAN})(?={HAN}{{1,3}}\t[\d(][\d)\-]{{6}})",
         "住建局\t雷鸣\t1211883", "住建局\t**\t1211883", sure=True),
    _row(rf"(?:^|(?<=\t)|(?<=[|｜]))\s{{0,2}}(?P<hide>{HAN})(?={HAN}{{1,3}}\s{{0,2}}[\t|｜"
         rf"][^\n]{{0,60}}?\d{{7}})",
         "1\t尤建国\t农业局\t第3821557号", "1\t***\t农业局\t第3821557号", alone=True),
)  # fmt: skip
