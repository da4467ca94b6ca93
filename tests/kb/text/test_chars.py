"""Characters folded to one form, and texts made of given words."""

from __future__ import annotations

import pytest

from kb.text.chars import bare, fold, made_of


@pytest.mark.parametrize(
    ("text", "whole"),
    [("哪些答复", True), ("哪些", True), ("", True), ("哪些的答", False), ("一哪些", False)],
)
def test_a_text_is_made_of_words_if_they_join_to_it(text: str, *, whole: bool) -> None:
    assert made_of(text, frozenset({"哪些", "哪", "答复", "些答"})) is whole


def test_a_long_text_is_taken_apart_in_linear_time() -> None:
    words = frozenset("啊" * n for n in range(1, 9))
    assert made_of("啊" * 5000, words)
    assert not made_of("啊" * 5000 + "。", words)


def test_folding_unifies_width_and_case() -> None:
    assert fold("ＡbＣ１２％（") == "abc12%("
    assert bare(" 甲\u3000乙\n丙 ") == "甲乙丙"
