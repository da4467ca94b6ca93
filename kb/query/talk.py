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
from kb.text.tokens import segmenter, stopwords

WORDS = Path(__file__).with_name("talk.toml")
LONGEST = 60  # code points of what may be small talk
_SPOKEN = "👍❤🌹💐👏💪🎉👋🙏👌✅"  # pictures that are words
_MARKS = re.compile(rf"[^\w{_SPOKEN}]|_")
_OUT = re.compile(r"[\s，。；：？！、~～…,.!?;:]+")
_ASKS = re.compile(r"什么|多少|怎|咋|为何|为啥|谁|哪|几|啥|吗|呢|没有?$|能不能|是不是|[?？]")
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
    text = fold(question)
    return _code(_MARKS.sub("", bare(text))) or foreign(question) or _loosely(text)


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


def _loosely(text: str) -> str | None:
    """The first code with a cue in ``text`` beside which nothing is told or asked."""
    cues, plainly, beside = _loose()
    for code, cue in cues.items():
        rest, found = cue.subn(_inside, text)
        if found and _idle(rest, beside) and not (code in plainly and _ASKS.search(rest)):
            return code
    return None


def _inside(cue: re.Match[str]) -> str:
    """What stands inside a cue and is no part of it: its first group, where it has one."""
    return f"，{cue[1] or ''}，" if cue.re.groups else "，"


def _idle(rest: str, beside: frozenset[str]) -> bool:
    """True if no word of ``rest`` tells a subject."""
    words = segmenter().cut(_OUT.sub("，", rest))
    return all(word in beside for word in words if any(map(str.isalnum, word)))


@lru_cache(maxsize=1)
def _loose() -> tuple[Mapping[str, re.Pattern[str]], frozenset[str], frozenset[str]]:
    """The cue of each code, the codes that ask nothing, and what may stand beside a cue."""
    table = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    loose, around = table["loose"], table["around"]
    cues = {
        code: re.compile(loose["cues"][code]) for code in table["talk"] if code in loose["cues"]
    }
    return cues, frozenset(loose["plainly"]), frozenset((*loose["beside"], *around, *stopwords()))


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
