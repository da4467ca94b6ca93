"""Lists, counts and cursors over the ledger."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from kb.errors import WrongUse
from kb.extract.types import Due
from kb.ledger import edit
from kb.ledger.cursor import Order
from kb.ledger.events import entry
from kb.ledger.queries import Wanted, coming, counts, each, lapsed, organs, overdue, page, total
from kb.ledger.types import Status
from kb.staff.database import opened
from tests.support.promises import ORGAN, TODAY, WANG, found_in, letter_of, put

DAYS = ["2025-01-31", "2026-06-29", "2026-06-30", "2026-07-05", "2026-12-31", None]
OTHER = "云岭市水利局"


def fill(book: sqlite3.Connection) -> None:
    """Twelve commitments of two organs, six each, due on ``DAYS``; the first two are waiting."""
    for organ, letter_id in ((ORGAN, "甲"), (OTHER, "乙")):
        sentences = [f"{letter_id}处第{n}项工程将完成" for n in range(len(DAYS))]
        year = "2024-05-06" if organ == ORGAN else "2025-05-06"
        letter = letter_of(*sentences, letter_id=letter_id, issuer=organ, issued_on=year)
        for sentence, last in zip(sentences, DAYS, strict=True):
            due = Due(raw="x", first=None, last=last, precision="day")
            edit.add(book, letter, found_in(letter, sentence, organ=organ, due=due)[0], by=WANG)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with opened(tmp_path / "staff.db") as database:
        fill(database)
        yield database


def numbers(book: sqlite3.Connection, wanted: Wanted, order: Order = "due") -> list[int]:
    return [one.id for one in each(book, wanted, order=order)]


def move(book: sqlite3.Connection, number: int, status: Status) -> None:
    edit.move(book, entry(book, number).seen, status, by=WANG, reason="看过")


def test_overdue_is_what_is_open_and_over_on_that_day(book: sqlite3.Connection) -> None:
    assert numbers(book, overdue(TODAY)) == [1, 7, 2, 8]
    assert numbers(book, overdue(TODAY, organ=OTHER)) == [7, 8]
    assert numbers(book, overdue(date(2025, 1, 31))) == []
    move(book, 1, "done")
    move(book, 7, "under_way")
    assert numbers(book, overdue(TODAY)) == [7, 2, 8]
    assert all(one.overdue(TODAY) for one in each(book, overdue(TODAY)))


def test_coming_is_what_is_open_and_due_within_the_days(book: sqlite3.Connection) -> None:
    assert numbers(book, coming(TODAY, days=0)) == [3, 9]
    assert numbers(book, coming(TODAY, days=5)) == [3, 9, 4, 10]
    assert numbers(book, coming(TODAY, days=4, organ=ORGAN)) == [3]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(), [1, 7, 2, 8, 3, 9, 4, 10, 5, 11, 6, 12]),
        (Wanted(organ=ORGAN), [1, 2, 3, 4, 5, 6]),
        (Wanted(organ="无"), []),
        (Wanted(organs=("无", OTHER)), [7, 8, 9, 10, 11, 12]),
        (Wanted(year="2025"), [7, 8, 9, 10, 11, 12]),
        (Wanted(due_month="2026-06"), [2, 8, 3, 9]),
        (Wanted(due_from="2026-07-01", due_to="2026-12-30"), [4, 10]),
        (Wanted(letter_id="乙", strength="will", words="第3项"), [10]),
        (Wanted(result_class="A"), []),
        (Wanted(status="done"), []),
        (Wanted(stage="queue"), []),
        (Wanted(moved=True), []),
        (Wanted(words="%"), []),
        (Wanted(words="第3项"), [4, 10]),
        (Wanted(words="3项"), [4, 10]),
        (Wanted(words="无此"), []),
        (Wanted(words='"第3项" OR *'), []),
        (Wanted(words="2", due_month="2026-06"), [3, 9]),
    ],
)
def test_each_wish_narrows_the_list(
    book: sqlite3.Connection, wanted: Wanted, expected: list[int]
) -> None:
    assert numbers(book, wanted) == expected
    assert total(book, wanted) == len(expected)


def test_what_is_off_the_lists_is_shown_only_when_named(book: sqlite3.Connection) -> None:
    move(book, 1, "rejected")
    assert 1 not in numbers(book, Wanted())
    assert numbers(book, Wanted(status="rejected")) == [1]


@pytest.mark.parametrize("order", get_args(Order))
@pytest.mark.parametrize("limit", [1, 5, 12, 50])
def test_pages_are_the_whole_list_once(book: sqlite3.Connection, order: Order, limit: int) -> None:
    found: list[int] = []
    after: str | None = None
    while True:
        some = page(book, Wanted(), limit=limit, order=order, after=after)
        assert len(some.rows) <= limit
        found += [one.id for one in some.rows]
        if (after := some.after) is None:
            break
    assert sorted(found) == list(range(1, 13))
    expected = {"due": [1, 7], "changed": [12, 11], "letter": [7, 8]}
    assert found[:2] == expected[order]


def test_a_page_goes_on_where_it_ended_though_rows_went_before_it(
    book: sqlite3.Connection,
) -> None:
    first = page(book, Wanted(), limit=4)
    move(book, 1, "rejected")
    second = page(book, Wanted(), limit=4, after=first.after)
    assert [one.id for one in second.rows] == [3, 9, 4, 10]


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "////",
        "WyJkdWUiXQ",
        "e30",
        "bnVsbA",
        "W10",
        "WyJkdWUiLDEsMV0",
        "[" * 3000,
        "汉",
        "WyJjaGFuZ2VkIiwxXQ",
        "WyJkdWUiLCIyMDI1IiwxZTk5XQ",
        "WyJkdWUiLCIyMDI1Iix0cnVlXQ",
        "WyJkdWUiLCIyMDI1Iiw5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OV0",
    ],
)
def test_a_cursor_that_is_none_is_refused(book: sqlite3.Connection, cursor: str) -> None:
    with pytest.raises(WrongUse, match="第一页"):
        page(book, Wanted(), limit=5, after=cursor)


@pytest.mark.parametrize(("limit", "order"), [(0, "due"), (501, "due"), (5, "random")])
def test_a_limit_or_an_order_that_cannot_be_is_refused(
    book: sqlite3.Connection, limit: int, order: Order
) -> None:
    with pytest.raises(WrongUse, match="每页"):
        page(book, Wanted(), limit=limit, order=order)


def test_counts_are_by_every_facet_and_say_what_is_overdue(book: sqlite3.Connection) -> None:
    move(book, 1, "done")
    move(book, 8, "rejected")
    by_organ = {one.key[0]: one for one in counts(book, ["organ"], today=TODAY)}
    assert by_organ[ORGAN].statuses == {"done": 1, "not_started": 5}
    assert (by_organ[ORGAN].total, by_organ[ORGAN].overdue) == (6, 1)
    assert (by_organ[OTHER].total, by_organ[OTHER].overdue) == (5, 1)
    by_month = [(one.key, one.total) for one in counts(book, ["due_month"], today=TODAY)]
    assert by_month == [
        ((None,), 2),
        (("2025-01",), 2),
        (("2026-06",), 3),
        (("2026-07",), 2),
        (("2026-12",), 2),
    ]
    two = counts(book, ["organ", "year"], today=TODAY, wanted=Wanted(organ=OTHER))
    assert [(one.key, one.total) for one in two] == [((OTHER, "2025"), 5)]
    (by_status,) = counts(book, ["status"], today=TODAY, wanted=Wanted(status="done"))
    assert by_status.key == ("done",)


def test_a_letter_of_two_topics_counts_in_each(tmp_path: Path) -> None:
    with opened(tmp_path / "topics.db") as database:
        title = "关于加强学校教育和医院医疗服务的提案"
        put(database, letter_of("将新建一所", proposal_title=title), ("将新建一所",))
        topics = entry(database, 1).topics
        assert len(topics) > 1
        found = counts(database, ["topic"], today=TODAY)
        assert sorted(one.key for one in found) == sorted((one,) for one in topics)
        assert total(database, Wanted(topic=topics[0])) == 1


def test_what_cannot_be_counted_by_is_told(book: sqlite3.Connection) -> None:
    with pytest.raises(WrongUse, match=r"可以按：organ"):
        counts(book, ["secret"], today=TODAY)  # type: ignore[list-item]


def test_organs_are_those_that_have_a_commitment(book: sqlite3.Connection) -> None:
    assert organs(book) == sorted([ORGAN, OTHER])


def test_the_vague_and_the_concrete_are_told_apart_in_lists_and_totals(
    book: sqlite3.Connection,
) -> None:
    for number in (1, 3):
        edit.correct(book, entry(book, number).seen, {"vague": True}, by=WANG)
    assert numbers(book, Wanted(firm="vague", organ=ORGAN)) == [1, 3]
    assert 1 not in numbers(book, Wanted(firm="concrete"))
    assert total(book, Wanted(firm="vague")) == 2
    assert total(book, Wanted(firm="concrete")) == 10


def test_what_nobody_looked_at_and_is_past_its_day_is_counted_apart(
    book: sqlite3.Connection,
) -> None:
    for number in (1, 8):
        move(book, number, "proposed")
    assert numbers(book, lapsed(TODAY)) == [1, 8]
    assert numbers(book, overdue(TODAY)) == [7, 2]
    counted = {count.key[0]: count for count in counts(book, ["organ"], today=TODAY)}
    assert [(counted[organ].overdue, counted[organ].lapsed) for organ in (ORGAN, OTHER)] == [
        (1, 1),
        (1, 1),
    ]
