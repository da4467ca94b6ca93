"""Whom a citizen can turn to where no letter answers: never one that has nothing to do with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from kb.answer.related import places_elsewhere
from kb.contacts import Contacts
from kb.profile import Profile, profile
from kb.query.directory import directory_of
from kb.query.parse import Query
from kb.replies import Contact
from kb.store.protocol import SnapshotReader
from kb.text.chars import bare
from kb.text.traditional import simplified
from kb.types import Nearest

ORGANS = 2  # organs that are offered at most
_EXTENSION = re.compile(r"转(?P<number>\d+)$")


def way_out(
    query: Query,
    nearest: Iterable[Nearest],
    reader: SnapshotReader,
    *,
    place: Profile | None = None,
) -> tuple[Contact, ...]:
    """What a refusal of ``query`` offers: organs' public telephones, the hotline, the mailbox.

    Where the question tells of a danger, whom to call at once comes before them.
    The organs are those that the question names and those of the ``nearest`` letters, which are
    truly near; none for a question about another place. ``place`` is the profile in force unless
    another is given.
    """
    here = place or profile()
    contacts = here.contacts
    words = simplified(bare(query.typed))
    offered = [
        _called(urgent.name, number)
        for number, urgent in contacts.urgent.items()
        if any(word in words for word in urgent.words)
    ]
    organs = {} if places_elsewhere(query, reader) else _organs(query, nearest, reader, place=here)
    offered += [_called(organ, number) for organ, number in list(organs.items())[:ORGANS]]
    if contacts.hotline:
        offered.append(_called(contacts.hotline_name, contacts.hotline))
    if contacts.mailbox:
        web = contacts.mailbox.startswith(("https://", "http://"))
        href = contacts.mailbox if web else f"mailto:{contacts.mailbox}"
        offered.append(Contact(label=contacts.mailbox_name, value=contacts.mailbox, href=href))
    return tuple(offered)


def _called(label: str, number: str) -> Contact:
    return Contact(label=label, value=number, href=dialled(number))


def dialled(number: str) -> str:
    """The link that dials ``number``; an extension is dialled after a pause."""
    extension = _EXTENSION.search(number)
    whole = number[: extension.start()] if extension else number
    digits = re.sub(r"[^\d+]", "", whole)
    return f"tel:{digits}" + (f",{extension['number']}" if extension else "")


def _organs(
    query: Query, nearest: Iterable[Nearest], reader: SnapshotReader, *, place: Profile
) -> Mapping[str, str]:
    """Organ → telephone: those that the question names, then those of the near letters."""
    telephones = _telephones(query, reader, place.contacts)
    near = (letter.citation.issuer for letter in nearest)
    named = (*sorted(query.named.organs), *_named(query, place))
    wanted = dict.fromkeys(organ for organ in (*named, *near) if organ)
    given = place.contacts.telephones
    found: dict[str, str] = {}  # by telephone: an organ may be named twice
    for organ in wanted:
        if number := telephones.get(organ) or given.get(organ):
            found.setdefault(number, organ)
    return {organ: number for number, organ in found.items()}


def _telephones(query: Query, reader: SnapshotReader, contacts: Contacts) -> Mapping[str, str]:
    """Telephones by issuers: a name that several issuers bear is nobody's."""
    known = directory_of(reader, query.scope).organs
    found: dict[str, str] = {}
    for name, number in contacts.telephones.items():
        issuers = known.get(simplified(name), frozenset())
        if len(issuers) == 1:
            found[next(iter(issuers))] = number
    return found


def _named(query: Query, place: Profile) -> Iterator[str]:
    """The organs with a telephone that the question names, whether or not they issued a letter."""
    asked = simplified(bare(query.typed))
    for name in place.contacts.telephones:
        if any(alias in asked for alias in place.aliases(simplified(name))):
            yield name
