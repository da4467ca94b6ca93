"""Letters whose class and words disagree; what a class means comes from the profile."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kb.analysis.consistency import Inconsistent, inconsistent
from kb.ledger import edit
from kb.profile import Profile, profile
from kb.staff.database import opened
from kb.types import Letter, Scope
from tests.support.fakes import MemoryStore
from tests.support.promises import LIFTS, RIVER, WANG, all_entries, letter_of, put
from tests.support.stores import publish


@pytest.fixture
def book(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with opened(tmp_path / "staff.db") as database:
        yield database


def told(
    book: sqlite3.Connection,
    *letters: Letter,
    rules: Profile | None = None,
    scope: Scope = Scope(),  # noqa: B008
) -> list[Inconsistent]:
    for letter in letters:
        put(book, letter)
    reader = publish(MemoryStore(), *letters)
    return list(inconsistent(book, reader, rules or profile(), scope=scope))


def test_a_solved_letter_that_still_promises_is_told(book: sqlite3.Connection) -> None:
    (one,) = told(book, letter_of(LIFTS, RIVER, result_class="A"))
    assert one.fault == "still_promises"
    assert [entry.text for entry in one.commitments] == [LIFTS]
    assert "办理结果为 A（所提问题已经解决或采纳）" in one.why


def test_it_is_told_no_more_once_the_promise_is_closed(book: sqlite3.Connection) -> None:
    letter = letter_of(LIFTS, result_class="A")
    assert len(told(book, letter)) == 1
    edit.move(book, all_entries(book)[0].seen, "done", by=WANG, reason="看过现场")
    assert told(book, letter) == []


def test_a_letter_under_way_without_any_day_is_told(book: sqlite3.Connection) -> None:
    vague = letter_of(RIVER, letter_id="无期限")
    silent = letter_of("情况已经了解", letter_id="没有承诺", issued_on="2024-05-07")
    dated = letter_of(LIFTS, letter_id="有期限")
    found = told(book, vague, silent, dated)
    assert [(one.head.id, one.fault) for one in found] == [
        ("没有承诺", "no_day"),
        ("无期限", "no_day"),
    ]
    assert "没有找到承诺" in found[0].why
    assert "1 条承诺都没有写明期限" in found[1].why


def test_a_part_of_somebody_elses_reply_and_other_classes_are_passed_over(
    book: sqlite3.Connection,
) -> None:
    part = letter_of(RIVER)
    assert part.title
    consulted = replace(part, title=replace(part.title, value="第1号提案的会办意见"))
    assert told(book, consulted, letter_of(RIVER, letter_id="乙", result_class="C")) == []


def test_the_classes_are_those_of_the_profile(book: sqlite3.Connection) -> None:
    other = replace(profile(), solved=frozenset("C"), under_way=frozenset())
    letter = letter_of(LIFTS, result_class="C")
    assert [one.fault for one in told(book, letter, rules=other)] == ["still_promises"]


def test_letters_out_of_scope_are_not_told(book: sqlite3.Connection) -> None:
    closed = replace(letter_of(LIFTS, result_class="A"), publicity="closed")
    assert told(book, closed, scope=Scope(public_only=True)) == []
