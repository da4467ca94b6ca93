"""How like two texts are, by the pairs of neighbouring characters that they have in common."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from kb.text.chars import fold


def each_pair(text: str) -> Iterator[str]:
    """The pairs of neighbouring letters and digits of ``text``, folded, in order."""
    return map("".join, pairwise(filter(str.isalnum, fold(text))))


def pairs(text: str) -> frozenset[str]:
    """The different ones among the pairs of ``text``."""
    return frozenset(each_pair(text))


def jaccard(shared: float, one: float, other: float) -> float:
    """What two share of all that they have, 0 to 1 (Jaccard 1901); one of them has something."""
    return shared / (one + other - shared)


def dice(shared: float, one: float, other: float) -> float:
    """Twice what two share of what both have, 0 to 1 (Dice 1945); 0 where neither has anything."""
    return 2 * shared / (one + other) if one + other else 0.0


def held(own: frozenset[str], whole: frozenset[str]) -> float:
    """The share of ``own`` that is in ``whole``, 0 to 1; 0 where there is nothing to hold."""
    return len(own & whole) / len(own) if own else 0.0
