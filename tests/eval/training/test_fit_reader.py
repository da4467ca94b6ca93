"""What the weights are fitted on, and the threshold that scores best."""

from __future__ import annotations

import numpy as np
import pytest

from eval.measures.outcome import Outcome
from eval.training.fit_reader import (
    NAMES,
    Decided,
    best_threshold,
    figures,
    fitted,
    outcomes,
)
from eval.training.readings import held, share
from kb.types import Span

GOLD = [Span(start=10, end=20), Span(start=50, end=60)]


@pytest.mark.parametrize(
    ("span", "dice", "part"),
    [((10, 20), 1.0, 1.0), ((10, 30), 2 / 3, 1.0), ((15, 25), 0.5, 0.5), ((30, 40), 0.0, 0.0)],
)
def test_a_span_is_judged_by_the_likest_place(
    span: tuple[int, int], dice: float, part: float
) -> None:
    made = Span(start=span[0], end=span[1])
    assert share(made, GOLD) == pytest.approx(dice)
    assert held(made, GOLD) == pytest.approx(part)
    assert share(made, []) == held(made, []) == 0


def test_every_source_counts_the_same_however_many_rows_it_has() -> None:
    """In the large source the feature tells nothing, in the small one all."""
    large = [([float(n % 2)], float(n % 4 < 2), "large") for n in range(4000)]
    small = [([float(n % 2)], float(n % 2), "small") for n in range(40)]
    assert fitted(large + small, ("x",))["x"] > 1


def decided(kind: str, answered: Outcome, source: str = "a") -> Decided:
    return Decided(
        source=source, kind=kind, features=[0.0] * len(NAMES["decision"]), answered=answered
    )


MADE = [
    decided("answerable", "right"),
    decided("answerable", "partly"),
    decided("answerable", "wrong"),
    decided("near", "wrongly_answered"),
]
SURE = np.array([0.9, 0.6, 0.3, 0.2])


def test_what_is_less_sure_than_the_threshold_is_refused() -> None:
    assert outcomes(MADE, SURE, 0.5) == ["right", "partly", "refused", "rightly_refused"]
    assert outcomes(MADE, SURE, 0.1) == ["right", "partly", "wrong", "wrongly_answered"]


def test_the_threshold_keeps_what_gains_and_refuses_what_costs() -> None:
    assert 0.3 < best_threshold(MADE, SURE) <= 0.6


def test_the_figures_of_a_source() -> None:
    told = figures(MADE, SURE, 0.5)
    assert (told["right"], told["partly"], told["wrong"]) == (0.333, 0.333, 0)
    assert told["score"] == pytest.approx(0.8 * 0.5 + 0.2, abs=1e-3)
    assert told["auroc_near"] == 1.0
    assert "auroc_cut" not in told
