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
    """Which of ``before`` is which of ``now``, each paired once.

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
    for number, placed in enumerate(before):
        if not placed.here and (same := waiting.get(bare(placed.text))):
            pairs[number] = same.pop()


def _pair_up(
    before: Sequence[Placed], now: Sequence[Placed], pairs: Pairs, *, score: Score
) -> None:
    """Pair those left that score at all, the best first; equal ones in the order of the text."""
    free = _free(now, pairs)
    scored = sorted(
        (-high, number, other)
        for number, placed in enumerate(before)
        if number not in pairs
        for other in free
        if (high := score(placed, now[other]))
    )
    taken: set[int] = set()
    for _, number, other in scored:
        if number not in pairs and other not in taken:
            pairs[number] = other
            taken.add(other)


def _free(now: Sequence[Placed], pairs: Pairs) -> list[int]:
    taken = set(pairs.values())
    return [number for number in range(len(now)) if number not in taken]


def _same_place(before: Placed, now: Placed) -> float:
    """How much of both places is shared, where it is half of the shorter."""
    if not before.here or _covered(before.span, now.span) < HALF:
        return 0.0
    both = max(before.span.end, now.span.end) - min(before.span.start, now.span.start)
    return (min(before.span.end, now.span.end) - max(before.span.start, now.span.start)) / both


def _covered(left: Span, right: Span) -> float:
    """How much of the shorter of the two the other covers, 0 to 1."""
    shared = min(left.end, right.end) - max(left.start, right.start)
    shorter = min(left.end - left.start, right.end - right.start)
    return max(0, shared) / shorter if shorter else 0.0


def _alike(before: Placed, now: Placed) -> float:
    """The likeness of the words, where they are like enough."""
    if before.here or before.fixed:
        return 0.0
    ours, theirs = Counter(each_pair(before.text)), Counter(each_pair(now.text))
    share = dice((ours & theirs).total(), ours.total(), theirs.total())
    return share if share >= ALIKE else 0.0
