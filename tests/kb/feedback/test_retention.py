"""Questions that are kept too long are gone, from the file too; what staff decided stays."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kb.errors import WrongUse
from kb.feedback.questions import (
    Location,
    Noted,
    State,
    complaints,
    group,
    groups,
    note,
    states,
    wordings,
)
from kb.feedback.retention import FORGOTTEN, Forgotten, forget
from kb.feedback.rulings import Gold, Ruling, cases, events, rule
from kb.staff.database import opened
from kb.types import Span
from tests.support.noted import LIFT, NOON, answered, judged, refused
from tests.support.postgres import stored

OLD = timedelta(days=181)
LIMIT = NOON - timedelta(days=180)
LAMP = "路灯谁来维护？"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "staff.db"


def old(noted: Noted) -> Noted:
    return replace(noted, at=noted.at - OLD)


def put(path: Path, *noted: Noted, log: str = "masked") -> None:
    with opened(path) as database:
        note(database, noted, log=log)  # type: ignore[arg-type]


def swept(path: Path) -> Forgotten:
    with opened(path) as database:
        return forget(database, before=LIMIT)


def ruled(path: Path, became: State, **given: object) -> None:
    with opened(path) as database:
        rule(
            database,
            Ruling(group_id=1, seen=0, became=became, **given),  # type: ignore[arg-type]
            who="王芳",
            at=NOON,
        )


def content(path: Path) -> bytes:
    return stored(path)


def test_what_is_too_old_is_gone_with_its_group_and_from_the_file(path: Path) -> None:
    put(path, old(refused(LIFT[0], "甲")), old(judged(LIFT[1], useful=False, reason="答非所问")))
    put(path, old(answered("河道什么时候清淤？")), refused(LAMP))
    assert swept(path) == Forgotten(asked=3, groups=2, erased=True)
    with opened(path) as database:
        assert [each.question for each in groups(database, state="open", limit=9)] == [LAMP]
        assert database.execute("SELECT count(*) FROM asked").fetchone() == (1,)
    for words in (*LIFT, "答非所问", "清淤", "补贴"):
        assert words.encode() not in content(path)
    assert LAMP.encode() in content(path)


def test_nothing_is_left_in_the_file_while_others_have_it_open(path: Path) -> None:
    put(path, *[old(refused(f"{LIFT[0]}{number}号楼")) for number in range(300)])
    with opened(path) as other:
        other.execute("SELECT count(*) FROM asked").fetchone()
        assert swept(path).asked == 300
        assert "加装电梯".encode() not in content(path)


def test_what_is_recent_stays_as_it_is(path: Path) -> None:
    put(path, refused(LIFT[0], "甲"), judged(LIFT[1], useful=False, reason="答非所问"))
    with opened(path) as database:
        before = (groups(database, state="open", limit=9), wordings(database, 1))
    assert swept(path) == Forgotten(asked=0, groups=0, erased=True)
    with opened(path) as database:
        assert (groups(database, state="open", limit=9), wordings(database, 1)) == before
        assert complaints(database, 1)[0].reason == "答非所问"


def test_a_group_goes_on_under_its_oldest_question_that_is_left(path: Path) -> None:
    put(path, old(refused(LIFT[0])), refused(LIFT[1]), refused(LIFT[2]))
    swept(path)
    put(path, refused(LIFT[1]))
    with opened(path) as database:
        (only,) = groups(database, state="open", limit=9)
        assert (only.question, only.refused) == (LIFT[1], 3)
    assert LIFT[0].encode() not in content(path)


@pytest.mark.parametrize("became", ["done", "dropped"])
def test_what_staff_ruled_stays_without_the_question(path: Path, became: State) -> None:
    put(path, old(refused(LIFT[0], "甲")), old(judged(LIFT[1], useful=False, reason="答非所问")))
    ruled(path, became, reason="已转办")
    assert swept(path).asked == 2
    assert swept(path) == Forgotten(asked=0, groups=0, erased=True)
    with opened(path) as database:
        assert [(event.became, event.reason) for event in events(database, 1)] == [
            (became, "已转办")
        ]
        assert states(database) == {became: 1}
        assert group(database, 1).question == FORGOTTEN
        assert (wordings(database, 1), group(database, 1).nearest) == ([], ())
    for words in (*LIFT, "答非所问"):
        assert words.encode() not in content(path)
    put(path, refused(LIFT[0]))  # is a new group
    with opened(path) as database:
        assert states(database) == {became: 1, "open": 1}
        again = Ruling(group_id=1, seen=1, became="case", question=FORGOTTEN)
        with pytest.raises(WrongUse, match="请写出题目"):
            rule(database, again, who="王芳", at=NOON)


def test_a_case_stays_in_the_words_that_staff_gave_it(path: Path) -> None:
    put(path, old(refused(LIFT[0])))
    gold = Gold(place=Location(letter_id="甲", span=Span(start=0, end=2)), words="八万")
    ruled(path, "case", question="加装电梯的补贴标准是多少？", gold=gold)
    swept(path)
    with opened(path) as database:
        (case,) = cases(database)
        assert (case.question, case.gold) == ("加装电梯的补贴标准是多少？", gold)
        assert group(database, 1).question == case.question
    assert LIFT[0].encode() not in content(path)
    put(path, refused(LIFT[1]))  # is like the case
    with opened(path) as database:
        assert states(database) == {"case": 1}


def test_what_was_noted_without_words_goes_too(path: Path) -> None:
    put(path, old(refused(LIFT[0])), refused(LIFT[0]), log="off")
    assert swept(path) == Forgotten(asked=1, groups=0, erased=True)


@pytest.mark.sqlite
def test_the_file_is_whole_afterwards(path: Path) -> None:
    put(path, *[old(refused(f"{LAMP}{number}")) for number in range(50)], refused(LAMP))
    ruled(path, "done")
    swept(path)
    with opened(path) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.sqlite
def test_a_disk_that_is_full_leaves_what_was_there(path: Path) -> None:
    put(path, old(refused(LIFT[0])))
    with opened(path) as database:
        database.execute("PRAGMA query_only = ON")
        with pytest.raises(sqlite3.Error):
            forget(database, before=LIMIT)
    with opened(path) as database:
        assert len(groups(database, state="open", limit=9)) == 1
