"""What belongs to a letter: the version that is served for it, its earlier ones, its copies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kb.store.codec import admitted
from kb.store.kin import SetAside
from kb.store.memo import memo
from kb.store.protocol import SnapshotReader
from kb.types import Letter, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """An older version or a copy of a letter, and the day when it was taken in, an ISO date."""

    letter: Letter
    taken_in: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """The letters that belong to one: ``newer`` or ``copy_of`` is the one served in its place.

    A letter that is served has its older versions and its copies, the newest first.
    """

    newer: Letter | None = None
    copy_of: Letter | None = None
    earlier: tuple[Related, ...] = ()
    copies: tuple[Related, ...] = ()


ALONE = Kin()


def kin_of(letter_id: str, reader: SnapshotReader, *, scope: Scope) -> Kin:
    """What in ``scope`` belongs to the letter ``letter_id``. Raises LetterNotFound."""
    aside = reader.set_aside().get(letter_id)
    if aside:
        served = reader.letter(aside.served)
        return Kin(newer=served) if aside.reason == "older" else Kin(copy_of=served)
    found = [one for one in _set_aside_for(reader).get(letter_id, ()) if admitted(one.head, scope)]
    found.sort(key=lambda one: (one.head.issued_on or "", one.taken_in, one.head.id), reverse=True)
    related = {
        why: tuple(
            Related(letter=reader.letter(one.head.id), taken_in=one.taken_in[:10])
            for one in found
            if one.reason == why
        )
        for why in ("older", "copy")
    }
    return Kin(earlier=related["older"], copies=related["copy"])


@memo()
def _set_aside_for(reader: SnapshotReader) -> Mapping[str, Sequence[SetAside]]:
    found: defaultdict[str, list[SetAside]] = defaultdict(list)
    for aside in reader.set_aside().values():
        found[aside.served].append(aside)
    return found
