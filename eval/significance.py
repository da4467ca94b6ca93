"""Whether the difference between two runs is more than luck.

The paired permutation test (Smucker, Allan & Carterette 2007, "A Comparison of Statistical
Significance Tests for Information Retrieval Evaluation"), the bias-corrected and accelerated
bootstrap interval (Efron 1987, "Better Bootstrap Confidence Intervals"), and Holm 1979's
correction for several measures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from scipy.stats import bootstrap, permutation_test

from eval.measures.per_question import PerQuestion

RESAMPLES = 9_999
CONFIDENCE = 0.95
BATCH = 500  # resamples at a time: 8 MB for 2,000 questions
_NOISE = 1e-12  # deltas of 0–1 values that differ by less are equal

Deltas = np.ndarray[tuple[int], np.dtype[np.float64]]


class Delta(NamedTuple):
    """One question's values in two runs; ``delta`` is ``b - a``."""

    question: str
    measure: str
    a: float
    b: float
    delta: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One measure of two runs over the ``questions`` that both have a value for.

    ``delta`` is ``mean_b - mean_a`` and ``low`` to ``high`` its 95% interval; ``p`` is
    two-sided, ``p_holm`` the same corrected for the family of measures.
    """

    measure: str
    questions: int
    mean_a: float
    mean_b: float
    delta: float
    low: float
    high: float
    p: float
    p_holm: float


def compare(
    a: PerQuestion, b: PerQuestion, *, measures: Sequence[str], seed: int
) -> list[Comparison]:
    """Each of ``measures`` that ``a`` and ``b`` have in common, in the order given.

    Every measure draws anew from ``seed``: its figures do not depend on the others, but for
    ``p_holm``.
    """
    comparisons = [
        _compared(measure, list(deltas(a, b, measures=[measure])), seed=seed)
        for measure in measures
        if a.get(measure, {}).keys() & b.get(measure, {}).keys()
    ]
    corrected = holm([comparison.p for comparison in comparisons])
    return [
        replace(comparison, p_holm=p) for comparison, p in zip(comparisons, corrected, strict=True)
    ]


def deltas(a: PerQuestion, b: PerQuestion, *, measures: Sequence[str]) -> Iterator[Delta]:
    """The values of each question that both runs have, by measure, in the order of ``a``."""
    for measure in measures:
        first, second = a.get(measure, {}), b.get(measure, {})
        for question, value in first.items():
            if question in second:
                other = second[question]
                yield Delta(question, measure, value, other, other - value)


def holm(ps: Sequence[float]) -> list[float]:
    """p values corrected step by step for their number (Holm 1979), in the order given."""
    corrected, least = [0.0] * len(ps), 0.0
    for step, n in enumerate(sorted(range(len(ps)), key=ps.__getitem__)):
        least = max(least, min(1.0, (len(ps) - step) * ps[n]))
        corrected[n] = least
    return corrected


def _compared(measure: str, rows: Sequence[Delta], *, seed: int) -> Comparison:
    differences: Deltas = np.array([row.delta for row in rows])
    low, high = _interval(differences, seed=seed)
    p = _p(differences, seed=seed)
    return Comparison(
        measure=measure,
        questions=len(rows),
        mean_a=float(np.mean([row.a for row in rows])),
        mean_b=float(np.mean([row.b for row in rows])),
        delta=float(differences.mean()),
        low=low,
        high=high,
        p=p,
        p_holm=p,
    )


def _p(differences: Deltas, *, seed: int) -> float:
    """Two-sided p of the mean when each difference might as well have the other sign.

    Exact where there are no more than ``RESAMPLES`` ways to choose the signs.
    """
    if len(differences) < 2 or np.abs(differences).max() < _NOISE:
        return 1.0
    tested = permutation_test(
        (differences,), np.mean, **_drawing(seed), permutation_type="samples", vectorized=True
    )
    return float(tested.pvalue)


def _interval(differences: Deltas, *, seed: int) -> tuple[float, float]:
    """The BCa interval of the mean; where every difference is the same, that one value."""
    if np.ptp(differences) < _NOISE:
        return float(differences[0]), float(differences[0])
    drawn = bootstrap(
        (differences,), np.mean, **_drawing(seed), confidence_level=CONFIDENCE, method="BCa"
    )
    return float(drawn.confidence_interval.low), float(drawn.confidence_interval.high)


def _drawing(seed: int) -> dict[str, Any]:
    return {"n_resamples": RESAMPLES, "batch": BATCH, "rng": np.random.default_rng(seed)}
