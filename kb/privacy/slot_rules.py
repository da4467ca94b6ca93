"""Where a person is due: rows whose find is weighed as a name and as words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.privacy.likely import likely, likely_at
from kb.privacy.names import HAN
from kb.privacy.role_words import FIRST, LABELS, ROLES
from kb.privacy.rule import Finder, PiiRule
from kb.privacy.words import is_word, set_apart
from kb.text.tokens import segmenter
from kb.types import Span

_MORE = (
    "债[务权]人|担保人|保证人|负债人|[债股]东|会员|学员|钟点工|护理员|电工|焊工|木工|瓦工|杂工|泥瓦匠|师傅|教师|老师"
    "|[摊店矿窑船鱼]主|[摊小商菜]贩|民兵|女工|嫌疑人|犯罪嫌疑人|加害人|侵权人|中奖者|[游旅乘]客|医生|大夫|医师|法定代表人"
    "|实际控制人|所有人|使用人|占用人|管理人|持有人|纳税人|缴费人|领取人|代办人|复转军人|转业军人|复员军人|烈士|遗属|军嫂"
    "|受[助害伤灾骗]人?|[获得]奖者|创业者|应聘者|求助者|受访者|失踪者|逝世者|服刑人员|戒毒人员|失业人员|下岗人员|退休人员"
    "|被[抚扶赡]养人|被抚恤人|被上访人|被举报人|被投诉人|被反映人|被申请人|被执行人|被告人|被害人|被救助人|上诉人|异议人"
    "|报名者|考[生友]|[男女]童|少年|少女|青年|小伙|小伙子|姑娘|姨[父母妈丈]|姑[父母妈]|舅[父母妈]|叔[父母]|祖[父母]|伯[父母]"
    "|[侄甥外孙][子女儿]|连襟|妯娌|亲家母|发小|对门|邻居家?|楼上|楼下|隔壁|房客|合伙人|搭档|同伙|团伙成员|一村民|一居民"
    "|[\\u4e00-\\u9fff]{2}户(?![口籍])|(?<=[我你您他她其])(?:[爸妈爹娘爷奶哥姐弟妹儿女叔姨妻夫父母](?![子亲]))"
)
_BEHIND = r"(?:[一二三四五六七八九十\d]{1,2}|[abAB甲乙丙丁]|之一)?(?:[(（][^)）\n]{1,8}[)）])?"
_COMMON = 300  # times from which a word is likelier than a name at the start of a clause
_SIGNS = r"[\s\"“”'‘’【]{0,2}"
_DID = (
    r"反映|来电|来信|来访|来函|致电|投诉|举报|诉称|称|申请|户[共现]|先生|女士|网友|同志|家庭|[未已曾于系因被在同]"
    r"|不[服同]|之[妻子夫女]|的(?:妻|丈|儿|女|父|母|爱人|配偶|房|低保|户口|医保|社保|宅基)"
)


def _due(weight: float) -> Finder:
    """The person that the group begins with, and those listed after."""

    def finds(view: str, span: Span) -> Iterator[Span]:
        return likely(view, span.start, due=weight)

    return finds


def _until(weight: float) -> Finder:
    """The person that is all of the group."""

    def finds(view: str, span: Span) -> Iterator[Span]:
        if name := likely_at(view, span.start, due=weight, only=span.end):
            yield name

    return finds


def _apart(view: str, span: Span) -> Iterator[Span]:
    """The person behind whatever may be a role, if no word runs from it into the name."""
    name = likely_at(view, span.start, due=-2.0)
    if name and set_apart(view, name.start, name.start):
        yield name


def _unseen(view: str, span: Span) -> Iterator[Span]:
    """The person at the start of a clause, where other words stand more often."""
    name = likely_at(view, span.start, due=-2.0)
    if name and (not is_word(name.of(view)) or segmenter().frequency(name.of(view)) < _COMMON):
        yield name


def _row(pattern: str, example: str, hidden: str, finds: Finder) -> PiiRule:
    return PiiRule(
        kind="姓名",
        view="words",
        pattern=re.compile(pattern, re.MULTILINE),
        finds=finds,
        hides=re.compile(HAN),
        front=0,
        back=0,
        example=example,
        hidden=hidden,
    )


_NAME = r"(?P<hide>[\u3400-\u9fff]{2,3}?)"
_TO = (
    r"对|将|给|为|由|被|向|与|跟|帮|替|责成|责令|通知|告知|找到|联系|回访|走访|询问|约谈|督促|劝说|判[决令]|赔偿|支付"
    r"|返还|[信诉求访报]人|(?:市|县|区|镇|乡|村|街道)民"
)
_DONE = (
    r"纳入|办理|补[发办缴]|作出|处以|行政|立案|不予|限期|代为|打伤|打[人了]|[殴骗]|到场|协商|了解|可申请|,(?:其|表示|对)|进行|实施"
    r"|取得|道歉|赔偿|支付|返还|核实|[问查]|申请|本人|表示|出具|送达|发放|[未已]|退还|[(（](?:身份证|男|女|1[3-9])"
)
_ID = r"[1-9]\d{16}[\dXx]"
SLOTS = (
    _row(rf"(?=[{FIRST}])(?:{ROLES}){_BEHIND}{_SIGNS}(?P<hide>{HAN})",
         "债务人钱多多拒不还款", "债务人***拒不还款", _due(0.0)),
    _row(rf"(?:{_MORE}){_BEHIND}{_SIGNS}(?P<hide>{HAN})",
         "钟点工水莲讨薪", "钟点工**讨薪", _due(-1.0)),
    _row(rf"(?:{ROLES}|{LABELS}|{_MORE}|被[\u4e00-\u9fff]{{2}}人)(?:姓名|名字)?\s{{0,3}}[:：\t]{_SIGNS}(?P<hide>{HAN})",
         "签名：相宜", "签名：**", _due(5.0)),
    _row(rf"(?:^|[,。;:：\s]|经查|核实|调查)(?P<hide>{HAN})(?={HAN}{{1,2}}(?:{_DID}))",
         "经核实，桑田于2017年购买", "经核实，**于2017年购买", _unseen),
    _row(rf"(?:告知|联系|通知|约谈|询问|走访|回访|看望|慰问|劝导|训诫|责令|判[决令]|[与和向对跟同]){_NAME}(?=电话|当面|沟通|联系"
         r"|说明|解释|取得|进行了?(?:询问|解释|沟通|回访|约谈|劝导|批评|教育|说明|核实)|作出|处以|支付|未果|,其|双方)",
         "我中心已向荆棘说明政策", "我中心已向**说明政策", _until(1.5)),
    _row(rf"[您你我](?:所反映的|反映的|举报的|投诉的|[与和跟]){_NAME}(?=的|之间|双方|违|涉|私|擅|强|侵|占|都|均|同)",
         "您与荆棘的劳动争议", "您与**的劳动争议", _until(1.5)),
    _row(rf"(?:登记在|落在|挂在|[由归系属]){_NAME}(?=名下|所有|承包|承租|经营|使用|出资|驾驶|自[\d一二]|购买|一家)",
         "土地由焦点承包", "土地由**承包", _until(1.5)),
    _row(rf"(?:反映|举报|投诉|检举|控告){_NAME}(?=违|涉嫌|私自|擅自|强占|侵占|霸占|占用|超速|无证|长期|多次|一事)",
         "来信反映郁闷强占耕地", "来信反映**强占耕地", _until(1.5)),
    _row(r"(?:^|[\s,。;])(?P<hide>[\u3400-\u9fff]{2,3})(?=,(?:男|女|住|现住|家住|系)|[(（](?:身份证|男|女))",
         "麦浪，男，1962年", "**，男，1962年", _until(3.0)),
    _row(rf"(?:我叫|名叫|叫做|名字叫|(?<!村民)(?<!居民)本人|我是|实名举报人|敬礼!?|盼回?复[!,。]?|谢谢!?)[,:：]?\s?{_NAME}(?=[,。;\s!]|$|,)",
         "我叫党生，今年六十", "我叫**，今年六十", _until(2.0)),
    _row(r"(?:^|[,。;:：\s])(?P<hide>[\u3400-\u9fff]{2,3})(?=[、和及与][\u3400-\u9fff]{2,3}(?:[、和及与][\u3400-\u9fff]"
         r"{2,3}){0,20}等?(?:[\d一二两三四五六七八九十]{1,3}[人名位户](?!(?:市|省|县|区|人大|政协)*(?:委员|代表|专家|领导|干部|民警))|联名|双方))",
         "卓越、边疆等四人联名", "**、**等四人联名", _due(1.0)),
    _row(rf"(?:^|[,，。;\s]|[人主员]){_NAME}(?=[,，、\s:(（]{{0,3}}(?:电话|手机|号码|联系方式|联系电话)?[:：]?1[3-9]\d{{9}}(?!\d))",
         "收件人花生，13100001111", "收件人**，131****1111", _until(4.0)),
    _row(rf"(?:{_TO}){_NAME}(?={_DONE})", "将莫愁纳入低保", "将**纳入低保", _until(-1.0)),
    _row(rf"[\u4e00-\u9fff]{{2}}(?:[人者员犯贩户]|对象)(?<!负责人)(?<!责任人)(?<!联系人)(?<![经承]办人)(?<!委员)(?<!研员)(?<!科员)(?<!务员)(?<!专员)(?<!成员)(?<!党员)"
         rf"(?<!人员){_SIGNS}(?P<hide>{HAN})",
         "见证人佟青山配合", "见证人***配合", _apart),
    _row(rf"(?:{_ID}|1[3-9]\d{{9}})[\s,，、;(（]{{1,3}}(?:联系人|姓名)?[:：]?{_NAME}(?=[)）。,，;\s]|$)",
         "15812345678，谷雨，", "158****5678，**，", _until(5.0)),
    _row(rf"(?:^|[,，。;\s（(村组户]){_NAME}(?=[,，、\s:(（]{{0,3}}(?:身份证|身份证号)?[:：]?{_ID}|[,，]账号|[,，][男女])",
         "辛酸，410802198001011230", "**，410*************30", _until(4.0)),
    _row(rf"(?:^|[,，。;:：\s]|现|[经据]查){_NAME}(?=的(?:残疾证|户[籍口]|孩子|父|母|儿|女|妻|丈夫|车|房屋|身份|房产|工伤|社保|医保|诉求|来信|留言|问题|投诉)|户(?:符合|属于|[已未系现])"
         r"|一家|[父母]亲|[和与][\u3400-\u9fff]{2,3}(?:系|签订|发生|协商|因)|系[\u3400-\u9fff]{2,3}之|所(?:反映|述|诉|称))",
         "闵行舟的残疾证已换发", "***的残疾证已换发", _until(-2.0)),
    _row(rf"(?:[和与系]){_NAME}(?=系|签订|发生|协商|因琐事|之[子女父母妻夫])",
         "与和顺签订", "与**签订", _until(-1.0)),
    _row(rf"(?:特此反映|望回复|请回复|急盼|此致|敬礼|微信同号|盼复)[!！。,，\s]{{1,6}}{_NAME}(?=[。\s\d]|$)",
         "特此反映！苍山", "特此反映！**", _until(2.0)),
    _row(rf"^\s{{0,4}}(?:尊敬的|亲爱的)?{_NAME}(?=[:：,，]\s?(?:您|你)|(?:先生|女士|网友|同学|同志|市民)(?:您好)?[,，:：])",
         "卞大海：您好", "***：您好", _until(1.0)),
    _row(rf"(?:[帮替给]|我[跟和与])(?:我|忙)?{_NAME}(?=查|问一?[下问]|问[\u4e00-\u9fff]|办|看看?|申请|都|一起|说)",
         "请帮马无忌查一下", "请帮***查一下", _until(0.0)),
    _row(rf"(?:[一有那这]个|那人|名字|名)叫{_NAME}(?=的|[,。\s]|$)",
         "被一个叫隗来的中介", "被一个叫**的中介", _until(3.0)),
    _row(rf"(?:同?小区|同村|村里|单元|隔壁|对门|社区|车间|班上?|单位|[厂队组楼])的{_NAME}"
         r"(?=也|说|家|反映|遇到|经常|天天|老是|一直|每[天次]|把|在|的)",
         "社区的甘露说", "社区的**说", _until(-0.5)),
    _row(rf"(?:约谈|询问|走访|看望|处罚|劝导|训诫|联系|告知|通知|回访|慰问|传唤|抓获|拘留)(?:了|过(?!程)|到)?{_NAME}(?=[,。;]|等)",
         "约谈了郎半夏，责令", "约谈了***，责令", _until(-0.5)),
    _row(rf"由{_NAME}(?=提[出交]|反映|申请|举报|投诉|发起|领取|承担|签[字收]|监护|抚养|赡养)",
         "该事项由雷然提出", "该事项由**提出", _until(-0.5)),
)  # fmt: skip
