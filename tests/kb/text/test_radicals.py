"""Radicals that pdfs give for whole characters are compared as these, one for one."""

from __future__ import annotations

import pytest

from kb.text.chars import RADICAL, RADICALS, fold, narrow, whole
from kb.text.normalize import normalized
from kb.text.tokens import tokens


@pytest.mark.parametrize(
    ("radicals", "characters"),
    [("云岭市⽔务局", "云岭市水务局"), ("⻓江⻔户", "长江门户"), ("３⽉⾦额", "3月金额")],
)
def test_a_radical_is_folded_into_its_character(radicals: str, characters: str) -> None:
    assert fold(radicals) == characters
    assert narrow(radicals) == characters
    assert normalized(radicals).words == characters
    assert tokens(radicals) == tokens(characters)


def test_folding_radicals_moves_no_offset() -> None:
    assert all(len(chr(code)) == len(str(character)) for code, character in RADICALS.items())
    assert len(whole("⽔利⻓廊")) == 4


def test_no_radical_that_has_a_character_is_passed_over() -> None:
    assert all(RADICAL.match(chr(code)) for code in RADICALS)
