"""Filters of the ledger that a person saved under a name, for themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kb.errors import KbError, WrongUse
from kb.staff.connection import Database
from kb.staff.database import stamp, writing
from kb.staff.permissions import Account
from kb.text.chars import encodable

LONGEST_NAME = 30  # code points
MOST = 50  # views of an account


class ViewNotFound(KbError):
    """The account has no view of this number."""

    status, code = 404, "view_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A filter under a name; ``asked`` are the parameters of the ledger's address."""

    id: int
    name: str
    asked: Mapping[str, str]


def save(
    database: Database,
    name: str,
    asked: Mapping[str, str],
    *,
    account: Account,
    at: datetime,
) -> None:
    """Save a filter; one of the same name is another filter from now on. Raises WrongUse."""
    name = name.strip()
    if not (0 < len(name) <= LONGEST_NAME and name.isprintable() and encodable([name])):
        raise WrongUse(f"视图的名字要有 1 到 {LONGEST_NAME} 个可见字符；请改正")
    if not asked:
        raise WrongUse("没有筛选可存；请先在台账里筛选")
    with writing(database):
        others = database.execute(
            "SELECT count(*) FROM saved_view WHERE account = ? AND name <> ?", (account.id, name)
        ).fetchone()[0]
        if others >= MOST:
            raise WrongUse(f"一个账号最多存 {MOST} 个视图；请先删去不用的")
        database.execute(
            "INSERT INTO saved_view (account, name, asked, made_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (account, name)"
            " DO UPDATE SET asked = excluded.asked, made_at = excluded.made_at",
            (account.id, name, json.dumps(dict(asked), ensure_ascii=False), stamp(at)),
        )


def delete(database: Database, number: int, *, account: Account) -> str:
    """Forget a view of ``account``; its name. Raises ViewNotFound, for others' views too."""
    with writing(database):
        row = database.execute(
            "DELETE FROM saved_view WHERE id = ? AND account = ? RETURNING name",
            (number, account.id),
        ).fetchone()
    if row is None:
        raise ViewNotFound("没有这个视图，或者已经删去；请看最新的列表")
    return str(row[0])


def views(database: Database, account: Account) -> list[View]:
    """The views of ``account``, by name."""
    rows = database.execute(
        "SELECT id, name, asked FROM saved_view WHERE account = ? ORDER BY name", (account.id,)
    )
    return [View(id=number, name=name, asked=json.loads(asked)) for number, name, asked in rows]
