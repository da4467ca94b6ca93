"""Automatic numbers of a docx: Word stores 一、（一）1. as counters, not as text.

Elements are found by local name, since Word has two sets of namespaces (ECMA-376, parts 1
and 4). Paragraph styles may carry a number too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

COUNTING = "零一二三四五六七八九"
IDEOGRAPHS = str.maketrans("0123456789", "〇一二三四五六七八九")
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
PLACEHOLDER = re.compile(r"%([1-9])")
LEVELS = 9


def attribute(element: Element | None, name: str) -> str | None:
    """The value of the attribute with the local name ``name``."""
    if element is None:
        return None
    values = (value for key, value in element.attrib.items() if _local(str(key)) == name)
    return next(map(str, values), None)


def child(element: Element | None, *path: str) -> Element | None:
    """The first child by local name, then its first child by the next, and so on."""
    for name in path:
        element = next(element.iterchildren("{*}" + name), None) if element is not None else None
    return element


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def chinese(number: int) -> str:
    """1 to 9,999 as counted in Chinese: 10 十, 21 二十一, 105 一百零五."""
    text = ""
    for place, unit in enumerate(("", "十", "百", "千")):
        digit = number // 10**place % 10
        text = (COUNTING[digit] + unit if digit else "零") + text
    text = re.sub("零+", "零", text).strip("零")
    return text.removeprefix("一") if 10 <= number < 20 else text


def _circled(number: int) -> str:
    return chr(0x245F + number) if number <= 20 else str(number)  # ① is U+2460


def _letter(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


# Number formats of ECMA-376 (17.18.59 ST_NumberFormat); any other is written in decimals.
WRITTEN: dict[str, Callable[[int], str]] = {
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalFullWidth": lambda number: str(number).translate(FULL_WIDTH),
    "ideographDigital": lambda number: str(number).translate(IDEOGRAPHS),
    "japaneseCounting": chinese,  # what Word's Chinese templates call 一、二、三
    "lowerLetter": _letter,
    "taiwaneseCountingThousand": chinese,
    "upperLetter": lambda number: _letter(number).upper(),
}
UNWRITTEN = ("bullet", "none")
MOST = 999  # no letter counts further; a hostile start would


def written(number: int, style: str) -> str:
    """``number`` in the number format ``style``."""
    return WRITTEN.get(style, str)(number) if 0 < number <= MOST else str(number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level of a list: number format, pattern such as ``（%2）``, and first number."""

    style: str = "decimal"
    pattern: str = ""
    start: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbering:
    """The lists of one docx, and the counters of the one reading of it that is under way."""

    lists: dict[str, tuple[str, dict[int, Level]]]  # numId → (abstract list, its levels)
    styles: dict[str, tuple[str, int]]  # paragraph style → (numId, level)
    counters: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def number(self, properties: Element | None) -> str:
        """The number that Word shows before a paragraph with ``properties`` (w:pPr), or ""."""
        by_style = self.styles.get(attribute(child(properties, "pStyle"), "val") or "", ("0", 0))
        own = child(properties, "numPr")
        list_id = attribute(child(own, "numId"), "val") or by_style[0]
        depth = _whole(attribute(child(own, "ilvl"), "val"), by_style[1])
        if list_id not in self.lists or not 0 <= depth < LEVELS:
            return ""
        abstract, levels = self.lists[list_id]
        level = levels.get(depth, Level())
        counts = self.counters[abstract]
        starts = [levels.get(at, Level()).start for at in range(depth + 1)]
        if len(counts) > depth:
            counts[depth:] = [counts[depth] + 1]
        else:
            counts.extend(starts[len(counts) :])
        if level.style in UNWRITTEN:
            return ""

        def shown(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            style = levels.get(at, Level()).style
            return written(counts[at], style) if at < len(counts) else ""

        return PLACEHOLDER.sub(shown, level.pattern)


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"-?[0-9]{1,6}", text) else default


def _level(element: Element, override: Element | None) -> Level:
    """The w:lvl ``element``, with the start that a w:lvlOverride gives it."""
    start = attribute(child(element, "start"), "val")
    over = attribute(child(override, "startOverride"), "val")
    return Level(
        style=attribute(child(element, "numFmt"), "val") or "decimal",
        pattern=attribute(child(element, "lvlText"), "val") or "",
        start=_whole(over, _whole(start, 1)),
    )


def numbering(root: Element | None, styles: Element | None) -> Numbering:
    """The lists of ``word/numbering.xml`` and the styles of ``word/styles.xml``, if present."""
    abstracts = {
        attribute(element, "abstractNumId"): element
        for element in (root.iterchildren("{*}abstractNum") if root is not None else ())
    }
    lists = {}
    for element in root.iterchildren("{*}num") if root is not None else ():
        overrides = {attribute(o, "ilvl"): o for o in element.iterchildren("{*}lvlOverride")}
        key = attribute(child(element, "abstractNumId"), "val") or ""
        identity = attribute(element, "numId") or ""
        abstract = abstracts.get(key)
        levels = {}
        for level in abstract.iterchildren("{*}lvl") if abstract is not None else ():
            depth = attribute(level, "ilvl")
            levels[_whole(depth, 0)] = _level(level, overrides.get(depth))
        restarted = any(child(o, "startOverride") is not None for o in overrides.values())
        lists[identity] = (f"{key}/{identity}" if restarted else key, levels)
    return Numbering(lists=lists, styles=_styles(styles))


def _styles(root: Element | None) -> dict[str, tuple[str, int]]:
    """Paragraph styles that carry a number, their own or that of the style they are based on."""
    parents: dict[str, str] = {}
    numbered: dict[str, tuple[str, int]] = {}
    for style in root.iterchildren("{*}style") if root is not None else ():
        name = attribute(style, "styleId") or ""
        parents[name] = attribute(child(style, "basedOn"), "val") or ""
        own = child(style, "pPr", "numPr")
        if own is not None:
            list_id = attribute(child(own, "numId"), "val") or "0"
            numbered[name] = (list_id, _whole(attribute(child(own, "ilvl"), "val"), 0))
    for name in parents:
        above = name
        for _ in range(LEVELS):  # bases are a few deep; a circle of them must end
            if above in numbered:
                numbered.setdefault(name, numbered[above])
                break
            above = parents.get(above, "")
    return numbered
