"""What a snapshot is asked of all its letters at once: lists, counts, who bears a number.

However many letters there are, a store answers from what it has in order and reads no text for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from kb.store.outline import Outline
from kb.types import EVERY_LETTER, LetterHead, Scope

# What letters can be looked up by: ``number`` by ``kb.text.tokens.number_key`` of the document
# number that its fields have, ``own_number`` by the numbers that its words give for its own,
# ``proposal_no`` by ``kb.text.own_numbers.plain_number``.
Key = Literal["number", "own_number", "proposal_no"]
# What letters can be counted by; ``place`` is what ``kb.text.places`` finds in issuer and title.
Trait = Literal["issuer", "year", "publicity", "place"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """A letter that bears the number ``key``; ``served`` is the one that is served for it."""

    key: str
    head: LetterHead
    served: str


class Lists(Protocol):
    """Questions about the letters of a snapshot; of those that are served where not said else."""

    def letters(
        self,
        scope: Scope = EVERY_LETTER,
        *,
        issuers: Collection[str] = (),
        days: Sequence[tuple[str, str]] = (),
    ) -> Sequence[LetterHead]:
        """The heads of the letters in ``scope`` that are served, ordered by id (code points).

        Those of ``issuers`` alone where any are given; those whose ``issued_on`` lies within one of
        ``days``, both ends included, where any are. They are read as they are asked for: their
        number costs little, to go through them takes some microseconds each.
        """
        ...

    def ordinals(self, scope: Scope) -> Iterator[tuple[str, range]]:
        """The ids of the letters that ``letters`` gives and the ordinals of their passages."""
        ...

    def head(self, letter_id: str) -> LetterHead:
        """The head of a letter, served or set aside. Raises LetterNotFound."""
        ...

    def newest(self, most: int, scope: Scope) -> Sequence[LetterHead]:
        """The heads of the ``most`` letters in ``scope`` of the latest day, those without one last.

        Those of one day stand by id. Served ones alone.
        """
        ...

    def tally(self, what: Trait, scope: Scope) -> Mapping[str, int]:
        """How many letters in ``scope`` that are served have each value of a trait.

        Values of ``year`` have no zeros in front, those of ``place`` are JSON.
        """
        ...

    def bearing(self, what: Key, keys: Sequence[str]) -> Sequence[Bearer]:
        """The letters, served or set aside, that bear one of ``keys``, by id."""
        ...

    def key_lengths(self, what: Key) -> Sequence[int]:
        """The lengths, in code points, that keys of this kind have, ascending."""
        ...

    def outlines(
        self,
        scope: Scope,
        *,
        issuers: Collection[str] = (),
        days: Sequence[tuple[str, str]] = (),
        words: Sequence[Collection[str]] = (),
    ) -> Iterator[tuple[LetterHead, Outline]]:
        """The heads and outlines of the letters that ``letters`` gives for the same arguments.

        Where ``words`` are given, of those alone whose titles, headings, partners and addressees
        hold, taken together, one of each group. What is not asked for is not read.
        """
        ...
