"""What a question names outright: letters by number, organs by any of their names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from kb.errors import LetterNotFound
from kb.profile import profile
from kb.store.codec import admitted
from kb.store.kin import meant
from kb.store.lists import Bearer
from kb.store.memo import memo
from kb.store.protocol import SnapshotReader
from kb.text.chars import bare, fold
from kb.text.own_numbers import plain_number
from kb.text.places import Place, place_from
from kb.text.tokens import number_key
from kb.text.traditional import simplified
from kb.types import EVERY_LETTER, Letter, LetterHead, Scope

PROPOSAL = re.compile(
    r"(?:第\s?(?P<a>[A-Za-z]?\d{1,9})(?:\s?号|(?![\d个条点项件次届年]))"
    r"|(?P<b>\d{1,9})\s?号)\s?[^，。？\s]{0,4}?(?:提案|建议|议案)"
    r"|(?:提案|建议|议案)\s?(?:编号|号)?\s?第?\s?"
    r"(?P<c>\d{1,9})(?:\s?号|(?![\d年月日届次个条项户人万亿.%％]))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a question names outright: letters by number, and organs.

    ``missing`` is a number that no letter bears, ``mentioned`` the letters that mention it.
    """

    letter_ids: tuple[str, ...] = ()
    by: str = ""
    missing: str | None = None
    organs: frozenset[str] = frozenset()
    mentioned: tuple[str, ...] = ()


class Heads(Protocol):
    """The heads of the letters that a directory is of."""

    def get(self, letter_id: str) -> LetterHead | None:
        """The head of a letter; None where it is not one of them."""
        ...

    def years(self) -> Collection[str]:
        """The years of their days."""
        ...

    def numbered(self, asked: str) -> Mapping[str, tuple[str, ...]]:
        """The keys of document numbers that stand in ``asked`` → the letters that bear each.

        By the numbers of letters that are set aside, those that are served for them.
        """
        ...

    def answering(self, number: str) -> Sequence[tuple[LetterHead, str]]:
        """The letters that answer proposal ``number``, and which is served for each."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """What the heads of a snapshot's letters in ``scope`` name: organs by every alias, places.

    Aliases and places are in simplified characters, issuers as the letters have them.
    """

    scope: Scope

    organs: Mapping[str, frozenset[str]]
    places: tuple[Place, ...]
    heads: Heads


@dataclass(frozen=True, slots=True)
class HeadsOfSnapshot:
    """``Heads`` of the letters of ``reader`` in ``scope``, asked for as they are needed."""

    reader: SnapshotReader
    scope: Scope

    def get(self, letter_id: str) -> LetterHead | None:
        try:
            head = self.reader.head(letter_id)
        except LetterNotFound:
            return None
        aside = self.reader.set_aside()
        served = letter_id not in aside and admitted(head, meant(self.scope, aside))
        return head if served else None

    def years(self) -> Collection[str]:
        return self.reader.tally("year", self.scope).keys()

    def numbered(self, asked: str) -> Mapping[str, tuple[str, ...]]:
        lengths = _lengths(self.reader)
        parts = {asked[at : at + n] for n in lengths for at in range(len(asked) - n + 1)}
        found: dict[str, tuple[str, ...]] = {}
        for one in self._of_served(self.reader.bearing("number", sorted(parts))):
            found[one.key] = tuple(dict.fromkeys((*found.get(one.key, ()), one.served)))
        return found

    def answering(self, number: str) -> Sequence[tuple[LetterHead, str]]:
        bearers = self.reader.bearing("proposal_no", [plain_number(number)])
        return [(one.head, one.served) for one in self._of_served(bearers)]

    def _of_served(self, bearers: Iterable[Bearer]) -> list[Bearer]:
        """Those of ``bearers`` for which one of these letters is served, the served ones first."""
        own = [one for one in bearers if self.get(one.served)]
        return sorted(own, key=lambda one: one.head.id != one.served)


@memo()
def _lengths(reader: SnapshotReader) -> Sequence[int]:
    return reader.key_lengths("number")


def directory_of(reader: SnapshotReader, scope: Scope) -> Directory:
    """The directory of the letters of ``reader`` in ``scope``."""
    organs, places = _named(reader, scope)
    heads = HeadsOfSnapshot(reader, scope)
    return Directory(scope=scope, organs=organs, places=places, heads=heads)


@memo()
def _named(
    reader: SnapshotReader, scope: Scope
) -> tuple[Mapping[str, frozenset[str]], tuple[Place, ...]]:
    """The organs by every alias, and the places."""
    called = aliases(reader.tally("issuer", scope))
    places = (place_from(record) for record in reader.tally("place", scope))
    return called, tuple(sorted(places, key=lambda place: place.name))


def aliases(issuers: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """The issuers by each of their names, in simplified characters."""
    called: dict[str, frozenset[str]] = {}
    for issuer in issuers:
        for alias in profile().aliases(simplified(issuer)):
            called[alias] = called.get(alias, frozenset()) | {issuer}
    return called


def names(question: str, known: Directory, *, words: Sequence[str]) -> Named:
    """The letters and organs that ``question`` names outright; ``words`` are its tokens."""
    stated_organs = organs(question, known)
    asked = number_key(question)
    bearing = known.heads.numbered(asked)
    stated = {*bearing}
    # 建办〔2024〕3号 also stands inside 焦建办〔2024〕3号, which is another organ's.
    stated -= {
        number for number in stated for longer in stated if number != longer and number in longer
    }
    if stated:
        exact = tuple(sorted(letter for number in stated for letter in bearing[number]))
        return Named(letter_ids=exact, by="文号", organs=stated_organs)
    proposal = PROPOSAL.search(fold(question))
    if proposal:
        number = (proposal["a"] or proposal["b"] or proposal["c"]).upper()
        bearers = _bearers(number, question, known)
        if bearers or "号" in proposal[0] or len(number) > 2:
            missing = None if bearers else f"第{number}号"
            return Named(letter_ids=bearers, by="提案号", missing=missing)
    unknown = next((token for token in words if re.match(r"[^〔]+〔", token)), None)
    return Named(missing=unknown, organs=stated_organs)


def _bearers(number: str, question: str, known: Directory) -> tuple[str, ...]:
    """Letters that answer proposal ``number``; its kind decides where both kinds bear it."""
    bearers = known.heads.answering(number)
    asked = simplified(question)
    of_kind = [(h, served) for h, served in bearers if h.kind and simplified(h.kind) in asked]
    return tuple(dict.fromkeys(served for _, served in of_kind or bearers))


def organs(question: str, known: Directory) -> frozenset[str]:
    """Issuers that the question names, in full, without their place, or in short.

    A name inside a longer one that is asked does not count: 焦作市住建局 is no other 住建局.
    """
    asked = simplified(bare(question))
    stated = [alias for alias in known.organs if alias in asked]
    whole = [
        alias
        for alias in stated
        if not any(alias != longer and alias in longer for longer in stated)
    ]
    return frozenset(issuer for alias in whole for issuer in known.organs[alias])


def letter_named(name: str, reader: SnapshotReader, *, scope: Scope = EVERY_LETTER) -> Letter:
    """The letter in ``scope`` whose id or document number is ``name``.

    An id gives an older version too, a number the letter that is served.
    Raises LetterNotFound, in the same words whether it is absent or out of scope; where
    several letters bear the number it lists them.
    """
    try:
        head = reader.head(name)
    except LetterNotFound:
        head = None
    if head and admitted(head, scope):
        return reader.letter(name)
    bearing = reader.bearing("number", [number_key(name)])
    named = {one.served for one in bearing if admitted(one.head, scope)}
    if len(named) == 1:
        return reader.letter(*named)
    if named:
        bearers = "、".join(sorted(named))
        raise LetterNotFound(f"文号 {name} 有多份复文：{bearers}；请用编号指明")
    raise LetterNotFound("没有这份复文，或者它没有公开；请核对编号或文号")
