"""Figures of many letters in order of time; what disagrees is shown and never averaged."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kb.analysis.series import drop, kept_records, series, store, told_often
from kb.extract.indicators import Record, records
from kb.staff.database import opened
from kb.store.protocol import SnapshotReader
from kb.types import Span


@pytest.fixture
def book(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with opened(tmp_path / "staff.db") as database:
        yield database


def record(letter_id: str, value: float, as_of: str, **fields: Any) -> Record:
    whole = {
        "indicator": "公用充电桩",
        "unit": "个",
        "scope": "云岭市",
        "precision": "year",
        "during": False,
        "stated": True,
        "organ": "云岭市发展和改革委员会",
        "publicity": "public",
        "span": Span(start=0, end=3),
        "raw": "三个字",
        **fields,
    }
    return Record(letter_id=letter_id, value=value, as_of=as_of, **whole)


def test_one_indicator_is_one_series_in_order_of_time() -> None:
    (one,) = series([record("乙", 3870, "2024-05-31"), record("甲", 2310, "2023-06-30")])
    assert [(each.as_of, each.value) for each in one.records] == [
        ("2023-06-30", 2310),
        ("2024-05-31", 3870),
    ]
    assert one.conflicts == ()


@pytest.mark.parametrize(
    "other", [{"unit": "座"}, {"scope": "石桥区"}, {"during": True}, {"indicator": "充电桩"}]
)
def test_what_differs_in_kind_is_another_series(other: dict[str, Any]) -> None:
    assert len(series([record("甲", 1, "2023-06-30"), record("乙", 2, "2023-06-30", **other)])) == 2


def test_letters_that_disagree_are_a_conflict_and_both_are_kept() -> None:
    (one,) = series([record("甲", 2310, "2023-06-30"), record("乙", 2400, "2023-06-30")])
    (conflict,) = one.conflicts
    assert {each.value for each in conflict.records} == {2310, 2400}
    assert len(one.records) == 2


@pytest.mark.parametrize(
    "other",
    [
        record("乙", 2310, "2023-06-30"),
        record("乙", 2400, "2023-06-30", stated=False),
        record("乙", 2400, "2023-06-30", precision="day"),
        record("甲", 2400, "2023-06-30"),
    ],
    ids=["same value", "day not stated", "another precision", "same letter"],
)
def test_what_may_well_agree_is_no_conflict(other: Record) -> None:
    (one,) = series([record("甲", 2310, "2023-06-30"), other])
    assert one.conflicts == ()


def test_records_are_kept_and_renewed_and_forgotten_with_their_letter(
    book: sqlite3.Connection,
) -> None:
    store(
        book,
        "甲",
        [record("甲", 1, "2023-06-30"), record("甲", 2, "2023-06-30", span=Span(start=5, end=8))],
    )
    store(book, "甲", [record("甲", 3, "2023-06-30")])
    store(book, "乙", [record("乙", 4, "2024-06-30")])
    assert kept_records(book) == (record("乙", 4, "2024-06-30"), record("甲", 3, "2023-06-30"))
    drop(book, "乙")
    assert [one.value for one in kept_records(book)] == [3]


def test_records_are_found_by_words_organ_letter_and_publicity(book: sqlite3.Connection) -> None:
    store(book, "甲", [record("甲", 1, "2023-06-30")])
    store(book, "乙", [record("乙", 2, "2024-06-30", indicator="护学岗", organ="云岭市公安局")])
    store(book, "丙", [record("丙", 3, "2025-06-30", publicity="closed")])

    def values(**wanted: Any) -> list[float]:
        return [one.value for one in kept_records(book, **wanted)]

    assert values(words="充电") == [3, 1]
    assert values(organ="云岭市公安局") == [2]
    assert values(letter_ids=["甲", "乙"]) == [2, 1]
    assert values(public_only=True) == [2, 1]
    assert values(most=1) == [3]


def test_what_only_one_letter_tells_is_no_series_to_show(book: sqlite3.Connection) -> None:
    store(book, "甲", [record("甲", 1, "2023-06-30")])
    store(book, "乙", [record("乙", 2, "2024-06-30")])
    store(book, "丙", [record("丙", 3, "2025-06-30", indicator="护学岗")])
    (one,) = told_often(book)
    assert (one.indicator, [each.value for each in one.records]) == ("公用充电桩", [1, 2])
    assert told_often(book, words="护学岗") == ()


def test_the_sample_letters_disagree_on_the_lifts_and_both_figures_are_shown(
    base: SnapshotReader,
) -> None:
    told = [one for head in base.letters() for one in records(base.letter(head.id))]
    lifts = next(one for one in series(told) if one.indicator == "加装电梯" and not one.during)
    (conflict,) = lifts.conflicts
    assert conflict.as_of == "2025-04-30"
    assert {(one.organ, one.value) for one in conflict.records} == {
        ("云岭市市场监督管理局", 274),
        ("云岭市住房和城乡建设局", 281),
    }
