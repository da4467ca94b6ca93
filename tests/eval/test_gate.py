"""The gate: what may not get worse, and what can't be bought by answering more."""

from __future__ import annotations

import pytest

from eval.compare import BadResults, compared, losses
from eval.gate import gated
from tests.support.finished import results

Values = dict[str, dict[str, float]]


def run(
    *, right: int, partly: int = 0, refused: int = 0, wrong: int = 0, kept: int = 10, given: int = 0
) -> Values:
    """A run with so many outcomes, in this order, of as many questions each time."""
    values = [1.0] * right + [0.5] * partly + [0.0] * refused + [-1.0] * wrong
    others = [1.0] * kept + [-1.0] * given
    answered = [float(value != 0) for value in values]
    return {
        "outcome": {f"q{n}": value for n, value in enumerate(values)},
        "refusal_outcome": {f"u{n}": value for n, value in enumerate(others)},
        "answered": {f"q{n}": value for n, value in enumerate(answered)},
        "rejected": {f"u{n}": float(value > 0) for n, value in enumerate(others)},
    }


def failed(before: Values, after: Values) -> list[str]:
    a, b = results(per_question=before), results(per_question=after)
    return [comparison.measure for comparison in losses(compared(a, b, seed=13))]


def test_the_means_of_the_gate_are_the_score_and_the_share_not_wrong() -> None:
    before, after = gated(run(right=5, refused=5), run(right=4, wrong=6, kept=5, given=5))
    score = [sum(each["score"].values()) / len(each["score"]) for each in (before, after)]
    assert score == pytest.approx([0.8 * 0.5 + 0.2, 0.8 * (4 - 6) / 10 + 0.2 * 0])
    assert sum(after["not_wrong"].values()) == 4


@pytest.mark.parametrize("refused", [2, 3, 5, 6, 20, 60])
def test_turning_every_false_refusal_into_a_wrong_answer_fails(refused: int) -> None:
    before = run(right=60, refused=refused, wrong=10)
    after = run(right=60, refused=0, wrong=10 + refused)
    assert "score" in failed(before, after)
    assert failed(after, before) == []


def test_turning_right_answers_into_wrong_ones_fails() -> None:
    assert failed(run(right=60, wrong=10), run(right=45, wrong=25)) == ["score", "not_wrong"]


def test_answering_what_has_no_answer_fails() -> None:
    before = run(right=60, refused=20, kept=40, given=0)
    assert failed(before, run(right=60, refused=20, kept=20, given=20)) == ["score"]


def test_refusing_everything_fails() -> None:
    assert failed(run(right=60, wrong=10), run(right=0, refused=70)) == ["score"]


def test_many_more_right_answers_do_not_buy_many_wrong_ones() -> None:
    before = run(right=60, refused=40)
    assert failed(before, run(right=88, wrong=12)) == ["not_wrong"]


def test_answering_fewer_and_better_passes_though_fewer_are_answered() -> None:
    assert failed(run(right=50, wrong=30), run(right=50, refused=30)) == []


def test_right_answers_for_refusals_pass() -> None:
    assert failed(run(right=50, refused=30), run(right=80)) == []


def test_a_baseline_without_outcomes_can_judge_nothing() -> None:
    old: Values = {"R@1": {"q0": 1.0}}
    with pytest.raises(BadResults, match="make baseline"):
        failed(old, old | run(right=5))


def test_a_suite_without_answers_is_judged_by_what_it_has() -> None:
    before = {"R@1": {f"q{n}": 1.0 for n in range(20)}, "outcome": dict[str, float]()}
    after = {"R@1": {f"q{n}": 0.0 for n in range(20)}, "outcome": dict[str, float]()}
    assert failed(before, after) == ["R@1"]
    assert failed({"R@1": before["R@1"]}, after) == ["R@1"]
