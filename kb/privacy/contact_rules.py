"""How texts name contact persons and their phones: rows, each with an example."""

from __future__ import annotations

import re

from kb.privacy.names import HAN, ORGAN, PERSON
from kb.privacy.rule import RedactRule
from kb.privacy.rule import redact_row as row
from kb.privacy.surnames import RARE


def spaced(*words: str) -> str:
    """Any of ``words``, with white space inside as printed letters have it."""
    return "(?:" + "|".join(r"[ \u3000]{0,4}".join(word) for word in words) + ")"


PHONE = spaced(
    "联系电话", "联系方式", "联系号码", "办公电话", "咨询电话", "手机号码", "手机号", "手机",
    "座机", "电话",
    "传真",
)  # fmt: skip
# Words on a contact's line that name nobody.
PLAIN_WORDS = re.compile(
    rf"{PHONE}|{spaced('联系人员', '联系人', '经办人', '承办人', '联系单位', '承办单位')}"
    r"|(?:填报|审核|报送|填表|制表|上报|回复|答复|填写|发文|成文|联系|报告|办理|受理)(?:人|日期"
    r"|时间|单位|部门|科室)?"
    r"|(?:负责|责任)(?:人|单位|部门|科室)"
    r"|办公室|办公|地址|邮政编码|邮编|电子邮箱|邮箱|单位|姓名|职务|区号|分机|固话|微信|同志|先生"
    r"|女士|老师|日期|时间"
    rf"|(?:副?(?:局长|科长|处长|股长|主任|队长|所长|站长|校长|院长|经理|书记|主席|镇长|部长))|科员"
    rf"|主任科员|谢谢|特此|此复|专此"
    rf"|(?<!{HAN})(?:[及和与或转为是等号]|以及)(?!{HAN})"
)
_SET_OFF = r"(?:[^:\t\n,。;\d]{0,14}?[:\t]\s{0,4}| {1,8})"
_WHO = spaced(
    "联系人员", "联系人", "联络人", "联络员", "经办人员", "经办人", "承办人员", "承办人", "办理人"
    "员", "办理人",
    "具体负责人", "对接人",
)  # fmt: skip
# Who are named behind a colon: in prose these words name offices.
_ROLE = spaced(
    "负责人", "责任人", "填报人", "填表人", "填写人", "制表人", "审核人", "复核人", "审批人",
    "拟稿人", "起草人",
    "核稿人", "核稿", "拟稿", "校对人", "校对", "记录人", "登记人", "录入人", "经手人", "主办人",
    "协办人", "督办人",
    "受理人", "接待人", "接访人", "调查人", "核查人", "汇报人", "报告人", "报送人", "上报人",
    "答复人", "回复人",
    "值班人", "值班人员", "带班人", "网格员", "网格长", "楼栋长", "楼长", "专管员", "管理员",
    "安全员", "项目经理",
    "物业经理", "客服经理", "牵头人", "包保人", "包案人", "签收人", "送达人", "送达人员", "监督人",
    "班主任",
    "辅导员", "信息员", "统计员", "填报人员", "审核人员", "工作人员", "跟踪人", "陪同人", "勘查人",
    "勘验人", "撰稿",
    "负责同志", "责任人员", "服务专员", "服务管家",
)  # fmt: skip
_COLON = r"(?:[^:\t\n,。;\d]{0,8}?)[:\t]\s{0,4}"
_ANYBODY = (
    rf"(?:{PERSON}"
    rf"|[{RARE}](?![\u3400-\u9fff]{{0,2}}[科室局办处站所股组位部])[\u3400-\u9fff]{{1,2}})"
)
_REST = r"[^\n。]{0,120}"
_TITLE = (
    "(?:同志|先生|女士|老师|师傅|小姐|经理"
    "|副?(?:局长|科长|处长|股长|主任|队长|所长|站长|校长|院长|书记|镇长|部长))"
)

CONTACTS: tuple[RedactRule, ...] = (
    row("联系人", "contacts", rf"{_WHO}{_SET_OFF}(?P<hide>{_REST})",
        "联系人及联系方式：付小军　5547703", "联系人及联系方式：***　*******"),
    row("联系人", "contacts", rf"{_WHO}(?:是|为)?(?P<hide>{_ANYBODY}(?=[,、(\s\d]){_REST})",
        "联系人李贵新，联系电话0731－8222333", "联系人***，联系电话****－*******"),
    row("填报人", "contacts", rf"{_ROLE}{_COLON}(?P<hide>{_REST})",
        "填报人：仝小丫　3556677", "填报人：***　*******"),
    row("填报人", "contacts", rf"{_ROLE}(?:是|为)?(?P<hide>{_ANYBODY}(?=[,、(\s]{{0,2}}(?:{PHONE}"
         rf"|\(?\d)){_REST})",
        "负责人李贵新，电话8222333", "负责人***，电话*******"),
    row("联系人的电话", "contacts",
        rf"(?:{_WHO}{_SET_OFF}|{_ROLE}{_COLON}){_REST}\n\s{{0,8}}{PHONE}[:\t ]{{0,4}}(?P<hide>"
        rf"{_REST})",
        "联系人：贺敏\n联系电话：5520187", "联系人：**\n联系电话：*******"),
    row("联系人的电话", "contacts",
        rf"{PHONE}[:\t ]{{0,4}}(?P<hide>[^\n。]{{0,40}}?)(?=[\s,;、(]{{0,8}}(?:{_WHO}{_SET_OFF}"
        rf"|{_ROLE}{_COLON}))",
        "电话：5520187\n联系人：贺敏", "电话：*******\n联系人：**"),
    row("电话旁的人", "contacts",
        rf"{PHONE}[:\t ]{{0,4}}{ORGAN}? ?(?P<hide>{_ANYBODY}(?!{HAN})[:,( ]{{0,4}}[\d(]{_REST})",
        "联系单位及电话：房管科 付小军 3557209", "联系单位及电话：房管科 *** *******"),
    row("电话旁的人", "contacts",
        rf"{PHONE}[:\t ]{{0,4}}(?P<hide>[\d()转\- —–]{{7,24}}[(,、 ]{{0,4}}{_ANYBODY}(?!{HAN})"
        rf"{_REST})",
        "联系电话：0391-5547703（易强利）", "联系电话：****-*******（***）"),
    row("某某同志联系", "contacts",
        rf"(?P<hide>[\u3400-\u9fff]{{2,4}}){_TITLE}(?:直接|取得|进行|电话|及时|进一步|随时|当面"
        rf"|负责|与您|和您|跟您|保持|具体){{0,3}}(?:联系|对接|接洽|沟通|咨询)",
        "请与李贵新同志联系", "请与***同志联系", titled=True),
    row("某某同志联系", "contacts",
        rf"(?:请|可|直接|随时|及时|或)(?:直接)?(?:联系|咨询|找|致电"
        rf"|询问)(?P<hide>{_ANYBODY}(?=[同先女老]|[,、(:\s]{{0,2}}(?:{PHONE}"
        rf"|[\d(]))[^\n。]{{0,40}})",
        "可联系李贵新（3556677）", "可联系***（*******）"),
)  # fmt: skip
