"""The rounds in which ``train_reader`` trains, each from the weights of the one before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

READING = (
    "cmrc2018_dev", "cmrc2018_trial", "cjrc_dev", "drcd_dev", "drcd_test", "xquad_zh",
    "squad2_zh_dev",
)  # fmt: skip
SOURCES = ("mail", "policy", "ncp", "letters")  # whose questions figures are reported on
BESIDE = {"ncp": ("refuse",)}  # what belongs to a source


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One round of training.

    ``shares`` says how many times the questions of a source are asked (a part of them
    where below 1); sources that are not named are left out. ``others`` is how many passages that
    do not answer stand beside one that does, on average.
    """

    shares: Mapping[str, float]
    others: float
    rate: float
    head_rate: float


STAGES: Mapping[str, Stage] = {
    "reading": Stage(
        shares={
            "cmrc2018_dev": 1, "cmrc2018_trial": 1, "cjrc_dev": 0.4, "drcd_dev": 0.2,
            "drcd_test": 0.2, "xquad_zh": 0.7, "squad2_zh_dev": 0.1,
        },
        others=1, rate=1e-4, head_rate=1e-3,
    ),
    "mail": Stage(shares={"mail": 0.5}, others=1.3, rate=7e-5, head_rate=5e-4),
    "asked": Stage(
        shares={
            "mail": 0.3, "policy": 1, "ncp": 1.5, "refuse": 0.3, "letters": 1, "cmrc2018_dev": 0.1,
        },
        others=1.3, rate=6e-5, head_rate=4e-4,
    ),
    "all": Stage(
        shares={"mail": 0.35, "policy": 0.6, "ncp": 1.5, "refuse": 0.3, "cmrc2018_dev": 0.05},
        others=1.3, rate=6e-5, head_rate=4e-4,
    ),
    "longer": Stage(
        shares={
            "mail": 1, "policy": 1.6, "ncp": 3, "refuse": 0.8, "cmrc2018_dev": 0.2,
            "cmrc2018_trial": 0.2, "cjrc_dev": 0.1, "drcd_dev": 0.05, "drcd_test": 0.05,
            "xquad_zh": 0.2, "squad2_zh_dev": 0.05,
        },
        others=1.3, rate=6e-5, head_rate=4e-4,
    ),
    "letters": Stage(
        shares={"letters": 1, "mail": 0.1, "policy": 0.15, "ncp": 0.3, "refuse": 0.1},
        others=1.3, rate=4e-5, head_rate=2e-4,
    ),
    "more": Stage(
        shares={
            "letters": 2, "mail": 0.5, "policy": 0.8, "ncp": 1, "refuse": 0.4, "cmrc2018_dev": 0.1,
        },
        others=1.3, rate=5e-5, head_rate=3e-4,
    ),
}  # fmt: skip
