"""Filters that are saved under a name: each person's own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.errors import WrongUse
from kb.staff.database import opened
from kb.staff.permissions import Account
from kb.staff.views import MOST, ViewNotFound, delete, save, views
from tests.support.promises import NOON
from tests.support.staffed import join

LATE = {"list": "overdue"}


@pytest.fixture
def book(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with opened(tmp_path / "staff.db") as database:
        yield database


@pytest.fixture
def wang(book: sqlite3.Connection) -> Account:
    return join(book, "王芳", password=None)


@pytest.fixture
def li(book: sqlite3.Connection) -> Account:
    return join(book, "李强", password=None)


def named(book: sqlite3.Connection, account: Account) -> dict[str, dict[str, str]]:
    return {one.name: dict(one.asked) for one in views(book, account)}


def test_everybody_has_their_own_views(
    book: sqlite3.Connection, wang: Account, li: Account
) -> None:
    save(book, "逾期的", LATE, account=wang, at=NOON)
    save(book, "逾期的", {"organ": "云岭市水利局"}, account=li, at=NOON)
    assert named(book, wang) == {"逾期的": LATE}
    assert named(book, li) == {"逾期的": {"organ": "云岭市水利局"}}
    (one,) = views(book, wang)
    with pytest.raises(ViewNotFound):
        delete(book, one.id, account=li)
    assert delete(book, one.id, account=wang) == "逾期的"
    assert named(book, wang) == {}
    assert named(book, li)


def test_the_same_name_is_another_filter_from_now_on(
    book: sqlite3.Connection, wang: Account
) -> None:
    save(book, "看", LATE, account=wang, at=NOON)
    save(book, " 看 ", {"year": "2024"}, account=wang, at=NOON)
    assert named(book, wang) == {"看": {"year": "2024"}}


@pytest.mark.parametrize("name", ["", "  ", "长" * 31, "断\n行", "\ud800"])
def test_a_name_that_cannot_be_read_is_refused(
    book: sqlite3.Connection, wang: Account, name: str
) -> None:
    with pytest.raises(WrongUse, match="名字"):
        save(book, name, LATE, account=wang, at=NOON)


def test_nothing_and_too_many_are_refused(book: sqlite3.Connection, wang: Account) -> None:
    with pytest.raises(WrongUse, match="先在台账里筛选"):
        save(book, "空", {}, account=wang, at=NOON)
    for number in range(MOST):
        save(book, f"第{number}个", LATE, account=wang, at=NOON)
    with pytest.raises(WrongUse, match="先删去"):
        save(book, "多一个", LATE, account=wang, at=NOON)
    save(book, "第0个", {"year": "2024"}, account=wang, at=NOON)
