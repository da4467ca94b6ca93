"""How long a reply takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from eval.record import Record

PERCENTILES = (50, 95, 99)


def quantiles(seconds: Sequence[float]) -> dict[str, float]:
    """``p50``, ``p95``, ``p99`` in milliseconds of at least one time in seconds.

    Linear between neighbours (type 7 of Hyndman & Fan 1996, "Sample Quantiles").
    """
    values = np.percentile(seconds, PERCENTILES, method="linear")
    return {f"p{p}": float(v) * 1000 for p, v in zip(PERCENTILES, values, strict=True)}


def latency(records: Iterable[Record]) -> dict[str, dict[str, float]]:
    """``quantiles`` of each stage, over the replies that went through it, and of ``total``."""
    seconds: dict[str, list[float]] = {}
    for record in records:
        for stage, taken in {**record.stages, "total": record.seconds}.items():
            seconds.setdefault(stage, []).append(taken)
    return {stage: quantiles(taken) for stage, taken in seconds.items()}
