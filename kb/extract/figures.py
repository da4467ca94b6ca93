"""Figures in running text: a value in whole units, its unit, and the words they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.extract.types import Target

_SCALES = {"万": 1e4, "亿": 1e8, "千": 1e3, "百": 1e2, "万亿": 1e12, "": 1.0}
_UNITS = (
    r"公里|千米|平方米|平方公里|立方米|万元|亿元|元|个百分点|%|‰|个亿|个|户|套|部|辆|家|所|处|座|条|名|人次|人|张|件|份|支|眼|亩"
    r"|台|块|项|栋|幢|米|吨|千瓦|兆瓦|床|班|学位|车位|公顷|场次|场|次|次|间|口|根|盏|棵|株|村|平方|千瓦时|小时|岁"
)
_MONIES = {"元": 1.0, "万元": 1e4, "亿元": 1e8, "个亿": 1e8}
_FIGURE = re.compile(
    rf"(?<![\d.年月第：:])(?P<value>\d{{1,12}}(?:\.\d{{1,4}})?)(?P<scale>万亿|[百千万亿])?(?P<about>余|多|几)?"
    rf"(?P<unit>{_UNITS})(?![年月日号])"
)
_TO = ("到", "至", "达", "突破")


def figures(words: str) -> tuple[Target, ...]:
    """Every figure with a unit in squeezed ``words``, in order; dates and ages of laws are none."""
    return tuple(figure for _, figure in placed_figures(words))


def placed_figures(words: str) -> Iterator[tuple[int, Target]]:
    """The same, each with where it begins."""
    for match in _FIGURE.finditer(words):
        yield match.start(), _target(match)


# What is before a figure that isn't aimed at: how far it is, from what, and what it costs or weighs.
_NOT_AIMED = re.compile(
    r"\d、$|(?:由|从)(?:每[年月日天]|原来的?|目前的?|现有的?)?$|(?:周边|附近|半径|沿线|超过|满|每满|涉及|总?共|合计|共有|现有|已有|原有|占地|长|宽|高|距离|时速|每小时|每公里)(?:约|近)?$"
    r"|(?:完成|达到?)(?:了|约)$|(?:日|年|月)(?:处理|供水|产|发电)(?:能力)?(?:约|达)?$|[为按](?:每[人户年月日车个台次])?$"
)
_MONEY = re.compile(
    r"(?:投资|投入|票价|补贴|补助|奖励|经费|资金|预算|标准|价格|费用|造价|收费)[^，\d]{0,8}$"
)
_COSTS = re.compile(r"(?:投资|造价|经费|费用)(?:总?额|总?计)?(?:将|可)?(?:达到?|约|为)$")
_SHARE = re.compile(r"(?:其中|包括|含)[^，]*$|(?:其中|包括|含)[^，]{0,6}，?$")
# What follows one that only describes: 日处理150吨的处理厂; 更换了3座; 80岁以上.
_DESCRIBES = re.compile(
    r"(?:以[上下])?的|了|周?岁以[上下]|的?标准|[／/]|[一二三四五六七八九十\d]*(?:楼|单元)"
)
# 完成85% is how far it has come, 按50% a rate.
_SO_FAR = re.compile(
    r"(?:完成(?:了|约|近|投资|总?工程量的?)?|进度(?:为|达|达到|约)?|占|按照?|约|近|(?:目前|已)[^，]*)$"
)
_COURSE = re.compile(r"(?:目前|已)[^，]*$")
_TO_A_RATE = re.compile(
    r"(?:调整|提高|提升|扩大|增加|减少|改|延长|压缩|降低|[增扩缩]?[建编])[^，\d]{0,6}为$|[到至达为]每[^，\d]{1,3}$"
)  # 提高到每小时12公里, 调整为12个
_LEFT = re.compile(r"(?:剩余|余下|其余|剩下|还有|尚有)(?:的)?$")
_REACH = 40  # characters around a figure that say what it is
_PEOPLE_HOURS = ("小时", "岁")


def target(words: str) -> Target | None:
    """The figure that is aimed at in what ``words`` say is to be done; None if there is none.

    Of 由36个扩大到400个 it is 400个, of 更换了3座、剩余1座 the one. A base, a share of something
    else, a speed, a price beside a number of things, and what only describes a thing are none.
    """
    ranked = [(_rank(words, match), match) for match in _FIGURE.finditer(words)]
    aimed = [(rank, match) for rank, match in ranked if rank is not None]
    return _target(min(aimed, key=lambda each: each[0])[1]) if aimed else None


def _rank(words: str, match: re.Match[str]) -> int | None:
    """How little is aimed at a figure, 0 for 达到 or 剩余; None where nothing is."""
    before = words[max(0, match.start() - _REACH) : match.start()]
    after = words[match.end() : match.end() + _REACH]
    if re.search(r"[A-Za-z]$", before):  # T381次, G2栋
        return None
    if _COSTS.search(before):
        return 2
    if before.endswith(_TO) and not _COURSE.search(before) and not after.startswith("的"):
        return 0
    if _LEFT.search(before) or _TO_A_RATE.search(before):
        return 0
    if match["unit"] in ("%", "‰", "个百分点"):
        return None if _SO_FAR.search(before) or _SHARE.search(before) else 1
    if _NOT_AIMED.search(before) or _SHARE.search(before):
        return None
    if _DESCRIBES.match(after) or match["unit"] in _PEOPLE_HOURS:
        return None
    return 2 if match["unit"] in _MONIES or _MONEY.search(before) else 1


def _target(match: re.Match[str]) -> Target:
    value = float(match["value"]) * _SCALES[match["scale"] or ""]
    unit = match["unit"]
    if unit in _MONIES:
        value, unit = value * _MONIES[unit], "元"
    return Target(value=round(value, 4), unit=unit, text=match[0])
