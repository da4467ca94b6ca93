"""Questions for a guide to official business: how to apply, where to queue, what to bring."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A way to ask how something is done at a counter."""

    name: str
    pattern: re.Pattern[str]
    example: str


def _ask(name: str, pattern: str, example: str) -> Asking:
    return Asking(name=name, pattern=re.compile(pattern), example=example)


_HOW = r"(?:怎么|怎样|如何|咋|咋个)(?:才能|才可以|去|来|能|可以)?(?:自己|在网上|网上|线上|在线)?"
_WHERE = r"(?:在哪|到哪|去哪|上哪|哪)(?:里|儿|个窗口|个地方|块)?(?:能|可以|才能)?(?:去|里)?"
_WHAT = r"(?:什么|哪些|啥|什么样的|几样|几份)"
_PAPER = r"(?:证|证明|证件|执照|卡|户口|护照|签证|手续|业务|许可|资质|备案|过户|落户|迁户|退休|社保|医保|公积金贷款)"
ASKINGS = (
    _ask("办理", rf"{_HOW}(?:办(?:理|下来|到)|申请|申领|申报|补办|办个|报名|预约|注册|登录|登记|激活|挂失|注销|年检|年审"
         r"|过户|落户|迁户口|上户口|领取|挂号|取号|开证明|开具|打印|缴纳|缴费|下载|查询)(?!的)", "营业执照怎么办理"),
    _ask("办证", rf"{_PAPER}(?:[\u4e00-\u9fff]{{0,4}})?{_HOW}(?:办|领|补|开|换|取)(?![法公])|{_HOW}(?:办|领|补|开|换|取)(?:个|张|一张)?"
         rf"[\u4e00-\u9fff]{{0,8}}{_PAPER}", "残疾证怎么办"),
    _ask("在哪办", rf"{_WHERE}(?:办|办理|申请|排队|取号|报名|预约|领|领取|盖章|交材料|提交|缴费|交费|交钱|登记|挂号|补办|打印|查询|开证明)"
         r"|(?:办|办理|申请|领取?|登记)[\u4e00-\u9fff]{0,10}(?:在哪|去哪|到哪|上哪|哪里|哪儿|找谁办)", "在哪排队"),
    _ask("材料", rf"(?:要|需要|得|带|准备|提供|提交|交)(?:带|准备|提供|提交|交|上)?(?:{_WHAT})(?:东西|材料|证件|资料|手续|证明|表|文件)"
         r"|(?:带|拿)(?:身份证|户口本|什么)(?:吗|就行|去|$)|(?:什么|哪些|啥)(?:材料|证件|手续)", "要带什么材料"),
    _ask("流程", r"(?:办理|申请|办事|申报|审批|报名|入学|报销|操作)(?:的)?(?:流程|程序|手续|指南|步骤|材料|条件)|办事指南|办事大厅|服务指南"
         r"|(?:走|有)(?:什么|哪些|啥)(?:流程|程序|手续)", "办理流程是什么"),
    _ask("几点", r"几点(?:钟)?(?:上班|下班|开门|关门|开始办|营业)|(?:上班|下班|办公|营业|办理)时间|(?:周六|周日|周末|星期[六天日]|中午|节假日)"
         r"[\u4e00-\u9fff]{0,4}(?:上班|办公|能办|办业务|开门)|(?:大厅|窗口)(?:的)?(?:电话|地址|在哪)", "窗口几点上班"),
)  # fmt: skip


def asks_for_guide(question: str) -> bool:
    """True if the simplified ``question`` asks how something is done at a counter or online."""
    return any(asking.pattern.search(question) for asking in ASKINGS)
