"""Who is named on a contact's line, with the numbers there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.privacy.contact_rules import PLAIN_WORDS
from kb.privacy.names import HAN, LONGEST, ORGAN, PERSON, before, is_plain, name_at
from kb.privacy.rule import RedactRule
from kb.text.numerals import in_digits
from kb.types import Span

_NUMBERS = re.compile(
    r"(?<!邮编:)(?<!编码:)(?<!\d)\d(?:\s?\d){2,19}(?!\d)(?!\s?[年月日号〕\]】%])|[\w.+-]++@[\w.-]+", re.ASCII
)
_RUN, _ORGAN, _PERSON = re.compile(rf"{HAN}+"), re.compile(ORGAN), re.compile(PERSON)


def named(text: str, row: RedactRule) -> Iterator[Span]:
    """Whom ``row`` finds in ``text``, and their numbers."""
    finder = titled if row.titled else contacts
    for match in row.pattern.finditer(text):
        yield from finder(text, Span(start=match.start("hide"), end=match.end("hide")))


def numbers(text: str, line: Span) -> Iterator[Span]:
    """Every number of three digits or more and every mailbox on the line; no date."""
    digits = in_digits(line.of(text))
    for match in _NUMBERS.finditer(digits):
        yield Span(start=line.start + match.start(), end=line.start + match.end())


def contacts(text: str, line: Span) -> Iterator[Span]:
    """Every number on the line, and every person."""
    yield from numbers(text, line)
    words = PLAIN_WORDS.sub(lambda match: "\n" * len(match[0]), line.of(text))
    for run in _RUN.finditer(words):
        at = line.start + run.start()
        organ = _ORGAN.match(run[0]) if len(run[0]) > LONGEST else None
        rest = run[0][organ.end() if organ else 0 :]
        start = at + len(run[0]) - len(rest)
        if len(rest) > LONGEST and "·" not in rest:
            name = name_at(text, start, sure=True) if run.start() == 0 else None
        else:
            name = Span(start=start, end=start + len(rest)) if _named(rest, run) else None
        if name:
            yield name


def _named(words: str, run: re.Match[str]) -> bool:
    """True if a short run is a person: any that is no word, and at the line's start any surname."""
    if not words:
        return False
    first = run.start() == 0 or run.string[run.start() - 1] in "、和 "
    return not is_plain(words) or (first and _PERSON.fullmatch(words) is not None)


def titled(text: str, found: Span) -> Iterator[Span]:
    """The person that the run at ``found``, which stands before a title, ends with."""
    name = before(text, found.end)
    if name:
        yield name
