"""What stands beside personal data: the names and numbers of the same person, elsewhere too."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from kb.privacy.name_words import SAYS
from kb.privacy.names import (
    HAN,
    LATIN,
    PERSON,
    PLACE,
    before,
    name_at,
    typical_end,
    whole_name,
)
from kb.privacy.words import has_word, is_word, set_apart
from kb.text.organs import OFFICE_ENDINGS
from kb.types import Span

KNOWN_BY_ITSELF = 3  # a shorter name may be part of a word
LONGEST = 40  # code points of a name that is looked for elsewhere
TITLE = "委员|代表|同志|先生|女士|局长|科长|主任"
_PERSON, _RUN = re.compile(PERSON), re.compile(rf"{HAN}+")
_LATIN = re.compile(LATIN)
_ENDS_OFFICE = frozenset(ending[-1] for ending in (*OFFICE_ENDINGS, "市"))
_BEHIND = re.compile(rf"(?!{HAN})|{TITLE}")
_HAN = re.compile(HAN)

_OWN = (
    r"(?:的|的?(?:本人|个人|联系|家庭|家里|办公))?(?:电话|手机|座机|号码|方式|微信|身份证"
    r"|tel)?(?:号码|号|电话)?(?:是|为)?"
)
_LABEL = re.compile(
    rf"(?:先生|女士|同志|老师|师傅|同学|阿姨|大爷)?[\s,，、:：(（]{{0,3}}{_OWN}[\s:：)）(（+]{{0,4"
    rf"}}$",
    re.IGNORECASE,
)
_AFTER = re.compile(r"[)）]?[\s,，、(（]{0,3}(?:联系人|机主|户主|姓名|持卡人)?[:：]?\s?")
_CLOSED = re.compile(rf"[)）,，。;；:：、\s\d]|$|{SAYS}")
_LANDLINE = re.compile(
    rf"(?:先生|女士|同志|老师|师傅|同学|阿姨|大爷|经理|主任|科长|局长)?(?:[\s,，、;(（]{{0,3}}(?:"
    rf"联系)?{_OWN}|(?:(?!中心|[局所站厅委]|办(?!公)|窗口)[^\d\n。;；]){{0,18}}?(?:电"
    rf"话|手机|座机|联系方式))[\s:：(（]{{0,3}}"
    r"(?P<number>(?:\(?0\d{2,3}\)?[ \-—–－]{0,2})?[2-9]\d{2,3}[ \-]?\d{4}(?:[ \-—转*#]{1,3}\d{1,5}"
    r")?)(?!\d|\s?[元万年号])"
)
_NUMBER = r"(?:\(?0\d{2,3}\)?[ \-—–－]{0,2})?[2-9]\d{2,3}[ \-]?\d{4}(?!\d|\s?[元万年号])"
_FURTHER = re.compile(
    rf"(?:[\s,，、;；/或和及与|]|(?:或)?(?:拨打|致电|座机|固话|固定电话|办公电话|电话"
    rf"|手机)){{1,3}}[:：]?(?P<number>{_NUMBER})"
)
_BESIDE = re.compile(
    r"(?<![\d-])(?P<number>(?:\(?0\d{2,3}\)?[ \-—–－]{0,2})?[2-9]\d{6,7})[\s,，、;；/或]{1,3}$"
)
_ROOM_OF = re.compile(r"(?P<name>[\u3400-\u9fff]{2,3})(?=[、,，。;；\s(（]|$|家|住户)")
_RESIDENT = re.compile(
    r"(?:^|[^\u3400-\u9fff])(?P<name>[\u3400-\u9fff]{2,4})[,， \t:：]{1,2}(?:家?住在?"
    r"|现住)?[\u4e00-\u9fff]{0,14}$"
)
_WINDOW = 24  # characters before a number in which its owner is named


def owners(text: str, number: Span) -> Iterator[Span]:
    """The persons named right before and right behind a number of theirs."""
    start = max(0, number.start - _WINDOW)
    label = _LABEL.search(text, start, number.start)
    name = before(text, label.start()) if label else None
    if name:
        yield name
    after = _AFTER.match(text, number.end, number.end + _WINDOW)
    behind = name_at(text, after.end(), sure=False) if after and after[0] else None
    if behind and _CLOSED.match(text, behind.end):
        yield behind


def residents(text: str, home: Span) -> Iterator[Span]:
    """Who is named at the start of the clause before the address of a home: 席秀梅，文汇街…."""
    start = max(0, home.start - _WINDOW)
    match = _RESIDENT.search(text, start, home.start)
    name = name_at(text, match.start("name"), sure=False) if match else None
    if match and name and name.end == match.end("name"):
        yield name
    behind = _ROOM_OF.match(text, home.end)
    if behind and whole_name(behind["name"]) and typical_end(behind["name"]):
        yield Span(start=behind.start("name"), end=behind.end("name"))


def further(text: str, phone: Span) -> Iterator[Span]:
    """The numbers that stand right behind a person's number."""
    match = _FURTHER.match(text, phone.end)
    while match:
        yield Span(start=match.start("number"), end=match.end("number"))
        match = _FURTHER.match(text, match.end())


def landline(text: str, name: Span) -> Span | None:
    """The number that stands right behind a person's name, or None."""
    match = _LANDLINE.match(text, name.end, name.end + 60)
    return Span(start=match.start("number"), end=match.end("number")) if match else None


def elsewhere(names: Iterable[str], text: str) -> Iterator[Span]:
    """Where the persons among ``names`` stand in ``text``; takes as long as the text is long.

    A name of two characters may be part of a word: no word may run into it; one that is a word
    itself must stand alone or before a title.
    """
    by_length = defaultdict[int, set[str]](set)
    for name in names:
        if len(name) <= LONGEST and is_person(name):
            by_length[len(name)].add(name)
    for length, known in by_length.items():
        for start in range(len(text) - length + 1):
            if text[start : start + length] in known and _stands(text, start, start + length):
                yield Span(start=start, end=start + length)


def _stands(text: str, start: int, end: int) -> bool:
    if end - start >= KNOWN_BY_ITSELF:
        return True
    if not _HAN.match(text[start - 1 : start]) and _BEHIND.match(text, end):
        return True
    if is_word(text[start:end]) or PLACE.match(text, end):
        return False
    return set_apart(text, start, end)


def is_person(words: str) -> bool:
    """True for a name by its surname; of an unknown one if it can be no office either."""
    if _PERSON.fullmatch(words):
        return True
    short = len(words) < KNOWN_BY_ITSELF and whole_name(words) and not is_word(words)
    if short or _LATIN.fullmatch(words):
        return True
    if "·" in words:
        return bool(_RUN.fullmatch(words))
    return (
        bool(_RUN.fullmatch(words))
        and len(words) == KNOWN_BY_ITSELF
        and words[-1] not in _ENDS_OFFICE
        and not has_word(words)
    )
