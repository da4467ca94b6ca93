"""Words of the dictionary, and whether one stands where a name could."""

from __future__ import annotations

from kb.privacy.surnames import CLEAR, NO_NAMES
from kb.text.tokens import segmenter

SELDOM = 5  # times in the dictionary; what it has more seldom is there by mistake
FAMOUS = 60  # times from which what it marks as a name is a word
WINDOW = 8  # characters that tell whether a word begins where a name could


def is_word(words: str) -> bool:
    """True for a word of the dictionary, but for its rarest, that is no name.

    What the dictionary marks as a name and has often is none (陈述), unless it begins with a
    surname that begins few words.
    """
    known = segmenter()
    times = known.frequency(words)
    if times < SELDOM:
        return False
    named = known.is_name(words) and (times < FAMOUS or words[0] in CLEAR)
    return not named or words in NO_NAMES


def begins_word(text: str, start: int = 0) -> bool:
    """True if a word of two characters or more, nobody's name, begins at ``start``."""
    first: str = next(segmenter().cut(text[start : start + WINDOW], HMM=False), "")
    return (len(first) > 1 and is_word(first)) or is_word(text[start : start + 2])


def set_apart(text: str, start: int, end: int) -> bool:
    """True if no word of the dictionary runs into what stands from ``start`` to ``end``."""
    at = max(0, start - WINDOW)
    for word in segmenter().cut(text[at : end + WINDOW], HMM=False):
        before_end, at = at, at + len(word)
        if before_end < start < at or before_end < end < at:
            return False
    return True


def has_word(run: str) -> bool:
    """True if a word of the dictionary that is no name stands in ``run``."""
    return any(len(word) > 1 and is_word(word) for word in segmenter().cut(run, HMM=False))


def is_plain(run: str) -> bool:
    """True if ``run`` is nothing but words of the dictionary, none of them a name."""
    return all(len(word) > 1 and is_word(word) for word in segmenter().cut(run, HMM=False))
