"""Characters: folding for comparison, white space, pairs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise


def encodable(texts: Iterable[str]) -> bool:
    """False if any text holds a lone surrogate, which no file can hold as UTF-8."""
    try:
        for text in texts:
            text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


# Digits and letters one for one, so that offsets stay true.
_NARROW = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B))}


def narrow(text: str) -> str:
    """``text`` with full-width digits and capitals made narrow, one for one."""
    return text.translate(_NARROW)


def fold(text: str) -> str:
    """Compatibility-normalised lower case, for comparing and never for quoting."""
    return unicodedata.normalize("NFKC", text).lower()


def bare(text: str) -> str:
    """``text`` without white space."""
    return "".join(text.split())


def made_of(text: str, words: frozenset[str]) -> bool:
    """True if ``text`` is nothing but ``words`` one after the other."""
    reached = [True] + [False] * len(text)
    longest = max(map(len, words), default=0)
    for start in range(len(text)):
        if reached[start]:
            for end in range(start + 1, min(start + longest, len(text)) + 1):
                reached[end] = reached[end] or text[start:end] in words
    return reached[-1]


def pairs(question: str) -> frozenset[str]:
    """The pairs of neighbouring letters and digits of ``question``, folded."""
    told = re.sub(r"[\W_]", "", fold(question))
    return frozenset(map("".join, pairwise(told)))
