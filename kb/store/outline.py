"""What lists ask of a letter beyond its head, kept apart so that no text is read for it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from kb.text.chars import searchable
from kb.text.titles import consulted, name_of, subject_headings, titles
from kb.text.traditional import simplified
from kb.types import Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What lists ask of a letter, of which its head tells nothing; all but ``name`` is folded.

    ``titles`` are the proposal's and its own, ``headings`` those that name a subject, as
    ``kb.text.chars.searchable`` has them. ``partners``, ``addressees`` and ``assembly`` are in
    simplified characters, and so is ``about``: all headings, where no proposal's title tells what
    the letter is about. ``helps`` is true of a 会办意见.
    """

    id: str
    name: str
    titles: tuple[str, ...]
    headings: tuple[str, ...]
    about: str
    partners: tuple[str, ...]
    addressees: tuple[str, ...]
    assembly: str
    helps: bool

    @property
    def words(self) -> str:
        """All that lists look for words in, folded once more."""
        parts = (*self.titles, *self.headings, *self.partners, *self.addressees)
        return searchable("\n".join(parts))


def outline_of(letter: Letter) -> Outline:
    """The outline of a letter."""
    lists = letter.lists
    about = "" if letter.value("proposal_title") else "\n".join(h.text for h in letter.headings)
    return Outline(
        id=letter.id,
        name=name_of(letter),
        titles=tuple(searchable(title.value) for title in titles(letter)),
        headings=tuple(searchable(heading.text) for heading in subject_headings(letter)),
        about=simplified(about),
        partners=tuple(simplified(field.value) for field in lists.get("co_organs", ())),
        addressees=tuple(simplified(field.value) for field in lists.get("addressees", ())),
        assembly=simplified(letter.value("assembly") or ""),
        helps=consulted(letter.title.value if letter.title else None),
    )


def outline_json(outline: Outline) -> str:
    """The outline as one line of JSON, without the letter's id."""
    values = [getattr(outline, name) for name in Outline.__slots__[1:]]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def outline_from(record: str, *, letter_id: str) -> Outline:
    """The outline that ``outline_json`` wrote, as that of the letter ``letter_id``."""
    name, titles, headings, about, partners, addressees, assembly, helps = json.loads(record)
    return Outline(
        id=letter_id,
        name=name,
        titles=tuple(titles),
        headings=tuple(headings),
        about=about,
        partners=tuple(partners),
        addressees=tuple(addressees),
        assembly=assembly,
        helps=helps,
    )
