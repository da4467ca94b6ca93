"""A chain learns what its parts are, and from what stands beside them."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from eval.training.chain import (
    ACROSS,
    FIRST,
    UNKNOWN,
    WITHIN,
    Chain,
    _expected,
    _padded,
    fitted,
)
from kb.extract.tagger import BEGINS, GOES_ON, NEVER, OUT

CHAINS = [
    Chain(rows=[[0], [1], [2]], places=[FIRST, WITHIN, ACROSS], labels=[BEGINS, GOES_ON, OUT]),
    Chain(rows=[[2], [0]], places=[FIRST, ACROSS], labels=[OUT, BEGINS]),
    Chain(rows=[], places=[], labels=[]),
]


def test_it_learns_what_it_is_shown() -> None:
    weights, moves = fitted(CHAINS, 3, strictness=0.01)
    assert weights[0].argmax() == BEGINS
    assert weights[2].argmax() == OUT
    assert moves[0, BEGINS, GOES_ON] > moves[0, BEGINS, OUT]


def test_no_promise_goes_on_from_outside_or_into_another_clause() -> None:
    _, moves = fitted(CHAINS, 3, strictness=0.01)
    assert moves[0, OUT, GOES_ON] <= NEVER / 2
    assert (moves[1, :, GOES_ON] <= NEVER / 2).all()


def test_a_part_that_nobody_could_tell_teaches_nothing() -> None:
    chain = Chain(rows=[[0], [1]], places=[FIRST, ACROSS], labels=[BEGINS, UNKNOWN])
    weights, _ = fitted([chain], 2, strictness=0.01)
    assert np.abs(weights[1]).max() < 0.1 < np.abs(weights[0]).max()


def test_the_sums_are_those_over_all_labellings() -> None:
    random = np.random.default_rng(0)
    odds, moves = random.normal(size=(3, 3)), random.normal(size=(2, 3, 3))
    padded = _padded(CHAINS[:1], 3)

    def score(labels: tuple[int, ...]) -> float:
        opening = NEVER if labels[0] == GOES_ON else 0.0
        own = sum(odds[n, label] for n, label in enumerate(labels))
        return opening + own + moves[0, labels[0], labels[1]] + moves[1, labels[1], labels[2]]

    weights = {labels: np.exp(score(labels)) for labels in product(range(3), repeat=3)}
    total = sum(weights.values())
    whole, counts, paths = _expected(padded, odds, moves, allowed=False)
    assert whole == pytest.approx(np.log(total))
    for n, label in product(range(3), repeat=2):
        wanted = sum(w for labels, w in weights.items() if labels[n] == label) / total
        assert counts[n, label] == pytest.approx(wanted, abs=1e-9)
    moved = sum(w for labels, w in weights.items() if labels[:2] == (BEGINS, GOES_ON)) / total
    assert paths[0, BEGINS, GOES_ON] == pytest.approx(moved, abs=1e-9)
