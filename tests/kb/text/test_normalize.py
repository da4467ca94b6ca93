"""Squeezed text keeps an offset for every character, whatever was between them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kb.text.normalize import narrowed, normalized
from kb.types import Span


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
