"""Compared text keeps an offset for every character; quotes are found where they stand."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kb.text.chars import bare
from kb.text.normalize import folded, narrowed, normalized, standing_in
from kb.types import Span

TEXTS = st.text(alphabet="甲乙丙丁1 \n", min_size=1, max_size=8)


def test_white_space_goes_and_full_width_forms_become_usual() -> None:
    plain = normalized("于 ２０２５年\n６月(底)前,完成")
    assert plain.words == "于2025年6月（底）前，完成"
    assert plain.span(1, 6).of("于 ２０２５年\n６月(底)前,完成") == "２０２５年"


def test_offsets_count_the_whole_text() -> None:
    plain = normalized("甲乙 丙丁", Span(start=1, end=4))
    assert (plain.words, plain.offsets) == ("乙丙", (1, 3))


@given(st.text(max_size=60))
def test_each_character_stands_where_its_offset_says(text: str) -> None:
    plain = normalized(text)
    assert len(plain.words) == len(plain.offsets)
    assert plain.words == narrowed("".join(text[n] for n in plain.offsets))
    assert not any(one.isspace() for one in plain.words)


def test_folded_characters_stand_where_they_came_from() -> None:
    plain = folded("甲 Ａ㎡\nb", lines=True)
    assert (plain.words, plain.offsets) == ("甲am2\nb", (0, 2, 3, 3, 4, 5))
    assert folded("甲 Ａ㎡\nb").words == "甲am2b"
    assert [one.of("甲 Ａ㎡\nb") for one in plain.each("m2")] == ["㎡"]


def test_words_are_found_at_every_place_white_space_aside() -> None:
    text = "拟新 增\n电梯，再新增电梯"
    places = [one.of(text) for one in standing_in(text, "新增电梯")]
    assert places == ["新 增\n电梯", "新增电梯"]
    assert list(standing_in(text, " \n")) == []


@settings(deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_where_words_are_found_they_stand(head: str, words: str, tail: str) -> None:
    text = head + words + tail
    found = list(standing_in(text, words))
    assert all(bare(one.of(text)) == bare(words) for one in found)
    assert bool(found) == bool(bare(words))
