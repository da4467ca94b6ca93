"""A directory of heads that are at hand, not of a snapshot's."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kb.query.directory import Directory, aliases
from kb.store.kin import SetAside
from kb.text.own_numbers import plain_number
from kb.text.places import known_places
from kb.text.tokens import number_key
from kb.types import EVERY_LETTER, LetterHead, Scope


@dataclass(frozen=True, slots=True)
class GivenHeads:
    """``kb.query.directory.Heads`` over heads by id and letters that others stand for."""

    by_id: Mapping[str, LetterHead]
    aside: Sequence[SetAside] = field(default=())

    def get(self, letter_id: str) -> LetterHead | None:
        return self.by_id.get(letter_id)

    def years(self) -> Collection[str]:
        return {(head.issued_on or "")[:4] for head in self.by_id.values()} - {""}

    def numbered(self, asked: str) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for head, served in self._borne():
            if head.number and (key := number_key(head.number)) in asked:
                found[key] = tuple(dict.fromkeys((*found.get(key, ()), served)))
        return found

    def answering(self, number: str) -> Sequence[tuple[LetterHead, str]]:
        return [
            (head, served)
            for head, served in self._borne()
            if head.proposal_no and plain_number(head.proposal_no) == plain_number(number)
        ]

    def _borne(self) -> list[tuple[LetterHead, str]]:
        """Every letter with the one that is served for it."""
        own = [(head, head.id) for head in self.by_id.values()]
        return own + [(one.head, one.served) for one in self.aside if one.served in self.by_id]


def directory(
    heads: Iterable[LetterHead], *, aside: Iterable[SetAside] = (), scope: Scope = EVERY_LETTER
) -> Directory:
    """The directory of ``heads``, and of the letters set aside for one of them."""
    by_id = {head.id: head for head in heads}
    issuers = {head.issuer for head in by_id.values() if head.issuer}
    titles = (head.title for head in by_id.values() if head.title)
    return Directory(
        scope=scope,
        organs=aliases(issuers),
        places=known_places(issuers, titles),
        heads=GivenHeads(by_id, tuple(aside)),
    )
