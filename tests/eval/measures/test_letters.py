"""Fields and commitments are counted against the gold rows, one value for one value."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from eval.measures.letters import commitment_scores, field_scores
from kb.types import Field, Letter
from tests.support.letters import make_letter

# --- fields ---------------------------------------------------------------------------------

GOLD_FIELDS: list[dict[str, Any]] = [
    {
        "letter": "甲",
        "fields": {
            "issuer": "市教育局",
            "signer": "丁一",
            "result_class": None,
            "cc": ["办 公室", "提案委"],
        },
    },
    {
        "letter": "乙",
        "fields": {"issuer": "市水利局", "signer": None, "result_class": "B", "cc": []},
    },
]


def letter(name: str, *cc: str, **fields: str) -> Letter:
    listed = tuple(Field(value=one, span=None, rule="手写") for one in cc)
    return replace(make_letter(name, **fields), lists={"cc": listed})


def test_fields_are_counted_by_hand() -> None:
    letters = {
        "甲": letter("甲", "办公室", "督查室", issuer="市教育 局", signer="丁二"),
        "乙": letter("乙", issuer="市水利局", signer="王五"),
        "丙": letter("丙", issuer="没有标注的复文"),
    }
    found = field_scores(GOLD_FIELDS, letters)
    # issuer: both right. signer: two read, one known, none right. result_class: one known,
    # none read. cc: two read, two known, 办公室 right. In all 3 right of 6 read, 6 known.
    assert found == {
        "issuer": {"precision": 1, "recall": 1, "f1": 1, "gold": 2},
        "signer": {"precision": 0, "recall": 0, "f1": 0, "gold": 1},
        "result_class": {"precision": None, "recall": 0, "f1": 0, "gold": 1},
        "cc": {"precision": 0.5, "recall": 0.5, "f1": 0.5, "gold": 2},
        "all": {"precision": 0.5, "recall": 0.5, "f1": 0.5, "gold": 6},
    }


def test_a_missing_letter_loses_recall_only() -> None:
    found = field_scores(GOLD_FIELDS, {"乙": letter("乙", issuer="市水利局", result_class="B")})
    assert found["issuer"] == {"precision": 1, "recall": 0.5, "f1": pytest.approx(2 / 3), "gold": 2}
    assert found["all"] == {"precision": 1, "recall": 2 / 6, "f1": 2 * 2 / 8, "gold": 6}


def test_a_value_that_is_read_twice_is_right_once() -> None:
    row = {"letter": "甲", "fields": {"cc": ["办公室"]}}
    found = field_scores([row], {"甲": letter("甲", "办公室", "办公室")})
    assert found["cc"] == {"precision": 0.5, "recall": 1, "f1": pytest.approx(2 / 3), "gold": 1}


def test_a_field_that_no_letter_has_is_undefined() -> None:
    row = {"letter": "甲", "fields": {"signer": None}}
    assert field_scores([row], {})["signer"] == {
        "precision": None,
        "recall": None,
        "f1": None,
        "gold": 0,
    }


# --- commitments ----------------------------------------------------------------------------

#        0         10        20        30        40        50
TEXT = (
    "将于年底前新增电梯六十部。拟出台管理办法，\n明确责任。去年已建成车棚八处。研究纳入资金列支。"
)
TEXTS = {"甲": TEXT, "乙": TEXT}


def gold(text: str, **changes: Any) -> dict[str, Any]:
    row = {"letter": "甲", "text": text, "organ": "市建设局", "strength": "will"}
    return {**row, "due": None, "due_first": None, "due_last": None, **changes}


YEAR_END = {"due": "年底前", "due_first": "2024-06-01", "due_last": "2024-12-31"}
GOLD = [
    gold("将于年底前新增电梯六十部", **YEAR_END),  # 12 characters
    gold("拟出台管理办法，明确责任", strength="plans"),  # 12 and a line break
    gold("去年已建成车棚八处", strength="done"),
    gold("研究纳入资金列支", strength="studies"),
]


def read(text: str, **changes: Any) -> dict[str, Any]:
    """A row as the program prints it, for the first place of ``text``."""
    start = TEXT.index(text)
    row = {"letter_id": "甲", "start": start, "end": start + len(text), "text": text}
    return {**row, "organ": "市建设局", "due": None, "strength": "will", **changes}


DUE = {"raw": "年底前", "first": "2024-06-01", "last": "2024-12-31", "precision": "day"}


def test_commitments_are_counted_by_hand() -> None:
    found = [
        read("将于年底前新增电梯六十部。", due=DUE),  # 12 of 13 characters shared
        read("拟出台管理办法，\n明确", organ="市 财政局", strength="plans"),  # 10 of 12
        read("去年已建成车棚八处"),  # done: to find it is wrong
    ]
    # 2 right of 3 found and 3 wanted; of the 2 both dues, one organ, both strengths.
    assert commitment_scores(GOLD, found, TEXTS) == pytest.approx(
        {
            "precision": 2 / 3,
            "recall": 2 / 3,
            "f1": 2 / 3,
            "gold": 3,
            "found": 3,
            "due_exact": 1,
            "organ_exact": 1 / 2,
            "strength_exact": 1,
        }
    )


@pytest.mark.parametrize(
    ("due", "exact"),
    [
        (DUE, 1),
        (None, 0),
        ({**DUE, "last": "2024-12-30"}, 0),
        ({**DUE, "first": None}, 0),
        ({**DUE, "raw": "年末", "precision": "year"}, 1),  # only the days are compared
    ],
)
def test_a_due_date_is_exact_on_both_days(due: dict[str, Any] | None, exact: float) -> None:
    found = [read("将于年底前新增电梯六十部", due=due)]
    assert commitment_scores(GOLD, found, TEXTS)["due_exact"] == exact


def test_a_period_without_days_equals_none() -> None:
    vague = gold("研究纳入资金列支", due="汛期前")
    for due in (None, {"raw": "汛期前", "first": None, "last": None, "precision": "none"}):
        found = [read("研究纳入资金列支", due=due)]
        assert commitment_scores([vague], found, TEXTS)["due_exact"] == 1


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("将于年底前新", 1),  # 6 of 12: just enough
        ("将于年底前", 0),  # 5 of 12
        ("新增电梯六十部。拟出台管", 0),  # a shifted place: 7 shared of 17
    ],
)
def test_half_of_the_characters_make_a_match(text: str, right: int) -> None:
    assert commitment_scores(GOLD[:1], [read(text)], TEXTS)["precision"] == right


def test_one_gold_row_is_matched_once_and_by_the_nearest() -> None:
    found = [
        read("将于年底前新增电梯", strength="plans"),
        read("将于年底前新增电梯六十部"),
    ]
    scores = commitment_scores(GOLD[:1], found, TEXTS)
    assert (scores["precision"], scores["recall"], scores["strength_exact"]) == (0.5, 1, 1)


def test_the_same_place_of_another_letter_is_no_match() -> None:
    found = [read("将于年底前新增电梯六十部", letter_id="乙")]
    assert commitment_scores(GOLD[:1], found, TEXTS)["recall"] == 0


def test_nothing_found_has_no_precision() -> None:
    scores = commitment_scores(GOLD, [], TEXTS)
    assert scores["precision"] is None
    assert scores["due_exact"] is None
    assert (scores["recall"], scores["f1"], scores["gold"], scores["found"]) == (0, 0, 3, 0)


def test_a_letter_without_a_text_loses_its_commitments() -> None:
    assert commitment_scores(GOLD, [read("研究纳入资金列支")], {})["recall"] == 0
