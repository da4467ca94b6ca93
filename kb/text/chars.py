"""Characters: width, folding for comparison, white space."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from kb.text.traditional import simplified

HAN = r"[\u4e00-\u9fff]"
# Full-width forms and what each is in half width: one for one, so that offsets stay true.
_WIDE = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"\u3000": " "}
# Radicals that some fonts and pdfs give for whole characters: ⽔ for 水, ⻓ for 长. Unicode folds
# the first kind (KangXi radicals) itself, and only two of the second (CJK radicals supplement).
_SUPPLEMENT = dict(
    zip(
        "⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
        "母民虎西见角贝车长门青页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
        strict=True,
    )
)
RADICALS = str.maketrans(
    {
        chr(code): unicodedata.normalize("NFKC", chr(code))
        for code in (*range(0x2E80, 0x2FD6), *range(0xF900, 0xFAFF))
        if len(unicodedata.normalize("NFKC", chr(code))) == 1
    }
    | _SUPPLEMENT
)
RADICAL = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")
_LETTERS = RADICALS | str.maketrans({wide: half for wide, half in _WIDE.items() if half.isalnum()})
_SIGNS = RADICALS | str.maketrans(_WIDE)


def encodable(texts: Iterable[str]) -> bool:
    """False if any text holds a lone surrogate, which no file can hold as UTF-8."""
    try:
        for text in texts:
            text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def narrow(text: str, *, signs: bool = False) -> str:
    """``text`` with full-width digits and letters in half width, radicals as characters.

    One for one.

    ``signs``: those of punctuation and the ideographic space too, for rules that look for
    telephone numbers; elsewhere they stay, since they end sentences and clauses.
    """
    return text.translate(_SIGNS if signs else _LETTERS)


def fold(text: str) -> str:
    """Compatibility-normalised lower case in simplified characters, never for quoting."""
    return simplified(unicodedata.normalize("NFKC", whole(text)).lower())


def whole(text: str) -> str:
    """``text`` with the radicals that stand for characters as these, one for one."""
    return text.translate(RADICALS) if RADICAL.search(text) else text


# Every bracket is 〔 or 〕, every letter and digit narrow and small.
_EVEN = {
    **{0xFF01 + n: chr(0x21 + n).lower() for n in range(94)},
    **{ord(upper): upper.lower() for upper in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
    **dict.fromkeys(map(ord, "([（［【〈"), "〔"),
    **dict.fromkeys(map(ord, ")]）］】〉"), "〕"),
}


def evened(text: str) -> str:
    """``text`` with one form of brackets, of letters and digits, at the same offsets."""
    return text.translate(_EVEN)


def bare(text: str) -> str:
    """``text`` without white space."""
    return "".join(text.split())


def searchable(text: str) -> str:
    """``text`` folded and without white space: how words are looked up and answers compared."""
    return bare(fold(text))


def made_of(text: str, words: frozenset[str]) -> bool:
    """True if ``text`` is nothing but ``words`` one after the other."""
    reached = [True] + [False] * len(text)
    longest = max(map(len, words), default=0)
    for start in range(len(text)):
        if reached[start]:
            for end in range(start + 1, min(start + longest, len(text)) + 1):
                reached[end] = reached[end] or text[start:end] in words
    return reached[-1]
