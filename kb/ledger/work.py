"""Who works at commitments: their owners, who was reminded of them, what is said about them.

A reminder and a comment are events like any other, but nobody's decision has to wait for them:
who saw the commitment before may still change it (``kb.ledger.types.ASIDE``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kb.errors import WrongUse
from kb.ledger.checks import still_live
from kb.ledger.columns import DECIDED
from kb.ledger.events import Book, booking
from kb.ledger.policy import sees_all
from kb.ledger.types import OPEN, STATUSES, WAYS, Seen, Way
from kb.staff.accounts import accounts
from kb.staff.connection import Database
from kb.staff.database import By
from kb.staff.permissions import Account, rule, same_organ
from kb.text.chars import encodable
from kb.types import Publicity

LONGEST_WORDS = 2000  # code points of a comment, or of what was said to remind somebody
LONGEST_WHOM = 100  # code points


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """What somebody was told: whom, by which way, in which words."""

    whom: str
    way: Way
    words: str = ""


def assign(database: Database, seen: Seen, owner: str | None, *, by: By, reason: str = "") -> None:
    """Name the account that answers for a commitment beside its organ, or nobody.

    Raises WrongUse where no such account may answer for it, CommitmentNotFound,
    CommitmentOutdated.
    """
    with booking(database, by) as book:
        row = book.unchanged(seen)
        still_live(seen, row)
        able = owners_for(database, row["organ"], publicity=row["publicity"])
        if owner is not None and owner not in able:
            raise WrongUse(
                f"“{owner}”不能作第 {seen.id} 号承诺的责任人：要是启用的账号，属于负责单位"
                f"（{row['organ'] or '没有写明'}），或者是主管；可以选：{'、'.join(able) or '没有'}"
            )
        if owner != row["owner"]:
            book.record(seen.id, "assigned", {"owner": owner} | DECIDED, reason=reason)


def owners_for(database: Database, organ: str | None, *, publicity: Publicity) -> tuple[str, ...]:
    """The names of the accounts that may own what ``organ`` is responsible for, its own first."""
    able = [
        account
        for account in accounts(database)
        if answers_for(account, organ) and (publicity == "public" or sees_all(account))
    ]
    able.sort(key=lambda account: (not _member(account, organ), account.name))
    return tuple(account.name for account in able)


def answers_for(account: Account, organ: str | None) -> bool:
    """True if ``account`` may own what ``organ`` is responsible for."""
    over_all = rule(account.role, "reassign") == "yes"
    return not account.disabled and (over_all or _member(account, organ))


def owners(database: Database) -> list[str]:
    """The names of the accounts that own a commitment."""
    rows = database.execute(
        "SELECT DISTINCT owner FROM commitment WHERE owner IS NOT NULL ORDER BY owner"
    )
    return [owner for (owner,) in rows]


def parted(book: Book, row: Mapping[str, Any], columns: Mapping[str, Any]) -> dict[str, Any]:
    """What ``columns`` change besides: whom another organ does not have owns it no more."""
    if row["owner"] is None or columns.get("organ", row["organ"]) == row["organ"]:
        return {}
    able = owners_for(book.database, columns["organ"], publicity=row["publicity"])
    return {} if row["owner"] in able else {"owner": None}


def remind(
    database: Database,
    numbers: Sequence[int],
    reminder: Reminder,
    *,
    by: By,
    today: date,
    sent: bool = False,
) -> None:
    """Record that somebody was reminded of commitments that are still to be done, all or none.

    With ``sent`` the reminder is out: it is recorded whatever became of them meanwhile. Raises
    WrongUse, CommitmentNotFound.
    """
    whom = reminder.whom.strip()
    if not 0 < len(whom) <= LONGEST_WHOM:
        raise WrongUse(f"催办了谁要写 1 到 {LONGEST_WHOM} 个字；请填写单位或姓名")
    if reminder.way not in WAYS:
        raise WrongUse(f"催办的方式要是 {'、'.join(WAYS.values())} 之一；请选择")
    _check_words((whom, reminder.words))
    with booking(database, by) as book:
        for number in numbers:
            row = book.row(number)
            if row["status"] not in OPEN and not sent:
                raise WrongUse(
                    f"第 {number} 号承诺是“{STATUSES[row['status']]}”；只能催办未启动、进行中的"
                )
            book.record(
                number,
                "reminded",
                {"reminders": row["reminders"] + 1, "reminded_on": today.isoformat()},
                reason=reminder.words,
                told={"whom": whom, "way": reminder.way},
            )


def comment(database: Database, number: int, words: str, *, by: By) -> None:
    """Say something of a commitment; it stays, with its author. Raises WrongUse."""
    if not words.strip():
        raise WrongUse("评论是空的；请写下要说的话")
    _check_words((words,))
    with booking(database, by) as book:
        book.row(number)
        book.record(number, "commented", {}, reason=words)


def _member(account: Account, organ: str | None) -> bool:
    return organ is not None and any(same_organ(own, organ) for own in account.organs)


def _check_words(told: Iterable[str]) -> None:
    for words in told:
        if len(words) > LONGEST_WORDS:
            raise WrongUse(f"一次不能超过 {LONGEST_WORDS} 个字；请写短一些")
        if not encodable([words]) or any(mark < " " and mark not in "\t\r\n" for mark in words):
            raise WrongUse("有无法保存的控制字符；请重新输入")
