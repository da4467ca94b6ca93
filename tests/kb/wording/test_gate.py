"""What is let through is quotes of the letter and phrases of the list, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.privacy.pii import found
from kb.types import Quote
from kb.wording.gate import PHRASES, POSITIONS, Wording, Words, phrases, worded
from kb.wording.units import units_of
from tests.support.wordings import answer, parts, quoted

FIRST = "全市有电梯三百部。每部补助十万元。申请人须持有房产证。办理地点在大厅。"
SECOND = "补助由财政局拨付。每年拨付两次。"
MADE = answer(
    quoted("住建局", FIRST, exact="十万元", at=100), quoted("财政局", SECOND, exact="两次", at=40)
)
UNITS = units_of(MADE)
TEXTS = {"住建局": (100, FIRST), "财政局": (40, SECOND)}
OPENING, OTHER, FURTHER = "关于这个问题，答复中写道：", "另有答复写道：", "下文还写道："


def shown(*told: int | str) -> list[str]:
    """What is shown, words of the model's in brackets; of what is not let through the reason."""
    made = worded(parts(*told), MADE, UNITS)
    if not isinstance(made, Wording):
        return [made]
    return [f"〔{part.text}〕" if isinstance(part, Words) else part.text for part in made.parts]


def test_the_units_are_what_these_tests_say() -> None:
    assert [unit.letter_id for unit in UNITS] == [*["住建局"] * 4, *["财政局"] * 2]


ALL = (1, 2, 3, 4, 5, 6)


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        (ALL, [FIRST, SECOND]),
        (
            (OPENING, *ALL[:4], OTHER, *ALL[4:]),
            ["〔关于这个问题，答复中写道：〕", FIRST, "〔另有答复写道：〕", SECOND],
        ),
    ],
)
def test_sentences_are_put_in_by_their_numbers(told: tuple[Any, ...], wanted: list[str]) -> None:
    assert shown(*told) == wanted


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ((), "malformed"),
        ((OPENING,), "malformed"),
        ((0, *ALL), "unknown_sentence"),
        ((-1, *ALL), "unknown_sentence"),
        ((*ALL, 7), "unknown_sentence"),
        ((*ALL, 6), "repeated"),
        ((2, 1, *ALL[2:]), "order"),
        ((*ALL[4:], *ALL[:4]), "order"),
        ((1, 2, 5, 6, 3, 4), "order"),
        (ALL[:-1], "dropped"),
        (ALL[1:], "dropped"),
        ((1, 2, 4, 5, 6), "dropped"),
        ((1, OPENING, *ALL[1:]), "words"),  # the letter goes on
        ((1, FURTHER, *ALL[1:]), "words"),
        ((OTHER, *ALL), "words"),
        ((*ALL[:4], OPENING, *ALL[4:]), "words"),
        ((*ALL[:4], FURTHER, *ALL[4:]), "words"),
        ((*ALL, OPENING), "words"),
        ((OPENING, OPENING, *ALL), "words"),
        (("", *ALL), "words"),
    ],
)
def test_what_is_amiss_has_its_reason(told: tuple[Any, ...], reason: str) -> None:
    assert shown(*told) == [reason]


def test_words_that_are_not_quoted_may_be_told_of_and_nothing_else() -> None:
    made = answer(quoted("甲", "每部补助十万元。"), quoted("甲", "申请人须持有房产证。", at=30))
    told = worded(parts(1, FURTHER, 2), made, units_of(made))
    assert isinstance(told, Wording)
    assert worded(parts(1, "答复中写道：", 2), made, units_of(made)) == "words"


def test_one_organs_letters_keep_their_order() -> None:
    newer, older = (
        quoted("新", "现在补十万元。", issuer="局"),
        quoted("旧", "补八万元。", issuer="局"),
    )
    made = answer(newer, older)
    assert isinstance(worded(parts(1, 2), made, units_of(made)), Wording)
    assert worded(parts(2, 1), made, units_of(made)) == "order"


@pytest.mark.parametrize("lead", ["可以", None])
def test_the_letter_that_answers_best_stays_first(lead: str | None) -> None:
    made = answer(quoted("甲", "可以安装。"), quoted("乙", "禁止安装。"), lead=lead)
    assert isinstance(worded(parts(1, 2), made, units_of(made)), Wording)
    assert worded(parts(2, 1), made, units_of(made)) == "order"


def test_what_leans_on_words_that_are_not_quoted_stands_first_or_not_at_all() -> None:
    leaning, other = quoted("甲", "该馆每天开放。"), quoted("乙", "新建了书店。")
    made = answer(leaning, other)
    assert isinstance(worded(parts(1, 2), made, units_of(made)), Wording)
    made = answer(other, leaning)
    assert worded(parts(1, 2), made, units_of(made)) == "leaning"


def test_what_stands_behind_a_quote_is_told_with_it() -> None:
    older = quoted("旧", "每部补助八万元。")
    first = replace(quoted("甲", FIRST, exact="十万元"), earlier=(older,))
    made = answer(first, quoted("乙", "别处的话。"))
    told = worded(parts(*range(1, 6)), made, units_of(made))
    assert isinstance(told, Wording)
    assert told.parts == (first, replace(made.quotes[1], exact=()))


@pytest.mark.parametrize(
    "content",
    [
        "", "null", "[]", "{}", "12", '"好"', '{"parts": {}}', '{"parts": []}', '{"parts": null}',
        '{"parts": [{"sentence": 2.0}]}', '{"parts": [{"sentence": true}]}',
        '{"parts": [{"sentence": "2"}]}', '{"parts": [{"sentence": null}]}', '{"parts": [2, 3]}',
        '{"parts": [[2]]}', '{"parts": [{"sentence": 2, "words": "原文如下："}]}',
        '{"parts": [{"sentence": 2, "sentence": 3}]}', '{"parts": [{"Sentence": 2}]}',
        '{"parts": [{"sentence": 2}, {"sentence": 3}, {"sentence": 6}], "parts": []}',
        '{"parts": [{"sentence": 2}, {"sentence": 3}, {"sentence": 6}], "note": "好"}',
        '{"parts": [{"sentence": 2}, {"sentence": 3}, {"sentence": 6}]} 完',
        '{"parts": [{"sentence": 2}, {"sentence": 3}, {"sentence": 6}',
        "[" * 100_000, '{"parts": [{"sentence": ' + "9" * 5000 + "}]}",
        '{"parts": [{"sentence": NaN}]}',
        '```json\n{"parts": [{"sentence": 2}, {"sentence": 3}, {"sentence": 6}]}\n```',
        '<think>先排</think>{"parts": [{"sentence": 2}, {"sentence": 3}, {"sentence": 6}]}',
    ],
)  # fmt: skip
def test_anything_but_the_form_is_malformed(content: str) -> None:
    assert worded(content, MADE, UNITS) == "malformed"


def test_the_phrases_state_nothing() -> None:
    """No figure, negation, modality, time, judgement or relation of matters stands in the list."""
    said = [words for place in POSITIONS for words in phrases()[place]]
    lines = PHRASES.read_text(encoding="utf-8").splitlines()
    assert len(said) == len([line for line in lines if not line.startswith("#")])
    claims = re.compile(
        r"[0-9０-９一二三四五六七八九十百千万亿两几]|[不没未无非否别莫勿]有|[不未无非否莫勿]|可以|可能|应|必|须|会|能|将|已|曾|年|月|日|今|昨|现在"
        r"|先|再|因|所以|但|而|虽|若|如果|其中|此外|另外|同时|并|且|也|都|只|仅|最|很|好|坏|局|委|市|县|区|省|厅|政府"
    )
    for words in said:
        assert re.fullmatch(r"[\u4e00-\u9fff]{2,12}[，：]", words), words
        assert not claims.search(words), words
        assert not found(words), words


ANYTHING = st.text(max_size=20)
SAID = st.sampled_from([words for place in POSITIONS for words in phrases()[place]])
NUMBER = st.integers(min_value=-1, max_value=8)
PART = st.one_of(NUMBER, SAID, ANYTHING)


def sound(wording: Wording) -> None:
    """All that is shown is words of a letter at their place, and phrases of the list."""
    for part in wording.parts:
        if isinstance(part, Quote):
            at, text = TEXTS[part.letter_id]
            assert text[part.span.start - at : part.span.end - at] == part.text
            assert part.text
        else:
            assert re.fullmatch("(?:" + "|".join(map(re.escape, SAID_ALL)) + "){1,2}", part.text)
    shown = "".join(part.text for part in wording.parts if isinstance(part, Quote))
    assert all(unit.text in shown for unit in UNITS)


SAID_ALL = [words for place in POSITIONS for words in phrases()[place]]


@settings(max_examples=500, deadline=None)
@given(st.lists(PART, max_size=12))
def test_whatever_a_model_writes_only_the_letters_are_quoted(told: list[int | str]) -> None:
    made = worded(parts(*told), MADE, UNITS)
    if isinstance(made, Wording):
        sound(made)


def test_of_all_orders_one_is_let_through() -> None:
    shown = [order for order in permutations(ALL) if isinstance(_made(order), Wording)]
    assert shown == [ALL]


def _made(order: Sequence[int]) -> object:
    return worded(parts(*order), MADE, UNITS)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 9) | st.floats() | ANYTHING,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["parts", "sentence", "words", "x"]), inner, max_size=3)
    ),
)


@settings(max_examples=500, deadline=None)
@given(JSON)
def test_whatever_json_comes_nothing_breaks(made: Any) -> None:
    for content in (made, {"parts": made}, {"parts": [made]}):
        told = worded(json.dumps(content), MADE, UNITS)
        assert not isinstance(told, Wording)


TEXT = st.text(alphabet="甲补助不但该一是。！？：，\n\t“”  12", min_size=1, max_size=40).filter(
    str.strip
)


@settings(max_examples=300, deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=4), st.data())
def test_whatever_the_letters_hold_what_is_shown_stands_in_them(
    texts: list[str], data: st.DataObject
) -> None:
    """Two letters of up to two quotes each, of which a model names some sentences in some order."""
    quotes = [quoted("甲乙"[n % 2], text, at=10 + n * 50) for n, text in enumerate(texts)]
    made = answer(*quotes)
    units = units_of(made)
    if not units:
        return
    order = data.draw(
        st.one_of(st.just(range(1, len(units) + 1)), st.permutations(range(1, len(units) + 1)))
    )
    told = worded(parts(*order), made, units)
    if not isinstance(told, Wording):
        assert told in ("order", "leaning")
        return
    for part in told.parts:
        assert isinstance(part, Quote)
        (at, text) = next(
            (quote.span.start, quote.text)
            for quote in quotes
            if quote.letter_id == part.letter_id and quote.span.holds(part.span)
        )
        assert text[part.span.start - at : part.span.end - at] == part.text != ""
    shown = "".join("".join(part.text.split()) for part in told.parts)
    assert sorted(shown) == sorted("".join("".join(texts).split()))
