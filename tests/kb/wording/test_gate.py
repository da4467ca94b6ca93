"""What is let through is quotes of the letter and phrases of the list, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.privacy.pii import found
from kb.types import Quote
from kb.wording.gate import PHRASES, POSITIONS, Wording, Words, phrases, worded
from kb.wording.quotes import to_join
from tests.support.wordings import answer, cut, parts, quoted

FIRST = "全市有电梯三百部。每部补助十万元。申请人须持有房产证。办理地点在大厅。"
SECOND = "补助由财政局拨付。每年拨付两次。"
QUOTES = to_join(
    answer(*cut(quoted("住建局", FIRST, at=100)), *cut(quoted("财政局", SECOND, at=40)))
)
TEXTS = {"住建局": (100, FIRST), "财政局": (40, SECOND)}
OPENING, OTHER, FURTHER = "关于这个问题，答复中写道：", "另有答复写道：", "下文还写道："


def shown(*told: int | str) -> list[str]:
    """What is shown, words of the model's in brackets; of what is not let through the reason."""
    made = worded(parts(*told), QUOTES)
    if not isinstance(made, Wording):
        return [made]
    return [f"〔{part.text}〕" if isinstance(part, Words) else part.text for part in made.parts]


def test_the_quotes_are_what_these_tests_say() -> None:
    assert [quote.letter_id for quote in QUOTES] == [*["住建局"] * 4, *["财政局"] * 2]


ALL = (1, 2, 3, 4, 5, 6)


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        (ALL, [quote.text for quote in QUOTES]),
        (
            (OPENING, *ALL[:4], OTHER, *ALL[4:]),
            [
                "〔关于这个问题，答复中写道：〕",
                *(quote.text for quote in QUOTES[:4]),
                "〔另有答复写道：〕",
                *(quote.text for quote in QUOTES[4:]),
            ],
        ),
    ],
)
def test_quotes_are_put_in_by_their_numbers(told: tuple[Any, ...], wanted: list[str]) -> None:
    assert shown(*told) == wanted


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ((), "malformed"),
        ((OPENING,), "malformed"),
        ((0, *ALL), "unknown_quote"),
        ((-1, *ALL), "unknown_quote"),
        ((*ALL, 7), "unknown_quote"),
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
    told = worded(parts(1, FURTHER, 2), to_join(made))
    assert isinstance(told, Wording)
    assert worded(parts(1, "答复中写道：", 2), to_join(made)) == "words"


def test_one_organs_letters_keep_their_order() -> None:
    newer, older = (
        quoted("新", "现在补十万元。", issuer="局"),
        quoted("旧", "补八万元。", issuer="局"),
    )
    made = answer(newer, older)
    assert isinstance(worded(parts(1, 2), to_join(made)), Wording)
    assert worded(parts(2, 1), to_join(made)) == "order"


@pytest.mark.parametrize("lead", ["可以", None])
def test_the_letter_that_answers_best_stays_first(lead: str | None) -> None:
    made = answer(quoted("甲", "可以安装。"), quoted("乙", "禁止安装。"), lead=lead)
    assert isinstance(worded(parts(1, 2), to_join(made)), Wording)
    assert worded(parts(2, 1), to_join(made)) == "order"


@pytest.mark.parametrize(
    "content",
    [
        "", "null", "[]", "{}", "12", '"好"', '{"parts": {}}', '{"parts": []}', '{"parts": null}',
        '{"parts": [{"quote": 2.0}]}', '{"parts": [{"quote": true}]}',
        '{"parts": [{"quote": "2"}]}', '{"parts": [{"quote": null}]}', '{"parts": [2, 3]}',
        '{"parts": [[2]]}', '{"parts": [{"quote": 2, "words": "原文如下："}]}',
        '{"parts": [{"quote": 2, "quote": 3}]}', '{"parts": [{"Quote": 2}]}',
        '{"parts": [{"quote": 2}, {"quote": 3}, {"quote": 6}], "parts": []}',
        '{"parts": [{"quote": 2}, {"quote": 3}, {"quote": 6}], "note": "好"}',
        '{"parts": [{"quote": 2}, {"quote": 3}, {"quote": 6}]} 完',
        '{"parts": [{"quote": 2}, {"quote": 3}, {"quote": 6}',
        "[" * 100_000, '{"parts": [{"quote": ' + "9" * 5000 + "}]}",
        '{"parts": [{"quote": NaN}]}',
        '```json\n{"parts": [{"quote": 2}, {"quote": 3}, {"quote": 6}]}\n```',
        '<think>先排</think>{"parts": [{"quote": 2}, {"quote": 3}, {"quote": 6}]}',
    ],
)  # fmt: skip
def test_anything_but_the_form_is_malformed(content: str) -> None:
    assert worded(content, QUOTES) == "malformed"


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
    assert all(quote.text in shown for quote in QUOTES)


SAID_ALL = [words for place in POSITIONS for words in phrases()[place]]


@settings(max_examples=500, deadline=None)
@given(st.lists(PART, max_size=12))
def test_whatever_a_model_writes_only_the_letters_are_quoted(told: list[int | str]) -> None:
    made = worded(parts(*told), QUOTES)
    if isinstance(made, Wording):
        sound(made)


def test_of_all_orders_one_is_let_through() -> None:
    shown = [order for order in permutations(ALL) if isinstance(_made(order), Wording)]
    assert shown == [ALL]


def _made(order: Sequence[int]) -> object:
    return worded(parts(*order), QUOTES)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 9) | st.floats() | ANYTHING,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["parts", "quote", "words", "x"]), inner, max_size=3)
    ),
)


@settings(max_examples=500, deadline=None)
@given(JSON)
def test_whatever_json_comes_nothing_breaks(made: Any) -> None:
    for content in (made, {"parts": made}, {"parts": [made]}):
        told = worded(json.dumps(content), QUOTES)
        assert not isinstance(told, Wording)


TEXT = st.text(alphabet="甲补助不但该一是。！？：，\n\t“”  12", min_size=1, max_size=40).filter(
    str.strip
)


@settings(max_examples=300, deadline=None)
@given(st.lists(TEXT, min_size=2, max_size=4), st.data())
def test_whatever_the_letters_hold_all_of_it_is_shown_or_none(
    texts: list[str], data: st.DataObject
) -> None:
    """Two letters of up to two quotes each, which a model names in some order."""
    given = [quoted("甲乙"[n % 2], text, at=10 + n * 50) for n, text in enumerate(texts)]
    quotes = to_join(answer(*given))
    if not quotes:
        return
    order = data.draw(
        st.one_of(st.just(range(1, len(quotes) + 1)), st.permutations(range(1, len(quotes) + 1)))
    )
    told = worded(parts(*order), quotes)
    if not isinstance(told, Wording):
        assert told == "order"
        return
    assert {*told.parts} == {*given}
