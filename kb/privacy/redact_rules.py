"""How letters name persons and their phones: rows, each with an example and how it is shown.

Patterns are searched in text with its full-width letters, digits and signs made narrow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from kb.text.organs import OFFICE_END

# What a row hides: ``contacts`` whoever is named on the line, with every number on it;
# ``landlines`` the numbers on the line, if nobody is named there; ``numbers`` what the group
# ``hide`` holds; ``members`` the person in ``hide``, also elsewhere in the letter.
Hides = Literal["contacts", "landlines", "numbers", "members"]

# With · and rare characters, which names of persons have.
HAN = r"[\u3400-\u9fff\U00020000-\U0003ffff·]"
# The surnames of nine in ten Chinese people (Ministry of Public Security, 2020 report on names,
# and the commonest of two characters): where a label does not say that a person follows.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧肖蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任"
    "姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎闫薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严赖覃洪武莫孔"
    "易殷骆蓝付尚温康施牛樊葛邢安齐庞颜庄聂章鲁岳翟申耿关兰焦俞左柳甘祝包宁符阮"
)
PERSON = (
    rf"(?:欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|令狐|慕容|[{SURNAMES}])"
    r"(?:·?[\u3400-\u9fff]){1,3}"
)
ORGAN = rf"(?:{HAN}{{2,24}}{OFFICE_END})"


def spaced(*words: str) -> str:
    """Any of ``words``, with white space inside as printed letters have it."""
    return "(?:" + "|".join(r"[ \u3000]*".join(word) for word in words) + ")"


PHONE = spaced(
    "联系电话",
    "联系方式",
    "联系号码",
    "办公电话",
    "咨询电话",
    "手机号码",
    "手机",
    "座机",
    "电话",
    "传真",
)
# Words on a contact's line that name nobody.
PLAIN_WORDS = re.compile(
    rf"{PHONE}|{spaced('联系人员', '联系人', '经办人', '承办人', '联系单位', '承办单位')}"
    rf"|办公室|办公|地址|邮政编码|邮编|电子邮箱|邮箱|单位|姓名|职务|区号|分机|固话|微信|同志|先生|女士"
    rf"|(?:副?(?:局长|科长|处长|股长|主任|队长|所长|站长)|科员|主任科员)|谢谢|特此|此复|专此"
    rf"|(?<!{HAN})(?:[及和与或转为是等号]|以及)(?!{HAN})"
)
_SET_OFF = r"(?:[^:\t\n,。;\d]{0,14}?[:\t]\s{0,4}| +)"


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactRule:
    """``example`` is shown as ``hidden`` where what the row ``hides`` is not to be shown."""

    kind: str
    hides: Hides
    pattern: re.Pattern[str]
    example: str
    hidden: str


def _row(kind: str, hides: Hides, pattern: str, example: str, hidden: str) -> RedactRule:
    compiled = re.compile(pattern, re.MULTILINE)
    return RedactRule(kind=kind, hides=hides, pattern=compiled, example=example, hidden=hidden)


_WHO = spaced(
    "联系人员",
    "联系人",
    "联络人",
    "联络员",
    "经办人员",
    "经办人",
    "承办人员",
    "承办人",
    "办理人",
    "具体负责人",
)
_REST = r"[^\n。]{0,120}"
_NUMBER = r"(?:\(?0\d{2,3}\)?[ \-—–]{0,2})"

ROWS: tuple[RedactRule, ...] = (
    _row("联系人", "contacts", rf"{_WHO}{_SET_OFF}(?P<hide>{_REST})",
         "联系人及联系方式：付小军　5547703", "联系人及联系方式：***　*******"),
    _row("联系人", "contacts", rf"{_WHO}(?P<hide>{PERSON}(?=[,、(\s\d]){_REST})",
         "联系人李贵新，联系电话0731－8222333", "联系人***，联系电话****－*******"),
    _row("联系人的电话", "contacts",
         rf"{_WHO}{_SET_OFF}{_REST}\n\s*{PHONE}[:\t ]*(?P<hide>{_REST})",
         "联系人：贺敏\n联系电话：5520187", "联系人：**\n联系电话：*******"),
    _row("联系人的电话", "contacts",
         rf"{PHONE}[:\t ]*(?P<hide>[^\n。]{{0,40}}?)(?=[\s,;、(]*{_WHO}{_SET_OFF})",
         "电话：5520187\n联系人：贺敏", "电话：*******\n联系人：**"),
    _row("电话旁的人", "contacts",
         rf"{PHONE}[:\t ]*{ORGAN}? *(?P<hide>{PERSON}(?!{HAN})[:,( ]*[\d(]{_REST})",
         "联系单位及电话：房管科 付小军 3557209", "联系单位及电话：房管科 *** *******"),
    _row("电话旁的人", "contacts",
         rf"{PHONE}[:\t ]*(?P<hide>[\d()转\- —–]{{7,}}[(,、 ]*{PERSON}(?!{HAN}){_REST})",
         "联系电话：0391-5547703（易强利）", "联系电话：****-*******（***）"),
    _row("单位电话", "landlines", rf"{PHONE}[:\t ]*(?P<hide>{_REST})",
         "联系电话：0391-3569012（办公室）", "联系电话：****-*******（办公室）"),
    _row("单位电话", "numbers", rf"(?<![\d-])(?P<hide>{_NUMBER}[2-9]\d{{6,7}})(?![\d-])",
         "请拨打（0391）3568888。", "请拨打（****）*******。"),
    _row("单位邮箱", "numbers", r"(?<![\w.+-])(?P<hide>[\w.+-]+)@[\w.-]+\.gov\.cn",
         "发至 jzjb@henan.gov.cn", "发至 ****@henan.gov.cn"),
    _row("提出人", "members",
         rf"(?:主办的|提出的|收到|答复|[由对关于])(?P<hide>{PERSON}?)"
         r"(?=(?:等\d*[位名]?)?(?:委员|代表)(?![会团组大小]))",
         "贵局主办的顾青松委员“关于停车的提案”", "贵局主办的***委员“关于停车的提案”"),
)  # fmt: skip
