"""Whether a register and a letter say the same, of numbers, titles, organs and persons."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from kb.text.chars import bare, narrow, searchable

_SIGNS = re.compile(r"[“”\"'‘’《》〈〉「」『』（）()\[\]【】、，,。.·:：;；\-—_\s]+")
_ENDS = re.compile(r"^(?:关于|对)|(?:的)?(?:提案|建议|议案|意见建议|意见)$")
_BRACKETS = str.maketrans("[]【】﹝﹞（）()", "〔〕〔〕〔〕〔〕〔〕")
_LEVEL = re.compile(r"^[\u4e00-\u9fff]{0,8}?[省市区县州盟旗]")
_FULL_ENDS = (("委员会", "委"), ("办公室", "办"))
_MEMBER = re.compile(r"(?:等\d*[人名位]?)?(?:委员|代表|先生|女士)?$")
ALIKE = 0.7  # share of the characters of two titles that are the same, in order, of one proposal


def number_forms(number: str, term: int = 0, times: int = 0) -> frozenset[str]:
    """How the number of a proposal may be written: without zeros in front, without its session.

    1520135 of the second session of the fifteenth is 135 too.
    """
    whole = bare(narrow(number, signs=True)).upper()
    forms = {re.sub(r"(?<!\d)0+(?=\d)", "", whole)}
    session = f"{term}{times}"
    if term and times and whole.startswith(session) and len(whole) >= len(session) + 3:
        forms.add(whole.removeprefix(session).lstrip("0"))
    return frozenset(forms)


def number_key(number: str) -> str:
    """A document's number with one kind of brackets, full-width digits and zeros folded."""
    whole = bare(narrow(number, signs=True)).translate(_BRACKETS)
    return re.sub(r"第(?=\d)|(?<!\d)0+(?=\d)", "", whole)


def title_key(title: str) -> str:
    """What a proposal is about: its title without 关于, 的提案, quotes and signs."""
    return _ENDS.sub("", _SIGNS.sub("", searchable(title)))


def same_title(one: str, other: str) -> bool:
    """True if two keys are near enough to be one title, shortened or misspelt in one place."""
    if one == other or (min(len(one), len(other)) >= 6 and (one in other or other in one)):
        return True
    return SequenceMatcher(None, one[:80], other[:80], autojunk=False).ratio() >= ALIKE


def same_organ(one: str, other: str) -> bool:
    """True of 云岭市教育局, 市教育局 and 教育局; and of 市发改委 and 市发展和改革委员会."""
    first, second = _organ(one), _organ(other)
    if first.endswith(second) or second.endswith(first):
        return True
    short, long = sorted((_LEVEL.sub("", first), _LEVEL.sub("", second)), key=len)
    if len(short) < 3 or short[-1] != long[-1] or (short[0] != long[0] and len(short) < 4):
        return False
    rest = iter(long)
    return all(character in rest for character in short)


def _organ(name: str) -> str:
    """``name`` without white space, and with the short form of its end."""
    whole = bare(name)
    for full, short in _FULL_ENDS:
        if whole.endswith(full):
            return whole.removesuffix(full) + short
    return whole


def same_person(names: Iterable[str], others: Iterable[str]) -> bool:
    """True if one of ``names`` is one of ``others``."""
    return bool({_person(name) for name in names} & {_person(name) for name in others})


def _person(name: str) -> str:
    return _MEMBER.sub("", bare(name))
