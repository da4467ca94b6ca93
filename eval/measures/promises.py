"""Promises found in replies against those that people marked, some of which count neither way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from kb.types import Span

SAME = 0.5  # intersection over union of code points from which two places are one promise
COVERED = 0.5  # share of what is found, or of what is ignored, that makes it count neither way
TOUCH = 2  # code points between two promises that are one where steps are not told apart
_STOPS = "。！？\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A promise that a person marked."""

    span: Span
    vague: bool = False
    conditional: bool = False
    strength: str = "will"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A promise that was found."""

    span: Span
    vague: bool = False
    conditional: bool = False
    strength: str = "will"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A text with what a person marked in it, what was ``found``, and what is ``ignored``."""

    text: str
    marked: Sequence[Marked]
    found: Sequence[Found]
    ignored: Sequence[Span] = ()


def promise_scores(reads: Iterable[Read]) -> dict[str, float]:
    """Precision, recall and F1 of ``reads`` counted together, matched one to one.

    ``concrete`` and ``vague`` are the recalls of these; ``joined_f1`` is F1 where promises that
    touch within a sentence are one on both sides, so that it does not matter how steps are
    parted. ``vague_right``, ``conditional_right``, ``strength_right``: shares of what matched.
    """
    counts: Counter[str] = Counter()
    for read in reads:
        counts.update(_counted(read))
        counts.update({f"joined {name}": n for name, n in _counted(_joined(read)).items()})
    return {
        "marked": counts["marked"],
        "found": counts["found"],
        "precision": _share(counts["right"], counts["found"]),
        "recall": _share(counts["right"], counts["marked"]),
        "f1": _share(2 * counts["right"], counts["found"] + counts["marked"]),
        "concrete": _share(counts["concrete right"], counts["concrete"]),
        "vague": _share(counts["vague right"], counts["vague"]),
        "joined_f1": _share(
            2 * counts["joined right"], counts["joined found"] + counts["joined marked"]
        ),
        **{
            f"{name}_right": _share(counts[f"{name} same"], counts["right"])
            for name in ("vague", "conditional", "strength")
        },
    }


def _counted(read: Read) -> Counter[str]:
    pairs = _pairs(read.marked, read.found)
    matched = {number for _, number in pairs}
    ignored = sum(
        number not in matched and any(_covers(found.span, span) for span in read.ignored)
        for number, found in enumerate(read.found)
    )
    counts = Counter(right=len(pairs), marked=len(read.marked), found=len(read.found) - ignored)
    for promise in read.marked:
        counts["vague" if promise.vague else "concrete"] += 1
    for one, other in ((read.marked[a], read.found[b]) for a, b in pairs):
        counts["vague right" if one.vague else "concrete right"] += 1
        counts["vague same"] += one.vague == other.vague
        counts["conditional same"] += one.conditional == other.conditional
        counts["strength same"] += one.strength == other.strength
    return counts


def _pairs(marked: Sequence[Marked], found: Sequence[Found]) -> list[tuple[int, int]]:
    """Which of ``marked`` is which of ``found``, so that they share the most (Kuhn 1955)."""
    if not marked or not found:
        return []
    alike = np.array([[overlap(one.span, other.span) for other in found] for one in marked])
    alike[alike < SAME] = 0
    rows = zip(*linear_sum_assignment(alike, maximize=True), strict=True)
    return [(int(one), int(other)) for one, other in rows if alike[one, other]]


def overlap(one: Span, other: Span) -> float:
    """Intersection over union of two places, in code points."""
    shared = max(0, min(one.end, other.end) - max(one.start, other.start))
    return shared / (one.end - one.start + other.end - other.start - shared)


def _covers(found: Span, ignored: Span) -> bool:
    shared = min(found.end, ignored.end) - max(found.start, ignored.start)
    return shared >= COVERED * min(found.end - found.start, ignored.end - ignored.start)


def _joined(read: Read) -> Read:
    return Read(
        text=read.text,
        marked=[Marked(span=span) for span in _runs(read.text, [m.span for m in read.marked])],
        found=[Found(span=span) for span in _runs(read.text, [f.span for f in read.found])],
        ignored=read.ignored,
    )


def _runs(text: str, spans: Sequence[Span]) -> list[Span]:
    """``spans`` with those that touch within a sentence as one."""
    runs: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        between = text[runs[-1].end : span.start] if runs else _STOPS
        if len(between) <= TOUCH and not any(stop in between for stop in _STOPS):
            runs[-1] = Span(start=runs[-1].start, end=max(runs[-1].end, span.end))
        else:
            runs.append(span)
    return runs


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
