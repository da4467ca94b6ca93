"""The rounds in which ``train_reader`` trains, each from the weights of the one before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One round of training: which sources, and how many passages of a question in a step.

    It goes on from the weights of the stage ``before``. ``first`` numbers its epochs, and with them
    how questions and crops are drawn.
    """

    before: str | None
    takes: Callable[[str], bool]
    passages: int
    epochs: int
    rate: float
    head_rate: float
    first: int = 0
    by_fold: bool = False


OWN = ("ncp", "refuse")
STAGES: Mapping[str, Stage] = {
    "reading": Stage(
        before=None, takes=lambda source: source not in (*OWN, "made", "counted"),
        passages=2, epochs=1, rate=1e-4, head_rate=1e-3,
    ),
    "made": Stage(
        before="reading", takes=lambda source: source == "made",
        passages=2, epochs=1, rate=1e-4, head_rate=1e-3,
    ),
    "ncp": Stage(
        before="made", takes=lambda source: source in OWN,
        passages=3, epochs=4, rate=1e-4, head_rate=1e-3, by_fold=True,
    ),
    "counted": Stage(
        before="ncp", takes=lambda source: source in (*OWN, "counted"),
        passages=3, epochs=2, rate=5e-5, head_rate=3e-4, first=100, by_fold=True,
    ),
}  # fmt: skip
MEMBERS = tuple(name for name, stage in STAGES.items() if stage.by_fold)  # whose mean is read with
