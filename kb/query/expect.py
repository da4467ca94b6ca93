"""What a question asks for by its wording: a figure, a date, a part of the letter."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.text.traditional import simplified


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What an answer must show if the question asks in these words."""

    name: str
    asks: re.Pattern[str]
    shows: re.Pattern[str]
    example: str


def _expect(name: str, asks: str, shows: str, example: str) -> Expectation:
    return Expectation(name=name, asks=re.compile(asks), shows=re.compile(shows), example=example)


_NUMERAL = r"[\d０-９一二两三四五六七八九十百千万亿半]"
EXPECTATIONS = (
    _expect("time", r"(?:什么|啥)时[候间]|何[时日年]|几时|时间|[哪几][年天月日号]|哪个[月季]|多久|多长时间|多少[天年日]|"
            r"期限|截止|日期|几点|年限|时限",
            r"\d+\s?[年月日天号周]|\d{1,2}[:：]\d\d|[年月]底|[上下]半年|季度|工作日|小时|分钟|个月|[半个]年|明年|今年|去年|"
            rf"{_NUMERAL}[年月日天]|[上中下]旬|长期|永久|随时|当[日天年]",
            "地铁什么时候开通"),
    _expect("phone", r"电话|热线|联系方式|号码|打几号", r"\d{5,}|12\d{3}|110|120", "联系电话是多少"),
    _expect("amount", r"多少|几[个项条户家人名所次栋座处辆件万块成岁倍层种趟班间亩米]|比例|占比|[^效利功频速]率|金额|多[大长宽高远重]|"
            r"什么价|啥价|价[钱格]",
            rf"{_NUMERAL}", "盲道铺设率是多少"),
    _expect("why", r"为(?:什么|啥)|为何|原因|缘故|怎么回事|咋回事|凭(?:什么|啥)|怎么[还就]?[不没]|咋[还就]?[不没]",
            r"因|由于|为了?|所以|致|系|缘|鉴于|考虑到|根据|依据|按照|不足|不够|不符|没有|未|无法|影响|导致|需",
            "为什么还没修好"),
    _expect("who", r"谁|[哪何]个?[家个些]?(?:部门|单位|局|公司|机构|级|方面|口)|哪[家个]|归哪|由哪",
            r"[局委办厅部处科所站队院校会司社村镇乡区县市省府处心团行厂店]|公司|单位|部门|人员|业主|政府|自行|本人|个人|者|人",
            "这条路归谁管"),
    _expect("place", r"哪[儿里块边头]|(?:什么|啥)地[方点]|何[处地]|在哪|[上到去往从打]哪|哪[条个]?(?:路|街|区|县|村|楼|窗口|地)|地址|位置",
            r"[路街道巷号楼层区县市镇乡村厅院校站所局桥口侧边面内处地场园线段网]|平台|窗口|中心|附近",
            "新站建在哪里"),
)  # fmt: skip
# Questions about a part of the letter are answered from that part.
SECTIONS = (
    _expect(
        "plans",
        r"下一?步|打算|今后|计划怎么|接下来|将来",
        r"下一?步|打算|计划|今后|努力方向|工作安排",
        "下一步打算怎么做",
    ),
)

# What nothing but a time of day answers.
_CLOCK = _expect(
    "clock", r"几点(?!建议|意见|要求|措施|原因)",
    r"\d{1,2}\s?[:：点时]|[上下]午|[早晚凌]|零点|24小时|[一二两三四五六七八九十]点",
    "末班车几点",
)  # fmt: skip

# A measure word that figures are counted in, and how a sum differs from its parts.
_HOW_MANY = re.compile(
    r"(?:多少|几)[万亿]?([个家户人名所次栋座处辆件元万亿倍成米吨套张条项亩天年月日例种部台期批间床])"
)
_FIGURE = r"[\d一二两三四五六七八九十百千万亿余多]\s?[^\d，。；、]{0,2}"
_SUM = r"累计|合计|(?<!公)共(?![同产和建享治])|总(?![体理局])"
_SUM_ASKED, _SUM_STATED = re.compile(_SUM), re.compile(rf"(?:{_SUM})[^\d，。；]{{0,8}}\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the wording of a question asks for.

    ``kind`` is a figure, a date or a number to call; ``unit`` the measure word of 多少户;
    ``total`` tells that a sum is asked for, ``sections`` the parts of a letter.
    """

    kind: Expectation | None = None
    unit: str | None = None
    total: bool = False
    sections: tuple[Expectation, ...] = ()


def expected(question: str) -> Expected:
    """What ``question`` asks for by its wording.

    打算建几座 asks for a figure, 打算怎么做 for a part of the letter.
    """
    counted = _HOW_MANY.search(question)
    amount = "多少" in question or counted
    kind = next((row for row in EXPECTATIONS if row.asks.search(question)), None)
    return Expected(
        kind=kind,
        unit=counted[1] if counted else None,
        total=bool(amount and _SUM_ASKED.search(question)),
        sections=() if kind else tuple(row for row in SECTIONS if row.asks.search(question)),
    )


def shown(wanted: Expected, words: str) -> float:
    """1 if ``words`` show what is asked for (a figure, a date), -1 if not, 0 if nothing is."""
    if wanted.kind is None:
        return 0.0
    return 1.0 if wanted.kind.shows.search(simplified(words)) else -1.0


def in_unit(wanted: Expected, words: str) -> float:
    """1 if ``words`` have a figure in the unit asked for (多少户), -1 if not, 0 if none is asked.

    个 stands for any unit: 几个人 may be answered in 名.
    """
    if wanted.unit is None:
        return 0.0
    if re.search(_FIGURE + wanted.unit, simplified(words)):
        return 1.0
    return 0.0 if wanted.unit == "个" else -1.0


def totalled(wanted: Expected, words: str) -> float:
    """1 if a sum is asked for (一共多少) and ``words`` tell one (累计), else 0."""
    return float(wanted.total and bool(_SUM_STATED.search(simplified(words))))


def of_the_clock(question: str, words: str) -> bool:
    """False if ``question`` asks 几点 and ``words`` tell no time of day."""
    return not _CLOCK.asks.search(question) or bool(_CLOCK.shows.search(simplified(words)))
