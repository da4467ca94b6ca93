"""The worst strings that foreign text can hold: what makes a rule that is not linear slow.

``UNITS`` are repeated to any length: separators, marks left open, one character, half of what a
rule looks for. The patterns' own are made from the patterns (``units_of``).
"""

from __future__ import annotations

import random
import re
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

UNITS = (
    " ", "\u3000", "\t", "\n", "\f", "1\f", "、", "，", "。", "；", "：", "：：", "!", "-",
    "—", "*", "@", "啊", "一", "的", "市", "局", "委", "将", "待", "哈", "龘", "𠮷", "A", "1",
    "ＡＢ", "\u200b", "（", "“", "《", "〔", "[", "（好", "好）", "“好”", "《好》", "。”",
    "?”", "——", " 。", "。 ", "第1页 ", "第1页" + " " * 40, "页码 ", "- 1 ", "1 ", "1 1 1",
    "1 %", "1.1", "1.5亿", "11万", "1万户", "一、", "一、好\n", "（一）好\n", "一是",
    "一是好。", "1.", "①", "\u3000\u3000一、", "一 一", "啊 啊", "你好。", "好。\n", "好\n",
    "啊，", "联系人", "联系人：", "联系人：张三\n", "电话：", "联系电话：1\n", "13812345678",
    "13812345678，", "138 ", "A@", "a@b.", "Aa1.", "a.gov.cn", "京A", "人民路1号", "抄送：",
    "抄送：、", "抄送：（、", "李明、", "委员：", "关于", "对关于", "答复", "提案", "次会议",
    "第", "号", "公开：", "主动公开", "签发人：", "办理结果：", "〔2024〕", "京〔2024〕1号",
    "2024年", "2024年1月", "2024年5月6日\n", "年底前", "3个月内", "由1个到", "截至", "累计",
    "市民政局", "市民政局、", "市民政局和", "会同", "将完成", "将于2024年", "计划", "如果的，",
    "了", "已", "正", "是", "第一，", "提出", "与市",
    "周强", "周强。", "业主周强反映，",
)  # fmt: skip


def repeated(unit: str, length: int) -> str:
    """``unit`` again and again, ``length`` code points in all."""
    return (unit * (length // len(unit) + 1))[:length]


def units_of(pattern: re.Pattern[str], *, seed: int = 1, most: int = 24) -> list[str]:
    """Strings that begin, or nearly are, what ``pattern`` finds: made at random from its parts."""
    chance = random.Random(seed)
    parsed = _parser.parse(pattern.pattern, pattern.flags)
    found: dict[str, None] = {}
    for _ in range(4 * most):
        words = "".join(_sample(parsed, chance))[:40]
        for cut in (1, 2, len(words) // 2, len(words) - 1, len(words)):
            if words[:cut]:
                found.setdefault(words[:cut])
        if len(found) >= most:
            break
    return list(found)[:most]


def _sample(tree: Any, chance: random.Random) -> list[str]:
    """One text that the parsed pattern may find, lookarounds aside."""
    words: list[str] = []
    for kind, what in tree:
        if kind is sre.LITERAL:
            words.append(chr(what))
        elif kind in (sre.ANY, sre.NOT_LITERAL):
            words.append("啊")
        elif kind is sre.IN:
            words.append(_one_of(what, chance))
        elif kind is sre.BRANCH:
            words += _sample(chance.choice(what[1]), chance)
        elif kind is sre.SUBPATTERN:
            words += _sample(what[3], chance)
        elif kind is sre.ATOMIC_GROUP:
            words += _sample(what, chance)
        elif kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            least, greatest, inner = what
            once = _sample(inner, chance)
            words += once * min(int(greatest), int(least) + chance.choice((0, 1, 1, 2)))
    return words


def _one_of(members: Any, chance: random.Random) -> str:
    """A character of a class; of one that is told by what it is not, a Chinese one or a mark."""
    if members[0][0] is sre.NEGATE:
        return chance.choice("啊1 、：")
    kind, what = chance.choice(members)
    if kind is sre.LITERAL:
        return chr(what)
    if kind is sre.RANGE:
        return chr(chance.choice((what[0], (what[0] + what[1]) // 2)))
    return {sre.CATEGORY_DIGIT: "1", sre.CATEGORY_SPACE: " "}.get(what, "啊")
