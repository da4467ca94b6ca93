"""Letters that belong together, what an indexer knows them by, and which must not return."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from kb.types import LetterHead, Scope

Reason = Literal["copy", "older"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A letter that another, ``served``, stands for: it is a copy of it, or an older version.

    ``taken_in`` is as in its ``Traits``.
    """

    head: LetterHead
    served: str
    reason: Reason
    taken_in: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What the indexer knows a letter again by; to a store its parts are mere words and bytes.

    ``taken_in`` says when the letter came with this text: an ISO time in UTC, and for those that
    came at the same time whatever puts them in order.
    """

    taken_in: str
    record: str
    sketch: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """When a letter came that was in the version before, and the digests of what it was read from.

    These are those of its file, of its raw record and of its text.
    """

    taken_in: str
    digests: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order to take a letter down: the digests of its text and of its words, when, and why.

    A digest is "" where there was no such letter, or so few words that others have them too.
    """

    sha256: str
    words: str
    at: str
    reason: str


def meant(scope: Scope, aside: Mapping[str, SetAside]) -> Scope:
    """``scope`` with the letters that are served in place of those set aside."""
    if not aside or not scope.letter_ids:
        return scope
    named = ((letter_id, aside.get(letter_id)) for letter_id in scope.letter_ids)
    return replace(scope, letter_ids=tuple(one.served if one else i for i, one in named))
