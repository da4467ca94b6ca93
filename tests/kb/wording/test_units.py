"""Where the quotes of an answer are taken apart."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.wording.units import MOST, units_of
from tests.support.wordings import answer, quoted


def cut(text: str, *, exact: str = "") -> list[str]:
    """The units of a quote, beside another that is let be."""
    units = units_of(answer(quoted("甲", text, exact=exact), quoted("乙", "别处的话。")))
    return [unit.text for unit in units if unit.letter_id == "甲"]


def test_sentences_that_stand_alone_are_units() -> None:
    assert cut("全市有电梯三百部。每部补助十万元。") == ["全市有电梯三百部。", "每部补助十万元。"]


@pytest.mark.parametrize(
    "text",
    [
        "每部补助十万元。但已享受过的不再补助。",
        "每部补助十万元。其中市级八万元。",
        "每部补助十万元。因此资金由财政承担。",
        "市里新建了图书馆。该馆每天开放。",
        "市里新建了图书馆。市民可以在该馆借书。",
        "主要做法如下。一是建馆。馆里有书。二是开放。开放有时。",
        "分三步：一、建馆。馆里有书。二、开放。",
        "标准如下：\n每部十万元。",
        "第一行没有句号\n第二行有。",
        "他说：“先修路。再修桥。”这样定了。",
        "名称\t补助。\n电梯\t十万元。",
        "（先修路。再修桥。）",
    ],
)
def test_what_leans_on_other_words_is_not_taken_from_them(text: str) -> None:
    assert cut(text) == [text]


def test_one_quote_alone_is_not_joined_with_itself() -> None:
    text = "全市有电梯三百部。每部补助十万元。"
    assert units_of(answer(quoted("甲", text, exact="十万元"))) == ()


def test_letters_stand_together_each_in_its_own_order() -> None:
    units = units_of(
        answer(
            quoted("甲", "后面的话。", at=50), quoted("乙", "别处的话。"),
            quoted("甲", "前面的话。", at=10),
        )
    )  # fmt: skip
    assert [unit.text for unit in units] == ["前面的话。", "后面的话。", "别处的话。"]


def test_what_leans_on_words_that_are_not_quoted_must_be_able_to_stand_first() -> None:
    one, other = quoted("甲", "该馆每天开放。"), quoted("乙", "新建了书店。")
    assert [unit.leans for unit in units_of(answer(one, other))] == [True, False]
    assert [unit.leans for unit in units_of(answer(other, one))] == [False, True]
    assert units_of(answer(one, quoted("丙", "但不对外。"))) == ()
    assert (
        units_of(answer(quoted("甲", "书店也开了。"), quoted("甲", "该馆每天开放。", at=30))) == ()
    )
    assert units_of(answer(quoted("甲", "书店也开了。"), quoted("甲", "该馆开放。", at=6)))


def test_nothing_is_to_be_joined_of_one_sentence_of_fields_or_of_too_much() -> None:
    one, other = quoted("甲", "每部补助十万元。"), quoted("乙", "别处的话。")
    assert units_of(answer(one)) == ()
    all_meant = quoted("甲", "每部补助十万元。全市有电梯三百部。")
    assert units_of(answer(all_meant)) == ()
    assert units_of(answer(one, quoted("甲", "补助十万元。", at=2))) == ()  # they overlap
    assert units_of(answer(one, quoted("乙", "长" * MOST + "。"))) == ()
    named = quoted("甲", "云建函〔2024〕3号")
    assert units_of(answer(replace(named, about="文号"), other)) == ()
    assert len(units_of(answer(one, other))) == 2


WORDS = st.text(alphabet="甲补助不但该一是。！？；：，\n\t“”（） 　12", min_size=1, max_size=60)


@given(WORDS, WORDS)
def test_units_join_to_the_quotes_whatever_stands_in_them(one: str, other: str) -> None:
    made = answer(quoted("甲", one, at=7), quoted("乙", other))
    for unit in (units := units_of(made)):
        quote = made.quotes[unit.quote]
        start = unit.span.start - quote.span.start
        assert quote.text[start : start + len(unit.text)] == unit.text
        assert unit.text.strip() or not quote.text.strip()
    if units:
        assert "".join(unit.text for unit in units) == one + other
