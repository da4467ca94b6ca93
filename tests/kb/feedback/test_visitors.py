"""A visitor counts once a day, and who it was is nowhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from kb.feedback import visitors as module
from kb.feedback.questions import groups, note, wordings
from kb.feedback.suggested import often
from kb.feedback.visitors import Visitors
from kb.staff.database import opened
from tests.support.noted import LIFT, NOON, answered, judged, refused
from tests.support.postgres import dumped

ADDRESS = "203.0.113.77"


@pytest.fixture
def day() -> list[date]:
    return [NOON.date()]


@pytest.fixture
def visitors(day: list[date]) -> Visitors:
    return Visitors(lambda: day[0])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "staff.db"


@pytest.fixture
def database(path: Path) -> Iterator[sqlite3.Connection]:
    with opened(path) as found:
        yield found


def test_a_visitor_counts_once_a_day_in_each_group(visitors: Visitors, day: list[date]) -> None:
    one, other = visitors.name(ADDRESS), visitors.name("203.0.113.78")
    assert visitors.first(one, 1, opinion=False)
    assert not visitors.first(one, 1, opinion=False)
    assert visitors.first(one, 2, opinion=False)
    assert visitors.first(one, 1, opinion=True)
    assert visitors.first(other, 1, opinion=False)
    day[0] += timedelta(days=1)
    assert visitors.first(visitors.name(ADDRESS), 1, opinion=False)


def test_tomorrow_nothing_tells_who_was_here_today(visitors: Visitors, day: list[date]) -> None:
    today = visitors.name(ADDRESS)
    assert visitors.name(ADDRESS) == today
    assert ADDRESS.encode() not in today
    day[0] += timedelta(days=1)
    assert visitors.name(ADDRESS) != today
    assert today not in repr(vars(visitors)).encode()
    assert Visitors(lambda: day[0]).name(ADDRESS) != visitors.name(ADDRESS)


def test_no_visitor_counts_in_every_group_there_is(visitors: Visitors) -> None:
    one = visitors.name(ADDRESS)
    counted = sum(visitors.first(one, group, opinion=False) for group in range(500))
    assert counted == module.EACH


def test_what_is_kept_of_a_day_is_bounded(
    visitors: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    counted = [visitors.first(visitors.name(f"10.0.0.{n}"), 1, opinion=False) for n in range(9)]
    assert counted == [True] * 3 + [False] * 6


def test_the_same_visitor_again_is_written_down_and_not_counted(
    database: sqlite3.Connection, visitors: Visitors
) -> None:
    one, other = visitors.name(ADDRESS), visitors.name("203.0.113.78")
    asked = [replace(refused(words), visitor=one) for words in (*LIFT, LIFT[0], LIFT[0])]
    asked += [replace(judged(LIFT[0], useful=False), visitor=one)] * 5
    asked += [replace(refused(LIFT[0]), visitor=other)]
    note(database, asked, log="masked", visitors=visitors)
    (group,) = groups(database, state="open", limit=9)
    assert (group.refused, group.useless) == (2, 1)
    assert wordings(database, group.id)[0] == (LIFT[0], 3)
    kept = dumped(database)
    assert repr(one) not in kept
    assert one.hex() not in kept.lower()
    assert ADDRESS not in kept


def test_one_visitor_a_day_makes_nothing_frequent_on_any_number_of_days(
    database: sqlite3.Connection, visitors: Visitors, day: list[date]
) -> None:
    for n in range(9):
        day[0] = NOON.date() + timedelta(days=n)
        asked = replace(
            answered(LIFT[0]), at=NOON + timedelta(days=n), visitor=visitors.name(ADDRESS)
        )
        note(database, [asked] * 9, log="masked", visitors=visitors)
    assert often(database, limit=9) == ()


def test_what_several_visitors_of_a_day_asked_is_frequent(
    database: sqlite3.Connection, visitors: Visitors
) -> None:
    for n in range(3):
        asked = replace(answered(LIFT[0]), visitor=visitors.name(f"10.0.0.{n}"))
        note(database, [asked] * 2, log="masked", visitors=visitors)
    assert often(database, limit=9) == (LIFT[0],)


def test_words_of_one_visitor_are_not_shown_for_a_group_that_many_asked(
    database: sqlite3.Connection, visitors: Visitors
) -> None:
    mine = replace(answered(LIFT[1]), visitor=visitors.name(ADDRESS))
    note(database, [mine] * 9, log="masked", visitors=visitors)
    for n in range(2):
        asked = replace(answered(LIFT[0]), visitor=visitors.name(f"10.0.0.{n}"))
        note(database, [asked], log="masked", visitors=visitors)
    assert often(database, limit=9) == (LIFT[0],)
