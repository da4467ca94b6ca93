"""Sign-ins that failed: counted, so that nobody can go on guessing, and told in the audit log.

Five failures lock a name for a quarter of an hour where they come from; fifty, from all addresses
together, lock it everywhere but where its account has signed in before. So a stranger who fails
on purpose locks himself out, and many of them strangers, but not whom the account belongs to.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from kb.errors import KbError
from kb.staff import audit
from kb.staff.accounts import failing_of
from kb.staff.connection import Database
from kb.staff.database import PROGRAM, stamp

FAILURES = 5  # wrong passwords for one name, known or not, from one address; then it is locked
STRANGERS = 50  # and from all addresses where the account is not known
LOCKED = timedelta(minutes=15)  # after the last failure
ACQUAINTED = timedelta(days=90)  # for which an account is known at an address
ADDRESSES = 20  # at most, of one account: those of the latest sign-ins
EVERYBODY = "*"  # in the place of a client: all where the account is not known, together
HOUR = timedelta(hours=1)
NAMES_TOLD = 100  # failures an hour with names that nobody has; the others are told as a number


class LockedOut(KbError):
    """Too many failures, or too many at once; ``retry_after`` is in seconds."""

    status, code = 429, "locked_out"

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


def check(database: Database, name: str, *, at: datetime, client: str) -> None:
    """Raise LockedOut if ``name`` is locked for who comes from ``client``."""
    limits = {client: FAILURES}
    if not _acquainted(database, name, client, at=at):
        limits[EVERYBODY] = STRANGERS
    found = database.execute(
        "SELECT client, times, last_at FROM failure WHERE digest = ?", (failing_of(name),)
    )
    ends = [
        datetime.fromisoformat(last) + LOCKED
        for whose, times, last in found
        if whose in limits and times >= limits[whose]
    ]
    left = max(ends, default=at) - at
    if left > timedelta():
        minutes = -(-left // timedelta(minutes=1))
        raise LockedOut(
            f"密码错了太多次；请过 {minutes} 分钟再试，或请管理员重设密码",
            retry_after=int(left.total_seconds()) + 1,
        )


def count(database: Database, name: str, *, known: bool, at: datetime, client: str) -> None:
    """Count a failure; those of names that nobody has too, so that nobody learns which exist.

    ``client`` is the keyed hash of an address, "" where that is not known.
    """
    database.execute("DELETE FROM failure WHERE last_at <= ?", (stamp(at - LOCKED),))
    times = _one_more(database, name, client, at=at)
    if client and not _acquainted(database, name, client, at=at):
        _one_more(database, name, EVERYBODY, at=at)
    if known:
        tell(database, name, at=at, client=client, times=times)
    elif _names(database, at=at):
        # Not the name: some type their password there.
        tell(database, PROGRAM, at=at, client=client, unknown=True)


def forget(database: Database, name: str, *, account: int, at: datetime, client: str) -> None:
    """The right password: the failures of this address are over, and it is known from now on."""
    database.execute(
        "DELETE FROM failure WHERE digest = ? AND client = ?", (failing_of(name), client)
    )
    database.execute("DELETE FROM acquainted WHERE seen_at <= ?", (stamp(at - ACQUAINTED),))
    if not client:
        return
    database.execute(
        "INSERT INTO acquainted VALUES (?, ?, ?) ON CONFLICT (account, client)"
        " DO UPDATE SET seen_at = excluded.seen_at",
        (account, client, stamp(at)),
    )
    database.execute(
        "DELETE FROM acquainted WHERE account = ? AND client NOT IN (SELECT client FROM acquainted"
        " WHERE account = ? ORDER BY seen_at DESC LIMIT ?)",
        (account, account, ADDRESSES),
    )


def tell(database: Database, who: str, *, at: datetime, client: str, **detail: object) -> None:
    """A failure in the audit log, with the keyed hash of where it came from."""
    told = {"client": client, **detail} if client else detail
    subject = "" if who == PROGRAM else who
    audit.append(database, "sign_in_failed", who=who, at=at, subject=subject, detail=told)


def welcome(database: Database, client: str, *, at: datetime) -> bool:
    """True if any account has signed in from ``client``; it says nothing of any name."""
    row = database.execute(
        "SELECT 1 FROM acquainted WHERE client = ? AND seen_at > ? LIMIT 1",
        (client, stamp(at - ACQUAINTED)),
    ).fetchone()
    return row is not None


def _acquainted(database: Database, name: str, client: str, *, at: datetime) -> bool:
    """True if the account ``name`` has signed in from ``client``."""
    row = database.execute(
        "SELECT 1 FROM acquainted JOIN account ON account.id = acquainted.account"
        " WHERE name = ? AND client = ? AND seen_at > ?",
        (name, client, stamp(at - ACQUAINTED)),
    ).fetchone()
    return row is not None


def _one_more(database: Database, name: str, client: str, *, at: datetime) -> int:
    """Count a failure of ``name`` from ``client``; how many there are by now."""
    row = database.execute(
        "INSERT INTO failure VALUES (?, ?, 1, ?) ON CONFLICT (digest, client)"
        " DO UPDATE SET times = failure.times + 1, last_at = excluded.last_at RETURNING times",
        (failing_of(name), client, stamp(at)),
    ).fetchone()
    return int(row[0])


def _names(database: Database, *, at: datetime) -> bool:
    """Count a name that nobody has; True if it is to be told, False if only as a number.

    The number of an hour is told with the first failure after it.
    """
    row = database.execute("SELECT since, times FROM failed_names").fetchone()
    since, times = row or (stamp(at), 0)
    if at - datetime.fromisoformat(since) >= HOUR or not row:
        if times > NAMES_TOLD:
            tell(database, PROGRAM, at=at, client="", more=times - NAMES_TOLD, since=since)
        since, times = stamp(at), 0
        database.execute("DELETE FROM failed_names")
        database.execute("INSERT INTO failed_names VALUES (?, 0)", (since,))
    database.execute("UPDATE failed_names SET times = times + 1")
    return bool(times < NAMES_TOLD)
