"""Later letters on the subject of a letter, so that no stale answer passes for the last word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from kb.store.memo import memo
from kb.store.protocol import SnapshotReader
from kb.text.places import known_places
from kb.text.synonyms import meanings
from kb.text.titles import consulted, subject_words, telling, titles_of
from kb.text.tokens import carrying, rarity, tokens
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
# The share of the words which the one letter says more than once that the other does too. Of 54
# pairs that are near, 42 in the sample letters and 12 of other towns' organs, those on one subject
# have .19 or more, the others .17 or less, but for one of each.
_SHARED = 0.18
_ORGAN = re.compile(r"[局厅委办届]$|委员会$|会议$|政府$")
_FORMAL = frozenset((
    "月底", "年底", "单位", "提出", "代表", "委员", "研究", "办理", "今年", "去年", "万元", "建成",
    "采纳", "印发", "上半年", "下半年", "每年", "全部", "万人次", "人次", "我局", "数字", "登记",
    "项目", "处理", "情况",
))  # fmt: skip
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
    """Those of ``others`` that say the same as ``letter``, whose vector is ``whole``."""
    usual = float(np.median(_any_passages(reader) @ whole))
    for other in others:
        same_organ = letter.value("issuer") == other.value("issuer")
        least = usual + (_NEAR if same_organ else _NEAR_ELSEWHERE) * (1.0 - usual)
        if float(_whole(reader.passages_of(other.id), reader) @ whole) < least:
            continue
        if _shared(_topics(reader, letter.id), _topics(reader, other.id)) >= _SHARED:
            yield other


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    """The share, by rarity, of the words of the one with fewer that both hold."""
    least = min(sum(map(rarity, words)) for words in (one, other))
    return sum(map(rarity, one & other)) / least if least else 0.0


@memo(most=4096)
def _topics(reader: SnapshotReader, letter_id: str) -> frozenset[str]:
    """The words that a letter says more than once and that tell what it is about."""
    letter = reader.letter(letter_id)
    issuer, counted = letter.value("issuer") or "", Counter(tokens(letter.body.of(letter.text)))
    repeated = carrying(word for word, times in counted.items() if times > 1)
    return frozenset(
        word
        for word in telling(repeated)
        if word not in issuer and word not in _FORMAL and not _ORGAN.search(word)
    )


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
