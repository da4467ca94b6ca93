"""Accounts: made, changed, shut out; how their passwords are kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.errors import WrongUse
from kb.staff import accounts, audit
from kb.staff.accounts import AccountNotFound, LastAdmin, verified
from kb.staff.database import opened
from tests.support.postgres import dumped
from tests.support.promises import ORGAN, WANG
from tests.support.staffed import PASSWORD, QUICK, join


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    monkeypatch.setattr(accounts, "HASHER", QUICK)
    monkeypatch.setattr(accounts, "_NOBODYS", [])
    with opened(tmp_path / "staff.db") as database:
        yield database


def hashed(book: sqlite3.Connection, name: str = "王芳") -> str | None:
    row = book.execute("SELECT password FROM account WHERE name = ?", (name,)).fetchone()
    assert row
    found: str | None = row[0]
    return found


def actions(book: sqlite3.Connection) -> list[tuple[str, str]]:
    return [(one.action, one.subject) for one in audit.entries(book, limit=9)][::-1]


def test_passwords_are_kept_as_argon2id_as_the_rfc_recommends() -> None:
    made = accounts.HASHER.hash("x")
    assert made.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_an_account_is_as_it_was_made_and_its_password_is_nowhere(
    book: sqlite3.Connection,
) -> None:
    made = join(book)
    assert (made.name, made.role, made.organs, made.disabled) == (
        "王芳",
        "reviewer",
        (ORGAN,),
        False,
    )
    assert accounts.accounts(book) == [made] == [accounts.account(book, "王芳")]
    assert PASSWORD not in dumped(book)
    assert verified(hashed(book), PASSWORD)
    assert not verified(hashed(book), PASSWORD + "x")


def test_one_without_a_password_has_none_that_is_right(book: sqlite3.Connection) -> None:
    join(book, password=None)
    assert not verified(hashed(book), "")
    assert not verified(hashed(book), "nobody")


def test_a_password_is_the_same_however_it_was_typed(book: sqlite3.Connection) -> None:
    join(book, password="e\u0301clair 2024 青河")
    assert verified(hashed(book), "\u00e9clair 2024 青河")


def test_a_name_is_taken_once(book: sqlite3.Connection) -> None:
    join(book)
    with pytest.raises(WrongUse, match="已经有了"):
        join(book, " 王芳 ")


@pytest.mark.parametrize("name", ["", "  ", "程序", "长" * 41, "王\n芳", "王\x00", "\u202e王"])
def test_a_name_that_cannot_be_is_refused(book: sqlite3.Connection, name: str) -> None:
    with pytest.raises(WrongUse, match="账号名"):
        join(book, name)


@pytest.mark.parametrize(
    "password",
    ["", "短", "a" * 11, "长" * 201, "a" * 30, "abababababababab", "我是王芳芳吗12345678"],
)
def test_a_password_that_is_easily_guessed_is_refused(
    book: sqlite3.Connection, password: str
) -> None:
    with pytest.raises(WrongUse, match="密码"):
        join(book, "王芳芳", password=password)
    assert accounts.accounts(book) == []


def test_a_role_that_is_none_is_refused_naming_those_that_are(book: sqlite3.Connection) -> None:
    with pytest.raises(WrongUse, match=r"reader（查阅）"):
        join(book, role="boss")  # type: ignore[arg-type]
    with pytest.raises(WrongUse, match="--organ"):
        join(book, organs=())
    with pytest.raises(WrongUse, match="单位名称"):
        join(book, organs=("",))


def test_another_role_or_organ_is_in_force_and_on_record(book: sqlite3.Connection) -> None:
    join(book)
    assert accounts.change(book, "王芳", role="manager", by=WANG).organs == (ORGAN,)
    assert accounts.change(book, "王芳", organs=("云岭市水利局",), by=WANG).role == "manager"
    with pytest.raises(WrongUse, match="--organ"):
        accounts.change(book, "王芳", role="reviewer", organs=(), by=WANG)
    assert actions(book) == [
        ("account_added", "王芳"),
        ("account_changed", "王芳"),
        ("account_changed", "王芳"),
    ]
    assert audit.entries(book, limit=1)[0].detail["became"] == ["manager", "云岭市水利局"]


def test_shutting_out_and_letting_in_again(book: sqlite3.Connection) -> None:
    join(book)
    accounts.disable(book, "王芳", by=WANG)
    assert accounts.account(book, "王芳").disabled
    accounts.disable(book, "王芳", by=WANG, disabled=False)
    assert not accounts.account(book, "王芳").disabled
    assert [one for one, _ in actions(book)][1:] == ["account_disabled", "account_enabled"]


def test_a_changed_password_is_the_only_right_one(book: sqlite3.Connection) -> None:
    join(book)
    accounts.set_password(book, "王芳", "另一个更长的密码2025", by=WANG)
    assert not verified(hashed(book), PASSWORD)
    assert verified(hashed(book), "另一个更长的密码2025")


def test_who_is_not_there_is_told(book: sqlite3.Connection) -> None:
    for change in (
        lambda: accounts.disable(book, "李", by=WANG),
        lambda: accounts.change(book, "李", role="admin", by=WANG),
        lambda: accounts.set_password(book, "李", PASSWORD, by=WANG),
    ):
        with pytest.raises(AccountNotFound, match="没有账号“李”"):
            change()


def test_the_last_administrator_who_can_come_in_is_kept_where_that_is_asked(
    book: sqlite3.Connection,
) -> None:
    join(book, "李明", role="admin")
    join(book, "赵敏", role="admin")
    accounts.disable(book, "赵敏", by=WANG, keep_admin=True)
    with pytest.raises(LastAdmin, match="另设一个管理员"):
        accounts.disable(book, "李明", by=WANG, keep_admin=True)
    with pytest.raises(LastAdmin):
        accounts.change(book, "李明", role="manager", by=WANG, keep_admin=True)
    found = accounts.account(book, "李明")
    assert (found.role, found.disabled) == ("admin", False)
    assert [one for one, _ in actions(book)][-1] == "account_disabled"
    accounts.disable(book, "李明", by=WANG)  # from the command line everything can be done
    assert accounts.account(book, "李明").disabled
