"""Two people for 已完成 and 不再实施: one proposes, another signs or sends back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kb.errors import WrongUse
from kb.extract.types import Due
from kb.ledger import edit
from kb.ledger.events import entry
from kb.ledger.queries import Wanted, total
from kb.ledger.rebuild import verify
from kb.ledger.signing import decide, decide_all, send_back, sign, takes_two
from kb.ledger.types import Status
from kb.staff.database import opened
from kb.types import Span
from tests.support.promises import PROMISES, TODAY, WANG, confirm, letter_of, put, seen

CHIEF = replace(WANG, who="李主任")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with opened(tmp_path / "staff.db") as database:
        put(database, letter_of(*PROMISES))
        confirm(database)
        yield database
        verify(database)


def propose(book: sqlite3.Connection, status: Status = "done") -> bool:
    return decide(
        book, seen(book), status, by=WANG, two_step=True, reason="看过", done_on="2025-06-01"
    )


def test_what_is_proposed_waits_until_another_signs(book: sqlite3.Connection) -> None:
    assert propose(book) is False
    now = entry(book, 1)
    assert (now.status, now.pending, now.pending_by) == ("not_started", "done", "王芳")
    assert now.overdue(WANG.at.date()), "until it is signed it is late"
    assert total(book, Wanted(pending=True)) == 1
    with pytest.raises(WrongUse, match="不能自己签批"):
        sign(book, seen(book), by=WANG)
    assert sign(book, seen(book), by=CHIEF) == "done"
    now = entry(book, 1)
    assert (now.status, now.done_on, now.kept, now.pending) == (
        "done", "2025-06-01", "on_time", None,
    )  # fmt: skip
    assert total(book, Wanted(pending=True)) == 0


def test_what_is_sent_back_needs_a_reason_and_stays_as_it_was(book: sqlite3.Connection) -> None:
    propose(book, "dropped")
    with pytest.raises(WrongUse, match="理由"):
        send_back(book, seen(book), by=CHIEF, reason="")
    send_back(book, seen(book), by=CHIEF, reason="没有附材料")
    assert (entry(book, 1).status, entry(book, 1).pending) == ("not_started", None)
    with pytest.raises(WrongUse, match="没有待签批"):
        sign(book, seen(book), by=CHIEF)


def test_proposing_takes_what_the_change_takes(book: sqlite3.Connection) -> None:
    with pytest.raises(WrongUse, match="理由"):
        decide(book, seen(book), "done", by=WANG, two_step=True)
    with pytest.raises(WrongUse, match="还没有到"):
        decide(
            book, seen(book), "done", by=WANG, two_step=True, reason="看过", done_on="2030-01-01"
        )
    propose(book)
    with pytest.raises(WrongUse, match="请等签批"):
        propose(book)


def test_other_changes_are_in_force_at_once(book: sqlite3.Connection) -> None:
    assert propose(book, "under_way") is True
    assert decide(book, seen(book), "done", by=WANG, two_step=False, reason="看过") is True


def test_another_status_ends_what_waits(book: sqlite3.Connection) -> None:
    propose(book)
    edit.move(book, seen(book), "under_way", by=WANG)
    assert entry(book, 1).pending is None


@pytest.mark.parametrize(
    ("status", "was", "last", "two"),
    [
        ("done", "proposed", None, True),
        ("dropped", "not_started", None, True),
        ("rejected", "proposed", None, False),
        ("rejected", "proposed", "2026-06-30", False),  # its last day
        ("rejected", "proposed", "2026-06-29", True),
        ("rejected", "not_started", None, True),
        ("unverifiable", "proposed", "2027-01-01", False),
        ("unverifiable", "proposed", "2025-01-01", True),
        ("unverifiable", "done", None, True),
        ("under_way", "not_started", "2025-01-01", False),
        ("proposed", "under_way", "2025-01-01", True),
        ("proposed", "not_started", None, True),
        ("proposed", "rejected", "2025-01-01", False),  # it comes back on the lists
    ],
)
def test_what_would_take_it_out_of_sight_takes_two(
    status: Status, was: Status, last: str | None, two: bool
) -> None:
    assert takes_two(status, was=was, last=last, today=TODAY) is two


def test_of_several_some_are_in_force_and_some_wait(book: sqlite3.Connection) -> None:
    edit.correct(book, seen(book, 2), {"due": None}, by=WANG)
    some = [seen(book, 1), seen(book, 2)]
    assert decide_all(book, some, "rejected", by=WANG, two_step=True, reason="看过") == 1
    assert (entry(book, 1).status, entry(book, 1).pending) == ("not_started", "rejected")
    assert entry(book, 2).status == "rejected"
    assert sign(book, seen(book), by=CHIEF) == "rejected"


DECEMBER = Due(raw="2025年年底前", first=None, last="2025-12-31", precision="year")


@pytest.mark.parametrize(
    "fields", [{"action": "改了"}, {"due": DECEMBER}, {"organ": "云岭市水利局"}]
)
def test_what_waits_is_not_corrected_until_it_is_decided(
    book: sqlite3.Connection, fields: dict[str, Any]
) -> None:
    propose(book)
    with pytest.raises(WrongUse, match=r"王芳报请改为“已完成”.*请先签批或退回"):
        edit.correct(book, seen(book), fields, by=WANG, reason="停工")
    edit.correct(book, seen(book), {"note": "等验收单"}, by=WANG)
    send_back(book, seen(book), by=CHIEF, reason="先更正")
    edit.correct(book, seen(book), fields, by=WANG, reason="停工")
    assert {name: getattr(entry(book, 1), name) for name in fields} == fields


def test_the_words_of_what_waits_are_not_moved(book: sqlite3.Connection) -> None:
    propose(book)
    words = Span(start=entry(book, 1).span.start + 2, end=entry(book, 1).span.end)
    with pytest.raises(WrongUse, match="正等签批"):
        edit.place(book, seen(book), letter_of(*PROMISES), words, by=WANG)
