"""Words that were typed as others of the same sound: 店梯 is read as 电梯.

Precision goes first: a word is put right only where what was typed is no word, stands in no letter,
names nobody and no place, and one character of the same sound makes it a word that letters have.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from kb.query.directory import Directory
from kb.query.follow_up import Mended
from kb.query.mentions import mentions
from kb.store.memo import memo
from kb.store.protocol import SnapshotReader
from kb.text.chars import HAN
from kb.text.pinyin import near_sound, same_sound
from kb.text.places import setting
from kb.text.synonyms import SYNONYMS
from kb.text.tokens import WORDS, rarity, segmenter, tokens, word_lists
from kb.text.traditional import simplified
from kb.types import Scope, Span

LONGEST = 200  # code points of a question whose words are looked at
MOST = 4  # characters of a word that may be put right
FREQUENT = 5  # in jieba's count, of a word that may be meant
LONG_GAIN = 6.0  # nats by which a word of three or four characters is likelier than its pieces
INSIDE_GAIN = 9.0  # the same where the character typed for another is in a word of two
COMMONEST = {2: 5.0, 3: 8.0, 4: 9.0}  # rarity in nats of the words of that length met most
LISTED = 12.0  # and at most that of a word of the project's own lists
LOOKED_UP = 8  # words of one question that are looked for in letters
HOLDING = 50  # passages with a word that are counted, and in which what was typed is looked for
USUAL = 350  # passages of the base that the weights were fitted on


class _Weights(NamedTuple):
    """What speaks for a word of two characters, in log-odds.

    Fitted on 476 words of questions in citizens' own words with a character of the same sound in
    another's place, against all that may be so read in 2,500 questions as they were asked.
    """

    gain: float = 0.12  # nats by which the word is likelier than the characters typed
    holding: float = 0.55  # passages that hold it, their logarithm
    typed: float = -0.3  # the logarithm of how frequent the character is that is replaced
    kept: float = -0.55  # and the one that is kept
    rare_before: float = -0.25  # a rare character stands alone before it, as in names
    rare_behind: float = -0.12
    same: float = 1.89  # it sounds the same, not only near
    listed: float = 1.32  # it is of the project's own lists
    always: float = 5.39


WEIGHTS = _Weights()
LEAST = 2.0  # log-odds: 7 of 3,000 questions are changed that should not be
MOST_HELD = WEIGHTS.holding * math.log(HOLDING) + WEIGHTS.listed
TITLES = 2000  # whose words are taken for what people ask about
AHEAD = 0.5  # of the next word that may be meant instead
RARE = 20_000  # in jieba's count, of a character that seldom stands alone

_HAN = re.compile(HAN)
# Characters that bind: no word is looked for across them.
_BINDING = frozenset(
    "几个全每各某的了吗呢吧啊呀嘛是在和与我你您他她它这"
    "那哪就都也还又才把被给让从对向于以或而但最很太更么"
)
_OF_PLACES = frozenset("村园城湾苑府郡庭街镇乡坪路")
# What was typed before these, or behind those, is a name.
_NAMED_BEFORE = re.compile(
    r"[省市县区镇乡村屯庄]|街|路|巷|弄|小区|社区|花园|家园|公寓|大厦|广场|苑|公司|集团|学校|小学|中学|幼儿园|医院|大学"
    r"|委员|代表|先生|女士|同志|老师|局长|书记|主任|某"
)
_NAMED_BEHIND = re.compile(r"(?:叫|名叫|姓|叫做|名为|位于|住在|家住|[A-Za-z\d])$")


class _Piece(NamedTuple):
    """A word of the question as the dictionary cuts it."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def loose(self) -> bool:
        """True of a single character, which may be a part of a word that was mistyped."""
        return len(self.text) == 1 and bool(_HAN.match(self.text))

    @property
    def binding(self) -> bool:
        return self.text in _BINDING or not _HAN.match(self.text)

    @property
    def rare(self) -> bool:
        """True of one that seldom stands alone."""
        return self.loose and segmenter().frequency(self.text) < RARE


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """``word`` may be meant by ``typed``; ``odds`` is what speaks for it before letters are."""

    word: str
    typed: str
    span: Span
    odds: float


def spelled(
    question: str, known: Directory, reader: SnapshotReader
) -> tuple[str, tuple[Mended, ...]]:
    """``question`` with its mistyped words put right, and which these are."""
    text = simplified(question)
    readings = _readings(text) if len(text) <= LONGEST else ()
    if not readings:
        return question, ()
    places = setting(text, known.places, words=tokens(text)).places
    closed = [mention.span for mention in mentions(text, known, places=places)]
    right: list[_Reading] = []
    for typed in dict.fromkeys(reading.span for reading in readings[:LOOKED_UP]):
        if any(typed.meets(span) for span in closed) or _is_named(text, typed):
            continue
        meant = _meant([r for r in readings if r.span == typed], known, reader)
        if meant:
            right.append(meant)
            closed.append(typed)
    right.sort(key=lambda reading: reading.span.start)
    for reading in reversed(right):
        question = question[: reading.span.start] + reading.word + question[reading.span.end :]
    return question, tuple(Mended(kind="spelling", was=r.typed, now=r.word) for r in right)


@lru_cache(maxsize=256)
def _readings(text: str) -> Sequence[_Reading]:
    """What may be meant if letters have it, the longest and likeliest first."""
    pieces, start = list[_Piece](), 0
    for word in segmenter().cut(text, HMM=False):
        pieces.append(_Piece(word, start))
        start += len(word)
    found = list(chain.from_iterable(_from(pieces, first) for first in range(len(pieces))))
    return sorted(found, key=lambda r: (r.span.start - r.span.end, -r.odds, r.span.start))


def _from(pieces: Sequence[_Piece], first: int) -> Iterator[_Reading]:
    """The readings of what begins with one of ``pieces``."""
    for last in range(first, min(first + MOST, len(pieces))):
        window = pieces[first : last + 1]
        if pieces[last].binding:
            break
        size = window[-1].end - window[0].start
        if size > MOST:
            break
        if size > 1 and len(window) > 1 and any(piece.loose for piece in window):
            around = (
                first > 0 and pieces[first - 1].rare,
                last + 1 < len(pieces) and pieces[last + 1].rare,
            )
            yield from _of_window(window, around)


def _of_window(window: Sequence[_Piece], around: tuple[bool, bool]) -> Iterator[_Reading]:
    typed = "".join(piece.text for piece in window)
    pieces = sum(rarity(piece.text) for piece in window)
    span = Span(start=window[0].start, end=window[-1].end)
    for sound in (same_sound, near_sound):
        found = False
        for at, loose in _replaceable(window, typed):
            asked = _Asked(typed, at, loose=loose, same=sound is same_sound, around=around)
            if asked.odds(None, gain=pieces - COMMONEST[len(typed)]) + MOST_HELD < LEAST:
                continue
            for word in _words(typed, at, sound(typed[at])):
                found = True
                odds = asked.odds(word, gain=pieces - _rarity(word))
                if odds + MOST_HELD > LEAST:
                    yield _Reading(word=word, typed=typed, span=span, odds=odds)
        if found:
            return


def _replaceable(window: Sequence[_Piece], typed: str) -> Iterator[tuple[int, bool]]:
    """Where a character may stand for another, and whether it stands alone.

    Of two characters only one that stands alone. One before a whole word (交 in 交职工) may be a
    verb, and counts as if it did not.
    """
    for piece in window:
        if piece.loose or (len(typed) > 2 and len(piece.text) == 2):
            start = piece.start - window[0].start
            alone = piece.loose and (start > 0 or len(window) > 2 or len(typed) == 2)
            yield from ((at, alone) for at in range(start, start + len(piece.text)))


def _words(typed: str, at: int, characters: frozenset[str]) -> Iterator[str]:
    """The words that another of ``characters`` makes of what was typed."""
    before, behind = typed[:at], typed[at + 1 :]
    words = segmenter()
    made = words.known({before + character + behind for character in characters})
    for word in made - {typed}:
        if word in _listed() or (words.frequency(word) >= FREQUENT and words.is_telling(word)):
            yield word


def _rarity(word: str) -> float:
    return min(rarity(word), LISTED) if word in _listed() else rarity(word)


class _Asked(NamedTuple):
    """What was typed, which of its characters is doubted, and what stands around it."""

    typed: str
    at: int
    loose: bool
    same: bool
    around: tuple[bool, bool]

    def odds(self, word: str | None, *, gain: float) -> float:
        """What speaks for ``word``; for the likeliest there may be, where it is None."""
        listed = word is None or word in _listed()
        if len(self.typed) > 2:
            return LEAST + gain - (LONG_GAIN if self.loose else INSIDE_GAIN) - (not self.same)
        frequency, kept = segmenter().frequency, self.typed[1 - self.at]
        return (
            WEIGHTS.always
            + WEIGHTS.gain * gain
            + WEIGHTS.typed * math.log(frequency(self.typed[self.at]) + 1)
            + WEIGHTS.kept * math.log(frequency(kept) + 1)
            + WEIGHTS.rare_before * self.around[0]
            + WEIGHTS.rare_behind * self.around[1]
            + WEIGHTS.same * self.same
            + WEIGHTS.listed * listed
        )


@lru_cache(maxsize=1)
def _listed() -> frozenset[str]:
    lists = chain(word_lists(WORDS), word_lists(SYNONYMS))
    return frozenset(chain.from_iterable(lists))


def _is_named(text: str, span: Span) -> bool:
    """True if what stands around tells that it is a name."""
    before = text[: span.start][-4:]
    return bool(
        _NAMED_BEFORE.match(text, span.end)
        or _NAMED_BEHIND.search(before)
        or (text[span.end - 1] in _OF_PLACES and _HAN.match(before[-1:]))
    )


def _meant(
    readings: Sequence[_Reading], known: Directory, reader: SnapshotReader
) -> _Reading | None:
    """The one of ``readings`` of one place that letters speak for; None if none has or two do."""
    likely = sorted(
        ((reading.odds + odds, reading) for reading in readings
         if (odds := _held(reading.word, known, reader)) is not None),
        key=lambda pair: -pair[0],
    )  # fmt: skip
    if not likely or likely[0][0] < LEAST:
        return None
    if len(likely) > 1 and likely[0][0] - likely[1][0] < AHEAD:
        return None
    best = likely[0][1]
    return None if _stands(best.typed, known, reader) else best


def _held(word: str, known: Directory, reader: SnapshotReader) -> float | None:
    """What it adds to the odds that so many passages hold ``word``; None if none does."""
    count = len(reader.lexical([word], limit=HOLDING, scope=known.scope))
    if not count:
        return None
    share = max(1.0, USUAL / max(reader.snapshot.passages, 1))
    topical = word in _topics(reader, known.scope) and word not in _listed()
    holding = math.log(min(count * share, HOLDING))
    return WEIGHTS.holding * holding + WEIGHTS.listed * topical


@memo()
def _topics(reader: SnapshotReader, scope: Scope) -> frozenset[str]:
    """The words of the titles of some letters: what people ask about."""
    titles = (head.title for head in reader.letters(scope)[:TITLES] if head.title)
    return frozenset(chain.from_iterable(map(tokens, titles)))


def _stands(typed: str, known: Directory, reader: SnapshotReader) -> bool:
    """True if a letter says ``typed``."""
    hits = reader.lexical(tokens(typed), limit=HOLDING, scope=known.scope)
    passages = (reader.passage(ordinal) for ordinal, _ in hits)
    return any(
        typed in simplified(passage.span.of(reader.letter(passage.letter_id).text))
        for passage in passages
    )
