"""Which rows name the columns of a table, and answer nothing by themselves."""

from __future__ import annotations

import pytest

from kb.text.tables import is_head_row
from kb.types import Span

TABLE = "进展如下：\n村名\t公路（公里）\t投资（万元）\n九龙村\t10.7\t664\n沙溪村\t4.1\t300\n此复。"
TWO_HEADS = "区县\t大棚\t大棚\n区县\t2023年（亩）\t2024年（亩）\n西陵县\t120\t180"
WORDS = "责任单位\t市住建局\n完成时限\t年底前\n配合单位\t各街道"
YEARS = "指标\t2023年\t2024年\n公厕\t12座\t15座"


def row(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start=start, end=text.index("\n", start) if "\n" in text[start:] else len(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [(TABLE, "村名"), (TWO_HEADS, "区县\t大"), (TWO_HEADS, "区县\t2023"), (YEARS, "指标")],
)
def test_a_row_above_the_figures_is_the_head(text: str, words: str) -> None:
    assert is_head_row(text, row(text, words))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (TABLE, "九龙村"),
        (TABLE, "进展如下"),
        (TWO_HEADS, "西陵县"),
        (WORDS, "责任单位"),
        (WORDS, "完成时限"),
        (YEARS, "公厕"),
    ],
)
def test_other_rows_are_not(text: str, words: str) -> None:
    assert not is_head_row(text, row(text, words))
