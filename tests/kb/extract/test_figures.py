"""Figures are read with their unit and in whole units; dates and numbers of laws are none."""

from __future__ import annotations

import pytest

from kb.extract.figures import figures, target


@pytest.mark.parametrize(
    ("words", "value", "unit"),
    [
        ("200个", 200, "个"),
        ("1.48亿元", 148_000_000, "元"),
        ("1500余万元", 15_000_000, "元"),
        ("12.6万户", 126_000, "户"),
        ("20%", 20, "%"),
        ("5.1公里", 5.1, "公里"),
        ("3个亿", 300_000_000, "元"),
    ],
)
def test_a_figure_is_in_whole_units(words: str, value: float, unit: str) -> None:
    (one,) = figures(words)
    assert (one.value, one.unit, one.text) == (value, unit, words)


@pytest.mark.parametrize("words", ["2024年6月28日", "第112号提案", "第3次会议", "17:40"])
def test_dates_and_numbers_of_documents_are_no_figures(words: str) -> None:
    assert figures(words) == ()


def test_the_target_is_what_it_is_to_come_to() -> None:
    found = target("由36个扩大到400个")
    assert found is not None
    assert found.value == 400
    assert target("没有数字") is None
