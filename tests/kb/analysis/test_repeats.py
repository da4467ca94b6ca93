"""The same promise in several years, without a new figure."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kb.analysis.repeats import renew, repeated
from kb.extract.types import Target
from kb.ledger import edit
from kb.profile import choose, chosen
from kb.staff.database import opened
from tests.support.promises import PROGRAMS, WANG, all_entries, found_in, letter_of, propose


@pytest.fixture
def book(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with opened(tmp_path / "staff.db") as database:
        yield database


def promise(book: sqlite3.Connection, year: int, words: str, **fields: Any) -> None:
    letter = letter_of(words, letter_id=f"{year}{words}", issued_on=f"{year}-05-06")
    propose(book, letter, found_in(letter, words, **{"target": None, **fields}), by=PROGRAMS)


def library(year: int) -> str:
    return f"我局力争{year}年6月底前开工建设市图书馆新馆"


def test_a_promise_of_several_years_is_told_with_its_years(book: sqlite3.Connection) -> None:
    for year in (2024, 2022, 2023):
        promise(book, year, library(year))
    promise(book, 2023, "将开通三条社区微循环公交线路")
    assert renew(book) == 1
    (one,) = repeated(book)
    assert (one.years, one.count) == (("2022", "2023", "2024"), 3)
    assert [entry.text for entry in one.commitments] == [library(y) for y in (2022, 2023, 2024)]


def test_a_new_figure_is_another_promise(book: sqlite3.Connection) -> None:
    for year, lifts in ((2022, 60), (2023, 80), (2024, 80)):
        words = f"{year}年年底前新增加装电梯{lifts}部"
        promise(book, year, words, target=Target(value=lifts, unit="部", text=f"{lifts}部"))
    renew(book)
    (one,) = repeated(book)
    assert one.years == ("2023", "2024")


def test_the_same_year_and_another_organ_are_no_repetition(book: sqlite3.Connection) -> None:
    promise(book, 2022, library(2022))
    promise(book, 2022, library(2023))
    promise(book, 2023, library(2024), organ="云岭市教育局")
    assert renew(book) == 0
    assert repeated(book) == ()


def test_names_of_one_organ_are_one_once_the_profile_says_so(
    book: sqlite3.Connection, tmp_path: Path
) -> None:
    promise(book, 2022, library(2022), organ="云岭市文化广电和旅游局")
    promise(book, 2023, library(2023), organ="市文旅局")
    assert renew(book) == 0
    own, before = tmp_path / "own.toml", chosen()
    own.write_text('[organs]\n"云岭市文化广电和旅游局" = ["市文旅局"]\n', encoding="utf-8")
    choose(str(own))
    try:
        assert renew(book) == 1
        assert renew(book) == 1
        (one,) = repeated(book, organ="云岭市文化广电和旅游局")
        assert one.years == ("2022", "2023")
    finally:
        choose(before)


def test_what_staff_rejected_is_told_no_more(book: sqlite3.Connection) -> None:
    for year in (2022, 2023):
        promise(book, year, library(year))
    renew(book)
    assert len(repeated(book, organ=all_entries(book)[0].organ)) == 1
    edit.move(book, all_entries(book)[0].seen, "rejected", by=WANG)
    assert repeated(book) == ()
