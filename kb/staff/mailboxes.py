"""Where accounts are written to: an address of mail each, none where nobody gave one."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kb.errors import WrongUse
from kb.staff import accounts, audit
from kb.staff.connection import Database
from kb.staff.database import By, writing

LONGEST = 254  # octets of an address (RFC 5321 4.5.3.1.3, less the angle brackets)
_MAILBOX = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")


def checked(address: str) -> str:
    """``address`` as it may be written to. Raises WrongUse."""
    address = address.strip()
    if len(address) > LONGEST or not _MAILBOX.fullmatch(address):
        raise WrongUse(f"“{address[:80]}”不是邮箱；请写成 zhangsan@example.gov.cn 的样子")
    return address


def set_mailbox(database: Database, name: str, address: str, *, by: By) -> None:
    """Note where an account is written to, "" for nowhere. Raises AccountNotFound, WrongUse."""
    address = checked(address) if address.strip() else ""
    with writing(database):
        account = accounts.account(database, name)
        database.execute("UPDATE account SET mailbox = ? WHERE id = ?", (address, account.id))
        audit.append(database, "mailbox_set", who=by.who, at=by.at, subject=account.name)


def mailboxes(database: Database) -> Mapping[str, str]:
    """The address of every account that is enabled and has one, by the account's name."""
    rows = database.execute(
        "SELECT name, mailbox FROM account WHERE mailbox <> '' AND disabled = 0"
    )
    return dict(rows.fetchall())
