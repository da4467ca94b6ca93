"""Two runs differ only as far as luck can be left out, and the same seed says the same."""

from __future__ import annotations

import random
import time

import pytest

from eval.measures.per_question import PerQuestion
from eval.significance import Delta, compare, deltas, holm


def test_holm_as_worked_out_by_hand() -> None:
    # Sorted 0.01 × 4, 0.02 × 3, 0.03 × 2 = 0.06, 0.04 × 1 → no less than 0.06.
    assert holm([0.04, 0.01, 0.03, 0.02]) == pytest.approx([0.06, 0.04, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([0.2]) == [0.2]
    assert holm([]) == []


def made(values: list[float]) -> PerQuestion:
    return {"m": {f"q{n}": value for n, value in enumerate(values)}}


def test_a_small_sample_is_tested_exactly() -> None:
    # Of the 2**5 ways to choose the signs only all plus and all minus are as far out.
    (found,) = compare(made([0.0] * 5), made([0.1, 0.2, 0.3, 0.4, 0.5]), measures=["m"], seed=1)
    assert found.p == pytest.approx(2 / 32)
    assert (found.questions, found.mean_a) == (5, 0)
    assert found.mean_b == found.delta == pytest.approx(0.3)
    assert 0.1 <= found.low < 0.3 < found.high <= 0.5


def test_the_other_way_round_has_the_other_sign() -> None:
    a, b = made([0.0, 0.5, 0.2, 0.9, 0.4]), made([0.1, 0.9, 0.1, 1.0, 0.7])
    (there,), (back,) = (compare(*pair, measures=["m"], seed=1) for pair in ((a, b), (b, a)))
    assert back.delta == -there.delta
    assert back.p == pytest.approx(there.p)
    assert there.low < there.delta < there.high
    assert back.low < back.delta < back.high


@pytest.mark.parametrize(
    ("a", "b", "delta", "p"),
    [
        ([0.3, 0.6, 1.0], [0.3, 0.6, 1.0], 0.0, 1.0),
        ([0.1, 0.2, 0.3], [0.4, 0.5, 0.6], 0.3, 2 / 8),  # all the same, but for rounding
        ([0.1 + 0.2] * 6, [0.3] * 6, 0.0, 1.0),  # rounding is no difference
        ([0.0], [1.0], 1.0, 1.0),  # one question proves nothing
        ([0.5], [0.5], 0.0, 1.0),
    ],
)
def test_equal_differences_have_an_interval_of_one_point(
    a: list[float], b: list[float], delta: float, p: float
) -> None:
    (found,) = compare(made(a), made(b), measures=["m"], seed=1)
    assert (found.delta, found.low, found.high) == pytest.approx((delta, delta, delta))
    assert found.p == pytest.approx(p)


@pytest.mark.parametrize("questions", [2, 3, 20, 400])
def test_one_question_of_many_is_not_significant(questions: int) -> None:
    b = [1.0] + [0.0] * (questions - 1)
    (found,) = compare(made([0.0] * questions), made(b), measures=["m"], seed=1)
    assert found.p == pytest.approx(1, abs=0.02)  # from 20 questions on drawn, not exact
    assert 0 <= found.low <= found.delta <= found.high <= 1


def test_only_shared_questions_and_measures_are_compared() -> None:
    a = {"m": {"q1": 0.0, "q2": 1.0, "only": 1.0}, "n": {"q1": 1.0}, "x": {"q1": 1.0}}
    b = {"m": {"q2": 0.0, "q1": 1.0, "other": 0.0}, "n": {"q9": 1.0}}
    assert [one.measure for one in compare(a, b, measures=["x", "n", "m"], seed=1)] == ["m"]
    assert list(deltas(a, b, measures=["m", "x"])) == [
        Delta("q1", "m", 0.0, 1.0, 1.0),
        Delta("q2", "m", 1.0, 0.0, -1.0),
    ]


def drawn(measures: int, questions: int, *, better: float) -> tuple[PerQuestion, PerQuestion]:
    """Two runs of noise; the second is better by ``better`` on the average."""
    drawing = random.Random(5)
    a = {f"m{n}": {f"q{q}": drawing.random() for q in range(questions)} for n in range(measures)}
    b = {
        name: {q: value + drawing.gauss(better, 0.2) for q, value in row.items()}
        for name, row in a.items()
    }
    return a, b


def test_the_same_seed_gives_the_same_figures() -> None:
    a, b = drawn(2, 60, better=0.03)
    first = compare(a, b, measures=["m0", "m1"], seed=7)
    assert compare(a, b, measures=["m0", "m1"], seed=7) == first
    assert compare(a, b, measures=["m0", "m1"], seed=8) != first


def test_other_measures_change_nothing_but_the_correction() -> None:
    a, b = drawn(2, 60, better=0.03)
    alone, together = (
        compare(a, b, measures=measures, seed=7)[0] for measures in (["m0"], ["m0", "m1"])
    )
    assert (alone.low, alone.high, alone.p) == (together.low, together.high, together.p)
    assert alone.p_holm == alone.p < together.p_holm


def test_a_real_difference_is_found_and_noise_is_not() -> None:
    (real,) = compare(*drawn(1, 200, better=0.1), measures=["m0"], seed=1)
    (noise,) = compare(*drawn(1, 200, better=0.0), measures=["m0"], seed=1)
    assert real.p < 0.001
    assert real.low > 0
    assert noise.p > 0.05
    assert noise.low < 0 < noise.high


def test_a_suite_is_compared_in_no_more_than_a_minute() -> None:
    a, b = drawn(3, 600, better=0.05)
    begun = time.perf_counter()
    compare(a, b, measures=list(a), seed=1)
    assert time.perf_counter() - begun < 60
