"""Excerpts begin and end between words: no word, figure or date is cut in two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.text.excerpts import whole_words
from kb.types import Span

TEXT = st.text(st.sampled_from("加装电梯补助二十万元2024年6月.%，。（）Ａ𠮷 \n部"), max_size=80)
SAID = (
    "截至2024年6月28日，全市既有住宅加装电梯已建成96部，每部补助8.5万元，覆盖率达到88.5%，"
    "云建办〔2024〕27号文件要求年底前完成（含试点小区）。"
)


def cut(text: str, start: int, end: int, keep: Span | None = None) -> str:
    whole = Span(start=0, end=len(text))
    return whole_words(text, Span(start=start, end=end), within=whole, keep=keep).of(text)


@pytest.mark.parametrize("end", range(10, len(SAID) - 1))
def test_no_word_figure_or_date_is_cut_at_the_end(end: int) -> None:
    words = cut(SAID, 0, end)
    assert SAID.startswith(words)
    assert len(words) <= end
    for whole in ("2024年6月28日", "电梯", "96部", "8.5万元", "88.5%", "27号", "覆盖率", "小区"):
        at = SAID.index(whole)
        assert len(words) <= at or len(words) >= at + len(whole), (words, whole)
    assert not words.endswith(("，", "（", "、"))


@pytest.mark.parametrize("start", range(1, len(SAID) - 10))
def test_no_word_figure_or_date_is_cut_at_the_beginning(start: int) -> None:
    words = cut(SAID, start, len(SAID))
    assert SAID.endswith(words)
    begun = len(SAID) - len(words)
    for whole in ("2024年6月28日", "电梯", "96部", "8.5万元", "88.5%", "27号", "覆盖率", "小区"):
        at = SAID.index(whole)
        assert begun <= at or begun >= at + len(whole), (words, whole)
    assert not words.startswith(("，", "）", "。"))


def test_what_must_be_kept_widens_the_cut_to_the_word_around_it() -> None:
    at = SAID.index("电梯") + 1
    keep = Span(start=at, end=at + 1)
    words = cut(SAID, at, at + 1, keep)
    assert "电梯" in words
    assert len(words) <= len("加装电梯")


@given(
    text=TEXT,
    places=st.tuples(*[st.integers(0, 80)] * 4),
)
def test_a_cut_lies_within_and_holds_what_is_kept(text: str, places: tuple[int, ...]) -> None:
    first, start, end, last = sorted(min(place, len(text)) for place in places)
    within = Span(start=first, end=last)
    middle = Span(start=(start + end) // 2, end=(start + end) // 2 + (end > start))
    span = whole_words(text, Span(start=start, end=end), within=within, keep=middle)
    assert within.start <= span.start <= span.end <= within.end
    assert span.holds(middle)
