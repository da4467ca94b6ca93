"""Registers of proposals joined to the letters of a draft, and what the letters lack filled in.

By session, kind and number; else by the number of the reply; else by just the title. What is not
certain is told and never guessed. Where a letter and its row differ the letter is believed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from indexer.register.candidates import (
    Known,
    Letters,
    Sought,
    denies,
    known_of,
    of_session,
    one_session,
    sought_by,
    supports,
)
from indexer.register.fill import conflicts, filled, stripped, takes_part
from kb.profile import Masking, profile
from kb.store.protocol import Draft
from kb.store.register import Outcome, Registers, Standing
from kb.types import Letter


@dataclass(frozen=True, slots=True)
class _Found:
    """The letters that a row means, or ``why`` it can't be told which of them."""

    letters: Sequence[Known]
    why: str = ""


def rejoin(draft: Draft, corrections: Mapping[str, Collection[str]]) -> None:
    """Join registers and letters of ``draft`` anew, unless nothing has changed.

    To be called once it is decided which letters are set aside. ``corrections`` are as in ``join``.
    """
    if draft.changed:
        join(draft.registers, profile().masking, corrections=corrections)


def join(
    registers: Registers,
    masking: Masking,
    *,
    corrections: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> None:
    """Join every row of ``registers``, and bring the letters of the draft up to that.

    A letter that is set aside is joined to none: the one that stands for it is. ``masking`` says
    whether citizens may see who brought a proposal. ``corrections`` are the fields, by letter, of
    which staff said what it has: where they said that it has none, it stays so.
    """
    rows, before = registers.rows(), registers.filled()
    if not rows and not before:
        return
    letters = {letter.id: stripped(letter) for letter in registers.letters()}
    aside = registers.set_aside()
    known = Letters(known_of(letter) for name, letter in letters.items() if name not in aside)
    sought = [sought_by(found.row) for found in rows]
    outcomes = [_outcome(one, known, letters) for one in sought]
    registers.settle(outcomes)
    joined: dict[str, list[tuple[Sought, Outcome]]] = {}
    for one, outcome in zip(sought, outcomes, strict=True):
        for letter_id in outcome.letters if outcome.standing != "ambiguous" else ():
            joined.setdefault(letter_id, []).append((one, outcome))
    for letter_id in sorted(before | joined.keys()):
        told = joined.get(letter_id, [])
        settled = corrections.get(letter_id, ())
        registers.amend(filled(letters[letter_id], told, masking, settled=settled))


def _outcome(sought: Sought, known: Letters, letters: Mapping[str, Letter]) -> Outcome:
    """What becomes of a row."""
    found = _meant(sought, known)
    ids = tuple(sorted(letter.letter_id for letter in found.letters))
    if found.why:
        return Outcome(standing="ambiguous", letters=ids, why=found.why)
    if not ids:
        return Outcome(standing="unanswered")
    differing = tuple(
        conflict
        for letter in sorted(found.letters, key=lambda letter: letter.letter_id)
        for conflict in conflicts(letters[letter.letter_id], letter, sought)
    )
    replied = any(not takes_part(letters[letter_id], sought) for letter_id in ids)
    standing: Standing = "joined" if replied else "unanswered"
    return Outcome(standing=standing, letters=ids, conflicts=differing)


def _meant(sought: Sought, known: Letters) -> _Found:
    """The letters that the row means, by the strongest of the ways that find one."""
    numbered, replying = known.by_number(sought), known.by_reply(sought)
    if numbered:
        return _numbered(sought, numbered, replying)
    if replying:
        return (
            _Found(replying) if one_session(replying) else _Found(replying, "有几份复文用这个文号")
        )
    titled = known.by_title(sought)
    if len(titled) > 1 and not one_session(titled):
        return _Found(titled, "有几份复文答的是这个案由")
    return _Found(titled)


def _numbered(sought: Sought, numbered: Sequence[Known], replying: Sequence[Known]) -> _Found:
    """Those of ``numbered`` that are meant; ``replying`` have the number of the row's reply."""
    both = [letter for letter in numbered if letter in replying]
    if replying and not both and all(letter.numbers for letter in replying):
        return _Found([*numbered, *replying], "编号和答复文号指的是两份复文")
    sure = of_session(sought, numbered)
    if not sure:
        likely = [letter for letter in numbered if not denies(sought, letter)]
        same = [letter for letter in likely if letter in both or supports(sought, letter)]
        if not same:
            return _Found(likely, "编号相同，届次不全，也没有别的可以核对" if likely else "")
        if not one_session(likely):
            titled = [letter for letter in same if letter.title and letter.title == sought.title]
            same = both or titled
            if not same or not one_session(same):
                return _Found(likely, "编号相同的复文不止一届，表里没有写届次")
        sure = same
    if not one_session(sure):
        return _Found(both) if both else _Found(sure, "编号相同的复文不止一处的，表里没有写全届次")
    more = [letter for letter in replying if letter not in sure and not letter.numbers]
    return _Found([*sure, *more])
