"""Signing in and staying in: sessions on the server, of which only a digest is stored."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from kb.errors import KbError
from kb.staff import accounts, audit, failures
from kb.staff.connection import Database
from kb.staff.database import stamp, writing
from kb.staff.failures import FAILURES as FAILURES  # with what sign_in raises
from kb.staff.failures import LOCKED as LOCKED
from kb.staff.failures import LockedOut as LockedOut
from kb.staff.permissions import Account

SEEN = timedelta(minutes=1)  # how exactly it is kept when a session was last used


class NotSignedIn(KbError):
    """Nobody is signed in: never was, was for too long, or was idle for too long."""

    status, code = 401, "not_signed_in"


class SignInRefused(KbError):
    """Wrong name or password, or a disabled account: which of them it does not say."""

    status, code = 401, "sign_in_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """How long a session lasts: without being used, and at all."""

    idle: timedelta = timedelta(minutes=30)
    whole: timedelta = timedelta(hours=12)


def sign_in(database: Database, name: str, password: str, *, at: datetime, client: str = "") -> str:
    """A new session's token, for the cookie; ``client`` is the keyed hash of the address.

    Raises SignInRefused, LockedOut.
    """
    name = accounts.folded(name.strip())
    failures.check(database, name, at=at, client=client)
    number, hashed = _password_of(database, name)
    right = accounts.verified(hashed, password)
    with writing(database):
        failures.check(database, name, at=at, client=client)  # others tried meanwhile
        if right and _password_of(database, name) == (number, hashed):
            failures.forget(database, name, account=number, at=at, client=client)
            return _insert(database, number, name, at=at, way="password")
        failures.count(database, name, known=number > 0, at=at, client=client)
    raise SignInRefused("账号或密码不对，或者账号已停用；请核对后重试")


def begin(database: Database, account: Account, *, at: datetime, way: str) -> str:
    """A new session for somebody who is known otherwise (``way``, such as "oidc"); its token."""
    with writing(database):
        return _insert(database, account.id, account.name, at=at, way=way)


def account_of(database: Database, token: str, *, at: datetime, lifetime: Lifetime) -> Account:
    """Whose session it is; notes that it was used. Raises NotSignedIn."""
    row = database.execute(
        "SELECT account.id, name, role, organs, disabled, session.made_at, seen_at FROM session"
        " JOIN account ON account.id = session.account WHERE digest = ? AND disabled = 0",
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


def sign_out(database: Database, token: str, *, at: datetime) -> None:
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


def word_of(token: str, words: str) -> str:
    """What shows that this session was told ``words``: nobody else can make it."""
    content = b"said:" + words.encode("utf-8", "replace")
    return hmac.new(token.encode(), content, hashlib.sha256).hexdigest()[:32]


def word_right(token: str, words: str, given: str) -> bool:
    """True if ``given`` is what ``word_of`` makes of ``words``."""
    return hmac.compare_digest(word_of(token, words).encode(), given.encode("utf-8", "replace"))


def _insert(database: Database, number: int, name: str, *, at: datetime, way: str) -> str:
    token = secrets.token_urlsafe(32)
    oldest = stamp(at - timedelta(days=30))  # longer than any lifetime that makes sense
    database.execute("DELETE FROM session WHERE made_at < ?", (oldest,))
    database.execute(
        "INSERT INTO session VALUES (?, ?, ?, ?)",
        (accounts.digest_of(token), number, stamp(at), stamp(at)),
    )
    audit.append(database, "signed_in", who=name, at=at, subject=name, detail={"way": way})
    return token


def _password_of(database: Database, name: str) -> tuple[int, str | None]:
    """The account's number, 0 if there is none, and its hash, None where it may not come in."""
    row = database.execute(
        "SELECT id, CASE WHEN disabled = 0 THEN password END FROM account WHERE name = ?", (name,)
    ).fetchone()
    return row or (0, None)
