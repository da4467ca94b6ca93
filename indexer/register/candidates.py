"""Which letters a row may mean: by its number, by the number of the reply, by its title."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from indexer.register.assembly import Assembly, agree, assembly_in, kinds_of
from indexer.register.likeness import (
    number_forms,
    number_key,
    same_organ,
    same_person,
    same_title,
    title_key,
)
from kb.privacy.publicity import CONTRIBUTION
from kb.store.register import RegisterRow
from kb.text.titles import consulted, subject_of
from kb.types import Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a letter says of its proposal, as it is compared; "" and () for what it doesn't say."""

    letter_id: str
    numbers: frozenset[str]
    kind: str
    assembly: Assembly | None
    reply_number: str
    title: str
    issuer: str
    addressees: tuple[str, ...]
    contribution: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What a row says of its letter, as it is compared."""

    row: RegisterRow
    numbers: frozenset[str]
    kinds: tuple[str, ...]
    assembly: Assembly | None
    reply_number: str
    title: str
    organs: tuple[str, ...]


def known_of(letter: Letter) -> Known:
    """What is compared of ``letter``."""
    assembly = assembly_in(letter.value("assembly") or "")
    number = letter.value("proposal_no") or ""
    term, times = (assembly.term, assembly.times) if assembly else (0, 0)
    title = letter.title.value if letter.title else None
    return Known(
        letter_id=letter.id,
        numbers=number_forms(number, term, times) if number else frozenset(),
        kind=letter.value("kind") or "",
        assembly=assembly,
        reply_number=number_key(letter.value("number") or ""),
        title=title_key(letter.value("proposal_title") or subject_of(letter) or ""),
        issuer=letter.value("issuer") or "",
        addressees=tuple(field.value for field in letter.lists.get("addressees", ())),
        contribution=CONTRIBUTION in letter.flags or consulted(title),
    )


def sought_by(row: RegisterRow) -> Sought:
    """What is compared of ``row``."""
    assembly = assembly_in(row.assembly)
    term, times = (assembly.term, assembly.times) if assembly else (0, 0)
    forms = (number_forms(number, term, times) for number in row.numbers)
    return Sought(
        row=row,
        numbers=frozenset().union(*forms),
        kinds=(row.kind,) if row.kind else kinds_of(assembly),
        assembly=assembly,
        reply_number=number_key(row.reply_number),
        title=title_key(row.title),
        organs=(*row.host, *row.organs, *row.co_organs),
    )


class Letters:
    """The letters of a draft, to be found by what a row says."""

    def __init__(self, letters: Iterable[Known]) -> None:
        self._by_number: dict[str, list[Known]] = defaultdict(list)
        self._by_reply: dict[str, list[Known]] = defaultdict(list)
        self._by_title: dict[str, list[Known]] = defaultdict(list)
        for letter in letters:
            for number in letter.numbers:
                self._by_number[number].append(letter)
            if letter.reply_number:
                self._by_reply[letter.reply_number].append(letter)
            if letter.title:
                self._by_title[letter.title].append(letter)

    def by_number(self, sought: Sought) -> list[Known]:
        """Those with one of its numbers, unless their kind or their session is another."""
        return _once(
            letter
            for number in sorted(sought.numbers)
            for letter in self._by_number.get(number, ())
            if _may_be(sought, letter)
        )

    def by_reply(self, sought: Sought) -> list[Known]:
        """Those with the number of the reply."""
        return list(self._by_reply.get(sought.reply_number, ())) if sought.reply_number else []

    def by_title(self, sought: Sought) -> list[Known]:
        """Those with just its title, unless their number, kind or session is another."""
        found = self._by_title.get(sought.title, ()) if sought.title else ()
        return [
            letter
            for letter in found
            if _may_be(sought, letter)
            and not (sought.numbers and letter.numbers and not sought.numbers & letter.numbers)
        ]


def of_session(sought: Sought, letters: Sequence[Known]) -> list[Known]:
    """Those of ``letters`` that name the session of the row."""
    return [letter for letter in letters if sought.assembly and letter.assembly]


def denies(sought: Sought, letter: Known) -> bool:
    """True if the title says that it is another proposal."""
    return bool(sought.title and letter.title) and not same_title(sought.title, letter.title)


def supports(sought: Sought, letter: Known) -> bool:
    """True if title, organ or proposer say that it is this proposal."""
    told: Sequence[Callable[[], bool]] = (
        lambda: bool(sought.title and letter.title) and same_title(sought.title, letter.title),
        lambda: bool(letter.issuer) and any(same_organ(letter.issuer, o) for o in sought.organs),
        lambda: same_person(sought.row.proposers, letter.addressees),
    )
    return any(tells() for tells in told)


def one_session(letters: Sequence[Known]) -> bool:
    """True if all of ``letters`` may be of one session, and none leaves open of which."""
    told = [letter.assembly for letter in letters]
    if len(letters) > 1 and None in told:
        titles = {letter.title for letter in letters}
        return len(titles) == 1 and "" not in titles
    sessions = [assembly for assembly in told if assembly]
    return all(agree(one, other) for one in sessions for other in sessions)


def _may_be(sought: Sought, letter: Known) -> bool:
    if sought.kinds and letter.kind and letter.kind not in _kinds(sought.kinds):
        return False
    if sought.assembly and letter.assembly:
        return agree(sought.assembly, letter.assembly)
    told = kinds_of(letter.assembly)
    return not (sought.kinds and told) or bool(set(_kinds(sought.kinds)) & set(told))


def _kinds(kinds: Sequence[str]) -> Sequence[str]:
    """建议 and 议案 are told apart in tables, and seldom in letters."""
    return ("建议", "议案") if set(kinds) & {"建议", "议案"} else kinds


def _once(letters: Iterable[Known]) -> list[Known]:
    return list({letter.letter_id: letter for letter in letters}.values())
