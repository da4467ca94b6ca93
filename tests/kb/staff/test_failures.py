"""Whom failures to sign in lock out, for how long, and what the audit log has of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kb.staff import accounts, addresses, audit
from kb.staff.database import PROGRAM, StaffUnusable, opened
from kb.staff.failures import (
    ACQUAINTED,
    ADDRESSES,
    FAILURES,
    HOUR,
    LOCKED,
    NAMES_TOLD,
    STRANGERS,
    LockedOut,
)
from kb.staff.sessions import SignInRefused, sign_in
from tests.support.postgres import dumped
from tests.support.promises import NOON, WANG
from tests.support.staffed import PASSWORD, QUICK, join

HOME, AWAY = "a1" * 8, "b2" * 8


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    monkeypatch.setattr(accounts, "HASHER", QUICK)
    monkeypatch.setattr(accounts, "_NOBODYS", [])
    with opened(tmp_path / "staff.db") as database:
        join(database)
        yield database


def fail(
    book: sqlite3.Connection,
    name: str = "王芳",
    *,
    client: str = AWAY,
    times: int = 1,
    at: datetime = NOON,
) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            sign_in(book, name, "不是这个密码的密码", at=at, client=client)


def comes_in(
    book: sqlite3.Connection, client: str, *, name: str = "王芳", at: datetime = NOON
) -> bool:
    try:
        return bool(sign_in(book, name, PASSWORD, at=at, client=client))
    except LockedOut:
        return False


def failed(book: sqlite3.Connection) -> list[audit.Entry]:
    return audit.entries(book, limit=10_000, action="sign_in_failed")


def test_who_fails_five_times_is_locked_out_where_they_are(book: sqlite3.Connection) -> None:
    fail(book, times=FAILURES)
    assert not comes_in(book, AWAY)
    assert comes_in(book, AWAY, at=NOON + LOCKED)


def test_one_stranger_locks_nobody_else_out(book: sqlite3.Connection) -> None:
    fail(book, times=FAILURES)
    assert comes_in(book, HOME)  # from where nobody has signed in before


def test_many_strangers_lock_strangers_out_but_not_whom_the_account_belongs_to(
    book: sqlite3.Connection,
) -> None:
    assert comes_in(book, HOME)
    for number in range(STRANGERS):
        fail(book, client=f"{number:016x}")
    assert not comes_in(book, "c3" * 8)
    assert comes_in(book, HOME)
    assert comes_in(book, "c3" * 8, at=NOON + LOCKED)


def test_where_an_account_is_known_it_may_not_be_guessed_either(book: sqlite3.Connection) -> None:
    assert comes_in(book, HOME)
    fail(book, client=HOME, times=FAILURES)
    assert not comes_in(book, HOME)


def test_an_address_is_forgotten_after_a_season(book: sqlite3.Connection) -> None:
    later = NOON + ACQUAINTED
    assert comes_in(book, HOME)
    for number in range(STRANGERS):
        fail(book, client=f"{number:016x}", at=later)
    assert not comes_in(book, HOME, at=later)


def test_only_so_many_addresses_of_an_account_are_known(book: sqlite3.Connection) -> None:
    for number in range(ADDRESSES * 2):
        assert comes_in(book, f"{number:016x}", at=NOON + timedelta(minutes=number))
    known = {row[0] for row in book.execute("SELECT client FROM acquainted")}
    assert known == {f"{number:016x}" for number in range(ADDRESSES, ADDRESSES * 2)}


@pytest.mark.parametrize("spelled", ["WANG", "ｗａｎｇ", "wang", "Ｗang", " wang "])
def test_another_spelling_of_a_name_is_no_other_name(
    book: sqlite3.Connection, spelled: str
) -> None:
    join(book, "Wang")
    fail(book, spelled, times=FAILURES)
    assert not comes_in(book, AWAY, name="Wang")


def test_a_new_password_unlocks_everywhere(book: sqlite3.Connection) -> None:
    for number in range(STRANGERS):
        fail(book, client=f"{number:016x}")
    accounts.set_password(book, "王芳", PASSWORD, by=WANG)
    assert comes_in(book, AWAY)


def test_a_failure_is_on_record_with_where_it_came_from(book: sqlite3.Connection) -> None:
    fail(book, times=2)
    entries = failed(book)
    assert [entry.detail for entry in entries] == [
        {"client": AWAY, "times": 2},
        {"client": AWAY, "times": 1},
    ]
    assert {(entry.who, entry.subject) for entry in entries} == {("王芳", "王芳")}
    audit.verify(book)


def test_what_was_typed_for_a_name_that_nobody_has_is_not_on_record(
    book: sqlite3.Connection,
) -> None:
    fail(book, PASSWORD)
    (entry,) = failed(book)
    assert (entry.who, entry.subject) == (PROGRAM, "")
    assert entry.detail == {"client": AWAY, "unknown": True}
    assert PASSWORD not in dumped(book)


def test_a_disabled_account_that_is_tried_is_on_record(book: sqlite3.Connection) -> None:
    accounts.disable(book, "王芳", by=WANG)
    with pytest.raises(SignInRefused):
        sign_in(book, "王芳", PASSWORD, at=NOON, client=AWAY)
    assert failed(book)[0].subject == "王芳"


def test_a_storm_of_made_up_names_is_told_as_a_number(book: sqlite3.Connection) -> None:
    for number in range(NAMES_TOLD + 50):
        fail(book, f"名字{number}", client=f"{number:016x}")
    assert len(failed(book)) == NAMES_TOLD
    fail(book, times=1, client=HOME)  # a name that somebody has is told all the same
    assert failed(book)[0].subject == "王芳"
    fail(book, "又一个", at=NOON + HOUR)
    latest, summed = failed(book)[:2]
    assert latest.detail == {"client": AWAY, "unknown": True}
    assert summed.detail["more"] == 50
    audit.verify(book)


def test_an_address_is_kept_as_a_hash_that_is_the_same_each_time(tmp_path: Path) -> None:
    hashed = addresses.hashed("192.0.2.7", folder=tmp_path)
    assert addresses.hashed("192.0.2.7", folder=tmp_path) == hashed
    assert addresses.hashed("192.0.2.8", folder=tmp_path) != hashed
    assert len(hashed) == 16
    key = tmp_path / addresses.NAME
    assert key.stat().st_mode & 0o777 == 0o600
    other = tmp_path / "other"
    other.mkdir()
    assert addresses.hashed("192.0.2.7", folder=other) != hashed


def test_a_key_that_was_cut_short_is_made_anew(tmp_path: Path) -> None:
    hashed = addresses.hashed("192.0.2.7", folder=tmp_path)
    (tmp_path / addresses.NAME).write_bytes(b"short")
    assert addresses.hashed("192.0.2.7", folder=tmp_path) != hashed
    assert [path.name for path in tmp_path.iterdir()] == [addresses.NAME]


def test_where_no_key_can_be_the_database_is_unusable() -> None:
    with pytest.raises(StaffUnusable, match="权限"):
        addresses.hashed("192.0.2.7", folder=Path("/proc/version"))
