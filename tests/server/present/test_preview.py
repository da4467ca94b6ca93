"""The preview of a letter: its own words, none of them cut in two."""

from __future__ import annotations

import pytest

from server.present.preview import LONGEST, previewed
from tests.support.fakes import make_letter
from tests.support.served import ROAD, place, road_letter

SITE = "https://kb.example"


def test_the_words_are_the_letters_and_the_address_is_whole() -> None:
    shown = previewed(road_letter(), None, site=SITE)
    assert shown.words in road_letter().text
    assert shown.title == "关于加快农村公路建设、落实养护责任的提案"
    assert shown.address.startswith(f"{SITE}/letters/")
    assert shown.day == "2024-06-28"


def test_of_a_quote_its_words_and_its_permanent_address_are_shown() -> None:
    letter = road_letter()
    shown = previewed(letter, place(letter, ROAD), site=SITE)
    assert shown.words == ROAD
    assert shown.address.startswith(f"{SITE}/quotes/")


@pytest.mark.parametrize("cut", ["同意取消预告", "意", "8万元。另", "不同意"])
def test_of_a_cut_quote_the_whole_sentences_are_shown(cut: str) -> None:
    letter = make_letter("a", "业主大会不同意取消预告。每部补助1.8万元。另有规定。\n特此答复。")
    shown = previewed(letter, place(letter, cut), site=SITE)
    assert shown.words in ("业主大会不同意取消预告。", "每部补助1.8万元。另有规定。")
    assert cut in shown.words


def test_a_long_passage_ends_at_a_word() -> None:
    letter = make_letter("a", "全市既有住宅加装电梯已建成，" * 30 + "完。")
    shown = previewed(letter, place(letter, letter.text[:-1]), site=SITE)
    assert shown.words in letter.text
    assert LONGEST - 10 <= len(shown.words) <= LONGEST
    assert shown.words.endswith(("全市", "既有", "住宅", "加装电梯", "建成", "已"))


def test_a_letter_that_says_nothing_has_an_empty_preview() -> None:
    assert previewed(make_letter("a", "此致"), None, site="").words == ""
