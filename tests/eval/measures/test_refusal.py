"""Refusals are counted, and the confidence is judged on all questions."""

from __future__ import annotations

import random

import pytest

from eval.measures.refusal import refusal, refusal_figures, risk_coverage
from eval.record import Record
from tests.support.measured import answered, asked


def made(name: str, confidence: float, *, answerable: bool, refused: bool = False) -> Record:
    return answered(
        asked(name, relevant=["d1"] if answerable else []),
        status="refusal" if refused else "answer",
        confidence=confidence,
    )


RECORDS = [
    made("a1", 0.9, answerable=True),
    made("a2", 0.8, answerable=True),
    made("a3", 0.3, answerable=True, refused=True),
    made("u1", 0.6, answerable=False),
    made("u2", 0.1, answerable=False, refused=True),
]
CORRECT = {"a1": True, "a2": False, "a3": True, "u1": False, "u2": False}


def test_a_reply_is_right_if_it_refuses_what_has_no_answer() -> None:
    error = answered(asked("e1"), status="error")
    other = answered(asked("e2", relevant=[]), status="error")
    assert refusal([*RECORDS, error, other]) == {
        "answered": {"a1": 1, "a2": 1, "a3": 0, "e1": 0},
        "rejected": {"u1": 0, "u2": 1, "e2": 0},
    }


def test_figures_are_those_worked_out_by_hand() -> None:
    found = refusal_figures(RECORDS, CORRECT)
    # Risks by falling confidence a1 a2 u1 a3 u2: 0/1, 1/2, 2/3, 2/4, 3/5.
    # The best order has the two right ones first: 0, 0, 1/3, 2/4, 3/5.
    assert found == pytest.approx(
        {
            "rejection_rate": 1 / 2,
            "false_refusal_rate": 1 / 3,
            "auroc": 5 / 6,  # of 3 × 2 pairs only (a3, u1) is the wrong way round
            "aurc": (0 + 1 / 2 + 2 / 3 + 2 / 4 + 3 / 5) / 5,
            "aurc_oracle": (0 + 0 + 1 / 3 + 2 / 4 + 3 / 5) / 5,
        }
    )


def test_the_curve_covers_every_question() -> None:
    coverages, risks = risk_coverage(RECORDS, CORRECT)
    assert coverages == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])
    assert risks == pytest.approx([0, 1 / 2, 2 / 3, 2 / 4, 3 / 5])


def test_equal_confidence_shares_its_errors_whatever_the_order() -> None:
    records = [made(name, 0.5, answerable=True) for name in ("a1", "a2", "a3", "x")]
    records.append(made("top", 0.9, answerable=True))
    correct = {"a1": True, "a2": False, "a3": True, "x": False, "top": True}
    # One right at 0.9, then four that share 1/2 each: 0/1, .5/2, 1/3, 1.5/4, 2/5.
    expected = [0, 0.25, 1 / 3, 0.375, 0.4]
    for seed in range(5):
        random.Random(seed).shuffle(records)
        assert risk_coverage(records, correct)[1] == pytest.approx(expected)


def test_an_unanswerable_question_is_never_answered_right() -> None:
    record = made("u1", 0.9, answerable=False)
    assert risk_coverage([record], {"u1": True}) == ([1.0], [1.0])


def test_confidence_turned_round_is_worse_in_every_figure() -> None:
    turned = [
        made(
            one.id,
            1 - one.confidence,
            answerable=one.question.answerable,
            refused=one.status == "refusal",
        )
        for one in RECORDS
    ]
    before, after = refusal_figures(RECORDS, CORRECT), refusal_figures(turned, CORRECT)
    assert after["auroc"] == pytest.approx(1 / 6)
    assert (after["aurc"] or 0) > (before["aurc"] or 0)
    assert after["aurc_oracle"] == before["aurc_oracle"]


def test_what_cannot_be_counted_is_none() -> None:
    answerable = refusal_figures(RECORDS[:3], CORRECT)
    assert answerable["rejection_rate"] is None
    assert answerable["auroc"] is None
    assert answerable["false_refusal_rate"] == pytest.approx(1 / 3)
    assert refusal_figures(RECORDS[3:], CORRECT)["false_refusal_rate"] is None
    assert set(refusal_figures([], {}).values()) == {None}
    assert risk_coverage([], {}) == ([], [])
