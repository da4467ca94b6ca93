"""Numerals are read however a letter writes them."""

from __future__ import annotations

import pytest

from kb.text.numerals import number


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("12", 12), ("２０２４", 2024), ("三", 3), ("两", 2), ("元", 1), ("十", 10), ("十二", 12),
        ("二十", 20), ("二十八", 28), ("二〇二四", 2024), ("二○二Ｏ", 2020), ("二三十", 30),
    ],
)  # fmt: skip
def test_a_numeral_is_a_number(words: str, value: int) -> None:
    assert number(words) == value


def test_other_words_are_none() -> None:
    with pytest.raises(KeyError):
        number("百")
