"""Sign-ins that are under way elsewhere: what is remembered until the browser comes back."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from kb.errors import KbError
from kb.staff.accounts import digest_of
from kb.staff.connection import Database
from kb.staff.database import stamp, writing

PATIENCE = timedelta(minutes=10)
MOST = 10_000  # remembered; beyond it the oldest are forgotten: anybody can begin one


class NotPending(KbError):
    """A sign-in that was not begun here, took too long, or came back already."""

    status, code = 403, "not_pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """``nonce`` stands in the token that comes back, ``verifier`` shows that we asked for it.

    ``wanted`` is the address that whoever signs in is on the way to.
    """

    nonce: str
    verifier: str
    wanted: str


def begin(database: Database, *, wanted: str, at: datetime) -> tuple[str, Pending]:
    """The state that goes with the browser, and what is remembered of it."""
    state = secrets.token_urlsafe(32)
    made = Pending(
        nonce=secrets.token_urlsafe(32), verifier=secrets.token_urlsafe(48), wanted=wanted
    )
    with writing(database):
        database.execute("DELETE FROM pending WHERE made_at <= ?", (stamp(at - PATIENCE),))
        database.execute(
            "DELETE FROM pending WHERE digest NOT IN"
            " (SELECT digest FROM pending ORDER BY made_at DESC LIMIT ?)",
            (MOST - 1,),
        )
        database.execute(
            "INSERT INTO pending VALUES (?, ?, ?, ?, ?)",
            (digest_of(state), made.nonce, made.verifier, made.wanted, stamp(at)),
        )
    return state, made


def take(database: Database, state: str, *, at: datetime) -> Pending:
    """What ``begin`` remembered, once. Raises NotPending."""
    with writing(database):
        row = database.execute(
            "DELETE FROM pending WHERE digest = ? RETURNING nonce, verifier, wanted, made_at",
            (digest_of(state),),
        ).fetchone()
    if row is None or at - datetime.fromisoformat(row[3]) >= PATIENCE:
        raise NotPending("这次登录已过期，或者不是从这里开始的；请重新登录")
    return Pending(nonce=row[0], verifier=row[1], wanted=row[2])
