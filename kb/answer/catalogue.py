"""What lists ask of the letters beyond their heads: titles, headings, who took part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kb.profile import profile
from kb.query.brought import ANY_BODY, ANY_PARTY, PARTIES, session
from kb.query.conditions import ListConditions, Session
from kb.store.memo import memo
from kb.store.protocol import SnapshotReader
from kb.text.chars import searchable
from kb.text.synonyms import meanings
from kb.text.titles import consulted
from kb.text.traditional import simplified
from kb.types import Field, Heading, Letter, Scope, Span

LONGEST_HEADING = 24  # characters; a longer one is a sentence of what was done

_PERSON = re.compile(r"(?:委员|代表)$")
_PLACE = re.compile(r"^(?:[^省市]{2,8}?[省市])?(?:[省市区县])?")
_OFFICES = re.compile(r"(?:部门|单位|企业)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A letter's own words for the conditions of lists, folded, and who took part in it."""

    titles: tuple[str, ...]
    headings: tuple[str, ...]
    issuer: str
    partners: tuple[str, ...]
    addressees: tuple[str, ...]
    session: Session | None
    helps: bool


@memo()
def catalogue(reader: SnapshotReader, scope: Scope) -> Mapping[str, Entry]:
    """Letter id → its entry. A tenth of a millisecond a letter, so once a snapshot."""
    return {head.id: _entry(reader.letter(head.id)) for head in reader.letters(scope)}


def _entry(letter: Letter) -> Entry:
    partners = [field.value for field in letter.lists.get("co_organs", ())]
    return Entry(
        titles=tuple(searchable(title.value) for title in titles(letter)),
        headings=tuple(searchable(heading.text) for heading in headings(letter)),
        issuer=simplified(letter.value("issuer") or ""),
        partners=tuple(map(simplified, partners)),
        addressees=tuple(simplified(f.value) for f in letter.lists.get("addressees", ())),
        session=session(simplified(letter.value("assembly") or ""))[0],
        helps=consulted(letter.title.value if letter.title else None),
    )


def titles(letter: Letter) -> list[Field]:
    """The title of the proposal and the letter's own."""
    return [title for title in (letter.fields.get("proposal_title"), letter.title) if title]


def headings(letter: Letter) -> Iterator[Heading]:
    """The headings that name a subject; a numbered sentence of what was done is none."""
    for heading in letter.headings:
        if len(heading.text) <= LONGEST_HEADING and not re.search(r"[，。；]|\d{2}", heading.text):
            yield heading


def meets(entry: Entry, asked: ListConditions) -> bool:
    """True if the letter meets the conditions that its head does not tell of."""
    return (
        (not asked.topic or _about(entry, asked.topic))
        and _took_part(entry, asked.partners)
        and all(any(name in one for one in entry.addressees) for name in asked.people)
        and (not asked.bodies or any(_brought(entry, body) for body in asked.bodies))
        and (not asked.together or (len(entry.addressees) > 1 and not entry.helps))
        and (asked.session is None or _same_session(entry.session, asked.session))
    )


def _took_part(entry: Entry, names: Sequence[str]) -> bool:
    """True if each of ``names`` helped; of several that did it together one may have written."""
    organs = (*entry.partners, entry.issuer) if len(names) > 1 else entry.partners
    return all(any(is_called(organ, name) for organ in organs) for name in names)


def holds(words: str, asked: Sequence[str]) -> bool:
    """True if the folded ``words`` hold each of ``asked`` or a word of the same meaning."""
    return all(any(meaning in words for meaning in meanings(word)) for word in asked)


def _about(entry: Entry, asked: Sequence[str]) -> bool:
    if any(holds(title, asked) for title in entry.titles):
        return True
    named = "\n".join(entry.titles)
    left = [word for word in asked if not holds(named, [word])] or list(asked)
    return any(holds(heading, left) for heading in entry.headings)


def topic_span(letter: Letter, asked: Sequence[str]) -> tuple[str, Span] | None:
    """Where ``letter`` says that it is about that: its title or a heading, and which of them."""
    for title in titles(letter):
        if title.span and holds(searchable(title.value), asked):
            return "题目", title.span
    named = "\n".join(searchable(title.value) for title in titles(letter))
    left = [word for word in asked if not holds(named, [word])] or list(asked)
    for heading in headings(letter):
        if holds(searchable(heading.text), left):
            return "小标题", heading.span
    return None


def is_called(organ: str, name: str) -> bool:
    """True if ``name``, in full or in short, is the ``organ``: 住建局 is 市住房和城乡建设局."""
    plain = _OFFICES.sub("", _PLACE.sub("", name) or name)
    names = {organ, *(organ.replace(full, way) for full, way in _short(organ))}
    ending = plain == name or len(plain) > 2
    return any(
        one.endswith(plain) if ending and not _OFFICES.search(name) else plain in one
        for one in names
    )


def _short(organ: str) -> Iterator[tuple[str, str]]:
    return ((full, way) for full, ways in profile().short.items() if full in organ for way in ways)


def _brought(entry: Entry, body: str) -> bool:
    if entry.helps:
        return False
    if body == ANY_BODY:
        return any(not _PERSON.search(one) for one in entry.addressees[-1:])
    names = [names for names in PARTIES if body == ANY_PARTY or body in names]
    called = [name for group in names for name in group] or [body]
    return any(name in one for one in entry.addressees for name in called)


def _same_session(own: Session | None, asked: Session) -> bool:
    return (
        own is not None
        and asked.body in ("", own.body)
        and asked.term in (None, own.term)
        and asked.number in (None, own.number)
    )
