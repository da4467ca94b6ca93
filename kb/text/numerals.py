"""Numbers as Chinese texts write them."""

from __future__ import annotations

_DIGITS = (
    {numeral: value for value, numeral in enumerate("零一二三四五六七八九十")}
    | dict.fromkeys("〇○OＯ", 0)
    | {"两": 2, "元": 1}
)


def number(words: str) -> int:
    """12, 三, 十二, 二十, 两, 元 (月) or 二〇二四 as a number below 100, or digit by digit.

    Of 二三十, which leaves it open, the greater. Raises KeyError for what is no numeral.
    """
    if words.isdecimal():
        return int(words)
    tens, ten, ones = words.rpartition("十")
    if not ten:
        return int("".join(str(_DIGITS[numeral]) for numeral in words))
    return (_DIGITS[tens[-1]] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
