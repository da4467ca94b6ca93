"""What lists ask of a letter beyond its head, kept apart so that no text is read for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from kb.types import Letter, LetterHead

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A letter's titles, headings and partners, as they stand in it."""

    id: str
    title: str | None
    proposal_title: str | None
    assembly: str | None
    headings: tuple[str, ...]
    co_organs: tuple[str, ...]
    addressees: tuple[str, ...]


def outline_of(letter: Letter) -> Outline:
    """The outline of a letter."""
    return Outline(
        id=letter.id,
        title=letter.title.value if letter.title else None,
        proposal_title=letter.value("proposal_title"),
        assembly=letter.value("assembly"),
        headings=tuple(heading.text for heading in letter.headings),
        co_organs=tuple(field.value for field in letter.lists.get("co_organs", ())),
        addressees=tuple(field.value for field in letter.lists.get("addressees", ())),
    )


def outline_json(outline: Outline) -> str:
    """The outline as one line of JSON, without the letter's id."""
    values = [getattr(outline, name) for name in Outline.__slots__[1:]]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def outline_from(record: str, *, letter_id: str) -> Outline:
    """The outline that ``outline_json`` wrote, as that of the letter ``letter_id``."""
    title, proposal_title, assembly, headings, co_organs, addressees = json.loads(record)
    return Outline(
        id=letter_id,
        title=title,
        proposal_title=proposal_title,
        assembly=assembly,
        headings=tuple(headings),
        co_organs=tuple(co_organs),
        addressees=tuple(addressees),
    )
