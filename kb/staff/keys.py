"""Keys by which programs ask: made, revoked, and known again when one comes.

A key is random (256 bits), so that its SHA-256 is all that is kept: a hash that is slow to compute
(argon2id) protects what people think up, which can be guessed; this cannot. For the same reason
nobody counts how often a wrong one came, and a key is looked up by its digest: how long that takes
tells nothing of the key.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args

from kb.errors import KbError, WrongUse
from kb.staff import audit
from kb.staff.accounts import digest_of
from kb.staff.connection import Database
from kb.staff.database import By, stamp, writing

PREFIX = "fuwen-"  # what every key begins with, by which one that leaked can be searched for
BYTES = 32
LONGEST_NAME = 40  # code points
MOST = 200  # keys in force
MOST_RATE = 100_000  # a minute
UNKNOWN = "没有这把密钥；请核对有没有抄全，或请管理员另建（fuwen user key add）"
KeyScope = Literal["ask", "unconfirmed"]
SCOPES: Mapping[KeyScope, str] = {
    "ask": "提问、检索、核对",
    "unconfirmed": "也看没有经人核实的承诺",
}


class KeyRefused(KbError):
    """A key that nobody made, that was revoked, or whose last day is over."""

    status, code = 401, "key_refused"


class KeyRequired(KbError):
    """Somebody asks without a key where one is required."""

    status, code = 401, "key_required"


class KeyNotAllowed(KbError):
    """A key that may not do this."""

    status, code = 403, "key_not_allowed"


class KeyNotFound(WrongUse):
    """No key in force has this name."""

    status, code = 404, "key_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key, without the secret.

    ``rate`` is how often it may ask a minute, None as often as a visitor; ``last_day`` the last on
    which it is good; ``used_on`` the day it was last used.
    """

    id: int
    name: str
    scopes: tuple[KeyScope, ...]
    rate: int | None
    last_day: date | None
    made_by: str
    made_at: datetime
    used_on: date | None
    revoked_at: datetime | None

    def may(self, scope: KeyScope) -> bool:
        """True if the key was made for ``scope``."""
        return scope in self.scopes

    def permit(self, scope: KeyScope) -> None:
        """Raise KeyNotAllowed unless ``may``."""
        if not self.may(scope):
            raise KeyNotAllowed(
                f"密钥“{self.name}”没有 {scope}（{SCOPES[scope]}）的权限；请换一把，或请管理员另建"
            )


def add(
    database: Database,
    name: str,
    *,
    scopes: Sequence[str] = ("ask",),
    last_day: date | None = None,
    rate: int | None = None,
    by: By,
) -> str:
    """Make a key; the only time that it is told. Raises WrongUse."""
    name = _checked(name, scopes, last_day, rate, today=by.at.astimezone().date())
    scopes = [scope for scope in SCOPES if scope in scopes]
    key = PREFIX + secrets.token_urlsafe(BYTES)
    with writing(database):
        live = [found.name for found in keys(database) if found.revoked_at is None]
        if name in live:
            raise WrongUse(f"在用的密钥里已经有“{name}”；请换一个名字，或先吊销它")
        if len(live) >= MOST:
            raise WrongUse(f"在用的密钥已有 {MOST} 把；请先吊销不用的")
        number = database.execute(
            "INSERT INTO api_key (digest, name, scopes, rate, last_day, made_by, made_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (
                digest_of(key),
                name,
                json.dumps(scopes),
                rate,
                last_day and last_day.isoformat(),
                by.who,
                stamp(by.at),
            ),
        ).fetchone()[0]
        told = {"scopes": scopes, "rate": rate, "last_day": last_day and last_day.isoformat()}
        _tell(database, "key_added", number, name, by=by, **told)
    return key


def revoke(database: Database, name: str, *, by: By) -> None:
    """Let a key be good for nothing from now on. Raises KeyNotFound."""
    with writing(database):
        row = database.execute(
            "UPDATE api_key SET revoked_at = ? WHERE name = ? AND revoked_at IS NULL RETURNING id",
            (stamp(by.at), name.strip()),
        ).fetchone()
        if row is None:
            raise KeyNotFound(f"没有在用的密钥“{name}”；请用 fuwen user key list 查看")
        _tell(database, "key_revoked", row[0], name.strip(), by=by)


def keys(database: Database) -> list[Key]:
    """All keys, the newest first; those revoked come last."""
    return [
        _key(row) for row in database.execute(f"{_SELECT} ORDER BY revoked_at IS NOT NULL, id DESC")
    ]


def known(database: Database, key: str, *, today: date) -> Key:
    """The key that ``key`` is. Raises KeyRefused."""
    row = database.execute(f"{_SELECT} WHERE digest = ?", (digest_of(key),)).fetchone()
    if row is None:
        raise KeyRefused(UNKNOWN)
    found = _key(row)
    if found.revoked_at:
        raise KeyRefused(f"密钥“{found.name}”已经吊销；请换一把，或请管理员另建")
    if found.last_day and today > found.last_day:
        raise KeyRefused(f"密钥“{found.name}”只用到 {found.last_day}；请管理员另建")
    return found


def used(database: Database, key: Key, *, today: date) -> None:
    """Note the day that ``key`` was last used."""
    with writing(database):
        database.execute("UPDATE api_key SET used_on = ? WHERE id = ?", (today.isoformat(), key.id))


_SELECT = (
    "SELECT id, name, scopes, rate, last_day, made_by, made_at, used_on, revoked_at FROM api_key"
)


def _key(row: Sequence[Any]) -> Key:
    number, name, scopes, rate, last_day, made_by, made_at, used_on, revoked_at = row
    return Key(
        id=number,
        name=name,
        # One of another release's making gives nothing here.
        scopes=tuple(scope for scope in json.loads(scopes) if scope in SCOPES),
        rate=rate,
        last_day=last_day and date.fromisoformat(last_day),
        made_by=made_by,
        made_at=datetime.fromisoformat(made_at),
        used_on=used_on and date.fromisoformat(used_on),
        revoked_at=revoked_at and datetime.fromisoformat(revoked_at),
    )


def _checked(
    name: str, scopes: Sequence[str], last_day: date | None, rate: int | None, *, today: date
) -> str:
    """The name as it is kept. Raises WrongUse for what makes no key."""
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise WrongUse(f"密钥的名字要有 1 到 {LONGEST_NAME} 个可见字符；请写是给哪个程序的")
    if name.startswith(PREFIX):
        raise WrongUse(f"密钥的名字不能以 {PREFIX} 开头：名字会显示出来，密钥不会；请换一个")
    if not scopes or any(scope not in get_args(KeyScope) for scope in scopes):
        words = "、".join(f"{scope}（{word}）" for scope, word in SCOPES.items())
        raise WrongUse(f"密钥的权限只能是 {words}；请改正")
    if last_day and last_day < today:
        raise WrongUse(f"{last_day} 已经过了；请写今天或以后的一天")
    if rate is not None and not 1 <= rate <= MOST_RATE:
        raise WrongUse(f"每分钟次数应是 1 到 {MOST_RATE} 的整数；请改正")
    return name


def _tell(
    database: Database, action: str, number: int, name: str, *, by: By, **detail: Any
) -> None:
    told = {name: value for name, value in detail.items() if value is not None}
    audit.append(
        database, action, who=by.who, at=by.at, subject=name, detail={"key": number, **told}
    )
