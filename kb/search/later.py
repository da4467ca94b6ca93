"""Later letters on the subject of a letter, so that no stale answer passes for the last word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from kb.store.memo import memo
from kb.store.protocol import SnapshotReader
from kb.text.chars import searchable
from kb.text.places import known_places
from kb.text.synonyms import meanings
from kb.text.titles import consulted, subject_words, titles_of
from kb.text.tokens import rarity
from kb.types import Letter, Scope, Vectors

MOST = 3
_PASSAGES = 100  # best for the subject's words, whose letters are compared
_NEAREST = 60  # passages nearest to the letter, whose letters are compared too
# Shares of a title's subject words, by rarity, that the other title holds: of the one that is
# held the less, and of the other. Set on 2,816 titles of citizens' messages; see tests.
_LESS, _MORE = 0.4, 0.5
_TELLING = 4  # characters of a word that is enough alone: 加装电梯, but not 公交
# How near two letters are as wholes, from 0 (as any two of the base) to 1 (the same), to be on one
# subject: of one organ, and of two. Of the 55 pairs of one organ among the sample letters the 38
# on one subject have .37 or more and the others .34 or less.
_NEAR, _NEAR_ELSEWHERE = 0.36, 0.55
_SAMPLE = 200  # passages of the base that tell how near any two are


def later(
    letter: Letter, reader: SnapshotReader, *, scope: Scope, most: int = MOST
) -> tuple[Letter, ...]:
    """Letters in ``scope`` on the same subject that are of a later day, the newest first.

    Their titles tell it, or what they say as wholes. Letters of another place are on another
    subject, and a 会办意见 is no reply.
    """
    told = letter.issued_on and subject_words(letter)
    ids = _later(reader, letter.id, scope) if told else ()
    return tuple(map(reader.letter, ids[:most]))


@memo(most=4096)
def _later(reader: SnapshotReader, letter_id: str, scope: Scope) -> tuple[str, ...]:
    """The ids of the letters that are ``later`` than that one, the newest first."""
    letter = reader.letter(letter_id)
    words, passages = subject_words(letter), reader.passages_of(letter_id)
    if not words or not passages:
        return ()
    whole = _whole(passages, reader)
    told = _letters(reader.lexical(words, limit=_PASSAGES, scope=scope), letter, reader)
    near = _letters(reader.nearest(whole, limit=_NEAREST, scope=scope), letter, reader)
    found = {other.id: other for other in told if alike(letter, other)}
    found |= {other.id: other for other in _near(letter, near, whole=whole, reader=reader)}
    kept = [
        (str(other.value("issued_on")), other.id)
        for other in found.values()
        if _same_place(letter, other) and not consulted(other.title.value if other.title else None)
    ]
    return tuple(letter_id for _, letter_id in sorted(kept, reverse=True))


def _letters(
    hits: Iterable[tuple[int, float]], letter: Letter, reader: SnapshotReader
) -> list[Letter]:
    """The letters of ``hits`` that are of a later day than ``letter``."""
    ids = dict.fromkeys(reader.passage(ordinal).letter_id for ordinal, _ in hits)
    day = letter.issued_on
    return [
        other
        for other in map(reader.letter, ids)
        if day and other.issued_on and other.issued_on > day
    ]


def _whole(passages: Sequence[int], reader: SnapshotReader) -> Vectors:
    """The mean of the vectors of a letter's passages, of unit length."""
    mean = reader.vectors(passages).mean(axis=0)
    length = float(np.linalg.norm(mean))
    return np.asarray(mean / length if length else mean, dtype=np.float32)


def _near(
    letter: Letter, others: Iterable[Letter], *, whole: Vectors, reader: SnapshotReader
) -> Iterator[Letter]:
    """Those of ``others`` that say the same as ``letter``, and have a word of its subject or it
    of theirs; ``whole`` is its vector.
    """
    usual = float(np.median(_any_passages(reader) @ whole))
    words, text = subject_words(letter), searchable(letter.text)
    for other in others:
        same_organ = letter.value("issuer") == other.value("issuer")
        least = usual + (_NEAR if same_organ else _NEAR_ELSEWHERE) * (1.0 - usual)
        if float(_whole(reader.passages_of(other.id), reader) @ whole) < least:
            continue
        if _says(words, searchable(other.text)) or _says(subject_words(other), text):
            yield other


def _says(words: Iterable[str], text: str) -> bool:
    return any(meaning in text for word in words for meaning in meanings(word))


@memo()
def _any_passages(reader: SnapshotReader) -> Vectors:
    """The vectors of passages from all over the base."""
    count = reader.snapshot.passages
    return reader.vectors(range(0, count, max(1, count // _SAMPLE)))


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
