"""Fits a linear-chain conditional random field over sparse features (Lafferty et al. 2001)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import logsumexp

from kb.extract.tagger import BEGINS, GOES_ON, NEVER, OUT

LABELS = 3
FIRST, WITHIN, ACROSS = range(3)  # what stands before a part: nothing, its clause, another clause
UNKNOWN = -1  # a part that any label suits
ROUNDS = 60  # of L-BFGS, at most
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The parts of a letter: the numbers of their features, where each stands, what each is."""

    rows: Sequence[Sequence[int]]
    places: Sequence[int]
    labels: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Padded:
    """Chains side by side, the longest first: (steps, chains) numbers of parts, places, labels.

    ``live`` is how many chains still have a part at each step.
    """

    parts: npt.NDArray[np.int64]
    places: npt.NDArray[np.int64]
    allowed: Floats
    live: Sequence[int]
    matrix: Any


def fitted(chains: Sequence[Chain], count: int, *, strictness: float) -> tuple[Floats, Floats]:
    """Weights ``(features, 3)`` and moves ``(2, 3, 3)`` within and across clauses.

    ``count`` is how many features there are; ``strictness`` times the squares of the weights is
    added to the loss.
    """
    padded = _padded(chains, count)
    size = count * LABELS

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights, moves = flat[:size].reshape(count, LABELS), flat[size:].reshape(2, LABELS, LABELS)
        odds = padded.matrix @ weights
        free, counts, paths = _expected(padded, odds, moves + BARRED, allowed=False)
        held, own, own_paths = _expected(padded, odds, moves + BARRED, allowed=True)
        slope = padded.matrix.T @ (counts - own) + 2 * strictness * weights
        turn = paths - own_paths + 0.2 * moves
        penalty = strictness * (weights**2).sum() + 0.1 * (moves**2).sum()
        return free - held + penalty, np.concatenate([slope.ravel(), turn.ravel()])

    start = np.zeros(size + 2 * LABELS * LABELS)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS}).x
    return found[:size].reshape(count, LABELS), found[size:].reshape(2, LABELS, LABELS) + BARRED


def _barred() -> Floats:
    """No promise goes on after a part outside, nor into another clause."""
    moves = np.zeros((2, LABELS, LABELS))
    moves[0, OUT, GOES_ON] = NEVER
    moves[1, :, GOES_ON] = NEVER
    return moves


BARRED = _barred()
OPENING = np.array([0.0, 0.0, NEVER])  # log-odds of the first part's labels
assert (OUT, BEGINS, GOES_ON) == (0, 1, 2)


def _padded(chains: Sequence[Chain], count: int) -> Padded:
    ordered = sorted((c for c in chains if c.rows), key=lambda chain: -len(chain.rows))
    steps = len(ordered[0].rows)
    parts = np.zeros((steps, len(ordered)), np.int64)
    places = np.zeros_like(parts)
    allowed = np.zeros((*parts.shape, LABELS))
    pointers: list[int] = [0]
    columns: list[int] = []
    for number, chain in enumerate(ordered):
        for step, row in enumerate(chain.rows):
            parts[step, number] = len(pointers) - 1
            places[step, number] = chain.places[step]
            if chain.labels[step] != UNKNOWN:
                allowed[step, number] = NEVER
                allowed[step, number, chain.labels[step]] = 0.0
            columns.extend(row)
            pointers.append(len(columns))
    data = np.ones(len(columns))
    live = [sum(len(chain.rows) > step for chain in ordered) for step in range(steps)]
    matrix = csr_matrix((data, columns, pointers), shape=(len(pointers) - 1, count))
    return Padded(parts=parts, places=places, allowed=allowed, live=live, matrix=matrix)


def _expected(
    padded: Padded, odds: Floats, moves: Floats, *, allowed: bool
) -> tuple[float, Floats, Floats]:
    """Log-sum over all labellings (the ``allowed`` ones), the expected labels of each part and
    the expected moves: forward and backward sums (Rabiner 1989).
    """
    steps, live = len(padded.live), padded.live
    own = odds[padded.parts] + (padded.allowed if allowed else 0.0)
    ahead, back = np.zeros_like(own), np.zeros_like(own)
    ahead[0] = own[0] + OPENING
    for step in range(1, steps):
        n = live[step]
        ways = ahead[step - 1, :n, :, None] + moves[padded.places[step, :n] - 1]
        ahead[step, :n] = _logsum(ways, 1) + own[step, :n]
    for step in range(steps - 2, -1, -1):
        n = live[step + 1]
        after = (own[step + 1, :n] + back[step + 1, :n])[:, None, :]
        back[step, :n] = _logsum(moves[padded.places[step + 1, :n] - 1] + after, 2)
    whole = _logsum(ahead[0] + back[0], 1)
    counts, paths = np.zeros_like(odds), np.zeros_like(moves)
    for step in range(steps):
        n = live[step]
        counts[padded.parts[step, :n]] = np.exp(ahead[step, :n] + back[step, :n] - whole[:n, None])
        if step:
            after = (own[step, :n] + back[step, :n])[:, None, :]
            place = padded.places[step, :n] - 1
            way = np.exp(
                ahead[step - 1, :n, :, None] + moves[place] + after - whole[:n, None, None]
            )
            np.add.at(paths, place, way)
    return float(whole.sum()), counts, paths


def _logsum(values: Floats, axis: int) -> Floats:
    summed: Floats = logsumexp(values, axis=axis)
    return summed
