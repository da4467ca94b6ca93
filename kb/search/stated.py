"""A number that no letter's fields bear, looked for in the letters' own words before it is denied.

Rules never read every number: of 31 real letters they missed 12. What a letter says at its head
is its own number; what it says further down may be another's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from kb.query.directory import Named
from kb.query.parse import Query
from kb.store.memo import memo
from kb.store.protocol import SnapshotReader
from kb.text.chars import fold
from kb.text.tokens import document_numbers, number_key
from kb.text.traditional import simplified
from kb.types import Letter, Scope

HEAD = 1000  # code points from the beginning of a letter's body in which its own numbers stand
FRONT = 5000  # of a web page's table before it
MENTIONING = 20  # passages in which a proposal is looked for that no letter answers

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
_FIGURES = re.compile(r"[A-Za-z]?\d+")


def stated(query: Query, reader: SnapshotReader) -> Named:
    """What ``query`` names, its missing number looked for in the words of the letters in scope.

    ``letter_ids`` are then those whose own number it is by their words; where there is none,
    ``mentioned`` are those that mention the proposal.
    """
    named = query.named
    if not named.missing:
        return named
    found = _own_numbers(reader, query.scope).get(_key(named.missing), ())
    heads = {head.id: head for head in reader.letters(query.scope)}
    of_kind = tuple(n for n in found if simplified(heads[n].kind or "?") in query.text)
    if found:
        return replace(named, letter_ids=of_kind or found, by="正文", missing=None)
    if "〔" in named.missing:
        return named
    return replace(named, mentioned=_mentioning(named.missing, query, reader))


def _key(number: str) -> str:
    """What a number is looked up by: 第0222号 and 222 are one, and so are brackets of any form."""
    if "〔" in number:
        return number_key(number)
    figures: list[str] = _FIGURES.findall(number) or [""]
    return figures[-1].upper().lstrip("0")


@memo()
def _own_numbers(reader: SnapshotReader, scope: Scope) -> Mapping[str, tuple[str, ...]]:
    """Number → the letters whose words give it for their own. Made when first asked for."""
    found: dict[str, dict[str, None]] = {}
    for head in reader.letters(scope):
        for number in numbers_of(reader.letter(head.id)):
            found.setdefault(number, {})[head.id] = None
    return {number: tuple(ids) for number, ids in found.items()}


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
    own = (letter.value("proposal_no") or "").upper().lstrip("0")
    for match in _PROPOSALS.finditer(zone):
        listed = [figure.upper().lstrip("0") for figure in _FIGURES.findall(_group(match))]
        if not own or fold(own).upper() in listed:
            yield from filter(None, listed)


def _group(match: re.Match[str]) -> str:
    return next(words for words in match.groups() if words)


def _mentioning(missing: str, query: Query, reader: SnapshotReader) -> tuple[str, ...]:
    """The letters that mention a proposal of this number in a passage, best first."""
    number = _key(missing)
    tokens = [f"{'0' * zeros}{number}号" for zeros in range(4)]
    found: dict[str, None] = {}
    for ordinal, _ in reader.lexical(tokens, limit=MENTIONING, scope=query.scope):
        passage = reader.passage(ordinal)
        words = fold(passage.span.of(reader.letter(passage.letter_id).text))
        figures = (f for m in _PROPOSALS.finditer(words) for f in _FIGURES.findall(_group(m)))
        if number in {figure.upper().lstrip("0") for figure in figures}:
            found[passage.letter_id] = None
    return tuple(found)
