"""Where words stand in a letter: real spans, however the letter writes them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search import highlight
from kb.text.chars import searchable
from kb.types import Span
from tests.support.asking import base_of, letter_text

TEXT = st.text(st.sampled_from("加装电梯𠮷Ａa３㎡ \n，"), max_size=40)


def found(words: str, text: str) -> list[str]:
    return [one.of(text) for one in highlight.found(words, text, Span(start=0, end=len(text)))]


@pytest.mark.parametrize(
    ("words", "text", "marked"),
    [
        ("加装电梯", "去年加装电梯困人28起，电梯加装了。", ["加装电梯"]),
        ("加装 电梯", "去年加装电梯，电梯坏了。", ["加装电梯"]),
        ("电梯 加装", "去年加装电梯，电梯坏了。", ["加装电梯", "电梯"]),
        ("1350个", "建成１３５０ 个。", ["１３５０ 个"]),
        ("ABC", "𠮷村ａｂｃ路", ["ａｂｃ"]),
        ("看病", "群众就医更方便", ["就医"]),
        ("公路", "公\n路", []),
        ("", "公路", []),
        ("？", "公路？", ["？"]),
    ],
)
def test_words_are_marked_where_they_stand(words: str, text: str, marked: list[str]) -> None:
    assert found(words, text) == marked


def test_a_character_by_itself_is_not_marked_beside_whole_words() -> None:
    assert found("住建局 电梯", "住宅的电梯") == ["电梯"]


def test_of_a_pasted_text_the_first_words_are_looked_for() -> None:
    pasted = "，".join(f"第{n}条" for n in range(100))
    assert len(highlight.asked(pasted)) == highlight.MOST
    assert highlight.asked("加装电梯") == ["加装电梯"]


@given(words=TEXT, text=TEXT, cut=st.tuples(st.integers(0, 40), st.integers(0, 40)))
def test_marks_lie_in_the_span_in_order_and_hold_what_was_sought(
    words: str, text: str, cut: tuple[int, int]
) -> None:
    span = Span(start=min(*cut, len(text)), end=min(max(cut), len(text)))
    spans = highlight.found(words, text, span)
    asked = (searchable(words), *highlight.sought(words))
    at = span.start
    for one in spans:
        assert at <= one.start < one.end <= span.end
        assert any(word in searchable(one.of(text)) for word in asked if word)
        at = one.end + 1  # neighbours that touch are one


def test_an_excerpt_is_the_sentence_that_holds_most_of_the_words(tmp_path: Path) -> None:
    long = "，".join(["这一句很长，说的是别的事情"] * 9)
    body = f"一、电梯\n电梯不少。\n加装电梯补贴二十万元。\n{long}，路灯也要换新，{long}。"
    reader = base_of(tmp_path, letter_text(body=body))
    letter = reader.letter("0")
    passages = map(reader.passage, reader.passages_of("0"))
    passage = next(one for one in passages if "二十万" in one.span.of(letter.text))
    whole = highlight.excerpt("加装电梯补贴", letter, passage)
    assert whole.span.of(letter.text) == "加装电梯补贴二十万元。"
    assert (whole.headless, whole.endless) == (False, False)
    cut = highlight.excerpt("路灯", letter, passage)
    words = cut.span.of(letter.text)
    assert cut.headless
    assert cut.endless
    assert "路灯" in words
    assert len(words) <= highlight.EXCERPT
    assert words.startswith(("这一句", "很长", "说的是", "别的", "事情"))
    assert words.endswith(("句", "长", "是", "别的", "事情"))
