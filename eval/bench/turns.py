"""Processor time of several ways of doing the same, which take turns on a busy machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np

Given = TypeVar("Given")


def processor_ms(
    given: Sequence[Given], ways: Mapping[str, Callable[[Given], object]], *, turns: int
) -> dict[str, list[float]]:
    """Milliseconds of processor time of each of ``given``, by each way.

    All threads together. The ways take turns at each of them, ``turns`` times, and the least
    counts: what disturbs the machine only ever adds to it. What is loaded at first is not counted.
    """
    for way in ways.values():
        way(given[0])
    spent = {name: np.full(len(given), np.inf) for name in ways}
    for _ in range(turns):
        for number, one in enumerate(given):
            for name, way in ways.items():
                began = time.process_time()
                way(one)
                taken = 1000 * (time.process_time() - began)
                spent[name][number] = min(spent[name][number], taken)
    return {name: taken.tolist() for name, taken in spent.items()}
