"""A connection to PostgreSQL that behaves as SQLite's does: the same statements, the same errors.

One transaction writes at a time, whichever host it comes from (``LOCK``): what was checked inside
it holds until its end, as in SQLite, and the chain of the audit log cannot fork.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, cast

import psycopg
from psycopg.adapt import Dumper, Loader
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import Int8Dumper
from sqlalchemy import Engine, create_engine, event, exc
from sqlalchemy.engine import make_url

from kb.staff.connection import Rows, Values
from kb.staff.places import Server, StaffUnusable
from kb.staff.postgres import migrations
from kb.staff.postgres.dialect import SCHEMA, bound, translated
from kb.staff.postgres.schema import PRELUDE
from kb.staff.postgres.trouble import REMEDIES, as_sqlite, unreachable
from kb.staff.postgres.trouble import remedy as remedy
from kb.staff.schema import STEPS

LOCK = 0x6675_7765_6E  # the number of the lock of those who write
BUSY = 5  # seconds that one waits for another's transaction, or for a free connection
REACH = 3  # seconds for reaching the server; having failed, as long nobody tries again
GLANCE = 5  # seconds that a statement of those who answer citizens may take
POOL, MORE = 5, 35  # connections that are kept, and those made beside them when all are in use
ON_CONNECT = (
    f"SET search_path = {SCHEMA}; SET lock_timeout = '{BUSY}s';"
    " SET idle_in_transaction_session_timeout = '120s'; SET client_min_messages = warning"
)
# How a transaction begins. Who reads sees one moment throughout; who writes is alone.
BEGINS = {
    "BEGIN": ("BEGIN ISOLATION LEVEL REPEATABLE READ",),
    "BEGIN IMMEDIATE": (
        "BEGIN ISOLATION LEVEL READ COMMITTED",
        f"SELECT pg_advisory_xact_lock({LOCK})",
    ),
}


class Postgres:
    """A connection (``kb.staff.connection.Database``)."""

    def __init__(self, raw: psycopg.Connection[Any]) -> None:
        self._raw = raw

    @property
    def in_transaction(self) -> bool:
        """True between BEGIN and its end, also after an error; not once the connection is lost."""
        status = self._raw.info.transaction_status
        return status not in (TransactionStatus.IDLE, TransactionStatus.UNKNOWN)

    def execute(self, sql: str, parameters: Values = (), /) -> Rows:
        """Run one statement."""
        with as_sqlite():
            cursor = self._raw.cursor()
            for statement in BEGINS.get(sql, (translated(sql),)):
                cursor.execute(statement.encode(), bound(parameters))
        return cast(Rows, cursor)

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> Rows:
        """Run one statement for each of several rows of values."""
        with as_sqlite():
            cursor = self._raw.cursor()
            cursor.executemany(translated(sql).encode(), [bound(row) for row in parameters])
        return cast(Rows, cursor)


@contextmanager
def opened(server: Server) -> Iterator[Postgres]:
    """The database of ``server``, brought up if need be. Raises StaffUnusable, sqlite3.Error."""
    with _connected(server) as database:
        if _version(database, server) < len(STEPS):
            _bring_up(server)
        yield database


@contextmanager
def reading(server: Server) -> Iterator[Postgres]:
    """The database at one moment, to be read only. Raises StaffUnusable, sqlite3.Error."""
    with _connected(server) as database:
        _version(database, server)
        database.execute("BEGIN")
        database.execute("SET TRANSACTION READ ONLY")
        database.execute(f"SET LOCAL statement_timeout = '{GLANCE}s'")
        try:
            yield database
        finally:
            database.execute("ROLLBACK")


@contextmanager
def alone(server: Server, what: str) -> Iterator[None]:
    """``kb.staff.database.alone``; a host that dies leaves its place to the next."""
    number = int.from_bytes(hashlib.sha256(what.encode()).digest()[:8], "big", signed=True)
    with _connected(server) as database:
        database.execute("SET lock_timeout = 0")
        try:
            database.execute("SELECT pg_advisory_lock(?)", (number,))
            yield
        finally:
            with suppress(sqlite3.Error):  # with the connection the lock is gone too
                database.execute("SELECT pg_advisory_unlock(?)", (number,))
                database.execute(f"SET lock_timeout = '{BUSY}s'")


def check(server: Server) -> None:
    """Raise StaffUnusable or sqlite3.Error unless it could be written now."""
    with _connected(server) as database:
        _version(database, server)
        (only,) = database.execute("SHOW transaction_read_only").fetchone()
        if only == "on":
            raise StaffUnusable(f"{server} 不能使用；{REMEDIES['25006']}")


class _Bool(Dumper):
    """True and False as a value that a column of numbers takes, and one of conditions too."""

    oid = 0

    def dump(self, obj: bool) -> bytes:
        return b"1" if obj else b"0"


class _Number(Loader):
    """Sums as Python's own numbers."""

    def load(self, data: Any) -> int | float:
        text = bytes(data)
        return float(text) if b"." in text else int(text)


class _Pool:
    """The connections of this process to one server, and since when it cannot be reached."""

    def __init__(self, url: str) -> None:
        self.down = 0.0
        self.why: StaffUnusable | None = None
        self.engine = create_engine(
            make_url(url).set(drivername="postgresql+psycopg"),
            isolation_level="AUTOCOMMIT",
            pool_pre_ping=True,
            pool_size=POOL,
            max_overflow=MORE,
            pool_timeout=BUSY,
            hide_parameters=True,
            connect_args={"connect_timeout": REACH, "tcp_user_timeout": 10_000},
        )
        event.listen(self.engine, "connect", _prepared)


_POOLS: dict[tuple[str, int], _Pool] = {}
_MAKING = threading.Lock()


def _pool(server: Server) -> _Pool:
    """Those of this very process: connections do not outlive a fork."""
    key = (server.url, os.getpid())
    with _MAKING:
        if key not in _POOLS:
            try:
                _POOLS[key] = _Pool(server.url)
            except exc.ArgumentError as error:
                raise unreachable(server, error) from None
        return _POOLS[key]


def engine_of(server: Server) -> Engine:
    """SQLAlchemy's engine of this process for ``server``."""
    return _pool(server).engine


def dispose() -> None:
    """Close all connections that nobody uses."""
    for pool in list(_POOLS.values()):
        pool.engine.dispose()
    _POOLS.clear()


def _prepared(raw: psycopg.Connection[Any], _: object) -> None:
    raw.prepare_threshold = None  # a plan would outlive the temporary tables in front of others
    raw.adapters.register_dumper(bool, _Bool)
    raw.adapters.register_dumper(int, Int8Dumper)
    raw.adapters.register_loader("numeric", _Number)
    raw.execute(ON_CONNECT)


@contextmanager
def _connected(server: Server) -> Iterator[Postgres]:
    pool = _pool(server)
    if pool.why and time.monotonic() < pool.down + REACH:
        raise pool.why
    try:
        raw = pool.engine.raw_connection()
    except exc.TimeoutError:
        raise StaffUnusable(f"{server} 的连接都在用；请过一会儿再试") from None
    except (exc.DBAPIError, psycopg.Error) as error:
        pool.why, pool.down = unreachable(server, error), time.monotonic()
        raise pool.why from None
    pool.why = None
    try:
        yield Postgres(cast(Any, raw.driver_connection))
    finally:
        raw.close()  # back to the pool, what was begun undone


def _version(database: Postgres, server: Server) -> int:
    """The schema version; 0 of an empty database. Raises StaffUnusable for a newer one."""
    (there,) = database.execute(f"SELECT to_regclass('{SCHEMA}.schema') IS NOT NULL").fetchone()
    row = database.execute(f"SELECT version FROM {SCHEMA}.schema").fetchone() if there else None
    version = int(row[0]) if row else 0
    if version > len(STEPS):
        raise newer(server, version)
    return version


def newer(place: object, version: int) -> StaffUnusable:
    """The error for data that a newer program wrote."""
    return StaffUnusable(
        f"{place} 由更新的程序写成（第 {version} 版，本程序只认到第 {len(STEPS)} 版）；请升级程序"
    )


def _bring_up(server: Server) -> None:
    """Run the steps that are lacking; of several hosts that begin at once one does it."""
    with as_sqlite(), engine_of(server).connect() as plain:
        connection = plain.execution_options(isolation_level="READ COMMITTED")
        with connection.begin():
            raise_up(connection)


@contextmanager
def replaced(server: Server, aside: str | None) -> Iterator[Postgres]:
    """``kb.staff.database.replaced``."""
    with _connected(server):  # tells why where it cannot be reached
        pass
    with as_sqlite(), engine_of(server).connect() as plain:
        connection = plain.execution_options(isolation_level="READ COMMITTED")
        with connection.begin():
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
            change = f"ALTER SCHEMA {SCHEMA} RENAME TO {aside}"
            connection.exec_driver_sql(change if aside else f"DROP SCHEMA {SCHEMA} CASCADE")
            raise_up(connection)
            yield Postgres(cast(Any, connection.connection.driver_connection))


def raise_up(connection: Any) -> None:
    """``_bring_up`` in an open transaction of SQLAlchemy's."""
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
    there = connection.exec_driver_sql(f"SELECT to_regclass('{SCHEMA}.schema')").scalar()
    if there is None:
        for statement in PRELUDE:
            connection.exec_driver_sql(statement)
    migrations.upgrade(connection)
