"""What a reply is to who asked, worked by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from eval.meant.asking import Replied
from eval.meant.judge import judged, placed
from eval.meant.questions import Alternative, Meant
from eval.measures.outcome import Outcome
from kb.replies import Answer, Lead, Listing, Notice, Part, Refusal, Reply, Several, Single
from kb.types import Quote, Span, Standing
from tests.support.heads import citation

LONG = "说明" * 110
TEXTS = {
    "a": f"签发人：王文成\n市财政对每部电梯补助8万元，区县配套4万元。三个月内建立台账。{LONG}",
    "b": "课后服务由学校提供。市财政对每部电梯补助9万元。",
}
GRANT, LEDGER, SCHOOL = "市财政对每部电梯补助8万元", "三个月内建立台账", "课后服务由学校提供"


def quote(letter: str, words: str, **more: Any) -> Quote:
    start = TEXTS[letter].index(words)
    span = Span(start=start, end=start + len(words))
    made = Quote(
        citation=citation(letter), title=None, span=span, text=words, headings=(), score=1.0
    )
    return replace(made, **more)


def span(letter: str, words: str) -> Span:
    return quote(letter, words).span


def answer(*quotes: Quote, lead: Lead | None = None) -> Answer:
    return Answer(question="问", snapshot="1", quotes=quotes, nearest=(), confidence=0.9, lead=lead)


def listing(*letters: str, count: int | None = None) -> Listing:
    rows = tuple(quote(letter, TEXTS[letter][:3]) for letter in letters)
    return Listing(
        question="问",
        snapshot="1",
        caption="清单",
        count=len(rows) if count is None else count,
        rows=rows,
        nearest=(),
        confidence=1.0,
    )


def refusal(code: str = "not_sure") -> Refusal:
    return Refusal(
        question="问", snapshot="1", code=code, reason="没有", nearest=(), confidence=0.1
    )


def notice(code: str, *options: str) -> Notice:
    return Notice(question="问", snapshot="1", code=code, text="您好。", options=options)


def several(*replies: Single) -> Several:
    parts = tuple(Part(label="一", reply=reply) for reply in replies)
    return Several(question="问", snapshot="1", kind="questions", parts=parts)


def asked(*answers: tuple[str, str], **more: Any) -> Meant:
    """A question that asks for each of ``answers``, a letter and its words."""
    parts = tuple((Alternative(letter=letter, answer=words),) for letter, words in answers)
    made = Meant(id="q", group="plain", question="问", expect="quote", parts=parts)
    return replace(made, **more)


def outcome(meant: Meant, reply: Reply | None, **more: Any) -> Outcome:
    return judged(Replied(asked=meant, reply=reply, seconds=0.1, **more), TEXTS).outcome


ONE = asked(("a", GRANT))
TWO = asked(("a", GRANT), ("b", SCHOOL), group="two")


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (answer(quote("a", GRANT)), "right"),
        (answer(quote("a", GRANT[:11])), "right"),  # 11 of 13 characters are 85%
        (answer(quote("a", GRANT[:10])), "partly"),
        (answer(quote("a", LEDGER), quote("a", GRANT)), "partly"),  # not the first
        (answer(quote("a", LEDGER)), "wrong"),
        (answer(quote("b", "市财政对每部电梯补助9万元")), "wrong"),  # another letter
        (answer(quote("a", TEXTS["a"])), "partly"),  # too long to read
        (answer(quote("a", TEXTS["a"], exact=(span("a", GRANT),))), "right"),
        (answer(quote("a", TEXTS["a"]), lead=Lead(text=GRANT, span=span("a", GRANT))), "right"),
        (answer(quote("a", LEDGER, earlier=(quote("a", GRANT),))), "partly"),
        (listing("a", "b"), "wrong"),
        (refusal(), "refused"),
        (notice("choose", "补贴多少"), "refused"),
        (several(refusal(), refusal()), "refused"),
        (several(refusal(), answer(quote("a", GRANT))), "right"),
        (None, "wrong"),  # a quote that is not verbatim
    ],
)
def test_one_fact_must_stand_in_the_first_quote(reply: Reply | None, expected: Outcome) -> None:
    assert outcome(ONE, reply) == expected


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (several(answer(quote("a", GRANT)), answer(quote("b", SCHOOL))), "right"),
        (answer(quote("a", GRANT), quote("b", SCHOOL)), "right"),
        (answer(quote("a", GRANT, earlier=(quote("b", SCHOOL),))), "right"),
        (several(answer(quote("a", GRANT)), refusal()), "partly"),
        (several(answer(quote("a", GRANT)), answer(quote("a", LEDGER))), "partly"),
        (several(refusal(), answer(quote("a", LEDGER))), "wrong"),
        (several(refusal(), notice("hello")), "refused"),
    ],
)
def test_each_of_two_facts_must_be_shown(reply: Reply, expected: Outcome) -> None:
    assert outcome(TWO, reply) == expected


def test_any_alternative_is_right() -> None:
    either = replace(ONE, parts=((*ONE.parts[0], Alternative(letter="a", answer=LEDGER)),))
    assert outcome(either, answer(quote("a", LEDGER))) == "right"


def test_what_later_letters_show_of_a_promise_counts_as_shown() -> None:
    kept = Standing(
        state="done", told="已办", due=None, overdue=False, evidence=(quote("b", SCHOOL),)
    )
    promise = quote("a", GRANT, standing=kept)
    assert outcome(TWO, answer(promise)) == "right"


def test_the_value_of_a_field_holds_an_answer_that_has_its_name() -> None:
    signer = asked(("a", "签发人：王文成"), group="field")
    assert outcome(signer, answer(quote("a", "王文成", about="签发人"))) == "right"
    assert outcome(signer, answer(quote("a", "王文成"))) == "partly"
    assert outcome(signer, answer(quote("b", "市财政", about="发文单位"))) == "wrong"


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (listing("a", "b"), "right"),
        (listing("a", "b", count=3), "partly"),  # more are counted than there are
        (listing("a"), "partly"),  # F1 is ⅔
        (answer(quote("a", GRANT)), "partly"),
        (refusal("none_listed"), "refused"),
    ],
)
def test_a_list_must_have_these_letters_and_no_other(reply: Reply, expected: Outcome) -> None:
    listed = asked(group="list", expect="list", letters=frozenset("ab"))
    assert outcome(listed, reply) == expected


def test_a_list_of_other_letters_is_wrong() -> None:
    listed = asked(group="list", expect="list", letters=frozenset("a"))
    assert outcome(listed, listing("b")) == "wrong"


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (listing("b", "a"), "right"),
        (answer(quote("b", SCHOOL), quote("a", GRANT)), "right"),
        (listing("a", "b"), "partly"),
        (answer(quote("a", GRANT)), "wrong"),
        (refusal(), "refused"),
    ],
)
def test_the_latest_letter_must_come_first(reply: Reply, expected: Outcome) -> None:
    newest = asked(group="latest", expect="list", letters=frozenset("b"))
    assert outcome(newest, reply) == expected


@pytest.mark.parametrize(
    ("kind", "reply", "expected"),
    [
        ("thanks", notice("thanks"), "right"),
        ("thanks", notice("bye"), "partly"),
        ("thanks", refusal("say_more"), "refused"),
        ("insult", answer(quote("a", GRANT)), "wrong"),
        ("insult", several(refusal(), answer(quote("a", GRANT))), "wrong"),
        ("guide", notice("not_a_guide"), "right"),
        ("guide", refusal("not_a_guide"), "right"),
        ("guide", refusal(), "refused"),
        ("foreign", notice("foreign"), "right"),
    ],
)
def test_small_talk_gets_its_own_sentence(kind: str, reply: Reply, expected: Outcome) -> None:
    assert outcome(asked(group="small_talk", expect="said", kind=kind), reply) == expected


def test_a_choice_must_lead_to_one_of_the_letters() -> None:
    word = asked(group="word", expect="choice", letters=frozenset("a"))
    offered = notice("choose", "补贴多少", "谁出钱")
    assert outcome(word, offered, offered=(frozenset("b"), frozenset("ab"))) == "right"
    assert outcome(word, offered, offered=(frozenset("b"), frozenset())) == "refused"
    assert outcome(word, answer(quote("a", GRANT))) == "partly"
    assert outcome(word, answer(quote("b", SCHOOL))) == "wrong"
    assert outcome(word, refusal("say_more")) == "refused"


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (refusal(), "rightly_refused"),
        (notice("choose", "补贴多少"), "rightly_refused"),
        (several(refusal(), refusal()), "rightly_refused"),
        (several(refusal(), answer(quote("a", GRANT))), "wrongly_answered"),
        (answer(quote("a", GRANT)), "wrongly_answered"),
        (listing("a"), "wrongly_answered"),
    ],
)
def test_what_no_letter_answers_must_be_refused(reply: Reply, expected: Outcome) -> None:
    assert outcome(asked(group="refuse", expect="refuse"), reply) == expected


def test_a_question_that_is_not_taken_counts_as_refused() -> None:
    assert outcome(ONE, None, untaken="wrong_use") == "refused"
    assert outcome(asked(expect="refuse"), None, untaken="wrong_use") == "rightly_refused"


@pytest.mark.parametrize(
    ("lead", "expected"),
    [
        (Lead(text="还没有"), "right"),
        (Lead(text="没有"), "right"),
        (Lead(text="是"), "wrong"),
        (Lead(text="8万元", span=span("a", "8万元")), "absent"),
        (None, "absent"),
    ],
)
def test_the_word_before_the_quote_is_judged_by_itself(lead: Lead | None, expected: str) -> None:
    done = replace(ONE, group="yes_no", lead="还没有")
    found = judged(
        Replied(asked=done, reply=answer(quote("a", LEDGER), lead=lead), seconds=0.1), TEXTS
    )
    assert (found.outcome, found.lead) == ("wrong", expected)
    assert judged(Replied(asked=ONE, reply=found.replied.reply, seconds=0.1), TEXTS).lead is None


def test_words_that_stand_nowhere_and_letters_that_are_not_there_are_told() -> None:
    assert placed(TWO, TEXTS)
    assert not placed(asked(("a", GRANT), ("a", SCHOOL)), TEXTS)
    assert not placed(asked(expect="list", letters=frozenset("ac")), TEXTS)
