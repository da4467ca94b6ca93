"""Traditional characters in their simplified form, one for one, so that offsets stay true.

Questions and letters are compared in simplified characters, whichever they are written in; the
text of a letter stays. ``traditional.txt`` is OpenCC's table of single characters, made by
``python -m eval.training.traditional_table``; ``IN_CONTEXT`` holds what depends on a neighbour.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

TRADITIONAL = Path(__file__).with_name("traditional.txt")


@dataclass(frozen=True, slots=True, kw_only=True)
class InContext:
    """A character that is ``into`` where ``pattern``, which begins with it, is found.

    The pattern sees a text that is simplified already, and looks back from behind the character.
    """

    into: str
    pattern: str
    example: str
    simplified: str


def _row(into: str, pattern: str, example: str, simplified: str) -> InContext:
    return InContext(into=into, pattern=pattern, example=example, simplified=simplified)


# What stands before or behind 著 where it is no 着.
_BEFORE, _AFTER = "显名原专编译土论卓昭巨遗合所", "名作称述录书者文有"
IN_CONTEXT = (
    _row("着", f"著(?<![{_BEFORE}]著)(?![{_AFTER}])", "沿著顯著名著", "沿着显著名著"),
    _row("复", "覆(?:(?<=[答回批反函重申电]覆)|(?=[函信核文电查审校]))", "答覆覆蓋", "答复覆盖"),
    _row("了", "瞭(?:(?<=明瞭)|(?=[解然如若]))", "瞭解瞭望塔", "了解瞭望塔"),
    _row("借", "藉(?:(?<=凭藉)|(?=[口此由以助故机着著]))", "藉由藉著慰藉", "借由借着慰藉"),
    _row("干", "乾(?![坤隆县陵安元])", "乾淨乾隆", "干净乾隆"),
    _row("划", "画(?<=[计规策筹]画)(?![面册图廊作展家布质像])", "計畫設計畫面", "计划设计画面"),
    _row("沉", "沈(?:(?<=[下深浮]沈)|(?=[降没沦重淀浸溺迷默]))", "地面沈降沈陽", "地面沉降沈阳"),
    _row("什", "甚(?=么)", "甚麼甚至", "什么甚至"),
    _row("份", "分(?<=身分)(?=证)", "身分證分證", "身份证分证"),
    _row("具", "俱(?<=家俱)(?!乐)", "傢俱俱樂部", "家具俱乐部"),
    _row("账", "帐(?=[户号目单款本务])", "帳戶帳篷", "账户帐篷"),
    _row("苏", "甦(?:(?<=复甦)|(?=[醒生]))", "復甦", "复苏"),
    _row("你", "妳", "妳們", "你们"),
    _row("它", "牠", "牠們", "它们"),
)  # fmt: skip
_IN_CONTEXT = {row.pattern[0]: (re.compile(row.pattern), row.into) for row in IN_CONTEXT}
_ANY_IN_CONTEXT = re.compile(f"[{''.join(_IN_CONTEXT)}]")


@lru_cache(maxsize=1)
def _table() -> tuple[Mapping[int, str], re.Pattern[str]]:
    """Each traditional character's simplified one, and what finds any of them."""
    table: dict[int, str] = {}
    for line in TRADITIONAL.read_text(encoding="utf-8").splitlines():
        simple, _, traditional = line.partition(" ")
        if not simple.startswith("#"):
            table |= dict.fromkeys(map(ord, traditional), simple)
    common = "".join(chr(code) for code in table if code < 0x10000)
    # A class with each rare one in it would be ten times slower to search with.
    return table, re.compile(f"[{common}\U00020000-\U0003ffff]")


def simplified(text: str) -> str:
    """``text`` with its traditional characters simplified, as many code points."""
    table, traditional = _table()
    if traditional.search(text):  # ten times faster than to translate what needs none of it
        text = text.translate(table)
    return _ANY_IN_CONTEXT.sub(_among_its_neighbours, text)


def _among_its_neighbours(found: re.Match[str]) -> str:
    pattern, into = _IN_CONTEXT[found[0]]
    return into if pattern.match(found.string, found.start()) else found[0]
