"""Signing in, staying in, being locked out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kb.staff import accounts, audit, sessions
from kb.staff.database import opened
from kb.staff.permissions import Account
from kb.staff.sessions import (
    FAILURES,
    LOCKED,
    Lifetime,
    LockedOut,
    NotSignedIn,
    SignInRefused,
    form_token,
    form_token_right,
    sign_in,
    sign_out,
)
from tests.support.postgres import dumped
from tests.support.promises import NOON, WANG
from tests.support.staffed import PASSWORD, QUICK, join

LIFETIME = Lifetime()
MINUTE = timedelta(minutes=1)


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    monkeypatch.setattr(accounts, "HASHER", QUICK)
    monkeypatch.setattr(accounts, "_NOBODYS", [])
    with opened(tmp_path / "staff.db") as database:
        join(database)
        yield database


def who(book: sqlite3.Connection, token: str, at: datetime = NOON) -> Account:
    return sessions.account_of(book, token, at=at, lifetime=LIFETIME)


def fail(
    book: sqlite3.Connection, name: str = "王芳", *, times: int = 1, at: datetime = NOON
) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused, match="账号或密码不对"):
            sign_in(book, name, "不是这个密码的密码", at=at)


def test_who_signs_in_is_known_by_a_token_that_is_not_stored(book: sqlite3.Connection) -> None:
    token = sign_in(book, " 王芳 ", PASSWORD, at=NOON)
    assert who(book, token) == accounts.account(book, "王芳")
    assert len(token) >= 43
    assert token not in dumped(book)
    assert sign_in(book, "王芳", PASSWORD, at=NOON) != token


@pytest.mark.parametrize("token", ["", "x", "\udc80", "王" * 1000])
def test_a_token_that_is_none_lets_nobody_in(book: sqlite3.Connection, token: str) -> None:
    with pytest.raises(NotSignedIn):
        who(book, token)


def test_a_session_ends_when_it_is_idle_and_goes_on_when_it_is_used(
    book: sqlite3.Connection,
) -> None:
    token = sign_in(book, "王芳", PASSWORD, at=NOON)
    assert who(book, token, NOON + 29 * MINUTE)
    assert who(book, token, NOON + 58 * MINUTE)
    with pytest.raises(NotSignedIn, match="已过期"):
        who(book, token, NOON + 88 * MINUTE)


def test_a_session_ends_after_its_whole_time_however_it_is_used(
    book: sqlite3.Connection,
) -> None:
    token = sign_in(book, "王芳", PASSWORD, at=NOON)
    last = NOON + LIFETIME.whole - MINUTE
    for minutes in range(0, int((last - NOON) / MINUTE), 20):
        who(book, token, NOON + minutes * MINUTE)
    assert who(book, token, last)
    with pytest.raises(NotSignedIn, match="已过期"):
        who(book, token, last + MINUTE)


def test_who_signs_out_is_out(book: sqlite3.Connection) -> None:
    token, other = (sign_in(book, "王芳", PASSWORD, at=NOON) for _ in range(2))
    sign_out(book, token, at=NOON)
    sign_out(book, "nobody's", at=NOON)
    with pytest.raises(NotSignedIn):
        who(book, token)
    assert who(book, other)


def test_a_disabled_account_is_out_at_once_and_not_let_in(book: sqlite3.Connection) -> None:
    token = sign_in(book, "王芳", PASSWORD, at=NOON)
    accounts.disable(book, "王芳", by=WANG)
    with pytest.raises(NotSignedIn):
        who(book, token)
    with pytest.raises(SignInRefused):
        sign_in(book, "王芳", PASSWORD, at=NOON)
    accounts.disable(book, "王芳", by=WANG, disabled=False)
    with pytest.raises(NotSignedIn):
        who(book, token)  # the old session stays dead


def test_a_changed_password_ends_every_session(book: sqlite3.Connection) -> None:
    token = sign_in(book, "王芳", PASSWORD, at=NOON)
    accounts.set_password(book, "王芳", "另一个更长的密码2025", by=WANG)
    with pytest.raises(NotSignedIn):
        who(book, token)


def test_another_role_is_in_force_in_a_session_that_goes_on(book: sqlite3.Connection) -> None:
    token = sign_in(book, "王芳", PASSWORD, at=NOON)
    accounts.change(book, "王芳", role="reader", by=WANG)
    assert who(book, token).role == "reader"


def test_after_five_failures_even_the_right_password_waits(book: sqlite3.Connection) -> None:
    fail(book, times=FAILURES)
    with pytest.raises(LockedOut, match="15 分钟") as locked:
        sign_in(book, "王芳", PASSWORD, at=NOON)
    assert locked.value.retry_after == LOCKED.total_seconds() + 1
    with pytest.raises(LockedOut, match="1 分钟"):
        sign_in(book, "王芳", PASSWORD, at=NOON + LOCKED - MINUTE / 2)
    assert sign_in(book, "王芳", PASSWORD, at=NOON + LOCKED)


def test_signing_in_forgets_the_failures(book: sqlite3.Connection) -> None:
    fail(book, times=FAILURES - 1)
    sign_in(book, "王芳", PASSWORD, at=NOON)
    fail(book, times=FAILURES - 1)
    assert sign_in(book, "王芳", PASSWORD, at=NOON)


def test_an_administrator_who_sets_the_password_unlocks(book: sqlite3.Connection) -> None:
    fail(book, times=FAILURES)
    accounts.set_password(book, "王芳", PASSWORD + "!", by=WANG)
    assert sign_in(book, "王芳", PASSWORD + "!", at=NOON)


def test_a_name_that_nobody_has_is_answered_like_any_other(book: sqlite3.Connection) -> None:
    fail(book, "没有这个人", times=FAILURES)
    with pytest.raises(LockedOut):
        sign_in(book, "没有这个人", PASSWORD, at=NOON)
    assert "没有这个人" not in dumped(book)
    assert sign_in(book, "王芳", PASSWORD, at=NOON)


def test_failures_are_not_kept_for_ever(book: sqlite3.Connection) -> None:
    for number in range(30):
        fail(book, f"名字{number}")
    fail(book, at=NOON + LOCKED)
    assert book.execute("SELECT count(*) FROM failure").fetchone() == (1,)


def test_coming_and_going_is_in_the_audit_log(book: sqlite3.Connection) -> None:
    fail(book)
    sign_out(book, sign_in(book, "王芳", PASSWORD, at=NOON), at=NOON)
    found = [one.action for one in audit.entries(book, limit=3)]
    assert found == ["signed_out", "signed_in", "sign_in_failed"]
    assert PASSWORD not in dumped(book)


def test_who_is_known_otherwise_comes_in_without_a_password(book: sqlite3.Connection) -> None:
    token = sessions.begin(book, accounts.account(book, "王芳"), at=NOON, way="oidc")
    assert who(book, token).name == "王芳"
    assert audit.entries(book, limit=1)[0].detail == {"way": "oidc"}


def test_a_form_token_is_right_for_its_own_session_only(book: sqlite3.Connection) -> None:
    one, other = (sign_in(book, "王芳", PASSWORD, at=NOON) for _ in range(2))
    assert form_token_right(one, form_token(one))
    for wrong in (form_token(other), "", one, "\udc80", "王"):
        assert not form_token_right(one, wrong)
