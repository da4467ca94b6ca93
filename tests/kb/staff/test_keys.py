"""Keys of programs: what is kept of them, what they may do, and when they are dead."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from kb.errors import WrongUse
from kb.staff import audit, keys
from kb.staff.database import opened
from kb.staff.keys import Key, KeyNotAllowed, KeyNotFound, KeyRefused
from tests.support.postgres import dumped
from tests.support.promises import NOON, TODAY, WANG


@pytest.fixture
def book(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with opened(tmp_path / "staff.db") as database:
        yield database


def made(book: sqlite3.Connection, name: str = "前端", **facts: Any) -> str:
    return keys.add(book, name, by=WANG, **facts)


def known(book: sqlite3.Connection, key: str) -> Key:
    return keys.known(book, key, today=TODAY)


def test_a_key_is_known_and_only_its_digest_is_kept(book: sqlite3.Connection) -> None:
    key = made(book)
    assert key.startswith("fuwen-")
    assert len(key) - len("fuwen-") >= 43  # 256 bits
    found = known(book, key)
    assert (found.name, found.scopes, found.rate, found.last_day) == ("前端", ("ask",), None, None)
    assert (found.made_by, found.made_at, found.used_on) == ("王芳", NOON, None)
    whole = dumped(book)
    assert key not in whole
    assert key.removeprefix("fuwen-") not in whole
    assert sha256(key.encode()).hexdigest() in whole


def test_no_two_keys_are_alike(book: sqlite3.Connection) -> None:
    assert made(book, "甲") != made(book, "乙")


@pytest.mark.parametrize("key", ["", "fuwen-", "fuwen-" + "a" * 43, "汉", "\ud800", "%' OR 1=1"])
def test_what_nobody_made_is_no_key(book: sqlite3.Connection, key: str) -> None:
    made(book)
    with pytest.raises(KeyRefused, match="没有这把密钥"):
        known(book, key)


def test_a_revoked_key_is_dead_and_says_so_and_its_name_is_free(book: sqlite3.Connection) -> None:
    key, other = made(book, "甲"), made(book, "乙")
    keys.revoke(book, " 甲", by=WANG)
    with pytest.raises(KeyRefused, match="“甲”已经吊销"):
        known(book, key)
    assert known(book, other).name == "乙"
    with pytest.raises(KeyNotFound):
        keys.revoke(book, "甲", by=WANG)
    again = made(book, "甲")
    assert known(book, again).id != known(book, other).id
    with pytest.raises(KeyRefused):
        known(book, key)


def test_a_key_is_good_to_the_end_of_its_last_day(book: sqlite3.Connection) -> None:
    last = TODAY + timedelta(days=400)
    key = made(book, last_day=last)
    assert keys.known(book, key, today=last).last_day == last
    with pytest.raises(KeyRefused, match=f"只用到 {last}"):
        keys.known(book, key, today=last + timedelta(days=1))


def test_a_key_may_what_it_was_made_for(book: sqlite3.Connection) -> None:
    plain = known(book, made(book, "甲"))
    wide = known(book, made(book, "乙", scopes=["unconfirmed", "ask"]))
    assert (plain.may("ask"), plain.may("unconfirmed")) == (True, False)
    assert wide.scopes == ("ask", "unconfirmed")
    wide.permit("unconfirmed")
    with pytest.raises(KeyNotAllowed, match="“甲”没有 unconfirmed"):
        plain.permit("unconfirmed")


def test_a_scope_of_another_release_gives_nothing(book: sqlite3.Connection) -> None:
    key = made(book)
    book.execute('UPDATE api_key SET scopes = \'["ask", "everything"]\'')
    assert known(book, key).scopes == ("ask",)


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"name": ""}, "1 到 40"),
        ({"name": " \t"}, "1 到 40"),
        ({"name": "长" * 41}, "1 到 40"),
        ({"name": "甲\n乙"}, "1 到 40"),
        ({"name": "fuwen-abc"}, "不能以 fuwen- 开头"),
        ({"scopes": []}, "ask（提问"),
        ({"scopes": ["ask", "all"]}, "unconfirmed（也看"),
        ({"last_day": TODAY - timedelta(days=1000)}, "已经过了"),
        ({"rate": 0}, "每分钟次数"),
        ({"rate": 100_001}, "每分钟次数"),
    ],
)
def test_what_makes_no_key_is_told(
    book: sqlite3.Connection, facts: dict[str, Any], told: str
) -> None:
    with pytest.raises(WrongUse, match=told):
        made(book, **facts)
    assert keys.keys(book) == []


def test_two_in_force_have_not_the_same_name(book: sqlite3.Connection) -> None:
    made(book)
    with pytest.raises(WrongUse, match="已经有“前端”"):
        made(book)
    with pytest.raises(sqlite3.IntegrityError):  # whoever writes at the same time
        book.execute(
            "INSERT INTO api_key (digest, name, scopes, made_by, made_at)"
            " VALUES ('x', '前端', '[]', '甲', '2026')"
        )


def test_there_are_not_more_than_anybody_can_oversee(
    book: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "MOST", 1)
    made(book, "甲")
    with pytest.raises(WrongUse, match="吊销不用的"):
        made(book, "乙")
    keys.revoke(book, "甲", by=WANG)
    made(book, "乙")


def test_the_list_has_the_newest_first_and_the_revoked_last(book: sqlite3.Connection) -> None:
    key = made(book, "甲", rate=600)
    made(book, "乙")
    made(book, "丙")
    keys.revoke(book, "丙", by=WANG)
    keys.used(book, known(book, key), today=TODAY)
    second, first, gone = keys.keys(book)
    assert [second.name, first.name, gone.name] == ["乙", "甲", "丙"]
    assert (first.rate, first.used_on, first.revoked_at) == (600, TODAY, None)
    assert (gone.used_on, gone.revoked_at) == (None, NOON)


def test_making_and_revoking_stand_in_the_audit_log(book: sqlite3.Connection) -> None:
    key = made(book, scopes=["ask", "unconfirmed"], rate=600)
    keys.revoke(book, "前端", by=WANG)
    last, before = audit.entries(book, limit=2)
    assert (before.action, before.who, before.subject) == ("key_added", "王芳", "前端")
    assert before.detail == {"key": 1, "scopes": ["ask", "unconfirmed"], "rate": 600}
    assert (last.action, last.detail) == ("key_revoked", {"key": 1})
    assert key not in str(before)
    audit.verify(book)
