"""Times are milliseconds, by stage and in all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.measures.latency import latency, quantiles
from tests.support.measured import answered, asked


def test_quantiles_lie_linearly_between_neighbours() -> None:
    # 0 to 100 ms in steps of 1 ms: the quantiles are the values; of 0, 1 s halfway and on.
    assert quantiles([n / 1000 for n in range(101)]) == pytest.approx(
        {"p50": 50, "p95": 95, "p99": 99}
    )
    assert quantiles([0.0, 1.0]) == pytest.approx({"p50": 500, "p95": 950, "p99": 990})


def test_one_time_is_every_quantile() -> None:
    assert quantiles([0.002]) == pytest.approx({"p50": 2, "p95": 2, "p99": 2})


def test_a_stage_counts_the_replies_that_went_through_it() -> None:
    record = answered(asked())
    records = [
        replace(record, seconds=0.3, stages={"search": 0.1, "answer": 0.2}),
        replace(record, seconds=0.1, stages={"search": 0.1}),
    ]
    found = latency(records)
    assert {stage: row["p50"] for stage, row in found.items()} == pytest.approx(
        {"search": 100, "answer": 200, "total": 200}
    )


def test_no_replies_have_no_quantiles() -> None:
    assert latency([]) == {}
