"""Where the new word of 那残疾人呢 goes in the question before: 老年人乘公交免费吗."""

from __future__ import annotations

import re
from collections.abc import Callable

from kb.text.tokens import segmenter
from kb.types import Span

_ENDS = "人生户级员车桩费证"  # of words that are of a kind by their last character
_KINDS = (  # and of such as end otherwise
    re.compile(r"(?:国|省|市|区|县|区县|乡|镇|乡镇|村)[里级]?|国家|中央|地方"),
    re.compile(r"城市|城里|城区|城镇|农村|乡村|乡下|郊区|牧区"),
    re.compile(r"老人|老年人|儿童|孩子|小孩|学生|残疾人|军人|职工|居民|农民|企业|个人|单位"),
    re.compile(r"(?:中小|小|初|高|中|大)学|初中|高中|幼儿园|职高|中专|学校|医院"),
)


def place_for(word: str, text: str) -> Span | None:
    """Where ``word`` goes in ``text``, in the place of the first word of its kind.

    Before it all where a level, an area or people are not named; None for a word of no kind.
    """
    for other, start, end in segmenter().tokenize(text):
        alike = len(other) > 1 and other[-1] == word[-1] and word[-1] in _ENDS
        if alike or any(kind.fullmatch(other) and kind.fullmatch(word) for kind in _KINDS):
            return Span(start=start, end=end)
    return Span(start=0, end=0) if any(kind.fullmatch(word) for kind in _KINDS[:3]) else None


def asked_before(text: str, only_asks: Callable[[str], bool]) -> Span:
    """What of ``text`` is before the words that ask the same of anything: 建了多少个.

    ``only_asks`` tells of words whether they have no subject of their own.
    """
    verb = 0  # where the one before begins
    for word, start, end in segmenter().tokenize(text):
        if only_asks(text[start:]):
            return Span(start=0, end=verb or start)
        verb = start if end - start <= 2 and not segmenter().is_noun(word) else 0
    return Span(start=0, end=len(text))
