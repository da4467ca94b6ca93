"""The letters that citizens do not see for another reason than a clear mark, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kb.errors import KbError
from kb.privacy.publicity import NAMES, Reason, reasons, words_of
from kb.store.memo import memo
from kb.store.protocol import SnapshotReader
from kb.text.titles import name_of
from server.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """A letter that is held back: its id and name, how public it is, why, its marks' words."""

    id: str
    name: str
    level: str
    reasons: tuple[Reason, ...]
    marks: tuple[str, ...]


def held_back(desk: Desk) -> tuple[HeldBack, ...]:
    """The letters held back now; none while nothing can be read."""
    try:
        return _held_back(desk.store.current())
    except KbError:
        return ()


@memo()
def _held_back(reader: SnapshotReader) -> tuple[HeldBack, ...]:
    return tuple(_found(reader))


def _found(reader: SnapshotReader) -> Iterator[HeldBack]:
    for head in reader.letters():
        if head.publicity == "public":
            continue
        letter = reader.letter(head.id)
        if why := reasons(letter.flags):
            yield HeldBack(
                id=letter.id,
                name=name_of(letter),
                level=NAMES[letter.publicity],
                reasons=why,
                marks=words_of(letter),
            )
