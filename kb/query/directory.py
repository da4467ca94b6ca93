"""What a question names outright: letters by number, organs by any of their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kb.errors import LetterNotFound
from kb.profile import profile
from kb.store.codec import admitted
from kb.store.kin import SetAside
from kb.store.memo import memo
from kb.store.protocol import SnapshotReader
from kb.text.chars import bare, fold
from kb.text.places import Place, known_places
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """What the heads of a snapshot's letters in ``scope`` name: organs by every alias, places.

    Aliases and places are in simplified characters, issuers as the letters have them.
    ``numbers`` are the letters by the key of their document number; ``aside`` are those that
    others stand for, by whose numbers these are asked for too.
    """

    scope: Scope

    organs: Mapping[str, frozenset[str]]
    places: tuple[Place, ...]
    heads: Mapping[str, LetterHead]
    numbers: Mapping[str, tuple[str, ...]]
    aside: tuple[SetAside, ...] = ()


def directory(
    heads: Iterable[LetterHead],
    *,
    aside: Iterable[SetAside] = (),
    scope: Scope = EVERY_LETTER,
) -> Directory:
    """The directory of ``heads``: seconds for 100,000, so it is made once a snapshot."""
    by_id = {head.id: head for head in heads}
    issuers = {head.issuer for head in by_id.values() if head.issuer}
    called: dict[str, frozenset[str]] = {}
    for issuer in issuers:
        for alias in profile().aliases(simplified(issuer)):
            called[alias] = called.get(alias, frozenset()) | {issuer}
    stood_for = tuple(one for one in aside if one.served in by_id)
    numbers: dict[str, tuple[str, ...]] = {}
    for number, letter_id in (
        *((head.number, head.id) for head in by_id.values()),
        *((one.head.number, one.served) for one in stood_for),
    ):
        if number:
            key = number_key(number)
            numbers[key] = tuple(dict.fromkeys((*numbers.get(key, ()), letter_id)))
    titles = (head.title for head in by_id.values() if head.title)
    places = known_places(issuers, titles)
    return Directory(
        scope=scope, organs=called, places=places, heads=by_id, numbers=numbers, aside=stood_for
    )


@memo()
def directory_of(reader: SnapshotReader, scope: Scope) -> Directory:
    """The directory of the letters of ``reader`` in ``scope``."""
    return directory(reader.letters(scope), aside=reader.set_aside().values(), scope=scope)


def names(question: str, known: Directory, *, words: Sequence[str]) -> Named:
    """The letters and organs that ``question`` names outright; ``words`` are its tokens."""
    stated_organs = organs(question, known)
    asked = number_key(question)
    stated = {number for number in known.numbers if number in asked}
    # 建办〔2024〕3号 also stands inside 焦建办〔2024〕3号, which is another organ's.
    stated -= {
        number for number in stated for longer in stated if number != longer and number in longer
    }
    if stated:
        exact = tuple(sorted(letter for number in stated for letter in known.numbers[number]))
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
    heads = (*known.heads.values(), *(one.head for one in known.aside))
    bearers = [h for h in heads if h.proposal_no and _same_number(h.proposal_no, number)]
    asked = simplified(question)
    of_kind = [head for head in bearers if head.kind and simplified(head.kind) in asked]
    served = {one.head.id: one.served for one in known.aside}
    return tuple(dict.fromkeys(served.get(head.id, head.id) for head in of_kind or bearers))


def _same_number(own: str, asked: str) -> bool:
    return own.upper().lstrip("0") == asked.lstrip("0")


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
    key = number_key(name)
    heads = reader.letters(scope)
    aside = [one for one in reader.set_aside().values() if admitted(one.head, scope)]
    if name in {*(head.id for head in heads), *(one.head.id for one in aside)}:
        return reader.letter(name)
    bearing = [(head, head.id) for head in heads] + [(one.head, one.served) for one in aside]
    named = {served for head, served in bearing if head.number and number_key(head.number) == key}
    if len(named) == 1:
        return reader.letter(*named)
    if named:
        bearers = "、".join(sorted(named))
        raise LetterNotFound(f"文号 {name} 有多份复文：{bearers}；请用编号指明")
    raise LetterNotFound("没有这份复文，或者它没有公开；请核对编号或文号")
