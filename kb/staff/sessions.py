"""Signing in and staying in: sessions on the server, of which only a digest is stored."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from kb.errors import KbError
from kb.staff import accounts, audit
from kb.staff.database import stamp, writing
from kb.staff.permissions import Account

FAILURES = 5  # wrong passwords for one name, known or not; then it is locked
LOCKED = timedelta(minutes=15)  # after the last failure
SEEN = timedelta(minutes=1)  # how exactly it is kept when a session was last used


class NotSignedIn(KbError):
    """Nobody is signed in: never was, was for too long, or was idle for too long."""

    status, code = 401, "not_signed_in"


class SignInRefused(KbError):
    """Wrong name or password, or a disabled account: which of them it does not say."""

    status, code = 401, "sign_in_refused"


class LockedOut(KbError):
    """Too many failures; ``retry_after`` is in seconds."""

    status, code = 429, "locked_out"

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """How long a session lasts: without being used, and at all."""

    idle: timedelta = timedelta(minutes=30)
    whole: timedelta = timedelta(hours=12)


def sign_in(database: sqlite3.Connection, name: str, password: str, *, at: datetime) -> str:
    """A new session's token, for the cookie. Raises SignInRefused, LockedOut."""
    name = accounts.folded(name.strip())
    _check_locked(database, name, at=at)
    row = database.execute(
        "SELECT id, password FROM account WHERE name = ? AND NOT disabled", (name,)
    ).fetchone()
    number, hashed = row or (0, None)
    right = accounts.verified(hashed, password)
    with writing(database):
        _check_locked(database, name, at=at)  # others tried meanwhile
        still = database.execute(
            "SELECT 1 FROM account WHERE id = ? AND password = ? AND NOT disabled", (number, hashed)
        ).fetchone()
        if right and still:
            database.execute("DELETE FROM failure WHERE digest = ?", (accounts.digest_of(name),))
            return _insert(database, number, name, at=at, way="password")
        _fail(database, name, known=number > 0, at=at)
    raise SignInRefused("账号或密码不对，或者账号已停用；请核对后重试")


def begin(database: sqlite3.Connection, account: Account, *, at: datetime, way: str) -> str:
    """A new session for somebody who is known otherwise (``way``, such as "oidc"); its token."""
    with writing(database):
        return _insert(database, account.id, account.name, at=at, way=way)


def account_of(
    database: sqlite3.Connection, token: str, *, at: datetime, lifetime: Lifetime
) -> Account:
    """Whose session it is; notes that it was used. Raises NotSignedIn."""
    row = database.execute(
        "SELECT account.id, name, role, organs, disabled, session.made_at, seen_at FROM session"
        " JOIN account ON account.id = session.account WHERE digest = ? AND NOT disabled",
        (accounts.digest_of(token),),
    ).fetchone()
    if row is None:
        raise NotSignedIn("请先登录")
    made, seen = (datetime.fromisoformat(time) for time in row[5:])
    if at - made >= lifetime.whole or at - seen >= lifetime.idle:
        raise NotSignedIn("登录已过期；请重新登录")
    if at - seen >= SEEN:
        with writing(database):
            database.execute(
                "UPDATE session SET seen_at = ? WHERE digest = ?",
                (stamp(at), accounts.digest_of(token)),
            )
    return accounts.account_in(row[:5])


def sign_out(database: sqlite3.Connection, token: str, *, at: datetime) -> None:
    """End a session; nothing happens where there is none."""
    with writing(database):
        row = database.execute(
            "DELETE FROM session WHERE digest = ?"
            " RETURNING (SELECT name FROM account WHERE id = account)",
            (accounts.digest_of(token),),
        ).fetchone()
        if row:
            audit.append(database, "signed_out", who=row[0], at=at, subject=row[0])


def form_token(token: str) -> str:
    """What a form of this session carries, for browsers that say nothing of where it came from."""
    return hmac.new(token.encode(), b"form", hashlib.sha256).hexdigest()


def form_token_right(token: str, given: str) -> bool:
    """True if ``given`` is the form token of this session."""
    return hmac.compare_digest(form_token(token).encode(), given.encode("utf-8", "replace"))


def _insert(database: sqlite3.Connection, number: int, name: str, *, at: datetime, way: str) -> str:
    token = secrets.token_urlsafe(32)
    oldest = stamp(at - timedelta(days=30))  # longer than any lifetime that makes sense
    database.execute("DELETE FROM session WHERE made_at < ?", (oldest,))
    database.execute(
        "INSERT INTO session VALUES (?, ?, ?, ?)",
        (accounts.digest_of(token), number, stamp(at), stamp(at)),
    )
    audit.append(database, "signed_in", who=name, at=at, subject=name, detail={"way": way})
    return token


def _fail(database: sqlite3.Connection, name: str, *, known: bool, at: datetime) -> None:
    """Count a failure; those of names that nobody has too, so that nobody learns which exist."""
    database.execute("DELETE FROM failure WHERE last_at <= ?", (stamp(at - LOCKED),))
    database.execute(
        "INSERT INTO failure VALUES (?, 1, ?) ON CONFLICT (digest)"
        " DO UPDATE SET times = times + 1, last_at = excluded.last_at",
        (accounts.digest_of(name), stamp(at)),
    )
    if known:
        audit.append(database, "sign_in_failed", who=name, at=at, subject=name)


def _check_locked(database: sqlite3.Connection, name: str, *, at: datetime) -> None:
    row = database.execute(
        "SELECT last_at FROM failure WHERE digest = ? AND times >= ?",
        (accounts.digest_of(name), FAILURES),
    ).fetchone()
    left = datetime.fromisoformat(row[0]) + LOCKED - at if row else timedelta()
    if left > timedelta():
        minutes = -(-left // timedelta(minutes=1))
        raise LockedOut(
            f"密码错了太多次；请过 {minutes} 分钟再试，或请管理员重设密码",
            retry_after=int(left.total_seconds()) + 1,
        )
