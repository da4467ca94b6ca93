"""Charts by themselves, and how figures are written."""

from __future__ import annotations

import re
import warnings

import pytest

from eval import charts


def drawn_words(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_every_point_of_recall_has_its_figure() -> None:
    words = drawn_words(charts.recall({1: 0.7, 5: 0.86, 100: 1.0}))
    assert {"1", "5", "100", "0.700", "0.860", "1.000", "召回"} <= set(words)


def test_the_operating_point_is_named_where_there_is_one() -> None:
    curve = ([0.5, 1.0], [0.1, 0.25])
    words = drawn_words(charts.risk(*curve, point=(0.5, 0.1)))
    assert "现在的门槛：答 50.0%，错 10.0%" in words
    assert "现在的门槛" not in charts.risk(*curve, point=None)


def test_a_chart_can_be_read_by_those_who_cannot_see_it() -> None:
    svg = charts.recall({1: 0.7})
    assert svg.startswith('<svg role="img"')
    assert "前 1 份 0.700" in svg.split(">", 1)[0]


def test_drawing_warns_of_nothing_and_repeats_itself() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        one, other = (charts.latency({"total": {"p50": 0, "p95": 2, "p99": 9}}) for _ in "ab")
    assert one == other


def test_charts_of_one_page_share_no_id() -> None:
    bars = charts.shares([0.2, 0.9])
    ids = [
        re.findall(r' id="([^"]+)"', svg)
        for svg in (
            charts.recall({1: 0.5}),
            charts.risk([1.0], [0.5], point=None),
            charts.confidence(bars, bars, threshold=None),
            charts.latency({"total": {"p50": 1, "p95": 2, "p99": 3}}),
        )
    ]
    together = [one for found in ids for one in found]
    assert all(ids)
    assert len(together) == len(set(together))


def test_shares_of_confidence_add_up_to_one() -> None:
    assert charts.shares([0.0, 0.05, 0.1, 1.0]) == [0.5, 0.25, 0, 0, 0, 0, 0, 0, 0, 0.25]
    assert sum(charts.shares([n / 7 for n in range(8)])) == pytest.approx(1)
    assert charts.shares([]) == [0.0] * charts.BINS
