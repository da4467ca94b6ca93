"""What lists ask of the letters beyond their heads: titles, headings, who took part."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from kb.profile import profile
from kb.query.brought import ANY_BODY, ANY_PARTY, PARTIES, session
from kb.query.conditions import ListConditions, Session
from kb.store.outline import Outline
from kb.text.chars import searchable
from kb.text.synonyms import meanings
from kb.text.titles import subject_headings, titles
from kb.text.traditional import simplified
from kb.types import Letter, Span

_PERSON = re.compile(r"(?:委员|代表)$")
_PLACE = re.compile(r"^(?:[^省市]{2,8}?[省市])?(?:[省市区县])?")
_OFFICES = re.compile(r"(?:部门|单位|企业)$")


def needed(asked: ListConditions) -> list[Collection[str]]:
    """Groups of words of which a letter that ``meets`` the conditions must hold one each."""
    groups: list[Collection[str]] = [meanings(word) for word in asked.topic]
    groups += [(name,) for name in asked.people]
    if asked.bodies and ANY_BODY not in asked.bodies:
        groups.append([name for body in asked.bodies for name in _names(body)])
    return groups


def meets(entry: Outline, asked: ListConditions, *, issuer: str) -> bool:
    """True if the letter, of ``issuer``, meets the conditions that its head does not tell of."""
    return (
        (not asked.topic or _about(entry, asked.topic))
        and _took_part(entry, asked.partners, issuer=simplified(issuer))
        and all(any(name in one for one in entry.addressees) for name in asked.people)
        and (not asked.bodies or any(_brought(entry, body) for body in asked.bodies))
        and (not asked.together or (len(entry.addressees) > 1 and not entry.helps))
        and (asked.session is None or _same_session(session(entry.assembly)[0], asked.session))
    )


def _took_part(entry: Outline, names: Sequence[str], *, issuer: str) -> bool:
    """True if each of ``names`` helped; of several that did it together one may have written."""
    organs = (*entry.partners, issuer) if len(names) > 1 else entry.partners
    return all(any(is_called(organ, name) for organ in organs) for name in names)


def holds(words: str, asked: Sequence[str]) -> bool:
    """True if the folded ``words`` hold each of ``asked`` or a word of the same meaning."""
    return all(any(meaning in words for meaning in meanings(word)) for word in asked)


def _about(entry: Outline, asked: Sequence[str]) -> bool:
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
    for heading in subject_headings(letter):
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


def _brought(entry: Outline, body: str) -> bool:
    if entry.helps:
        return False
    if body == ANY_BODY:
        return any(not _PERSON.search(one) for one in entry.addressees[-1:])
    return any(name in one for one in entry.addressees for name in _names(body))


def _names(body: str) -> list[str]:
    """What a party, any of them, or another body is called."""
    groups = [names for names in PARTIES if body == ANY_PARTY or body in names]
    return [name for names in groups for name in names] or [body]


def _same_session(own: Session | None, asked: Session) -> bool:
    return (
        own is not None
        and asked.body in ("", own.body)
        and asked.term in (None, own.term)
        and asked.number in (None, own.number)
    )
