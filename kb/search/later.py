"""Later letters on the subject of a letter, so that no stale answer passes for the last word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kb.store.protocol import SnapshotReader
from kb.text.places import known_places
from kb.text.synonyms import meanings
from kb.text.titles import consulted, subject_words, titles_of
from kb.text.tokens import rarity
from kb.types import Letter, Scope

MOST = 3
_PASSAGES = 100  # best for the subject's words, whose letters are compared
# Shares of a title's subject words, by rarity, that the other title holds: of the one that is
# held the less, and of the other. Set on 2,816 titles of citizens' messages; see tests.
_LESS, _MORE = 0.4, 0.5
_TELLING = 4  # characters of a word that is enough alone: 加装电梯, but not 公交


def later(
    letter: Letter, reader: SnapshotReader, *, scope: Scope, most: int = MOST
) -> tuple[Letter, ...]:
    """Letters in ``scope`` on the same subject that are of a later day, the newest first.

    Only titles are compared. Letters of another place are on another subject, and a 会办意见
    is no reply.
    """
    words = subject_words(letter)
    if not words or letter.issued_on is None:
        return ()
    hits = reader.lexical(words, limit=_PASSAGES, scope=scope)
    ids = dict.fromkeys(reader.passage(ordinal).letter_id for ordinal, _ in hits)
    found = [
        (other.issued_on, other.id, other)
        for other in map(reader.letter, ids)
        if other.issued_on
        and other.issued_on > letter.issued_on
        and not consulted(other.title.value if other.title else None)
        and _same_place(letter, other)
        and alike(letter, other)
    ]
    return tuple(other for *_, other in sorted(found, key=_day, reverse=True)[:most])


def _day(found: tuple[date, str, Letter]) -> tuple[date, str]:
    return found[:2]


def alike(one: Letter, other: Letter) -> bool:
    """True if the titles of the two letters tell of the same subject."""
    held = (_held(one, other), _held(other, one))
    shares = sorted(share for share, _ in held)
    words = max((words for _, words in held), key=len)
    telling = len(words) > 1 or any(len(word) >= _TELLING for word in words)
    return telling and shares[0] >= _LESS and shares[1] >= _MORE


def _held(one: Letter, other: Letter) -> tuple[float, Sequence[str]]:
    """The subject words of ``one`` in the titles of ``other``, and their share by rarity."""
    words, titles = subject_words(one), titles_of(other)
    held = [word for word in words if any(meaning in titles for meaning in meanings(word))]
    total = sum(map(rarity, words))
    return (sum(map(rarity, held)) / total if total else 0.0), held


def _same_place(one: Letter, other: Letter) -> bool:
    left, right = one.value("issuer"), other.value("issuer")
    if not left or not right:
        return False
    return left == right or bool(known_places([left], []) == known_places([right], []) != ())
