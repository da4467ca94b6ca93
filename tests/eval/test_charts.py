"""Charts by themselves, and how figures are written."""

from __future__ import annotations

import re
import warnings

import pytest

from eval import charts
from eval.legend import MEANINGS, UNMEASURED, Kind, label, milliseconds, written


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


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (0.81249, "score", "0.812"),
        (0.6051, "rate", "60.5%"),
        (None, "rate", "未测"),
        (float("nan"), "score", "未测"),
        (1234.4, "count", "1,234"),
    ],
)
def test_a_figure_that_is_missing_is_said_to_be(value: float | None, kind: Kind, text: str) -> None:
    assert written(value, kind) == text
    assert milliseconds(None) == milliseconds(float("nan")) == UNMEASURED


def test_every_figure_has_a_sentence_and_a_name() -> None:
    for part in MEANINGS.values():
        for name, meaning in part.items():
            assert meaning.label, name
            assert meaning.says.endswith("。"), name
    assert label("nDCG@10") == "排序质量 nDCG@10"


def test_shares_of_confidence_add_up_to_one() -> None:
    assert charts.shares([0.0, 0.05, 0.1, 1.0]) == [0.5, 0.25, 0, 0, 0, 0, 0, 0, 0, 0.25]
    assert sum(charts.shares([n / 7 for n in range(8)])) == pytest.approx(1)
    assert charts.shares([]) == [0.0] * charts.BINS
