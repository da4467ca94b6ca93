"""Every quote is verbatim or it is reported, and support is counted in characters."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.measures.citation import broken, citation
from eval.record import Shown
from tests.support.measured import TEXTS, answered, asked, quote

ANSWER = "对每部电梯补助8万元"  # 10 characters of d1, 3–13; also in d2, 13–23
OTHER = quote("d1", "三个月内建立台账。")
WHOLE = quote("d1", ANSWER)
LEFT, RIGHT = quote("d1", "对每部电"), quote("d1", "梯补助8万元")  # 4 and 6 of the 10


def test_verbatim_quotes_are_not_broken() -> None:
    assert broken([answered(asked(), WHOLE, quote("d1", "配套。三个月"))], TEXTS) == []


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (replace(WHOLE, start=4, end=14), "与原文不符"),  # a shifted offset is caught
        (replace(WHOLE, text="对每部电梯补助9万元"), "与原文不符"),  # a broken quote is caught
        (replace(WHOLE, text=ANSWER + "。"), "与原文不符"),
        (replace(WHOLE, docid="d2"), "与原文不符"),
        (replace(WHOLE, docid="d9"), "没有这个编号的文件"),
        (replace(WHOLE, end=999), "超出全文"),
        (replace(WHOLE, start=-1), "超出全文"),
        (replace(WHOLE, start=13, end=3), "颠倒"),
        (replace(WHOLE, start=3, end=3, text=""), "空的"),
        (Shown(docid="d1", start=26, end=27, text="\n"), "空的"),
    ],
)
def test_a_broken_quote_is_caught(wrong: Shown, why: str) -> None:
    (sentence,) = broken([answered(asked(), WHOLE, wrong)], TEXTS)
    assert why in sentence
    assert "问题 q1" in sentence
    assert wrong.docid in sentence


def test_a_forced_quote_is_checked_too() -> None:
    wrong = replace(WHOLE, start=4, end=14)
    assert len(broken([answered(asked(), wrong, status="refusal")], TEXTS)) == 1


def test_a_record_in_error_is_reported() -> None:
    (sentence,) = broken([answered(asked(), status="error")], TEXTS)
    assert sentence.startswith("问题 q1：")


def row(*quotes: Shown) -> tuple[float, float, float]:
    """Recall, precision and overlap of one answer."""
    found = citation([answered(asked(answers=[ANSWER]), *quotes)], TEXTS)
    precision, recall = found["support_precision"]["q1"], found["support"]["q1"]
    return recall, precision, found["support_overlap"]["q1"]


@pytest.mark.parametrize(
    ("quotes", "recall", "precision", "overlap"),
    [
        ([WHOLE], 1, 1, 1),
        ([quote("d1", "每部电梯补助8万")], 1, 1, 0.8),  # 8 of 10 is just enough
        ([quote("d1", "每部电梯补助8")], 0, 0, 0.7),
        ([WHOLE, OTHER], 1, 1 / 2, 1),  # without OTHER it is still supported
        ([OTHER], 0, 0, 0),
        ([LEFT], 0, 0, 0.4),
        ([LEFT, RIGHT], 1, 1, 1),  # neither alone, and not without either
        ([LEFT, OTHER, RIGHT], 1, 2 / 3, 1),
        ([WHOLE, LEFT], 1, 1 / 2, 1),  # LEFT alone doesn't support, WHOLE does without it
        ([WHOLE, WHOLE], 1, 1, 1),  # either supports alone: repeating isn't irrelevant
        ([quote("d2", ANSWER)], 0, 0, 0),  # the same words, in a document that isn't relevant
        ([quote("d2", ANSWER), WHOLE], 1, 1 / 2, 1),
        ([quote("d1", "市财政对每部电梯补助8万元，区县按")], 1, 1, 1),  # more than enough
    ],
)
def test_support_is_counted_by_hand(
    quotes: list[Shown], recall: float, precision: float, overlap: float
) -> None:
    assert row(*quotes) == pytest.approx((recall, precision, overlap))


def test_a_shifted_quote_supports_less() -> None:
    assert row(replace(WHOLE, start=6, end=16)) == pytest.approx((0, 0, 0.7))


def test_a_refusal_lowers_recall_and_has_no_precision() -> None:
    records = [
        answered(asked("q1", answers=[ANSWER]), WHOLE),
        answered(asked("q2", answers=[ANSWER]), WHOLE, status="refusal"),
        answered(asked("q3", answers=[ANSWER]), WHOLE, status="error"),
        answered(asked("q4"), WHOLE),
        answered(asked("q5", relevant=()), WHOLE),
    ]
    assert citation(records, TEXTS) == {
        "support": {"q1": 1, "q2": 0, "q3": 0},
        "support_overlap": {"q1": 1, "q2": 0, "q3": 0},
        "support_precision": {"q1": 1},
    }


def test_the_best_of_several_answers_counts() -> None:
    question = asked(relevant=["d1", "d2"], answers=["没有这句话", ANSWER])
    found = citation([answered(question, quote("d2", ANSWER))], TEXTS)
    assert found["support"]["q1"] == 1
