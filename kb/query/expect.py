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


EXPECTATIONS = (
    _expect("time", r"什么时候|何时|时间|哪年|哪天|哪个月|多久|期限|截止|日期|几点",
            r"\d+\s?[年月日天]|\d{1,2}[:：]\d\d|[年月]底|季度|工作日|小时|[半个]年|明年|今年|去年",
            "地铁什么时候开通"),
    _expect("phone", r"电话|热线|联系方式", r"\d{5,}", "联系电话是多少"),
    _expect("amount", r"多少|几[个项条户家人名所次栋座处辆件万]|比例|占比|[^效利功频速]率|金额|多[大长宽高]",
            r"\d|[一二三四五六七八九十百千万两]+[个项条户家人名所次栋座处辆件元万亿倍成米]", "盲道铺设率是多少"),
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
    """What ``question`` asks for by its wording."""
    counted = _HOW_MANY.search(question)
    amount = "多少" in question or counted
    return Expected(
        kind=next((row for row in EXPECTATIONS if row.asks.search(question)), None),
        unit=counted[1] if counted else None,
        total=bool(amount and _SUM_ASKED.search(question)),
        sections=tuple(row for row in SECTIONS if row.asks.search(question)),
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
