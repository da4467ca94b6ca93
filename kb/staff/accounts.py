"""Accounts of staff: made, changed, disabled; their passwords as argon2id hashes."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import threading
import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kb.errors import WrongUse
from kb.staff import audit
from kb.staff.connection import Database
from kb.staff.database import PROGRAM, By, stamp, writing
from kb.staff.permissions import ROLES, Account, Role

LONGEST_NAME = 40  # code points
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200  # code points
# argon2id, 3 passes over 64 MiB, 4 lanes: the second recommended choice of RFC 9106 section 4.
HASHER = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4)
HUMBLE = 10  # niceness of computing one: whoever asks a question goes first


class LastAdmin(WrongUse):
    """The only administrator who can come in would be none any more."""

    status, code = 409, "last_admin"


class AccountNotFound(WrongUse):
    """No account has this name."""

    status, code = 404, "account_not_found"


def add(
    database: Database,
    name: str,
    *,
    role: Role,
    organs: Sequence[str] = (),
    password: str | None,
    by: By,
) -> Account:
    """Make an account. One without a password can't sign in by one. Raises WrongUse."""
    name = _checked_name(name)
    _check_role(role, organs)
    hashed = None if password is None else hash_of(password, name=name)
    with writing(database):
        if database.execute("SELECT 1 FROM account WHERE name = ?", (name,)).fetchone():
            raise WrongUse(f"账号“{name}”已经有了；请换一个名字，或用 fuwen user password 改密码")
        database.execute(
            "INSERT INTO account (name, role, organs, password, disabled, made_at)"
            " VALUES (?, ?, ?, ?, 0, ?)",
            (name, role, _json(organs), hashed, stamp(by.at)),
        )
        _tell(database, "account_added", name, by=by, role=role, organs=list(organs))
    return account(database, name)


def change(
    database: Database,
    name: str,
    *,
    role: Role | None = None,
    organs: Sequence[str] | None = None,
    keep_admin: bool = False,
    by: By,
) -> Account:
    """Give another role or other organs; in force with the next request of its sessions.

    Raises AccountNotFound, WrongUse; LastAdmin where ``keep_admin`` and no other admin is left.
    """
    with writing(database):
        was = account(database, name)
        role = role or was.role
        organs = was.organs if organs is None else tuple(organs)
        _check_role(role, organs)
        database.execute(
            "UPDATE account SET role = ?, organs = ? WHERE id = ?", (role, _json(organs), was.id)
        )
        if keep_admin:
            _check_admin(database)
        _tell(
            database,
            "account_changed",
            was.name,
            by=by,
            was=[was.role, *was.organs],
            became=[role, *organs],
        )
    return account(database, name)


def disable(
    database: Database,
    name: str,
    *,
    by: By,
    disabled: bool = True,
    keep_admin: bool = False,
) -> None:
    """Shut an account out, its sessions at once; or let it in again.

    Raises AccountNotFound; LastAdmin where ``keep_admin`` and no other admin is left.
    """
    with writing(database):
        found = account(database, name)
        database.execute("UPDATE account SET disabled = ? WHERE id = ?", (disabled, found.id))
        database.execute("DELETE FROM session WHERE account = ?", (found.id,))
        if keep_admin:
            _check_admin(database)
        action = "account_disabled" if disabled else "account_enabled"
        _tell(database, action, found.name, by=by)


def set_password(database: Database, name: str, password: str, *, by: By) -> None:
    """Change a password; every session of the account ends. Raises AccountNotFound, WrongUse."""
    found = account(database, name)
    hashed = hash_of(password, name=name)
    with writing(database):
        database.execute("UPDATE account SET password = ? WHERE id = ?", (hashed, found.id))
        database.execute("DELETE FROM session WHERE account = ?", (found.id,))
        database.execute("DELETE FROM failure WHERE digest = ?", (failing_of(found.name),))
        _tell(database, "password_changed", found.name, by=by)


def account(database: Database, name: str) -> Account:
    """One account. Raises AccountNotFound."""
    found = database.execute(f"{_SELECT} WHERE name = ?", (folded(name),)).fetchone()
    if found is None:
        raise AccountNotFound(f"没有账号“{name}”；请用 fuwen user list 查看")
    return account_in(found)


def accounts(database: Database) -> list[Account]:
    """All accounts, by name."""
    return [account_in(row) for row in database.execute(f"{_SELECT} ORDER BY name")]


def hash_of(password: str, *, name: str) -> str:
    """The argon2id hash of a new password. Raises WrongUse for one that is easily guessed."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise WrongUse(f"密码要有 {SHORTEST_PASSWORD} 到 {LONGEST_PASSWORD} 个字符；请换一个")
    if len(set(password)) < 5 or (len(name) > 2 and name.lower() in password.lower()):
        raise WrongUse("密码太容易猜到（字符重复，或含有账号名）；请换一个")
    return _POOL.submit(HASHER.hash, folded(password)).result()


def verified(hashed: str | None, password: str) -> bool:
    """True if ``password`` is the hashed one; takes as long where there is none to compare."""
    given = folded(password[:LONGEST_PASSWORD])
    return _POOL.submit(_right, hashed or _nobodys(), given).result() and hashed is not None


def folded(text: str) -> str:
    """One form for what keyboards spell in several (RFC 8265: NFC)."""
    return unicodedata.normalize("NFC", text)


def digest_of(text: str) -> str:
    """What is stored of a token, or of a name that somebody typed."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def failing_of(name: str) -> str:
    """What failures to sign in with ``name`` are counted by, however it was spelled."""
    return digest_of(unicodedata.normalize("NFKC", name).casefold())


def _right(hashed: str, password: str) -> bool:
    try:
        return HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def _humbly() -> None:
    """Have this thread, and those that argon2 begins in it, stand back behind the others."""
    if sys.platform == "linux":  # elsewhere niceness is that of the whole process
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), HUMBLE)


# One at a time: each takes 64 MiB, and all cores that are free.
_POOL = ThreadPoolExecutor(1, thread_name_prefix="passwords", initializer=_humbly)
_SELECT = "SELECT id, name, role, organs, disabled FROM account"
_NOBODYS: list[str] = []


def _nobodys() -> str:
    """A hash that no password has, of the same cost as the others."""
    if not _NOBODYS:
        _NOBODYS.append(HASHER.hash("nobody"))
    return _NOBODYS[0]


def account_in(row: Sequence[Any]) -> Account:
    """The account in the columns id, name, role, organs, disabled."""
    number, name, role, organs, disabled = row
    return Account(
        id=number, name=name, role=role, organs=tuple(json.loads(organs)), disabled=bool(disabled)
    )


def _checked_name(name: str) -> str:
    name = folded(name.strip())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable() or name == PROGRAM:
        raise WrongUse(
            f"账号名要有 1 到 {LONGEST_NAME} 个可见字符，不能叫“{PROGRAM}”；请用真实姓名或工号"
        )
    return name


def _check_role(role: str, organs: Sequence[str]) -> None:
    if role not in ROLES:
        known = "、".join(f"{name}（{word}）" for name, word in ROLES.items())
        raise WrongUse(f"没有角色“{role}”；可以是 {known}")
    if role == "reviewer" and not organs:
        raise WrongUse("核实（reviewer）只能改本单位的承诺，要写明单位全称；请加上 --organ")
    if any(not organ.strip() or not organ.isprintable() for organ in organs):
        raise WrongUse("单位名称是空的或含有不可见字符；请写单位全称")


def _check_admin(database: Database) -> None:
    """Raise LastAdmin unless somebody is left who may change accounts."""
    left = database.execute("SELECT 1 FROM account WHERE role = 'admin' AND disabled = 0")
    if not left.fetchone():
        raise LastAdmin("这是最后一个启用的管理员，改了就没有人能管账号；请先另设一个管理员")


def _tell(database: Database, action: str, name: str, *, by: By, **detail: Any) -> None:
    audit.append(database, action, who=by.who, at=by.at, subject=name, detail=detail)


def _json(words: Sequence[str]) -> str:
    return json.dumps(list(words), ensure_ascii=False)
