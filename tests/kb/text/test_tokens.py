"""Tokens, document numbers and the weight of words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.text.tokens import document_numbers, number_key, rarity, stopwords, subject_tokens, tokens
from tests.support import made

texts = st.one_of(made.bodies, made.noisy, st.text(max_size=80))


# --- numbers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("请问焦建办〔2024〕32号是谁签发的", ["焦建办〔2024〕32号"]),
        ("见焦建办(2024)第32号、云教复[2023]11号", ["焦建办(2024)第32号", "云教复[2023]11号"]),
        ("〔2024〕32号", ["〔2024〕32号"]),
        ("第047号提案，12号，2024年", []),
    ],
)
def test_document_numbers_are_found_in_running_text(text: str, numbers: list[str]) -> None:
    assert [span.of(text) for span in document_numbers(text)] == numbers


@pytest.mark.parametrize(
    "number",
    [
        "焦建办〔2024〕32号",
        "焦建办[2024]32号",
        "焦建办(2024)32号",
        "焦建办（2024）32号",
        "焦建办【2024】32号",
        "焦建办〔2024〕第32号",
        " 焦建办 〔２０２４〕 ３２ 号 ",
        "焦建办［2024］32号",
    ],
)
def test_brackets_of_every_make_give_one_key(number: str) -> None:
    assert number_key(number) == "焦建办〔2024〕32号"
    assert "焦建办〔2024〕32号" in tokens(number)


def test_a_document_number_is_one_token_whatever_stands_before_it() -> None:
    for before in ("请问", "根据", "文号是", "关于", ""):
        assert "焦建办〔2024〕32号" in tokens(f"{before}焦建办(2024)32号讲了什么")


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("第1520135号提案", "1520135号"),
        ("第 0123 号建议", "0123号"),
        ("“123号”建议", "123号"),
        ("铺设率达到97.7%", "97.7%"),
        ("共 1,481 个", "1481"),
        ("12.6万户", "12.6"),
        ("２０２４年", "2024"),
        ("千分之5‰", "5‰"),
    ],
)
def test_figures_are_single_tokens(text: str, token: str) -> None:
    assert token in tokens(text)


def test_words_of_the_domain_are_not_cut_apart() -> None:
    assert {"适老化", "老旧小区", "加装电梯", "无障碍"} <= set(
        tokens("老旧小区适老化、加装电梯和无障碍")
    )


def test_tokens_are_folded_and_hold_no_punctuation() -> None:
    assert tokens("ＷＩＦＩ，（）《》……") == ["wifi"]
    assert tokens("") == tokens(" \n") == []


@given(texts)
def test_any_text_gives_tokens_with_a_letter_or_digit_each(text: str) -> None:
    assert all(any(c.isalnum() for c in token) for token in tokens(text))


def test_words_that_only_ask_are_no_subject() -> None:
    assert subject_tokens("请问盲道铺设率是多少") == [
        t for t in subject_tokens("盲道铺设率") if t not in stopwords()
    ]
    assert subject_tokens("盲道盲道") == ["盲道"]


# --- weights ----------------------------------------------------------------------------------


def test_a_rare_word_tells_more_than_a_common_one() -> None:
    assert rarity("盲道") > rarity("工作") > 0
    assert rarity("𠮷𡋾") == rarity("第三千号")  # what no table knows counts as seen once
