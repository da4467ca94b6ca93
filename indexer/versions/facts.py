"""What tells one letter from another: numbers, organ, day, class, whom it answers and on what."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import asdict, dataclass
from hashlib import sha256

from kb.text.chars import searchable
from kb.text.similarity import dice, pairs
from kb.text.titles import consulted
from kb.text.tokens import number_key
from kb.types import Letter, Publicity

SAME_SUBJECT = 0.5  # of the pairs of characters of two titles, that one subject shares (Dice)
# A reply that goes on from another one, which still holds.
_GOES_ON = re.compile(r"补充|续(?=复|报|办)|进展|落实情况|办理情况|跟踪|阶段性|后续")

# What every proposal's title begins and ends with.
_FRAME = re.compile(r"^关于|的?(?:提案|建议|议案)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The facts of a letter, folded; "" and () where it states none.

    ``text`` is the digest of the letter proper (``copies.Words``), ``length`` that of all of it,
    ``doubts`` how many flags say that it may have been read badly. ``earlier_of`` is the id of
    the letter whose former text this is; persons are kept as digests.
    """

    number: str
    proposal: str
    assembly: str
    kind: str
    issuer: str
    day: str
    result_class: str
    title: str
    subject: str
    persons: tuple[str, ...]
    consulted: bool
    goes_on: bool
    publicity: Publicity
    text: str
    length: int
    doubts: int
    earlier_of: str = ""

    @property
    def matter(self) -> tuple[str, ...]:
        """The proposal that it answers, and who answers it; () if not all of it is stated."""
        year = "" if "次" in self.assembly else self.day[:4]  # of one session each has its number
        stated = (self.assembly, self.kind, self.proposal, self.issuer)
        return (*stated, year) if all(stated) and (year or "次" in self.assembly) else ()

    @property
    def stated(self) -> int:
        """How many facts it states."""
        return sum(map(bool, (self.number, *self.matter, self.day, self.title, self.persons)))


def facts_of(letter: Letter, *, text: str, length: int, earlier_of: str = "") -> Facts:
    """The facts of ``letter`` as it was read, nothing of it hidden."""
    title = letter.title.value if letter.title else ""
    people = {searchable(person.value) for person in letter.lists.get("addressees", ())}
    number = letter.value("number")
    return Facts(
        number=number_key(number) if number else "",
        proposal=_folded(letter, "proposal_no").upper().lstrip("0"),
        assembly=_folded(letter, "assembly"),
        kind=_folded(letter, "kind"),
        issuer=_folded(letter, "issuer"),
        day=letter.value("issued_on") or "",
        result_class=_folded(letter, "result_class"),
        title="".join(filter(str.isalnum, searchable(title))),
        subject=_FRAME.sub("", "".join(filter(str.isalnum, _folded(letter, "proposal_title")))),
        persons=tuple(sorted(map(digest, people))),
        consulted=consulted(title),
        goes_on=bool(_GOES_ON.search(title)),
        publicity=letter.publicity,
        text=text,
        length=length,
        doubts=len(letter.flags),
        earlier_of=earlier_of,
    )


def digest(words: str) -> str:
    """A short name for ``words`` that does not tell them."""
    return sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def record_of(facts: Facts) -> str:
    """The facts as one line of JSON."""
    return json.dumps(asdict(facts), ensure_ascii=False, separators=(",", ":"))


def facts_from(record: str) -> Facts:
    """The facts that ``record_of`` wrote."""
    raw = json.loads(record)
    return Facts(**{**raw, "persons": tuple(raw["persons"])})


def of_one_letter(one: Facts, other: Facts) -> bool:
    """True if nothing that the two state forbids that they are versions of one letter."""
    return (
        one.publicity == other.publicity
        and _agree(one.number, other.number)
        and (not one.title or not other.title or _of_one_kind(one, other))
        and _agree(one.proposal, other.proposal)
        and _agree(one.assembly, other.assembly)
        and _agree(one.kind, other.kind)
        and _holding(one.issuer, other.issuer)
        and _meet(one.persons, other.persons)
        and _on_one_subject(one.subject, other.subject)
    )


def of_one_text(one: Facts, other: Facts) -> bool:
    """True if nothing that the two state forbids that they are copies of one text."""
    return (
        of_one_letter(one, other)
        and _agree(one.day, other.day)
        and _agree(one.result_class, other.result_class)
        and _holding(one.title, other.title)
        and _holding(one.subject, other.subject)
    )


def _of_one_kind(one: Facts, other: Facts) -> bool:
    return one.consulted == other.consulted and one.goes_on == other.goes_on


def _folded(letter: Letter, name: str) -> str:
    return searchable(letter.value(name) or "")


def _agree(one: str, other: str) -> bool:
    return not one or not other or one == other


def _holding(one: str, other: str) -> bool:
    """True if one is the other, at length or in short: 市民政局, 云岭市民政局."""
    return one in other or other in one


def _meet(one: Collection[str], other: Collection[str]) -> bool:
    return not one or not other or bool(set(one) & set(other))


def _on_one_subject(one: str, other: str) -> bool:
    if not one or not other or _holding(one, other):
        return True
    left, right = pairs(one), pairs(other)
    return dice(len(left & right), len(left), len(right)) >= SAME_SUBJECT
