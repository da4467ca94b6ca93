"""The same letter read from several files is one letter: it is counted once, its copies named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kb.query.copies import copied
from kb.search.hybrid import Found
from kb.store.codec import head_of
from kb.store.protocol import SnapshotReader
from kb.text.tokens import number_key
from kb.types import LetterHead


def originals(heads: Sequence[LetterHead]) -> Mapping[str, tuple[str, ...]]:
    """Letter id → the ids of its copies among ``heads``; a copy stands under none of its own.

    Copies have the same text, or the same document number, organ, day and title.
    """
    first: dict[object, str] = {}
    found: dict[str, list[str]] = {}
    for head in heads:
        same = next((first[key] for key in _keys(head) if key in first), head.id)
        for key in _keys(head):
            first.setdefault(key, same)
        copies = found.setdefault(same, [])
        if head.id != same:
            copies.append(head.id)
    return {letter_id: tuple(copies) for letter_id, copies in found.items()}


def without_copies(letter_ids: Sequence[str], reader: SnapshotReader) -> tuple[str, ...]:
    """``letter_ids`` without those that are copies of one before."""
    wanted = frozenset(letter_ids)
    heads = {head.id: head for head in reader.letters() if head.id in wanted}
    return tuple(originals([heads[n] for n in letter_ids if n in heads]))


def found_once(found: Found, reader: SnapshotReader) -> Found:
    """``found`` without the passages of letters that are copies of one with a better passage.

    Left in, a letter would be offered beside itself, and seem one of several that answer.
    """
    order = dict.fromkeys(hit.passage.letter_id for hit in found.hits)
    letters = {letter_id: reader.letter(letter_id) for letter_id in order}
    groups = originals([head_of(letter) for letter in letters.values()])
    gone = {
        other
        for first, more in groups.items()
        for other in more
        if copied(letters[first], letters[other])
    }
    return replace(found, hits=tuple(h for h in found.hits if h.passage.letter_id not in gone))


def _keys(head: LetterHead) -> tuple[object, ...]:
    """What a letter's copies have too; () where it bears no number that would tell."""
    number = number_key(head.number) if head.number else None
    if not number and not head.proposal_no:
        return ()
    told = (head.issuer, head.issued_on, head.title)
    same = (number, head.proposal_no, head.publicity)
    return ((head.sha256, *same), *([(*told, *same)] if number and all(told) else []))
