"""Intervals against values worked out elsewhere."""

from __future__ import annotations

import pytest

from eval.measures.intervals import weighted_mean, wilson


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),  # Brown, Cai & DasGupta 2001: z² / (n + z²)
        (10, 10, 0.7225, 1.0),
        (5, 10, 0.2366, 0.7634),
        (8, 10, 0.4902, 0.9433),
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, table I
    ],
)
def test_wilsons_interval_is_the_published_one(
    part: int, whole: int, low: float, high: float
) -> None:
    found = wilson(part, whole)
    assert found is not None
    assert found == pytest.approx((part / whole, low, high), abs=1e-4)


def test_a_share_of_nothing_is_none() -> None:
    assert wilson(0, 0) is None
    assert weighted_mean([], seed=1) is None


def test_a_weighted_mean_lies_in_its_interval_which_the_seed_fixes() -> None:
    strata = [(0.8, [1.0] * 60 + [-1.0] * 40), (0.2, [1.0] * 30 + [-1.0] * 10)]
    found = weighted_mean(strata, seed=7)
    assert found is not None
    assert found.value == pytest.approx(0.8 * 0.2 + 0.2 * 0.5)
    # The standard error is √(.64 × .96/100 + .04 × .75/40) = .0831.
    assert found.low == pytest.approx(found.value - 1.96 * 0.0831, abs=0.02)
    assert found.high == pytest.approx(found.value + 1.96 * 0.0831, abs=0.02)
    assert found == weighted_mean(strata, seed=7)


def test_where_all_are_equal_the_interval_is_a_point() -> None:
    assert weighted_mean([(1.0, [0.5] * 9)], seed=1) == (0.5, 0.5, 0.5)
