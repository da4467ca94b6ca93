"""What a promise and a later clause are about: named places, numbered things, sides, figures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_ENDINGS = (
    "小区", "花园", "花苑", "华苑", "家园", "广场", "社区", "街道", "小学", "中学", "大学", "学院",
    "幼儿园", "医院", "卫生院", "公园", "大道", "学校", "水库", "公司", "物业", "园区", "工业园", "市场",
    "项目", "号线", "路", "街", "巷", "村", "镇", "乡", "桥", "河", "湖", "站", "苑", "城", "组",
)  # fmt: skip
_BINDING = "在至到于和与及对由将向从把因的前后等为以是经据按其各全本该原新"  # parts of no name
_NAMED = re.compile(
    rf"((?:(?![{_BINDING}年月日])[\u4e00-\u9fffA-Z\d]){{2,5}})({'|'.join(_ENDINGS)})(?!灯|面|口|段|基|网|径|线|政|工|道)"
)
_ROAD = re.compile(  # one that has a name of its own
    rf"(?:(?![{_BINDING}好条路线公道网])[\u4e00-\u9fff]){{2,3}}(?:路|街|巷|大道)(?!灯|面|口|段|基|网|径|线|政|工|道|办|社|缘)"
)
_NEARLY = 0.6  # of the characters that a thing is called
_NUMBERED = re.compile(
    r"(?<!\d)(\d{1,4}|[一二三四五六七八九十]{1,2})(路|号线|栋|号|中|小|期|标段|批|大队|组)(?!年|月)"
    r"|第([一二三四五六七八九十\d]{1,2})(批|期|条|所|小学|中学)"
)
_SIDE = re.compile(
    r"([东西南北上下内外新旧老左右前后])(门|区|段|侧|线|路|苑|站|片|院|校区|广场|街|城|园|桥|河|库|馆|湖)"
)
_NUMERALS = {numeral: value for value, numeral in enumerate("零一二三四五六七八九")} | {"两": 2}
_SCALES = {"万": 1e4, "亿": 1e8, "千": 1e3, "百": 1e2}
COUNTED = (
    r"公里|千米|平方米|立方米|小时|街道|顷|亩|万元|元|个|户|套|部|辆|家|所|处|座|条|名|人|张|件|份|台|块|项|栋|幢|吨|床|班|次|盏|棵"
    r"|株|村|岁|天|批|岗|路|组|期|站|只|口|间|根|支|%|成|点|镇|种|场|乡"
)
_FIGURE = re.compile(
    r"(?<![\d.年月第])(\d{1,12}(?:\.\d{1,4})?|[零一二三四五六七八九十百两]{1,4})([万亿千百])?[余多]?个?"
    rf"({COUNTED})(?![月日号])"
)
PART_OF = re.compile(
    rf"\d(?:{COUNTED})[^，]{{0,8}}中，?[^，]{{0,8}}[\d一二两三四五六七八九十]"  # 56所中34所
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Things:
    """What some words are about.

    ``named`` ends like a place: what it is called and its ending. ``numbered`` has the number of
    each kind of numbered thing (路: 15), ``sides`` the sides of each (门: 北), ``figures`` the
    values of each unit.
    """

    named: tuple[tuple[str, str], ...]
    numbered: Mapping[str, str]
    sides: Mapping[str, frozenset[str]]
    figures: Mapping[str, tuple[float, ...]]
    roads: tuple[str, ...]

    def names(self, words: str) -> bool:
        """True if ``words`` name one of these, in whole or nearly."""
        return any(
            ending in words and sum(char in words for char in called) >= _NEARLY * len(called)
            for called, ending in self.named
        )

    def apart(self, other: Things, words: str) -> bool:
        """True if ``words``, which ``other`` is of, name things of a kind named here, none of these."""
        kinds = {ending for _, ending in self.named} & {ending for _, ending in other.named}
        return bool(kinds) and not self.names(words)

    def other_road(self, other: Things) -> bool:
        """True if both name roads and none in common."""
        ours, theirs = ({road[-3:] for road in things.roads} for things in (self, other))
        return bool(ours and theirs) and not ours & theirs


def things_in(words: str) -> Things:
    """What squeezed ``words`` are about."""
    figures: dict[str, list[float]] = {}
    for match in _FIGURE.finditer(words):
        unit, value = _figure(*match.groups())
        figures.setdefault(unit, []).append(value)
    sides: dict[str, set[str]] = {}
    for side, kind in _SIDE.findall(words):
        sides.setdefault(kind, set()).add(side)
    numbered = {
        kind or counted: number or ordinal
        for number, kind, ordinal, counted in _NUMBERED.findall(words)
    }
    return Things(
        named=tuple(_NAMED.findall(words)),
        numbered=numbered,
        roads=tuple(_ROAD.findall(words)),
        sides={kind: frozenset(found) for kind, found in sides.items()},
        figures={unit: tuple(values) for unit, values in figures.items()},
    )


def _figure(number: str, scale: str | None, unit: str) -> tuple[str, float]:
    """Unit and value: 三家 is 家 and 3, 六成 is % and 60."""
    value = _value(number) * _SCALES.get(scale or "", 1.0)
    match unit:
        case "成":
            return "%", value * 10
        case "万元":
            return "元", value * 1e4
        case _:
            return unit, value


def _value(number: str) -> float:
    if number[0].isdigit():
        return float(number)
    total = ones = 0
    for numeral in number:
        tens = {"十": 10, "百": 100}.get(numeral)
        total += (ones or 1) * tens if tens else 0
        ones = 0 if tens else _NUMERALS[numeral]
    return float(total + ones)
