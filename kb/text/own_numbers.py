"""The numbers that a letter's own words give for its own, be they read by its rules or not.

What a letter says at its head is its own number; what it says further down may be another's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.text.chars import fold
from kb.text.tokens import document_numbers, number_key
from kb.types import Letter

HEAD = 1000  # code points from the beginning of a letter's body in which its own numbers stand
FRONT = 5000  # of a web page's table before it

_PROPOSALS = re.compile(
    r"(?<![〕\])】﹞令告楼线院门馆栋幢\d])第\s?(?P<a>\d{1,9}(?:\s?号?\s?[、，,和及与]\s?第?\s?\d{1,9}){0,9})\s?号"
    r"|(?:提案|建议|议案|案)\s?(?:编号|号码|号)?\s?[：:\t（(]\s?第?\s?(?P<b>[A-Za-z]?\d{1,9})"
    r"|(?:提案|建议|议案)\s?第?\s?(?P<c>\d{1,9})\s?号"
    r"|(?<![〕\])】﹞\d第])(?P<d>\d{1,9})\s?号\s?(?=[^，。\s]{0,4}(?:提案|建议|议案))"
)
_RECEIVED = re.compile(r"(?:收悉|敬悉|收到)[。，,；;]?|如下[：:，。]")
_OWN = re.compile(
    r"(?:^|[\t|｜])\s*[（(【]?(?:[^\n。，]{0,6}(?:文\s?号|字\s?号|编\s?号)[：:\t\s]*)?$"
)
FIGURES = re.compile(r"[A-Za-z]?\d+")


def plain_number(number: str) -> str:
    """A proposal's number as it is compared: without zeros in front, letters large."""
    return number.upper().lstrip("0")


def numbers_of(letter: Letter) -> Iterator[str]:
    """The keys of the numbers that ``letter`` gives for its own, as its rules read them or not."""
    body = letter.text[letter.body.start : min(letter.body.end, letter.body.start + HEAD)]
    front = letter.text[: min(max(letter.body.start - 1, 0), FRONT)]
    title = letter.title.value if letter.title else ""
    received = _RECEIVED.search(body, len(title) if body.startswith(title) else 0)
    opening = body[: received.end() if received else HEAD]
    zone = fold("\n".join((front, title, opening)))
    if not letter.value("number"):
        for span in document_numbers(zone):
            line = zone.rfind("\n", 0, span.start) + 1
            if _OWN.search(zone[line : span.start]):
                yield number_key(span.of(zone))
    own = plain_number(letter.value("proposal_no") or "")
    for match in _PROPOSALS.finditer(zone):
        listed = [plain_number(figure) for figure in FIGURES.findall(listed_in(match))]
        if not own or fold(own).upper() in listed:
            yield from filter(None, listed)


def mentioned(words: str) -> Iterator[str]:
    """The figures of the proposals that the folded ``words`` mention."""
    for match in _PROPOSALS.finditer(words):
        yield from map(plain_number, FIGURES.findall(listed_in(match)))


def listed_in(match: re.Match[str]) -> str:
    """The figures that a match of proposals has, several of them perhaps."""
    return next(words for words in match.groups() if words)
