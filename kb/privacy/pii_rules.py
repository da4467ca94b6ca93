"""What personal data looks like anywhere: rows, each with an example and how it is shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

_GAP = r"[ \-—–.]?"
_MONTH_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_ROAD = r"(?:路|街|巷|弄|道|胡同|里|小区|花园|家园|苑|园|城|府|湾|社区|村|大院|家属院|公寓)"
_UNIT = r"(?:号院|号楼|号(?!线)|弄|栋|幢|座|排|单元|层|楼)"


@dataclass(frozen=True, slots=True, kw_only=True)
class PiiRule:
    """One kind of personal data.

    Of what the group ``hide`` holds, letters and digits are hidden, all but the first
    ``front`` and the last ``back`` of them. ``holds`` is a last check of the whole match, such
    as a check digit. ``hidden`` is the ``example`` as it is shown.
    """

    kind: str
    pattern: re.Pattern[str]
    front: int
    back: int
    example: str
    hidden: str
    holds: Callable[[str], bool] = bool


def digits_in(words: str) -> str:
    """The letters and digits of ASCII in ``words``."""
    return "".join(character for character in words if character.isascii() and character.isalnum())


def _luhn(words: str) -> bool:
    """ISO/IEC 7812-1: every second digit from the right doubled, the sum divisible by ten."""
    doubled = "0246813579"
    total = 0
    for place, digit in enumerate(reversed(digits_in(words))):
        total += int(doubled[int(digit)] if place % 2 else digit)
    return total % 10 == 0 and total > 0


def _identity(words: str) -> bool:
    """GB 11643-1999: ISO 7064 MOD 11-2 over the first 17 digits, and a day that exists.

    The code of the place is not looked up: it may be of a county that no table lists any more.
    """
    digits = digits_in(words).upper()
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(digits[:17]))
    return digits[17] == "10X98765432"[total % 11] and _day(digits[6:14])


def _old_identity(words: str) -> bool:
    """The 15-digit form bears the year in two digits, of the 20th century."""
    return _day("19" + digits_in(words)[6:12])


def _day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def _rule(
    kind: str,
    pattern: str,
    keep: tuple[int, int],
    example: str,
    hidden: str,
    holds: Callable[[str], bool] = bool,
) -> PiiRule:
    return PiiRule(
        kind=kind,
        pattern=re.compile(pattern, re.ASCII | re.IGNORECASE),
        front=keep[0],
        back=keep[1],
        example=example,
        hidden=hidden,
        holds=holds,
    )


# The longer before the shorter: what one rule has found the next does not look at.
RULES = (
    _rule("电子邮箱", r"(?<![\w.+-])(?P<hide>\w[\w.+-]*)@[\w-]+(?:\.[\w-]+)+", (1, 0),
          "发到 zhangsan@qq.com", "发到 z*******@qq.com"),
    _rule("身份证号", rf"(?<![\w])(?P<hide>\d{{6}}{_GAP}(?:18|19|20)\d{{2}}{_MONTH_DAY}{_GAP}\d{{3}}[\dX])(?![\w])",
          (3, 2), "身份证 11010519491231002X", "身份证 110*************2X", _identity),
    _rule("银行卡号", rf"(?<![\w])(?P<hide>\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{4}}(?:{_GAP}\d{{1,3}})?)(?![\w])",
          (4, 4), "卡号 4111 1111 1111 1111", "卡号 4111 **** **** 1111", _luhn),
    _rule("身份证号", rf"(?<![\w.])(?P<hide>\d{{8}}{_MONTH_DAY}\d{{3}})(?![\w.])", (3, 2),
          "旧证 110105491231002", "旧证 110**********02", _old_identity),
    _rule("手机号", rf"(?<![\d.第])(?:\(?\+?86\)?{_GAP})?(?P<hide>1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}})"
          r"(?!\d|\.\d|\s?[元万亿吨]|\s?号(?:提案|建议|议案|文))", (3, 4),
          "我的电话是13812345678", "我的电话是138****5678"),
    _rule("车牌号", r"(?P<hide>[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z]"
          r"[·• ]?[A-HJ-NP-Z\d]{4,5}[A-HJ-NP-Z\d挂学警港澳])(?![\w])", (1, 0),
          "车牌豫H·12345被占", "车牌豫H·*****被占", lambda words: any(map(str.isdigit, words))),
    _rule("住址", rf"{_ROAD}(?P<hide>(?:\d{{1,4}}\s?{_UNIT}\s?[-—,，]?)+\d{{1,5}})(?![\d年月日个元万亿%米])",
          (0, 0), "家住人民路12号3栋402", "家住人民路**号*栋***"),
)  # fmt: skip
