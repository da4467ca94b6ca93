"""Which letters are served, and which are set aside as copies or as older versions of these.

Of all letters of a base, by their facts and texts alone: however they came, the outcome is one.
Two letters are versions of one if they have the same document number, or answer the same proposal
of the same assembly in the name of the same organ, and nothing that they state speaks against it:
of two document numbers there are two letters.
The version of the latest day is served, among those of one day the one that came last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from indexer.versions.copies import Words, alike, copied, words_of
from indexer.versions.facts import Facts, digest, facts_from, facts_of, of_one_letter, record_of
from indexer.versions.minhash import candidates, sketch
from kb.store.kin import Reason, Traits
from kb.types import Letter

NEIGHBOURS = 32  # letters of one group that each is compared with
Aside = Mapping[str, tuple[str, Reason]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Base:
    """The letters by id, and their words once they are looked at."""

    facts: Mapping[str, Facts]
    traits: Mapping[str, Traits]
    load: Callable[[str], Letter]
    known: dict[str, Words] = field(default_factory=dict)

    def words(self, one: str, other: str) -> tuple[Words, Words]:
        for letter_id in (one, other):
            if letter_id not in self.known:
                self.known[letter_id] = words_of(self.load(letter_id))
        return self.known[one], self.known[other]


def traits_of(letter: Letter, *, taken_in: str, earlier_of: str = "") -> Traits:
    """What ``letter``, as it was read with nothing of it hidden, is known again by."""
    words = words_of(letter)
    facts = facts_of(
        letter, text=digest(words.proper), length=len(words.whole), earlier_of=earlier_of
    )
    return Traits(taken_in=taken_in, record=record_of(facts), sketch=sketch(words.whole))


def arranged(traits: Mapping[str, Traits], load: Callable[[str], Letter]) -> Aside:
    """Which letters are set aside: for which other, and why. ``load`` gives a letter unmasked."""
    every = {letter_id: facts_from(traits[letter_id].record) for letter_id in sorted(traits)}
    facts = {letter_id: found for letter_id, found in every.items() if not found.earlier_of}
    base = _Base(facts=facts, traits=traits, load=load)
    edges = {pair: why for pair in _pairs(base) if (why := _one_letter(*pair, base))}
    aside: dict[str, tuple[str, Reason]] = {}
    for family in _families(edges, facts):
        aside |= _ordered(family, edges, base)
    for letter_id, found in every.items():
        if found.earlier_of in facts:
            served = aside.get(found.earlier_of, (found.earlier_of, "older"))[0]
            aside[letter_id] = (served, "older")
    return aside


def _pairs(base: _Base) -> set[tuple[str, str]]:
    """The pairs that are worth a look."""
    groups: defaultdict[Hashable, list[str]] = defaultdict(list)
    for letter_id, facts in base.facts.items():
        for key in (("number", facts.number), ("matter", *facts.matter), ("text", facts.text)):
            if len(key) > 1 and key[1]:
                groups[key].append(letter_id)
    ids = list(base.facts)
    for place, group in enumerate(candidates([base.traits[one].sketch for one in ids])):
        for at in group:
            facts = base.facts[ids[at]]
            groups[place, facts.proposal, facts.day].append(ids[at])
    return {pair for group in groups.values() for pair in _neighbours(group)}


def _neighbours(group: Sequence[str]) -> Iterator[tuple[str, str]]:
    for place, one in enumerate(group):
        for other in group[place + 1 : place + 1 + NEIGHBOURS]:
            yield one, other


def _one_letter(one: str, other: str, base: _Base) -> Reason | None:
    """Why the two are one letter: as copies, or as versions; None if they are two."""
    left, right = base.facts[one], base.facts[other]
    if not of_one_letter(left, right):
        return None
    if copied(left, right, words=base.words(one, other)):
        return "copy"
    if left.matter and left.matter == right.matter:
        return "older"
    same_number = left.number and left.number == right.number
    return "older" if same_number and alike(base.words(one, other)) else None


def _families(
    edges: Iterable[tuple[str, str]], facts: Mapping[str, Facts]
) -> Iterator[Sequence[str]]:
    """The letters that are one letter each, two and more.

    No two of a family state what speaks against it; a letter that could as well be of another
    family is of none.
    """
    beside: defaultdict[str, set[str]] = defaultdict(set)
    for one, other in edges:
        beside[one].add(other)
        beside[other].add(one)
    family_of: dict[str, list[str]] = {}
    for letter_id in sorted(beside, key=lambda one: (-facts[one].stated, one)):
        near = {id(family_of[o]): family_of[o] for o in beside[letter_id] if o in family_of}
        fitting = [
            family
            for family in near.values()
            if all(of_one_letter(facts[letter_id], facts[member]) for member in family)
        ]
        if len(fitting) <= 1:
            family = fitting[0] if fitting else []
            family.append(letter_id)
            family_of[letter_id] = family
    yield from (f for f in {id(f): f for f in family_of.values()}.values() if len(f) > 1)


def _ordered(
    family: Sequence[str], edges: Mapping[tuple[str, str], Reason], base: _Base
) -> dict[str, tuple[str, Reason]]:
    """The members that are set aside, for the best copy of the newest version."""
    versions = [{letter_id} for letter_id in family]
    for pair, why in edges.items():
        if why == "copy" and set(pair) <= set(family):
            met = [version for version in versions if version & set(pair)]
            versions = [v for v in versions if v not in met] + [set().union(*met)]

    def age(version: set[str]) -> tuple[str, str, str]:
        day = max(base.facts[member].day for member in version)
        return day, min(base.traits[member].taken_in for member in version), min(version)

    def best(member: str) -> tuple[int, int, int, str]:
        facts = base.facts[member]
        return -facts.stated, facts.doubts, -facts.length, member

    newest = max(versions, key=age)
    served = min(newest, key=best)
    return {
        member: (served, "copy" if member in newest else "older")
        for member in family
        if member != served
    }
