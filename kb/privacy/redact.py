"""Letters as citizens read them: personal data hidden, every character left at its place.

What is hidden is kept apart from the letter; ``restored`` puts the two together again.
"""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from kb.privacy import pii
from kb.privacy.contacts import numbers
from kb.privacy.mentions import KNOWN_BY_ITSELF, elsewhere
from kb.privacy.names import PERSON
from kb.privacy.pii import HIDDEN
from kb.privacy.redact_rules import ROWS
from kb.privacy.rule import Hides, in_words
from kb.profile import Masking
from kb.text.chars import bare
from kb.types import Field, Hidden, Letter, Span

# Raise it when the rules of this package change.
RULES_VERSION = "6"
MASKED = "masked"  # the flag of a letter of which something is hidden
SHORTEST_NAME = 2  # code points
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
    """``letter`` as ``masking`` lets citizens see it: as many code points, ``*`` for the hidden.

    What came beside the text (a title, an issuer) is masked too; an address of the web that holds
    something personal leads nowhere with ``*`` in it, so it is left out.
    """
    own = masking.of(letter.value("issuer"))
    places = _places(letter, own)
    hidden = tuple(_runs(letter.text, places))
    text = "".join(
        HIDDEN if at in places else character for at, character in enumerate(letter.text)
    )
    apart = {run.text for run in hidden if len(run.text) >= _known_beside(run.text)}
    apart |= set() if own.members else set(_members_beside(letter))
    shown = _over(letter, text, hidden, lambda value: _beside(value, apart))
    if _beside(letter.url, apart) != letter.url:
        shown = replace(shown, url="")
    if shown == letter:
        return Redacted(letter=letter, hidden=())
    return Redacted(letter=replace(shown, flags=(*letter.flags, MASKED)), hidden=hidden)


def _known_beside(words: str) -> int:
    """How long hidden words have to be to be known again where they stand beside the text."""
    return KNOWN_BY_ITSELF if any(map(str.isdigit, words)) else SHORTEST_NAME


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

    ``hidden`` is in the order of the text.
    ``beside`` gives the value of a field that stands nowhere in the text; the letter's own day,
    which is nobody's, stays.
    """
    starts = [run.start for run in hidden]

    def again(field: Field) -> Field:
        if field is letter.fields.get("issued_on") and field.span is None:
            return field
        if field.span is None:
            return replace(field, value=beside(field.value))
        before = bisect_left(starts, field.span.end) - 1  # the last run that begins before its end
        if before < 0 or starts[before] + len(hidden[before].text) <= field.span.start:
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


def _beside(value: str, apart: Collection[str]) -> str:
    """A value that came beside the text, less what the rules or the text's own hiding tell."""
    shown = list(value)
    for length in {len(words) for words in apart if len(words) <= len(value)}:
        for start in range(len(value) - length + 1):
            if value[start : start + length] in apart:
                shown[start : start + length] = HIDDEN * length
    return pii.masked("".join(shown))


def _runs(text: str, places: Places) -> Iterator[Hidden]:
    for _, group in groupby(enumerate(sorted(places)), key=lambda pair: pair[1] - pair[0]):
        run = [place for _, place in group]
        yield Hidden(start=run[0], text=text[run[0] : run[-1] + 1])


def _places(letter: Letter, masking: Masking) -> Places:
    """Where ``letter`` holds what is to be hidden, in code points; no date is."""
    text = in_words(letter.text)
    hidden, persons = set[int](), set[str]()
    found = pii.found(letter.text, contact_persons=not masking.contacts, buildings=False)
    for datum in found:
        if not (masking.landlines and datum.span.of(text).endswith(".gov.cn")):
            hidden.update(datum.places)
            persons |= {datum.span.of(text)} if datum.kind == pii.NAME else set()
    spans = [
        span
        for row in ROWS
        if row.hides != "contacts" and not getattr(masking, SHOWN_BY[row.hides])
        for match in row.pattern.finditer(text)
        for span in FINDERS[row.hides](text, Span(start=match.start("hide"), end=match.end("hide")))
    ]
    spans += [] if masking.members else _members(letter)
    spans += elsewhere({*persons, *(span.of(text) for span in spans)}, text)
    hidden |= {at for span in spans for at in range(span.start, span.end) if text[at].isalnum()}
    dated = letter.fields.get("issued_on")
    day = dated.span if dated and dated.span else Span(start=0, end=0)
    return hidden - set(range(day.start, day.end))


def _whole(_: str, found: Span) -> Iterator[Span]:
    yield found


def _members(letter: Letter) -> Iterator[Span]:
    """The persons among those whom the letter answers."""
    for addressee in letter.lists.get("addressees", ()):
        match = _MEMBER.fullmatch(addressee.value)
        if match and addressee.span:
            yield Span(start=addressee.span.start, end=addressee.span.start + len(match["name"]))


def _members_beside(letter: Letter) -> Iterator[str]:
    """The names of persons whom the letter answers, where they stand nowhere in its text."""
    for addressee in letter.lists.get("addressees", ()):
        match = _MEMBER.fullmatch(addressee.value)
        if match and match["name"] and not addressee.span:
            yield match["name"]


FINDERS: Mapping[Hides, Callable[[str, Span], Iterator[Span]]] = {
    "landlines": numbers,
    "numbers": _whole,
    "members": _whole,
}
SHOWN_BY: Mapping[Hides, str] = {
    "contacts": "contacts",
    "landlines": "landlines",
    "numbers": "landlines",
    "members": "members",
}
