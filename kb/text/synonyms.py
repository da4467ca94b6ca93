"""Words that mean the same in official letters, and what of a question a text holds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from kb.text.tokens import rarity, stopwords, tokens, word_lists

SYNONYMS = Path(__file__).with_name("synonyms.txt")


@lru_cache(maxsize=1)
def _groups() -> dict[str, frozenset[str]]:
    groups: dict[str, frozenset[str]] = {}
    for line in word_lists(SYNONYMS):
        group = frozenset(line)
        for word in group:
            groups[word] = groups.get(word, frozenset()) | group
    return groups


def meanings(token: str) -> frozenset[str]:
    """``token`` and the words that mean the same in official letters."""
    return _groups().get(token, frozenset((token,)))


MOST_ADDED = 12  # tokens, so that a long question stays about what it asks


@lru_cache(maxsize=4)
def _official(listed: Path) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Tokens of each everyday word → tokens of its official words, in the list's order."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for everyday, *official in word_lists(listed):
        asked = tuple(tokens(everyday))
        meant = (token for word in official for token in tokens(word) if token not in stopwords())
        found[asked] = tuple(dict.fromkeys((*found.get(asked, ()), *meant)))
    return found


def expanded(asked: Sequence[str], *, listed: Path = SYNONYMS) -> list[str]:
    """Tokens of the official words for the everyday ones in a question's tokens.

    Only what ``asked`` lacks, at most ``MOST_ADDED``, in the order of the question; of
    everyday words that begin at one token the longest counts. ``listed`` is the list of them.
    """
    official, added, start = _official(listed), list[str](), 0
    longest = max(map(len, official), default=1)
    while start < len(asked):
        for end in range(min(start + longest, len(asked)), start, -1):
            if tuple(asked[start:end]) in official:
                added += official[tuple(asked[start:end])]
                break
        else:
            end = start + 1
        start = end
    return [token for token in dict.fromkeys(added) if token not in asked][:MOST_ADDED]


PARTLY = 0.6  # credit for a word of which only single characters are found: 厚 for 厚度


def coverage(asked: Sequence[str], text: str) -> float:
    """The share of a question's words, weighed by rarity, that ``text`` holds: 0 to 1.

    ``text`` is folded and without white space. A word counts whole if it or a word of the
    same meaning stands there, and in part by the share of its characters that do.
    """
    total = sum(rarity(token) for token in asked)
    return sum(rarity(token) * _held(token, text) for token in asked) / total if total else 0.0


def _held(token: str, text: str) -> float:
    if token in text or any(word in text for word in _groups().get(token, ())):
        return 1.0
    return PARTLY * sum(char in text for char in token) / len(token) if len(token) > 1 else 0.0
