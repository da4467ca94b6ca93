"""Secret addresses of calendars: who knows one reads one organ's due days without signing in.

An address can do what the account that made it may do now: it is dead once that account is
disabled or no longer answers for the organ, and alive again with it, unless it was revoked. The
token is shown once; only its SHA-256 is stored, by which it is looked up: how long that takes
tells nothing of the token.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from kb.errors import KbError, WrongUse
from kb.staff import audit
from kb.staff.accounts import account_in, digest_of
from kb.staff.connection import Database
from kb.staff.database import By, stamp, writing
from kb.staff.permissions import Account, may, permit

LONGEST_ORGAN = 100  # code points
MOST = 200  # addresses in force


class FeedNotFound(KbError):
    """There is no such calendar, or there is no more; which of them it does not say."""

    status, code = 404, "feed_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarToken:
    """A secret address, without the secret; ``used_on`` is the day it was last asked for."""

    id: int
    organ: str
    made_by: str
    made_at: datetime
    used_on: date | None
    revoked_at: datetime | None


def make(database: Database, organ: str, *, account: Account, at: datetime) -> str:
    """A new address for the calendar of ``organ``; its token. Raises NotAllowed, WrongUse."""
    organ = organ.strip()
    if not (0 < len(organ) <= LONGEST_ORGAN and organ.isprintable()):
        raise WrongUse(f"单位要写 1 到 {LONGEST_ORGAN} 个字的全称；请改正")
    permit(account, "feed", organ=organ)
    token = secrets.token_urlsafe(32)
    with writing(database):
        (live,) = database.execute("SELECT count(*) FROM feed WHERE revoked_at IS NULL").fetchone()
        if live >= MOST:
            raise WrongUse(f"在用的日历地址已有 {MOST} 个；请先吊销不用的")
        number = database.execute(
            "INSERT INTO feed (digest, organ, account, made_at) VALUES (?, ?, ?, ?) RETURNING id",
            (digest_of(token), organ, account.id, stamp(at)),
        ).fetchone()[0]
        _tell(database, "feed_made", number, organ, by=By(who=account.name, at=at))
    return token


def revoke(database: Database, number: int, *, account: Account, at: datetime) -> None:
    """Let an address lead nowhere from now on. Raises FeedNotFound, NotAllowed."""
    with writing(database):
        row = database.execute(
            "SELECT organ FROM feed WHERE id = ? AND revoked_at IS NULL", (number,)
        ).fetchone()
        if row is None:
            raise FeedNotFound("没有这个日历地址，或者已经吊销；请看最新的列表")
        permit(account, "feed", organ=row[0])
        database.execute("UPDATE feed SET revoked_at = ? WHERE id = ?", (stamp(at), number))
        _tell(database, "feed_revoked", number, row[0], by=By(who=account.name, at=at))


def organ_of(database: Database, token: str, *, today: date) -> str:
    """Whose calendar a token opens; notes the day that it was used. Raises FeedNotFound."""
    digest = digest_of(token)
    row = database.execute(
        "SELECT account.id, name, role, organs, disabled, organ, used_on FROM feed"
        " JOIN account ON account.id = feed.account WHERE digest = ? AND revoked_at IS NULL",
        (digest,),
    ).fetchone()
    if row is None or not may(account_in(row[:5]), "feed", organ=row[5]):
        raise FeedNotFound("没有这个日历；地址可能已经吊销，请向给你地址的人要新的")
    if row[6] != today.isoformat():
        with writing(database):
            database.execute(
                "UPDATE feed SET used_on = ? WHERE digest = ?", (today.isoformat(), digest)
            )
    return str(row[5])


def feeds(database: Database, *, account: Account) -> list[CalendarToken]:
    """The addresses that ``account`` may revoke, the newest first; those revoked come last."""
    rows = database.execute(
        "SELECT feed.id, organ, name, feed.made_at, used_on, revoked_at FROM feed"
        " JOIN account ON account.id = feed.account ORDER BY revoked_at IS NOT NULL, feed.id DESC"
    )
    return [
        CalendarToken(
            id=number,
            organ=organ,
            made_by=name,
            made_at=datetime.fromisoformat(made),
            used_on=used and date.fromisoformat(used),
            revoked_at=revoked and datetime.fromisoformat(revoked),
        )
        for number, organ, name, made, used, revoked in rows
        if may(account, "feed", organ=organ)
    ]


def _tell(database: Database, action: str, number: int, organ: str, *, by: By) -> None:
    audit.append(database, action, who=by.who, at=by.at, subject=organ, detail={"feed": number})
