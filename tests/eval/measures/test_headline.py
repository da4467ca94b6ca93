"""The headline of a run, of a few records worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.measures.baselines import ALWAYS_REFUSE, FIRST_PASSAGE, baselines
from eval.measures.headline import headline
from eval.suite import Stale
from tests.support.measured import TEXTS, answered, asked, place, quote

ANSWER = "市财政对每部电梯补助8万元"
GOOD, BAD = quote("d1", ANSWER), quote("d1", "三个月内建立台账")
QUESTION = asked(answers=[ANSWER])
NOTHING = asked(relevant=())
FIRST = [place("d1", 0, len(TEXTS["d1"]))]
RECORDS = [
    answered(replace(QUESTION, id="a", group="when"), GOOD, passages=FIRST, confidence=0.9),
    answered(replace(QUESTION, id="b", group="who"), BAD, BAD, confidence=0.8),
    answered(replace(QUESTION, id="c", group="who"), GOOD, status="refusal", confidence=0.3),
    answered(
        replace(QUESTION, id="s", group="who", stale=(Stale(docid="d2", answer=ANSWER),)),
        quote("d2", ANSWER),
        confidence=0.5,
    ),
    answered(replace(NOTHING, id="n1", kind="near"), BAD, confidence=0.85),
    answered(replace(NOTHING, id="n2", kind="near"), status="refusal", confidence=0.2),
    answered(replace(NOTHING, id="f", kind="far"), status="refusal", confidence=0.1),
    answered(replace(NOTHING, id="o"), status="refusal", confidence=0.0),
    answered(asked("only its document is known"), GOOD),
]


def test_counts_shares_and_score_are_those_worked_out_by_hand() -> None:
    found = headline(RECORDS, TEXTS, seed=1)
    assert found["counts"] == {
        "right": 1, "wrong": 2, "refused": 1, "wrongly_answered": 1, "rightly_refused": 3,
    }  # fmt: skip
    figures = found["figures"]
    assert figures["score"] == pytest.approx(0.8 * (1 - 1 + 0 - 1) / 4 + 0.2 * (3 - 1) / 4)
    assert figures["right"] == pytest.approx(1 / 4)
    assert figures["wrong_among_answered"] == pytest.approx(3 / 4)
    assert figures["rightly_refused"] == pytest.approx(3 / 4)
    assert figures["stale_answers"] == 1.0
    # 13, 16 and 13 characters are shown of answers of 13
    assert figures["length_ratio"] == pytest.approx(1.0)
    assert figures["cpu_seconds"] is None
    value, low, high = found["estimates"]["score"]
    assert low < value < high
    assert value == pytest.approx(figures["score"])


def test_types_and_kinds_stand_apart() -> None:
    found = headline(RECORDS, TEXTS, seed=1)
    assert found["types"]["when"]["counts"] == {"right": 1}
    assert found["types"]["who"]["counts"] == {"wrong": 2, "refused": 1}
    assert found["types"]["who"]["value"].value == pytest.approx(-2 / 3)
    assert found["ways"] == {}  # they are all of one kind
    kinds = found["kinds"]
    assert {kind: row["count"] for kind, row in kinds.items()} == {
        "near": 2, "far": 1, "unmarked": 1,
    }  # fmt: skip
    assert kinds["near"]["rightly_refused"].value == 0.5
    # Near 0.85, 0.2 against 0.9, 0.8, 0.3, 0.5: 1 + 4 of 8 pairs are the right way round.
    assert kinds["near"]["auroc"] == pytest.approx(5 / 8)
    assert kinds["far"]["auroc"] == 1.0


def test_baselines_are_judged_as_the_program_is() -> None:
    found = baselines(RECORDS, TEXTS)
    assert found[FIRST_PASSAGE]["a"] == "right"  # the passage is short and holds the answer
    assert found[FIRST_PASSAGE]["b"] == "refused"  # nothing was found
    assert set(found[ALWAYS_REFUSE].values()) == {"refused", "rightly_refused"}
    assert found[ALWAYS_REFUSE].keys() == found[FIRST_PASSAGE].keys()
    rows = headline(RECORDS, TEXTS, seed=1)["baselines"]
    assert rows[ALWAYS_REFUSE]["score"] == pytest.approx(0.2)


def test_a_long_first_passage_is_not_right() -> None:
    texts = {"d1": TEXTS["d1"] + "其他的话。" * 50}
    record = replace(RECORDS[0], passages=(place("d1", 0, len(texts["d1"])),))
    assert baselines([record], texts)[FIRST_PASSAGE] == {"a": "partly"}
    later = replace(RECORDS[0], passages=(place("d1", 40, 90), place("d1", 0, 30)))
    assert baselines([later], texts)[FIRST_PASSAGE] == {"a": "wrong"}


def test_processor_seconds_are_those_that_were_measured() -> None:
    records = [replace(RECORDS[0], cpu=0.2), replace(RECORDS[1], cpu=0.4), RECORDS[2]]
    assert headline(records, TEXTS, seed=1)["figures"]["cpu_seconds"] == pytest.approx(0.3)


def test_a_suite_without_known_answers_has_no_headline() -> None:
    assert headline([answered(asked(), GOOD)], TEXTS, seed=1) == {}
