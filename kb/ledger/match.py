"""Which commitment of before is which of now, when a letter is read again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kb.text.chars import bare
from kb.text.similarity import dice, each_pair
from kb.types import Span

# From this share on two wordings count as one commitment that was edited: 2 × the pairs of
# characters they share, of all they have (Dice). 新增60部 and 新增80部 are such; on the sample
# letters no two commitments of one letter are (tests/kb/ledger/test_match.py).
ALIKE = 0.6
HALF = 0.5  # of the shorter of two places that the other has to cover


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Words and where they stand.

    ``here``: in this very text, so that the place alone tells. ``fixed``: known again by the
    same words only, never by likeness.
    """

    span: Span
    text: str
    here: bool = True
    fixed: bool = False


Pairs = dict[int, int]  # number among those of before → number among those of now
Score = Callable[[Placed, Placed], float]


def matched(before: Sequence[Placed], now: Sequence[Placed]) -> Pairs:
    """Who is who, each once.

    What stands ``here`` is known by its place; the rest by the same words, then by likeness.
    """
    pairs: Pairs = {}
    _pair_up(before, now, pairs, score=_same_place)
    _by_words(before, now, pairs)
    _pair_up(before, now, pairs, score=_alike)
    return pairs


def overlapping(span: Span, others: Sequence[Span]) -> bool:
    """True if ``span`` covers half of one of ``others``, or is half covered."""
    return any(_covered(span, other) >= HALF for other in others)


def _by_words(before: Sequence[Placed], now: Sequence[Placed], pairs: Pairs) -> None:
    """Pair those of the same words, in the order of the text."""
    waiting: dict[str, list[int]] = {}
    for other in reversed(_free(now, pairs)):
        waiting.setdefault(bare(now[other].text), []).append(other)
    for number, one in enumerate(before):
        if not one.here and (same := waiting.get(bare(one.text))):
            pairs[number] = same.pop()


def _pair_up(
    before: Sequence[Placed], now: Sequence[Placed], pairs: Pairs, *, score: Score
) -> None:
    """Pair those left that score at all, the best first; equal ones in the order of the text."""
    free = _free(now, pairs)
    scored = sorted(
        (-high, number, other)
        for number, one in enumerate(before)
        if number not in pairs
        for other in free
        if (high := score(one, now[other]))
    )
    taken: set[int] = set()
    for _, number, other in scored:
        if number not in pairs and other not in taken:
            pairs[number] = other
            taken.add(other)


def _free(now: Sequence[Placed], pairs: Pairs) -> list[int]:
    taken = set(pairs.values())
    return [number for number in range(len(now)) if number not in taken]


def _same_place(one: Placed, other: Placed) -> float:
    """How much of both places is shared, where it is half of the shorter."""
    if not one.here or _covered(one.span, other.span) < HALF:
        return 0.0
    both = max(one.span.end, other.span.end) - min(one.span.start, other.span.start)
    return (min(one.span.end, other.span.end) - max(one.span.start, other.span.start)) / both


def _covered(one: Span, other: Span) -> float:
    """How much of the shorter of the two the other covers, 0 to 1."""
    shared = min(one.end, other.end) - max(one.start, other.start)
    shorter = min(one.end - one.start, other.end - other.start)
    return max(0, shared) / shorter if shorter else 0.0


def _alike(one: Placed, other: Placed) -> float:
    """The likeness of the words, where they are like enough."""
    if one.here or one.fixed:
        return 0.0
    ours, theirs = Counter(each_pair(one.text)), Counter(each_pair(other.text))
    share = dice((ours & theirs).total(), ours.total(), theirs.total())
    return share if share >= ALIKE else 0.0
