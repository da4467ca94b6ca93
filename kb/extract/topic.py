"""Of what a bare verb is said: 道路建设正在施工，预计8月可修通 is about the 道路建设."""

from __future__ import annotations

import re

from kb.extract.clauses import Clause
from kb.extract.vagueness import names_no_thing

BACK = 3  # parts before the promise that are looked at, the nearest first

_TOPIC = re.compile(
    r"(?:目前|现在|现|同时|其中|另外|此外|至于|关于|据[^，]{1,6}|经[^，]{1,6})*"
    r"(?P<topic>[^，：\d年月日您你我们请]{2,24}?)(?:的问题)?"
    r"(?=已经?|正在|正(?=[由在按与])|[还尚仍现]在|即将|将|计划|预计|拟|于\d|处于|进入|接近|总?投资|占地|位于|列入|由[^，]{2,20}负责|全长)"
)
# How the name of a thing ends that is built, mended or opened: no doer, no 问题.
_THING = re.compile(
    r".*.(?:工程|项目|大?道|路|街|桥|线|段|基|建设|改造|设施|设备|管网|管道|水库|学校|小学|中学|幼儿园|[分新校馆]区|公园|广场|市场|楼|房|住房|小区|路灯|电梯"
    r"|水厂|污水厂|停车场|车站|枢纽|隧道|立交|中心|手册|办法|方案|规划|条例|标准|系统|平台|产权证|不动产证|房产证)(?:[一二三四五\d]期|主体)?$"
)
_ENDS = re.compile(
    r"完[成工]|竣工|建成|[开动复]工|通[车水电气]|使用|投用|启[用动]|开[学业放]|招生|修通|贯通|验收|交[房付]|运营|施工|亮灯|供[水电]"
)
_NO_TOPIC = re.compile(r"[由被如若待等把将对向给与在因该其本此经]|.*(?:通过|关于|要求|我)")


def topic(clause: Clause, start: int, *, action: str) -> tuple[int, int] | None:
    """Where in ``clause`` that stands of which ``action`` is said; None if nobody knows.

    Only a bare verb by which a work goes on or ends has one, before the promise's ``start``.
    """
    if not names_no_thing(action) or not _ENDS.search(action):
        return None
    before = [part for part in clause.parts if part[1] <= start]
    for first, last in reversed(before[-BACK:]):
        found = _TOPIC.match(clause.masked, first, last)
        if not found or _NO_TOPIC.match(found["topic"]) or names_no_thing(found["topic"]):
            continue
        if _THING.match(found["topic"]):
            return found.span("topic")
    return None
