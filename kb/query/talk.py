"""Small talk: a message that asks nothing of the letters."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from kb.query.foreign import foreign
from kb.text.chars import bare, fold

WORDS = Path(__file__).with_name("talk.toml")
LONGEST = 60  # code points of what may be small talk
_SPOKEN = "👍❤🌹💐👏💪🎉👋🙏👌✅"  # pictures that are words
_MARKS = re.compile(rf"[^\w{_SPOKEN}]|_")
_PARTS = re.compile(r"\(([^()]*)\)|\{(\w+)\}|([^(){}]+)")

Choice = tuple[frozenset[str], int]  # words of which one stands, and the length of the longest
Phrase = tuple[Choice, ...]


class _Cut(NamedTuple):
    """A way to take a message apart: in how many pieces, and which code counts, the first least."""

    pieces: int
    rank: int


@lru_cache(maxsize=1)
def _phrases() -> tuple[Sequence[str], Sequence[tuple[int, Phrase]]]:
    """The codes, and each phrase with the place of its code; behind all, the words around them."""
    table = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    slots: Mapping[str, Sequence[str]] = table["slots"]
    codes = tuple(table["talk"])
    rows = [
        (rank, _phrase(row, slots))
        for rank, code in enumerate(codes)
        for row in table["talk"][code]
    ]
    return codes, (*rows, (len(codes), (_choice(table["around"]),)))


def talk(question: str) -> str | None:
    """The code of the small talk that ``question`` is, or None if it asks something."""
    if len(question) > LONGEST:
        return foreign(question)
    return _code(_MARKS.sub("", bare(fold(question)))) or foreign(question)


def _code(words: str) -> str | None:
    """The code of what ``words`` are made of; None if there is more in them, or nothing said."""
    codes, phrases = _phrases()
    if not _characters().issuperset(words):
        return None
    cuts: list[_Cut | None] = [None] * (len(words) + 1)
    cuts[0] = _Cut(0, len(codes))
    for start in range(len(words)):
        before = cuts[start]
        if before is None:
            continue
        for rank, phrase in phrases:
            cut = _Cut(before.pieces + 1, min(before.rank, rank))
            for end in _ends(phrase, words, start):
                known = cuts[end]
                if end > start and (known is None or cut < known):
                    cuts[end] = cut
    whole = cuts[-1]
    return None if whole is None or whole.rank == len(codes) else codes[whole.rank]


@lru_cache(maxsize=1)
def _characters() -> frozenset[str]:
    """All that small talk is written with: nearly every question has others."""
    _, phrases = _phrases()
    choices = (choice for _, phrase in phrases for choice, _ in phrase)
    return frozenset(character for words in choices for character in "".join(words))


def _ends(phrase: Phrase, words: str, start: int) -> set[int]:
    """Where ``phrase`` may end that begins at ``start``."""
    reached = {start}
    for choices, longest in phrase:
        reached = {
            end
            for begin in reached
            for end in range(begin, min(begin + longest, len(words)) + 1)
            if words[begin:end] in choices
        }
        if not reached:
            break
    return reached


def _phrase(row: str, slots: Mapping[str, Sequence[str]]) -> Phrase:
    """``row`` taken apart: (甲|乙)丙{slot}."""
    return tuple(map(_choice, _choices(row, slots)))


def _choices(row: str, slots: Mapping[str, Sequence[str]]) -> Iterator[Sequence[str]]:
    for chosen, slot, plain in _PARTS.findall(row):
        yield slots[slot] if slot else [plain] if plain else chosen.split("|")


def _choice(words: Sequence[str]) -> Choice:
    return frozenset(words), max(map(len, words))
