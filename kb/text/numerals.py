"""Numbers and days as Chinese texts write them."""

from __future__ import annotations

import unicodedata

# A day as letters write it; what it says is read by ``indexer.letter.view.iso_day``.
DAY = (
    r"(?:\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|[二一三四五六七八九〇○零ＯO]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)"
)

_DIGITS = (
    {numeral: value for value, numeral in enumerate("零一二三四五六七八九十")}
    | dict.fromkeys("〇○OＯ", 0)
    | {"两": 2, "元": 1}
)


_SINGLE = {
    ord(numeral): str(value)
    for numerals in ("零一二三四五六七八九", "〇壹贰叁肆伍陆柒捌玖", "○幺貳參肆伍陸柒捌玖")
    for value, numeral in enumerate(numerals)
} | {ord("两"): "2", ord("弍"): "2", ord("幺"): "1"}


class _Digits(dict[int, str]):
    """``str.translate`` asks for each character once; what is no digit stays."""

    def __missing__(self, code: int) -> str:
        value = unicodedata.decimal(chr(code), None)
        self[code] = chr(code) if value is None else str(value)
        return self[code]


_IN_DIGITS = _Digits(_SINGLE)


def in_digits(text: str) -> str:
    """``text`` with every digit, Chinese or of another script, as 0 to 9; one for one.

    For finding numbers that are told digit by digit (一三八, 幺三八); 十 and 百 stay.
    """
    return text.translate(_IN_DIGITS)


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


def cardinal(words: str) -> int:
    """一百二十三, 六十五, 十, 一〇八 or 123 as a number.

    Raises KeyError for what is no numeral.
    """
    scales = {"十": 10, "百": 100, "千": 1000}
    if not any(scale in words for scale in scales):
        return number(words)
    total, digit = 0, 0
    for numeral in words:
        if numeral in scales:
            total += (digit or 1) * scales[numeral]
            digit = 0
        else:
            digit = _DIGITS[numeral]
    return total + digit
