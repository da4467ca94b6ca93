"""What staff decide is recorded beside what was before, never over it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kb.errors import WrongUse
from kb.feedback.questions import GroupNotFound, State, group, states
from kb.feedback.rulings import Case, Ruling, RulingOutdated, cases, events, gold_in, rule
from kb.staff.database import opened
from kb.types import Span
from tests.support.fakes import make_letter
from tests.support.noted import NOON, put, refused

LETTER = make_letter("甲", "一、路灯\n村里路灯由乡镇\n维护。🀄维护费由市财政承担。")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with opened(tmp_path / "staff.db") as found:
        put(found, refused("路灯谁维护？"), refused("河道什么时候清淤？"))
        yield found


def decide(database: sqlite3.Connection, became: State, *, group_id: int = 1, **given: Any) -> None:
    seen = given.pop("seen", None)
    if seen is None:
        seen = group(database, group_id).event
    ruling = Ruling(group_id=group_id, seen=seen, became=became, **given)
    rule(database, ruling, who="王", at=NOON)


def test_every_change_says_who_when_from_what_to_what_and_why(
    database: sqlite3.Connection,
) -> None:
    decide(database, "dropped", reason="与答复无关")
    decide(database, "open", reason="再看看")
    latest, first = events(database, 1)
    assert (first.who, first.at, first.was, first.became) == ("王", NOON, "open", "dropped")
    assert first.reason == "与答复无关"
    assert (latest.was, latest.became, latest.reason) == ("dropped", "open", "再看看")
    assert states(database) == {"open": 2}
    assert events(database, 2) == []


def test_what_is_not_to_be_dealt_with_needs_a_reason(database: sqlite3.Connection) -> None:
    with pytest.raises(WrongUse, match="写明原因"):
        decide(database, "dropped")
    assert events(database, 1) == []


def test_of_two_who_decide_at_once_the_second_is_told(database: sqlite3.Connection) -> None:
    decide(database, "done", seen=0)
    with pytest.raises(RulingOutdated, match="刚被别人处理过"):
        decide(database, "dropped", seen=0, reason="无关")
    assert group(database, 1).state == "done"


def test_a_group_that_is_not_there_cannot_be_decided(database: sqlite3.Connection) -> None:
    with pytest.raises(GroupNotFound):
        decide(database, "done", group_id=99, seen=0)


@pytest.mark.parametrize(
    ("became", "after"), [("done", "open"), ("dropped", "dropped"), ("case", "case")]
)
def test_only_what_was_done_comes_back_when_it_is_missed_again(
    database: sqlite3.Connection, became: State, after: State
) -> None:
    decide(database, became, reason="因", question="问")
    assert group(database, 1).state == became
    put(database, refused("路灯谁维护？", minute=1))
    assert (group(database, 1).state, group(database, 1).refused) == (after, 2)
    assert group(database, 1).latest == NOON + timedelta(minutes=1)


def test_a_case_is_in_force_until_something_else_is_decided(database: sqlite3.Connection) -> None:
    gold = gold_in(LETTER, "路灯由乡镇维护")
    decide(database, "case", question="路灯归谁维护？", gold=gold)
    decide(database, "case", question="河道何时清淤？", group_id=2)
    assert cases(database) == [
        Case(id=1, question="路灯归谁维护？", gold=gold),
        Case(id=2, question="河道何时清淤？", gold=None),
    ]
    decide(database, "done")
    assert [one.id for one in cases(database)] == [2]
    assert events(database, 1)[1].gold == gold


@pytest.mark.parametrize(
    "words", ["路灯由乡镇维护。", " 路灯由乡镇\r\n维护。\n", "路灯由乡镇\n维护。"]
)
def test_gold_is_what_stands_in_the_letter_however_it_was_copied(words: str) -> None:
    gold = gold_in(LETTER, words)
    assert gold.words == "路灯由乡镇\n维护。" == gold.place.span.of(LETTER.text)
    assert gold.place.letter_id == "甲"


def test_gold_is_counted_in_code_points() -> None:
    start = LETTER.text.index("费由")
    assert gold_in(LETTER, "费由市财政").place.span == Span(start=start, end=start + 5)


@pytest.mark.parametrize("words", ["", " \n", "路灯由市里维护", ".*"])
def test_what_does_not_stand_in_the_letter_is_no_gold(words: str) -> None:
    with pytest.raises(WrongUse, match="没有这段原话"):
        gold_in(LETTER, words)
