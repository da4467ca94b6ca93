"""One change for many: what it would do, what it did, and what was refused."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.errors import WrongUse
from kb.ledger.bulk import (
    MOST,
    change_all,
    done_together,
    moving,
    reassigning,
    taking_back,
)
from kb.ledger.edit import move
from kb.ledger.events import entry
from kb.ledger.history import history
from kb.ledger.rebuild import verify
from kb.ledger.types import Entry, Seen
from kb.staff import audit
from kb.staff.database import opened
from kb.staff.permissions import NotAllowed
from tests.support.promises import (
    ORGAN,
    PROMISES,
    WANG,
    confirm,
    events,
    letter_of,
    put,
    seen,
    told,
)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with opened(tmp_path / "staff.db") as database:
        put(database, letter_of(*PROMISES))
        yield database
        verify(database)


def anybody(entry: Entry) -> None:
    """Lets everything be changed."""


def not_the_second(entry: Entry) -> None:
    if entry.id == 2:
        raise NotAllowed("这一条不归你管")


def all_seen(book: sqlite3.Connection) -> list[Seen]:
    return [seen(book, number) for number in (1, 2, 3)]


def test_what_would_change_is_told_and_nothing_is_kept(book: sqlite3.Connection) -> None:
    before = events(book), told(book)
    change = moving("under_way", reason="核实")
    outcomes = change_all(book, all_seen(book), change, permit=anybody, by=WANG, dry=True)
    assert [one.changes for one in outcomes] == [(("状态", "待核实", "进行中"),)] * 3
    assert (events(book), told(book)) == before


def test_what_is_refused_is_told_and_the_rest_is_done(book: sqlite3.Connection) -> None:
    old = seen(book, 3)
    confirm(book, 3)
    change = moving("under_way", reason="核实")
    before = len(audit.entries(book, limit=100))
    some = [seen(book, 1), seen(book, 2), old, Seen(id=9, version=1)]
    outcomes = change_all(book, some, change, permit=not_the_second, by=WANG)
    told_of = [str(one.problem).partition("；")[0] for one in outcomes]
    assert told_of == [
        "None", "这一条不归你管", "第 3 号承诺刚被别人改过，没有改动", "台账里没有第 9 号承诺",
    ]  # fmt: skip
    assert [entry(book, number).status for number in (1, 2, 3)] == [
        "under_way", "proposed", "not_started",
    ]  # fmt: skip
    assert len(audit.entries(book, limit=100)) == before + 1, "one transaction, one row"


def test_who_is_not_permitted_is_told_nothing_of_it(book: sqlite3.Connection) -> None:
    change = moving("rejected", reason="")
    outcomes = change_all(book, all_seen(book), change, permit=not_the_second, by=WANG, dry=True)
    assert outcomes[1].entry is None


def test_another_organ(book: sqlite3.Connection) -> None:
    change = reassigning("云岭市水利局", reason="职能划转")
    outcomes = change_all(book, all_seen(book), change, permit=anybody, by=WANG)
    assert outcomes[0].changes == (("负责单位", ORGAN, "云岭市水利局"),)
    again = change_all(book, all_seen(book), change, permit=anybody, by=WANG)
    assert all("本来就由" in str(one.problem) for one in again)


def test_what_has_the_status_already_is_left(book: sqlite3.Connection) -> None:
    confirm(book)
    change = moving("not_started", reason="核实")
    outcomes = change_all(book, all_seen(book), change, permit=anybody, by=WANG)
    assert "已经是“未启动”" in str(outcomes[0].problem)
    assert [one.problem for one in outcomes[1:]] == [None, None]


def test_where_two_decide_many_are_proposed(book: sqlite3.Connection) -> None:
    confirm(book)
    change = moving("done", reason="集中核实", two_step=True, done_on="2025-06-01")
    (first, *_) = change_all(book, all_seen(book), change, permit=anybody, by=WANG)
    assert ("待签批", "", "已完成") in first.changes
    assert (entry(book, 1).status, entry(book, 1).pending) == ("not_started", "done")


@pytest.mark.parametrize("number", [0, MOST + 1])
def test_none_and_too_many_are_refused(book: sqlite3.Connection, number: int) -> None:
    some = [Seen(id=one, version=1) for one in range(number)]
    with pytest.raises(WrongUse, match="一次可以改"):
        change_all(book, some, moving("rejected", reason=""), permit=anybody, by=WANG)


def test_what_was_done_together_is_undone_together(book: sqlite3.Connection) -> None:
    confirm(book, 3)
    change = moving("under_way", reason="核实")
    change_all(book, all_seen(book), change, permit=anybody, by=WANG)
    made = done_together(book, history(book, 2)[0])
    assert sorted(made) == [1, 2, 3]
    back = taking_back(made, reason="批错了")
    outcomes = change_all(book, all_seen(book), back, permit=anybody, by=WANG)
    assert outcomes[0].changes == (("状态", "进行中", "待核实"),)
    assert [entry(book, number).status for number in (1, 2, 3)] == [
        "proposed", "proposed", "not_started",
    ]  # fmt: skip
    again = change_all(book, all_seen(book), back, permit=anybody, by=WANG)
    assert all("已经撤销" in str(one.problem) for one in again)


def test_what_somebody_went_on_with_is_not_undone_with_the_rest(book: sqlite3.Connection) -> None:
    change_all(book, all_seen(book), moving("under_way", reason=""), permit=anybody, by=WANG)
    made = done_together(book, history(book, 1)[0])
    move(book, seen(book, 2), "unverifiable", by=WANG, reason="找不到出处")
    outcomes = change_all(
        book, all_seen(book), taking_back(made, reason="批错了"), permit=anybody, by=WANG
    )
    assert [bool(one.problem) for one in outcomes] == [False, True, False]
    assert entry(book, 2).status == "unverifiable"


def test_one_step_on_one_is_nothing_done_together(book: sqlite3.Connection) -> None:
    confirm(book)
    assert list(done_together(book, history(book, 1)[0])) == [1]
