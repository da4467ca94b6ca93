"""Private persons: rows for whom a text calls a resident, a parent, a patient, or itself.

Officials in their office, members and deputies are none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.privacy.names import (
    HAN,
    LATIN,
    before,
    name_at,
    typical_at,
    typical_end,
    whole_name,
)
from kb.privacy.native import NATIVE
from kb.privacy.rule import Finder, PiiRule, where, whole
from kb.privacy.surnames import CLEAR, ODD
from kb.privacy.words import is_word
from kb.text.organs import OFFICE_END
from kb.types import Span

_ROLES = (
    "失主|卖家|买家|卖主|买主|介绍人|甲方|乙方|丙方|买方|卖方|承租方|出租方|转让方|受让方"
    "|出卖方|抵押人|债务人|债权人|赠与人|饲养人|养犬人|犬主|狗主|老板娘|共有人|联名人|签字人|签"
    "名人|受助人|闺女|囡囡|低保人员|享受人|安置对象|"
    "救助对象|帮扶对象|肇事人|之[妻子夫女父母弟兄]|老伴(?!们)|(?<!海洋)牧民|牧户|渔"
    "民|茶农|果农|菜农|蔗农|台胞|港胞|澳胞|侨胞|归侨|台商|港商|侨眷|陈情人|申报人|"
    "申购人|认购人|反映人|技术员|农技员|(?<![直网经促])销售|销售顾问|置业顾问|学员|"
    "病友|工友|同乡|老乡|牧工|护林员|保育员|代课老师|房管员|楼管|楼长|管家|养殖大户"
    "|种粮大户|(?<!拖)欠款人|担保人|保证人|被执行人|行为人|违法行为人|违建人|建房人"
    "|产权人|所有权人|使用权人|车辆所有人|驾车人|肇事者|肇事人|遗孀|子女|长子|次子|"
    "长女|次女|养父|养母|继父|继母|堂哥|堂弟|堂兄|堂姐|堂妹|表叔|表嫂|姑父|姨妈|姨"
    "父|舅妈|舅母|伯母|婶婶|婶子|公婆|亲家|前夫|前妻|男友|女友|对象(?!为)|大名|小名"
    "|乳名|曾用名|现用名|原名|艺名|胞[弟妹兄姐]|我(?:爸|妈|姐|哥|弟|妹|爷|奶|娃|叔|"
    "姨|舅|姑|嫂|婶|婆)|业主(?![管席])|住户|居民|市民|村民|网友"
    "|网民|群众|患者|病人|病患|家长|信访人|上访人|来访人"
    "|来信人|来电人|投诉人|举报人|反映人"
    "|检举人|申请人|申诉人|复议人|请求人|当事人|户主|房主系|产权人|租户|租客|租住人"
    "|租赁人|承租人|出租人|产权人"
    "|权利人|购房人|购房者|买受人|出卖人"
    "|委托人|代理人|监护人|受害人|被害人|受伤人|伤者|死者|逝者|原告|被告(?!知)|第三人|学生|考生"
    "|(?<!不)同学(?!段)|新生|女生|男生|毕业生|研究生|职工|员工|工人(?!员)|农民工"
    "|务工人员|退休教师|退休干部|退休工人|退休职工|司机|驾驶员|驾驶人|乘客|车主|房东|房主|业户"
    "|商户|店主|摊主|老板|经营者|经营户"
    "|个体户|贫困户|低保户|五保户|脱贫户|监测户|困难户|特困人员|残疾人|老人|老党员|老兵|退役军人"
    "|退伍军人|军属|烈属|邻居|街坊"
    "|消费者|顾客|客户|承包人|承包户|种植户|养殖户|农户|农民|社员|孤儿|幼儿(?![园师"
    "教])|婴儿|儿童|孕妇"
    "|产妇|死亡人员|失踪人员"
    "|(?<!妇)女儿|儿子|父亲|母亲|爸爸|妈妈|爷爷|奶奶|外公|外婆|姥姥|姥爷|丈夫|妻子|"
    "老公|老婆|爱人|配偶"
    "|哥哥|弟弟|姐姐|妹妹"
    "|孙子|孙女|外孙|外孙女|侄子|侄女|岳父|岳母|公公|婆婆|叔叔|伯父|舅舅|姑姑|孩子|小孩|被征收人"
    "|拆迁户|被拆迁人|征收户"
    "|村民代表|居民代表|业主代表|家长代表|热心人|志愿者|义工|求助人|报警人|报案人|被保险人|参保人"
    "|参保人员|持卡人|受益人|继承人|借款人|诉求人|求职人|家属|亲属|亲戚|朋友|同事|室友|战友|媳妇"
    "|儿媳|女婿|嫂子|弟媳|大伯|二叔|表哥|表弟|表姐|表妹"
    "|会计(?![师制核科准法处报凭信年事从人电])|(?<!企业)财务(?![会管状报部制处科室"
    "公人核总收支审])|中介(?!方|机构)|经纪人|包工头|工头|带班|班组长|销售员|业务员|"
    "教练|保安|保洁|护工|保姆"
    "|月嫂|物业经理|店长|客服|快递员|骑手"
    "|班主任|辅导员|主治医生|护士|村医|房产中介|收货人|收件人|投保人|车主|患儿|宝宝|双胞胎"
)
_LABELS = (
    "联名|联署|全名|落款|来件人|留言人|提交人|提问人|咨询人|写信人|发件人|报修人|反馈人|诉求人"
    "|申办人|姓名|[我人子]的?名字|署名|称呼|机主|户名|账户名|账户|户头|开户"
    "名|开户人|持卡人|收件人|收款人|寄件人|领款人|实名|本人签名|签名|签字"
)
# The characters that roles and labels begin with, and some more: a row looks for one first.
_FIRST = "".join(
    sorted(set(re.findall(r"(?<![^|)(\[])[\u4e00-\u9fff]", f"|{_ROLES}|{_LABELS}|人|子")))
)
_TITLES = (
    "先生|女士|小姐|(?<!不)同学(?!段)|老师|师傅|大爷|大妈|大娘|阿姨|老人|老汉|网友|市民|居民|业主"
    "|家长|村民"
)
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
    _row(rf"(?=[{_FIRST}])(?:{_ROLES}|{_LABELS})(?:姓名|名字|名称|签名|签字)?(?:[一二三四"
         rf"五六七八九十\d]{{1,2}}|[abAB甲乙丙丁])?\s{{0,3}}[:：\t]{_SIGNS}(?P<hide>"
         rf"{HAN})",
         "姓名：张三，已办结", "姓名：**，已办结", sure=True),
    _row(rf"(?:(?:{_ROLES}|{_LABELS})(?:姓名|名字)?\s{{0,3}}[:：\t]|我叫|本人|我是|名叫|姓名)"
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
    _row(rf"(?=[{_FIRST}俺我那他她一有])(?:{_ROLES}|[俺我][爹娘爸妈]|那人|[他她]|[一有]个|"
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
    _row(rf"(?=[{_FIRST}])(?:{_ROLES})(?:[一二三四五六七八九十\d]{{1,2}}|[abAB甲乙丙丁])?("
         rf"?:代表|本人|名叫|叫|是|为|名为|系|有(?![权关责限义意需无的没人些效偿序条])|包括|分别"
         rf"(?:为|是)|之[妻子夫女父母])?[:："
         rf"]?{_SIGNS}(?P<hide>{HAN})", "业主张三"
         "反映漏水", "业主**反映漏水"),
    _row(rf"(?:(?:^|[,。;:\n])[是为由]?|[是为由])(?P<hide>{HAN})(?=[\u3400-\u9fff·、和]{{1,40}}?["
         rf"等这]?[\d一二"
         rf"两三四五六七八九十几多]{{1,3}}(?:名|位|户)(?:{_ROLES}))",
         "由张三等五名业主提出", "由**等五名业主提出"),
    _row(rf"(?:敬礼|此致|谢谢您?|盼复|署名|[—–-]{{2}})[!！。,，;\s]{{0,6}}(?P<hide>{HAN})"
         rf"(?={HAN}{{1,4}}[\s\d年月日.]{{0,14}}$)", "谢谢！朱小红", "谢谢！***", alone=True),
    _row(rf"(?:尊敬的|亲爱的|敬爱的){_SIGNS}(?P<hide>{HAN})(?!.{{0,4}}(?:委员|代表|书记|长|主任"
         rf"|领导|主席))",
         "尊敬的张建国先生：", "尊敬的***先生："),
    _row(rf"^\s{{0,4}}(?P<hide>{HAN})(?=.{{0,5}}?(?:(?:{_TITLES})[:,]|同志:))",
         "张建国网友：您好", "***网友"
         "：您好"),
    _row(rf"(?:^|(?<=\t))(?P<hide>{HAN})(?={HAN}{{1,3}}\t[\d(][\d)\-]{{6}})",
         "住建局\t雷鸣\t1211883", "住建局\t**\t1211883", sure=True),
    _row(rf"(?:^|(?<=\t)|(?<=[|｜]))\s{{0,2}}(?P<hide>{HAN})(?={HAN}{{1,3}}\s{{0,2}}[\t|｜"
         rf"][^\n]{{0,60}}?\d{{7}})",
         "1\t尤建国\t农业局\t第3821557号", "1\t***\t农业局\t第3821557号", alone=True),
)  # fmt: skip
