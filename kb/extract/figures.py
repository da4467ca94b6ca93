"""Figures in running text: a value in whole units, its unit, and the words they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.extract.types import Target

_SCALES = {"万": 1e4, "亿": 1e8, "千": 1e3, "百": 1e2, "万亿": 1e12, "": 1.0}
_UNITS = (
    r"公里|千米|平方米|平方公里|立方米|万元|亿元|元|个百分点|%|‰|个|户|套|部|辆|家|所|处|座|条|名|人次|人|张|件|份|支|眼|亩"
    r"|台|块|项|栋|幢|米|吨|千瓦|兆瓦|床|班|学位|车位|公顷|场次|场|次|次|间|口|根|盏|棵|株|村|平方|千瓦时|小时|岁"
)
_FIGURE = re.compile(
    rf"(?<![\d.年月第])(?P<value>\d{{1,12}}(?:\.\d{{1,4}})?)(?P<scale>万亿|[百千万亿])?(?P<about>余|多|几)?"
    rf"(?P<unit>{_UNITS})(?![年月日号])"
)
_TO = ("到", "至", "为", "达")


def figures(words: str) -> tuple[Target, ...]:
    """Every figure with a unit in squeezed ``words``, in order; dates and ages of laws are none."""
    return tuple(figure for _, figure in placed_figures(words))


def placed_figures(words: str) -> Iterator[tuple[int, Target]]:
    """The same, each with where it begins."""
    for match in _FIGURE.finditer(words):
        yield match.start(), _target(match)


def target(words: str) -> Target | None:
    """The figure that is aimed at: of 由36个扩大到400个 the latter, else the first."""
    found = list(_FIGURE.finditer(words))
    aimed = [match for match in found if words.endswith(_TO, 0, match.start())]
    chosen = aimed or found
    return _target(chosen[0]) if chosen else None


def _target(match: re.Match[str]) -> Target:
    value = float(match["value"]) * _SCALES[match["scale"] or ""]
    unit = match["unit"]
    if unit in ("万元", "亿元"):
        value, unit = value * _SCALES[unit[0]], "元"
    return Target(value=round(value, 4), unit=unit, text=match[0])
