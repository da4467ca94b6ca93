"""Who is named on a contact's line, with the numbers there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.privacy.contact_rules import PLAIN_WORDS
from kb.privacy.likely import likely_at
from kb.privacy.names import (
    HAN,
    LATIN,
    LONGEST,
    ORGAN,
    PERSON,
    before,
    name_at,
    whole_name,
)
from kb.privacy.rule import RedactRule
from kb.privacy.surnames import COMPOUND, ODD, RARE, SURNAMES
from kb.privacy.words import begins_word, has_word, is_plain
from kb.text.numerals import in_digits
from kb.text.organs import OFFICE_END
from kb.types import Span

_NUMBERS = re.compile(
    r"(?<!邮编:)(?<!编码:)(?<!\d)\d(?:\s?\d){2,19}(?!\d)(?!\s?[年月日号〕\]】%])|(?<"
    r"![\w.+-])[\w.+-]++@[\w.-]+",
    re.ASCII,
)
# Lines that anybody may call stay, wherever a contact person stands beside them.
_PUBLIC_LABEL = re.compile(
    r"(?:监督|举报|投诉|服务|值班|客服|热线|报修|抢修|救援)(?:监督|举报|投诉|服务)?"
    r"(?:电话|热线|专线)?(?:号码)?[:是为 ]{0,2}(?:\(?0\d{2,3}\)?[ \-—–]{0,2})?\(?$"
)
_HOTLINE = re.compile(r"(?:1[12]\d{3}|11\d|12[02]|9[56]\d{3,4}|[48]00[- ]?\d{3}[- ]?\d{4})")
_LABELLED = 20  # characters before a number that say whose it is
_APART = re.compile(rf"[ \t]{{1,4}}{HAN}{{1,2}}(?!{HAN})")  # 贺　敏
_LETTERS_APART = re.compile(  # 佘 明 亮
    rf"(?<!{HAN})(?<!{HAN} )(?:{COMPOUND}|[{SURNAMES}{RARE}])(?:[ \t]{{1,4}}(?=["
    rf"\u3400-\u9fff](?!{HAN}))[\u3400-\u9fff]){{2}}(?![ \t]?{HAN})"
)
_DOTTED = re.compile(r"(?<![\u3400-\u9fff·])[\u3400-\u9fff]{1,8}(?:·[\u3400-\u9fff]{1,8}){1,3}")
_LATIN = re.compile(LATIN)
_NOBODY = re.compile(OFFICE_END + "$|人$")
_CONTACT_DUE = 1.0  # more than where somebody is told of
_LISTED = 8  # persons before one title
_RARE = re.compile(rf"[{RARE}]")
_OFFICE_ONLY = re.compile(rf"[\u3400-\u9fff]{{2,14}}?{OFFICE_END}[\s,;、(]")
_OFFICE = re.compile(OFFICE_END + "$")
_COMPOUND = re.compile(COMPOUND)
_BESIDE = re.compile(r"[\s:,(、]{0,3}\d{3}")
_OFFICE_LIKE = re.compile(r"[室科处股队站所组办部局]$")  # 办|公室
_RUN, _ORGAN, _PERSON = re.compile(rf"{HAN}+"), re.compile(ORGAN), re.compile(PERSON)


def named(text: str, row: RedactRule) -> Iterator[Span]:
    """Whom ``row`` finds in ``text``, and their numbers."""
    finder = due if row.due else titled if row.titled else contacts
    for match in row.pattern.finditer(text):
        yield from finder(text, Span(start=match.start("hide"), end=match.end("hide")))


def numbers(text: str, line: Span) -> Iterator[Span]:
    """Every number of three digits or more and every mailbox on the line; no date."""
    digits = in_digits(line.of(text))
    for match in _NUMBERS.finditer(digits):
        yield Span(start=line.start + match.start(), end=line.start + match.end())


def contacts(text: str, line: Span) -> Iterator[Span]:
    """Every number on the line, and every person; none of an office named in a person's place."""
    persons = list(_persons(text, line))
    if persons or not _OFFICE_ONLY.match(text, line.start, line.end):
        yield from (number for number in numbers(text, line) if not is_public(text, number))
    yield from persons


def is_public(text: str, number: Span) -> bool:
    """True for a number that anybody may call: 12345 and such, and what is labelled so."""
    label = text[max(0, number.start - _LABELLED) : number.start]
    return bool(_HOTLINE.fullmatch(number.of(text)) or _PUBLIC_LABEL.search(label))


def _persons(text: str, line: Span) -> Iterator[Span]:
    words = PLAIN_WORDS.sub(lambda match: "\n" * len(match[0]), line.of(text))
    for apart in _LETTERS_APART.finditer(words):
        yield Span(start=line.start + apart.start(), end=line.start + apart.end())
    for dotted in _DOTTED.finditer(words):
        yield Span(start=line.start + dotted.start(), end=line.start + dotted.end())
    for latin in _LATIN.finditer(words):
        if _in_slot(words, latin.start()):
            yield Span(start=line.start + latin.start(), end=line.start + latin.end())
    for run in _RUN.finditer(words):
        organ = _ORGAN.match(run[0]) if len(run[0]) > LONGEST else None
        start = run.start() + (organ.end() if organ else 0)
        name = Span(start=start, end=run.end())
        if run.end() - start > LONGEST and "·" not in run[0]:
            found = name_at(words, start, sure=True) if _in_slot(words, run.start()) else None
            if found is None:
                continue
            name = found
        elif not _named(words, name):
            continue
        yield Span(start=line.start + name.start, end=line.start + name.end)


def _in_slot(words: str, start: int) -> bool:
    """True where a name is due: at the line's start, behind a label, or listed behind another."""
    left = words[:start].rstrip(" :\t")
    return not left or left[-1] in "、和与及\n"


def _named(words: str, name: Span) -> bool:
    """True if a short run is a person: at the line's start any that is no word, or begins with a
    surname; further on one beside another or a number; elsewhere a surname must begin it."""
    run, left = name.of(words), words[: name.start].rstrip()
    surname = _PERSON.fullmatch(run) is not None or (
        whole_name(run) and run[0] not in ODD and not _OFFICE.search(run)
    )
    slot = _in_slot(words, name.start)
    first = slot or left[-1].isdecimal()
    if len(run) == 1:
        surnamed = slot and _APART.match(words, name.end)
        return bool(surnamed) or (len(left) == 1 and left.isalpha())
    if _COMPOUND.match(run) and slot:
        return True
    if is_plain(run) or ((len(run) == LONGEST or not slot) and begins_word(run)):
        return surname and slot and len(run) < LONGEST
    if not surname and _OFFICE.search(run):
        return False
    beside = first or bool(_BESIDE.match(words, name.end))
    return surname or (beside and (_RARE.match(run) is not None or not has_word(run)))


def due(text: str, found: Span) -> Iterator[Span]:
    """The person that is all of the run at ``found``."""
    name = likely_at(text, found.start, due=_CONTACT_DUE, only=found.end)
    if name and text[name.start] not in ODD:
        yield from () if _OFFICE_LIKE.search(name.of(text)) else (name,)


def titled(text: str, found: Span) -> Iterator[Span]:
    """The person that the run at ``found``, which stands before a title, ends with, and those
    listed before: 何晓芸、林建军同志."""
    end = found.end
    for _ in range(_LISTED):
        name = before(text, end)
        if name is None or _NOBODY.search(name.of(text)):
            return
        yield name
        end = name.start - 1
        if text[end : name.start] not in ("、", "和", "与", "或"):
            return
