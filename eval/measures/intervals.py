"""How sure a share or a score is: 95% intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

Z = 1.959963984540054  # the normal distribution's 97.5% quantile
RESAMPLES = 9_999


class Estimate(NamedTuple):
    """A value, and the interval that holds the true one in 95 of 100 samples."""

    value: float
    low: float
    high: float


def wilson(part: int, whole: int) -> Estimate | None:
    """A share with Wilson's score interval (Wilson 1927); None of nothing."""
    if not whole:
        return None
    share = part / whole
    middle = (share + Z**2 / (2 * whole)) / (1 + Z**2 / whole)
    half = Z / (1 + Z**2 / whole) * math.sqrt(share * (1 - share) / whole + Z**2 / (4 * whole**2))
    return Estimate(share, max(0.0, middle - half), min(1.0, middle + half))


def weighted_mean(strata: Sequence[tuple[float, Sequence[float]]], *, seed: int) -> Estimate | None:
    """Σ weight × mean of its values, with the percentile bootstrap interval.

    Each stratum, none of them empty, is drawn anew by itself (Efron & Tibshirani 1993, chapter
    8), so that their sizes stay. Questions about one letter are taken as independent: where
    many share a letter, the interval is too narrow. None without strata.
    """
    if not strata:
        return None
    drawing = np.random.default_rng(seed)
    total, resampled = 0.0, np.zeros(RESAMPLES)
    for weight, values in strata:
        distinct, counts = np.unique(np.asarray(values, dtype=np.float64), return_counts=True)
        drawn = drawing.multinomial(len(values), counts / len(values), size=RESAMPLES)
        resampled += weight * (drawn @ distinct) / len(values)
        total += weight * float(np.mean(values))
    low, high = np.percentile(resampled, (2.5, 97.5))
    return Estimate(total, float(low), float(high))
