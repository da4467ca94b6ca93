"""The outcome of a question as a person sees it, worked by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.measures.outcome import Outcome, gold, outcome, outcomes, score
from eval.record import Shown
from eval.suite import Stale
from tests.support.measured import TEXTS, answered, asked, quote

ANSWER = "市财政对每部电梯补助8万元"  # 13 characters
QUESTION = asked(answers=[ANSWER])


def judged(*shown: Shown, stale: tuple[Stale, ...] = ()) -> Outcome:
    known = gold(replace(QUESTION, stale=stale), TEXTS)
    return outcome(shown, known, texts=TEXTS)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ((), "refused"),
        ((quote("d1", ANSWER),), "right"),
        ((quote("d1", TEXTS["d1"]),), "right"),  # a whole quote counts, if it is short
        ((quote("d1", ANSWER[:11]),), "right"),  # 11 of 13 characters are 85%
        ((quote("d1", ANSWER[:10]),), "partly"),  # 10 are 77%
        ((quote("d1", ANSWER[:4]),), "partly"),  # 4 are 31%
        ((quote("d1", ANSWER[:3]),), "wrong"),  # 3 are 23%
        ((quote("d1", "三个月内建立台账"),), "wrong"),
        ((quote("d1", "三个月内建立台账"), quote("d1", ANSWER)), "partly"),  # not the first
        ((quote("d1", ANSWER[:7]), quote("d1", ANSWER[7:])), "partly"),  # all together
        ((quote("d2", ANSWER),), "wrong"),  # the same words in another document
    ],
)
def test_what_is_shown_is_judged_by_the_first_quote_and_by_all(
    shown: tuple[Shown, ...], expected: Outcome
) -> None:
    assert judged(*shown) == expected


def test_a_first_quote_longer_than_people_read_is_at_most_partly_right() -> None:
    texts = {"d1": ANSWER + "。" + "另" * 186 + " " * 50}
    for length, expected in ((len(ANSWER) + 187, "right"), (250, "right")):
        shown = Shown(docid="d1", start=0, end=length, text=texts["d1"][:length])
        assert outcome([shown], gold(QUESTION, texts), texts=texts) == expected
    texts = {"d1": ANSWER + "。" + "另" * 187}
    shown = Shown(docid="d1", start=0, end=201, text=texts["d1"])
    assert outcome([shown], gold(QUESTION, texts), texts=texts) == "partly"


def test_what_is_emphasised_does_not_shorten_a_quote() -> None:
    texts = {"d1": "前" * 200 + ANSWER}
    shown = Shown(docid="d1", start=0, end=213, text=texts["d1"], exact=((200, 213),))
    assert outcome([shown], gold(QUESTION, texts), texts=texts) == "partly"


def test_any_alternative_wording_will_do() -> None:
    question = asked(answers=["没有这句话", "三个月内建立台账"])
    known = gold(question, TEXTS)
    assert outcome([quote("d1", "三个月内建立台账")], known, texts=TEXTS) == "right"


def test_last_years_answer_is_wrong_unless_it_holds_this_years_too() -> None:
    stale = (Stale(docid="d2", answer="市财政对每部电梯补助8万元"),)
    assert judged(quote("d2", ANSWER), quote("d1", ANSWER), stale=stale) == "wrong"
    assert judged(quote("d2", ANSWER[:7]), quote("d1", ANSWER), stale=stale) == "wrong"
    assert judged(quote("d2", ANSWER[:6]), quote("d1", ANSWER), stale=stale) == "partly"
    assert judged(quote("d1", ANSWER), quote("d2", ANSWER), stale=stale) == "right"
    within = (Stale(docid="d1", answer="区县按不低于4万元配套"),)
    assert judged(quote("d1", TEXTS["d1"]), stale=within) == "right"
    assert judged(quote("d1", "区县按不低于4万元配套"), stale=within) == "wrong"


def test_refusals_errors_and_what_nobody_answers_have_outcomes_of_their_own() -> None:
    nothing = asked("u", relevant=())
    unknown = asked("k", answers=())
    records = [
        answered(replace(QUESTION, id="a"), quote("d1", ANSWER)),
        answered(replace(QUESTION, id="r"), quote("d1", ANSWER), status="refusal"),
        answered(replace(QUESTION, id="e"), quote("d1", ANSWER), status="error"),
        answered(replace(nothing, id="u1"), quote("d1", ANSWER)),
        answered(replace(nothing, id="u2"), status="refusal"),
        answered(replace(nothing, id="u3"), status="error"),
        answered(unknown, quote("d1", ANSWER)),  # only its document is known
    ]
    assert outcomes(records, TEXTS) == {
        "a": "right",
        "r": "refused",
        "e": "wrong",
        "u1": "wrongly_answered",
        "u2": "rightly_refused",
        "u3": "wrongly_answered",
    }


def test_the_score_weighs_answers_by_eight_and_refusals_by_two() -> None:
    mixed: list[Outcome] = ["right", "right", "partly", "refused", "wrong"]
    refusals: list[Outcome] = ["rightly_refused", "rightly_refused", "wrongly_answered"]
    # .8 × (1 + 1 + .5 + 0 − 1) / 5 + .2 × (1 + 1 − 1) / 3
    assert score(mixed + refusals) == pytest.approx(0.8 * 0.3 + 0.2 / 3)
    assert score(mixed) == pytest.approx(0.3)
    assert score(refusals) == pytest.approx(1 / 3)
    assert score([]) is None


def test_refusing_everything_scores_less_than_answering_and_more_than_being_wrong() -> None:
    refused: list[Outcome] = ["refused"] * 4 + ["rightly_refused"]
    wrong: list[Outcome] = ["wrong"] * 4 + ["wrongly_answered"]
    assert score(refused) == pytest.approx(0.2)
    assert score(wrong) == pytest.approx(-1)
