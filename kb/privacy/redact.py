"""Letters as citizens read them: personal data hidden, every character left at its place.

What is hidden is kept apart from the letter; ``restored`` puts the two together again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from kb.privacy import pii
from kb.privacy.pii import HIDDEN
from kb.privacy.redact_rules import HAN, ORGAN, PERSON, PLAIN_WORDS, ROWS, Hides
from kb.profile import Masking
from kb.text.chars import bare, narrow
from kb.text.organs import OFFICE_ENDINGS
from kb.types import Field, Hidden, Letter, Span

# Raise it when the rules of this module, of ``redact_rules`` or of ``pii_rules`` change.
RULES_VERSION = "1"
MASKED = "masked"  # the flag of a letter of which something is hidden
LONGEST_NAME = 4  # code points of a run that names a person, where nothing else tells
KNOWN_BY_ITSELF = 3  # a shorter name may be part of a word
_NUMBERS = re.compile(
    r"(?<!邮编:)(?<!编码:)(?<!\d)\d{3,}(?!\d)(?!\s?[年月日号〕\]】])|[\w.+-]+@[\w.-]+", re.ASCII
)
_RUN, _ORGAN, _PERSON = re.compile(rf"{HAN}+"), re.compile(ORGAN), re.compile(PERSON)
_ENDS_OFFICE = frozenset(ending[-1] for ending in (*OFFICE_ENDINGS, "市"))
TITLE = "委员|代表|同志|先生|女士|局长|科长|主任"
_HOME = re.compile(r"\d\D+\d+\D+\d|\d{3,}$")  # 12号3栋402 and 3号楼402, but not 3号楼5单元
_MEMBER = re.compile(rf"(?P<name>{PERSON}?)(?:等\d*[位名]?)?(?:委员|代表|先生|女士)?")
Places = set[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """A letter with what is personal hidden, and the characters that are: runs, in order."""

    letter: Letter
    hidden: tuple[Hidden, ...]


def version(masking: Masking) -> str:
    """Differs once letters would be masked differently."""
    own = {name: _shaping(local) for name, local in masking.places.items()}
    differing = {name: shaping for name, shaping in own.items() if shaping != _shaping(masking)}
    shaping = json.dumps([_shaping(masking), differing], sort_keys=True)
    return f"{RULES_VERSION}-{hashlib.sha256(shaping.encode()).hexdigest()[:8]}"


def _shaping(masking: Masking) -> list[bool]:
    """What of ``masking`` shapes the text: all but where it holds."""
    return [masking.contacts, masking.landlines, masking.members]


def redacted(letter: Letter, masking: Masking) -> Redacted:
    """``letter`` as ``masking`` lets citizens see it: as many code points, ``*`` for the hidden."""
    places = _places(letter, masking.of(letter.value("issuer")))
    hidden = tuple(_runs(letter.text, places))
    if not hidden:
        return Redacted(letter=letter, hidden=())
    text = "".join(
        HIDDEN if at in places else character for at, character in enumerate(letter.text)
    )
    apart = [run.text for run in hidden if len(run.text) >= KNOWN_BY_ITSELF]
    shown = _over(letter, text, hidden, lambda value: _beside(value, apart))
    return Redacted(letter=replace(shown, flags=(*letter.flags, MASKED)), hidden=hidden)


def restored(letter: Letter, hidden: Sequence[Hidden]) -> Letter:
    """The letter as it was read: the characters ``hidden`` put back, offsets the same.

    Only a value that stands nowhere in the text (``Field.span`` None) stays masked.
    """
    if not hidden:
        return letter
    characters = list(letter.text)
    for run in hidden:
        characters[run.start : run.start + len(run.text)] = run.text
    whole = _over(letter, "".join(characters), hidden, lambda value: value)
    return replace(whole, flags=tuple(flag for flag in letter.flags if flag != MASKED))


def _over(
    letter: Letter, text: str, hidden: Sequence[Hidden], beside: Callable[[str], str]
) -> Letter:
    """``letter`` over another ``text`` of the same length that differs at ``hidden`` only.

    ``beside`` gives the value of a field that stands nowhere in the text.
    """
    spans = [Span(start=run.start, end=run.start + len(run.text)) for run in hidden]

    def again(field: Field) -> Field:
        if field.span is None:
            return replace(field, value=beside(field.value))
        if not any(field.span.meets(span) for span in spans):
            return field
        raw = field.span.of(text)
        return replace(field, value=raw if len(raw) == len(field.value) else bare(raw))

    return replace(
        letter,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        title=again(letter.title) if letter.title else None,
        fields={name: again(field) for name, field in letter.fields.items()},
        lists={name: tuple(map(again, many)) for name, many in letter.lists.items()},
        headings=tuple(replace(heading, text=heading.span.of(text)) for heading in letter.headings),
    )


def _beside(value: str, apart: Sequence[str]) -> str:
    """A value that came beside the text, less what the rules or the text's own hiding tell."""
    for words in apart:
        value = value.replace(words, HIDDEN * len(words))
    return pii.masked(value)


def _runs(text: str, places: Places) -> Iterator[Hidden]:
    for _, group in groupby(enumerate(sorted(places)), key=lambda pair: pair[1] - pair[0]):
        run = [place for _, place in group]
        yield Hidden(start=run[0], text=text[run[0] : run[-1] + 1])


def _places(letter: Letter, masking: Masking) -> Places:
    """Where ``letter`` holds what is to be hidden, in code points; no date is."""
    text = narrow(letter.text, signs=True)
    spans = [
        span
        for row in ROWS
        if not getattr(masking, SHOWN_BY[row.hides])
        for match in row.pattern.finditer(text)
        for span in FINDERS[row.hides](text, Span(start=match.start("hide"), end=match.end("hide")))
    ]
    spans += [] if masking.members else _members(letter)
    spans += _elsewhere({span.of(text) for span in spans}, text)
    dated = letter.fields.get("issued_on")
    day = dated.span if dated and dated.span else Span(start=0, end=0)
    hidden = {at for span in spans for at in range(span.start, span.end) if text[at].isalnum()}
    hidden |= _everywhere(letter.text, offices=masking.landlines)
    return hidden - set(range(day.start, day.end))


def _everywhere(text: str, *, offices: bool) -> Places:
    """What ``kb.privacy.pii`` hides wherever it stands, but for buildings, which are no one's home.

    Mailboxes of ``offices`` may be shown.
    """
    shown = pii.masked(text)
    return {
        at
        for datum in pii.found(text)
        if not (offices and datum.span.of(text).endswith(".gov.cn"))
        if datum.kind != "住址" or _HOME.search(datum.span.of(text))
        for at in range(datum.span.start, datum.span.end)
        if shown[at] != text[at]
    }


def _numbers(text: str, line: Span) -> Iterator[Span]:
    for match in _NUMBERS.finditer(text, line.start, line.end):
        yield Span(start=match.start(), end=match.end())


def _contacts(text: str, line: Span) -> Iterator[Span]:
    """Every number on the line, and every person."""
    yield from _numbers(text, line)
    words = PLAIN_WORDS.sub(lambda match: "\n" * len(match[0]), line.of(text))
    for run in _RUN.finditer(words):
        organ = _ORGAN.match(run[0]) if len(run[0]) > LONGEST_NAME else None
        start = run.start() + (organ.end() if organ else 0)
        if run.end() - start <= LONGEST_NAME or "·" in run[0]:
            yield Span(start=line.start + start, end=line.start + run.end())


def _whole(_: str, found: Span) -> Iterator[Span]:
    yield found


def _members(letter: Letter) -> Iterator[Span]:
    """The persons among those whom the letter answers."""
    for addressee in letter.lists.get("addressees", ()):
        match = _MEMBER.fullmatch(addressee.value)
        if match and addressee.span:
            yield Span(start=addressee.span.start, end=addressee.span.start + len(match["name"]))


def _elsewhere(hidden: Iterable[str], text: str) -> list[Span]:
    """Where else the persons among what is ``hidden`` are named.

    A name that may be part of a word must stand alone or before a title.
    """
    names = sorted(name for name in hidden if _is_person(name))
    if not names:
        return []
    either = re.compile(
        "|".join(
            name if len(name) >= KNOWN_BY_ITSELF else rf"(?<!{HAN}){name}(?:(?!{HAN})|(?={TITLE}))"
            for name in names
        )
    )
    return [Span(start=match.start(), end=match.end()) for match in either.finditer(text)]


def _is_person(words: str) -> bool:
    """True for a name by its surname; of an unknown one if it can be no office either."""
    if _PERSON.fullmatch(words):
        return True
    return (
        bool(_RUN.fullmatch(words))
        and len(words) == KNOWN_BY_ITSELF
        and words[-1] not in _ENDS_OFFICE
    )


FINDERS: Mapping[Hides, Callable[[str, Span], Iterator[Span]]] = {
    "contacts": _contacts,
    "landlines": _numbers,
    "numbers": _whole,
    "members": _whole,
}
SHOWN_BY: Mapping[Hides, str] = {
    "contacts": "contacts",
    "landlines": "landlines",
    "numbers": "landlines",
    "members": "members",
}
