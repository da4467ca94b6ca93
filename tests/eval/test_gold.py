"""A known answer is found in its document, white space and width aside."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.gold import gold_spans
from kb.text.chars import searchable


@pytest.mark.parametrize(
    ("answer", "text", "spans"),
    [
        ("12.6万户", "共 12.6 万\n户。", [(2, 10)]),
        ("ABC", "ａｂｃ与abc", [(0, 3), (4, 7)]),
        ("50%", "达50％", [(1, 4)]),
        ("没有", "文中", []),
        ("", "文中", []),
        ("𠮷", "甲𠮷乙", [(1, 2)]),
        ("aa", "aaa", [(0, 2), (1, 3)]),
        ("3", "13、3.5、2.3、3,000、３１、3", [(20, 21)]),
        ("50万元", "150万元和12 50万元", [(9, 13)]),
    ],
)
def test_a_gold_answer_is_found_white_space_and_width_aside(
    answer: str, text: str, spans: list[tuple[int, int]]
) -> None:
    assert [(one.start, one.end) for one in gold_spans(answer, text)] == spans


WORDS = st.text("文字1２%％Aａ𠮷 　\n（(", max_size=12)
AROUND = st.text("文字%％Aａ𠮷 　\n（(", max_size=12)


@given(AROUND, WORDS, AROUND)
def test_every_gold_span_reads_as_the_answer(before: str, answer: str, after: str) -> None:
    text = before + answer + after
    found = gold_spans(answer, text)
    assert bool(searchable(answer)) <= bool(found)
    for span in found:
        assert searchable(answer) in searchable(span.of(text))
