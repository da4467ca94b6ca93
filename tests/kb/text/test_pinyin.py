"""How characters sound."""

from __future__ import annotations

import pytest

from eval.training.pinyin_table import table
from kb.text.pinyin import PINYIN, is_pinyin, near_sound, same_sound


def test_the_table_is_what_its_command_makes() -> None:
    assert table() == PINYIN.read_text(encoding="utf-8")


@pytest.mark.parametrize(("one", "other"), ["店电", "庄桩", "斤金", "重种", "重虫", "女钕"])
def test_characters_of_one_syllable_sound_the_same(one: str, other: str) -> None:
    assert other in same_sound(one)


@pytest.mark.parametrize(("one", "other"), ["是四", "吃词", "中总", "牛刘", "飞灰", "胡福", "心兴"])
def test_what_is_often_mixed_up_sounds_near(one: str, other: str) -> None:
    assert other in near_sound(one)
    assert other not in same_sound(one)


@pytest.mark.parametrize(
    ("letters", "is_one"),
    [("zenmeban", True), ("lvse", True), ("nue", True), ("hello", False), ("", False)],
)
def test_pinyin_is_syllables_and_nothing_else(letters: str, is_one: bool) -> None:
    assert is_pinyin(letters) == is_one
