"""Secret addresses of calendars: what is kept of them, and when they are dead."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from kb.errors import WrongUse
from kb.staff import accounts, audit, calendar_tokens
from kb.staff.calendar_tokens import FeedNotFound, organ_of
from kb.staff.database import opened
from kb.staff.permissions import Account, NotAllowed
from tests.support.postgres import dumped
from tests.support.promises import NOON, ORGAN, TODAY, WANG
from tests.support.staffed import join

OTHER = "云岭市水利局"


@pytest.fixture
def book(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with opened(tmp_path / "staff.db") as database:
        yield database


@pytest.fixture
def wang(book: sqlite3.Connection) -> Account:
    return join(book, password=None)


def made(book: sqlite3.Connection, account: Account, organ: str = ORGAN) -> str:
    return calendar_tokens.make(book, organ, account=account, at=NOON)


def dead(book: sqlite3.Connection, token: str) -> bool:
    try:
        organ_of(book, token, today=TODAY)
    except FeedNotFound:
        return True
    return False


def test_a_token_opens_its_organ_and_only_its_digest_is_kept(
    book: sqlite3.Connection, wang: Account
) -> None:
    token = made(book, wang)
    assert organ_of(book, token, today=TODAY) == ORGAN
    assert len(token) >= 43  # 256 bits
    whole = dumped(book)
    assert token not in whole
    assert sha256(token.encode()).hexdigest() in whole


def test_no_two_tokens_are_alike(book: sqlite3.Connection, wang: Account) -> None:
    assert made(book, wang) != made(book, wang)


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "汉", "\ud800", "%' OR 1=1"])
def test_a_token_of_nothing_opens_nothing(
    book: sqlite3.Connection, wang: Account, token: str
) -> None:
    made(book, wang)
    assert dead(book, token)


def test_a_revoked_address_is_dead_and_told_like_an_unknown_one(
    book: sqlite3.Connection, wang: Account
) -> None:
    token, other = made(book, wang), made(book, wang)
    calendar_tokens.revoke(book, 1, account=wang, at=NOON)
    with pytest.raises(FeedNotFound) as revoked:
        organ_of(book, token, today=TODAY)
    with pytest.raises(FeedNotFound) as unknown:
        organ_of(book, "x", today=TODAY)
    assert str(revoked.value) == str(unknown.value)
    assert not dead(book, other)
    with pytest.raises(FeedNotFound):
        calendar_tokens.revoke(book, 1, account=wang, at=NOON)


def test_an_address_may_what_its_maker_may_now(book: sqlite3.Connection, wang: Account) -> None:
    token = made(book, wang)
    accounts.disable(book, "王芳", by=WANG)
    assert dead(book, token)
    accounts.disable(book, "王芳", by=WANG, disabled=False)
    assert not dead(book, token)
    accounts.change(book, "王芳", organs=[OTHER], by=WANG)
    assert dead(book, token)
    accounts.change(book, "王芳", role="reader", organs=[ORGAN], by=WANG)
    assert dead(book, token)


def test_a_reviewer_makes_and_revokes_those_of_its_own_organ_only(
    book: sqlite3.Connection, wang: Account
) -> None:
    manager = join(book, "周主任", role="manager", organs=(), password=None)
    made(book, manager, OTHER)
    with pytest.raises(NotAllowed):
        made(book, wang, OTHER)
    with pytest.raises(NotAllowed):
        calendar_tokens.revoke(book, 1, account=wang, at=NOON)
    assert calendar_tokens.feeds(book, account=wang) == []
    reader = join(book, "李", role="reader", organs=(), password=None)
    with pytest.raises(NotAllowed):
        made(book, reader)
    assert calendar_tokens.feeds(book, account=reader) == []


def test_the_list_says_who_when_and_when_last_and_has_the_revoked_last(
    book: sqlite3.Connection, wang: Account
) -> None:
    token = made(book, wang)
    made(book, wang)
    organ_of(book, token, today=TODAY)
    organ_of(book, token, today=TODAY + timedelta(days=1))
    calendar_tokens.revoke(book, 2, account=wang, at=NOON)
    live, gone = calendar_tokens.feeds(book, account=wang)
    assert (live.id, live.organ, live.made_by, live.made_at) == (1, ORGAN, "王芳", NOON)
    assert (live.used_on, live.revoked_at) == (TODAY + timedelta(days=1), None)
    assert (gone.id, gone.used_on, gone.revoked_at) == (2, None, NOON)


def test_use_is_noted_once_a_day(
    book: sqlite3.Connection, wang: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = made(book, wang)
    organ_of(book, token, today=TODAY)
    monkeypatch.setattr(calendar_tokens, "writing", None)  # nothing writes the second time
    organ_of(book, token, today=TODAY)


def test_making_and_revoking_stand_in_the_audit_log(
    book: sqlite3.Connection, wang: Account
) -> None:
    made(book, wang)
    calendar_tokens.revoke(book, 1, account=wang, at=NOON)
    last, before = audit.entries(book, limit=2)
    assert (before.action, before.who, before.subject, before.detail) == (
        "feed_made",
        "王芳",
        ORGAN,
        {"feed": 1},
    )
    assert (last.action, last.detail) == ("feed_revoked", {"feed": 1})
    audit.verify(book)


@pytest.mark.parametrize("organ", ["", "  ", "市\n局", "局" * 101])
def test_an_organ_that_is_none_is_refused(
    book: sqlite3.Connection, wang: Account, organ: str
) -> None:
    with pytest.raises(WrongUse, match="单位"):
        made(book, wang, organ)


def test_there_are_not_more_addresses_than_anybody_can_oversee(
    book: sqlite3.Connection, wang: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar_tokens, "MOST", 1)
    made(book, wang)
    with pytest.raises(WrongUse, match="吊销"):
        made(book, wang)
