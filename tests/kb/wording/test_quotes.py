"""Which quotes of an answer are put in order, and in what order they are handed over."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kb.wording.quotes import MOST, to_join
from tests.support.wordings import answer, cut, quoted

ONE, OTHER = quoted("甲", "每部补助十万元。全市有电梯三百部。"), quoted("乙", "别处的话。")


def test_letters_stand_together_each_in_its_own_order() -> None:
    quotes = to_join(
        answer(
            quoted("甲", "后面的话。", at=50), quoted("乙", "别处的话。"),
            quoted("甲", "前面的话。", at=10),
        )
    )  # fmt: skip
    assert [quote.text for quote in quotes] == ["前面的话。", "后面的话。", "别处的话。"]


def test_what_leans_on_words_that_are_not_quoted_must_stand_first() -> None:
    leaning, other = quoted("甲", "该馆每天开放。"), quoted("乙", "新建了书店。")
    assert to_join(answer(leaning, other)) == (leaning, other)
    assert to_join(answer(other, leaning)) == ()
    shop = quoted("甲", "书店也开了。")
    assert to_join(answer(shop, quoted("甲", "该馆每天开放。", at=30))) == ()
    assert len(to_join(answer(shop, quoted("甲", "该馆每天开放。", at=6)))) == 2


def test_one_quote_fields_and_too_much_are_not_joined() -> None:
    assert to_join(answer(ONE)) == ()
    assert to_join(answer(ONE, quoted("甲", "补助十万元。", at=2))) == ()  # they overlap
    assert to_join(answer(ONE, quoted("乙", "长" * MOST + "。"))) == ()
    assert to_join(answer(replace(ONE, about="文号"), OTHER)) == ()
    assert to_join(answer(ONE, OTHER)) == (ONE, OTHER)


WORDS = st.text(alphabet="甲补助不但该一是。！？；：，\n\t“”（） 　12", min_size=1, max_size=60)


@given(WORDS, WORDS)
def test_all_quotes_are_handed_over_as_they_are_or_none(one: str, other: str) -> None:
    quotes = (*cut(quoted("甲", one, at=7)), quoted("乙", other))
    assert to_join(answer(*quotes)) in ((), quotes)
