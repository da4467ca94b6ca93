"""Whether confidence keeps its word: sets small enough to be worked out by hand."""

from __future__ import annotations

import pytest

from eval.measures.confidence import confidence_figures, correct, forced, reliability
from eval.measures.outcome import outcomes
from eval.record import Record
from tests.support.measured import TEXTS, answered, asked, quote

ANSWER = "市财政对每部电梯补助8万元"
GOOD, BAD = quote("d1", ANSWER), quote("d1", "三个月内建立台账")
HALF = quote("d1", ANSWER[:7])


def made(name: str, confidence: float, *, right: bool, refused: bool = False) -> Record:
    return answered(
        asked(name, answers=[ANSWER]),
        GOOD if right else BAD,
        confidence=confidence,
        status="refusal" if refused else "answer",
    )


def nothing(name: str, confidence: float, *, refused: bool = False) -> Record:
    question = asked(name, relevant=())
    status = "refusal" if refused else "answer"
    return answered(question, BAD, confidence=confidence, status=status)  # type: ignore[arg-type]


RECORDS = [
    made("a", 0.95, right=True),
    made("b", 0.92, right=False),
    made("c", 0.55, right=True),
    made("d", 0.52, right=True, refused=True),
    nothing("u", 1.0),
    nothing("v", 0.51, refused=True),
    answered(asked("empty", answers=[ANSWER]), confidence=0.1, status="refusal"),
]


def test_bins_say_how_often_answers_of_that_confidence_are_right() -> None:
    low, high = reliability(RECORDS, forced(RECORDS, TEXTS))
    # 0.5–0.6: c and d right (d although refused), v is not answerable; empty shows nothing
    assert (low.low, low.high, low.count) == (0.5, 0.6, 3)
    assert low.confidence == pytest.approx((0.55 + 0.52 + 0.51) / 3)
    assert low.right.value == pytest.approx(2 / 3)
    assert (high.count, high.right.value) == (3, pytest.approx(1 / 3))  # a of a, b, u
    assert low.right.low < 2 / 3 < low.right.high


def test_figures_are_those_worked_out_by_hand() -> None:
    found = confidence_figures(RECORDS, outcomes(RECORDS, TEXTS), forced(RECORDS, TEXTS))
    assert found["right_when_sure"] == pytest.approx(1 / 3)
    low, high = abs(1.58 / 3 - 2 / 3), abs(2.87 / 3 - 1 / 3)
    assert found["calibration_error"] == pytest.approx((low + high) / 2)


def test_nothing_is_claimed_of_nothing() -> None:
    assert set(confidence_figures([], {}, {}).values()) == {None}


def many(*, sharp: bool) -> list[Record]:
    """Two hundred answers of which the surest half is right, or right and wrong by turns."""
    return [
        made(f"q{n}", 1 - n / 200, right=(n < 100 if sharp else n % 2 == 0)) for n in range(200)
    ]


def test_what_can_be_answered_with_a_tenth_wrong_is_found_on_the_other_half() -> None:
    records = many(sharp=True)
    found = confidence_figures(records, outcomes(records, TEXTS), forced(records, TEXTS))
    # 100 right and 11 wrong are just a tenth wrong; the halves differ by a few
    assert found["coverage_at_10_percent_wrong"] == pytest.approx(111 / 200, abs=0.06)
    assert found["wrong_at_that_coverage"] == pytest.approx(0.1, abs=0.05)


def test_confidence_that_tells_nothing_covers_next_to_nothing() -> None:
    records = many(sharp=False)
    found = confidence_figures(records, outcomes(records, TEXTS), forced(records, TEXTS))
    assert (found["coverage_at_10_percent_wrong"] or 0) < 0.1


def test_equally_confident_answers_stand_or_fall_together() -> None:
    records = [made(f"q{n}", 0.5, right=n % 5 > 0) for n in range(50)]
    found = confidence_figures(records, outcomes(records, TEXTS), forced(records, TEXTS))
    assert found["coverage_at_10_percent_wrong"] == 0.0
    assert found["wrong_at_that_coverage"] is None


@pytest.mark.parametrize(
    ("record", "right"),
    [
        (answered(asked(answers=[ANSWER]), GOOD), True),
        (answered(asked(answers=[ANSWER]), GOOD, status="refusal"), True),
        (answered(asked(answers=[ANSWER]), BAD, BAD), False),
        (answered(asked(answers=[ANSWER]), HALF), True),
        (answered(asked(), BAD), True),  # only the document is known
        (answered(asked(), quote("d2", ANSWER)), False),
        (answered(asked(), quote("d2", ANSWER), BAD), True),
        (answered(asked()), False),
        (answered(asked(relevant=()), GOOD), False),
        (answered(asked(relevant=(), answers=[ANSWER]), GOOD), False),
    ],
)
def test_a_forced_answer_is_right_or_wrong(record: Record, right: bool) -> None:
    assert correct([record], forced([record], TEXTS)) == {"q1": right}
