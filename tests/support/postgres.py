"""The same tests on PostgreSQL: FUWEN_TEST_STAFF_DB=postgresql puts a database in the place of
every ``staff.db`` that a test opens. The server is started here, from Debian's packages.
"""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kb.staff import database
from kb.staff.places import Server

WANTED = os.environ.get("FUWEN_TEST_STAFF_DB", "") == "postgresql"
TEMPLATE = "fuwen_template"
USER = "fuwen"
PASSWORD = "清淤-9"
RUNNING: list[Cluster] = []  # the one whose databases stand for files, if there is one


def programs() -> Path | None:
    """The folder with PostgreSQL's programs, the newest; None where it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    return found[-1].parent if found else None


def lacking() -> str:
    """Why nothing can be tested on PostgreSQL; "" where it can."""
    if programs() is None:
        return "没有 PostgreSQL；请安装 Debian 的 postgresql"
    try:
        import alembic  # noqa: F401
        import psycopg  # noqa: F401
        import sqlalchemy  # noqa: F401
    except ModuleNotFoundError as error:
        return f"没有 {error.name}；请运行 make test-postgres"
    return ""


def _version(initdb: Path) -> int:
    return int(initdb.parent.parent.name.partition(".")[0])


def environment_of(path: Path) -> dict[str, str]:
    """What a program has to be started with that shall open what stands for the file ``path``."""
    return {"KB_STAFF_DB": RUNNING[-1].of(path).url} if RUNNING else {}


def stored(path: Path) -> bytes:
    """All bytes on the disk of what the file ``path`` has, its journals too; but for the WAL."""
    if RUNNING:
        return RUNNING[-1].stored(path)
    return b"".join(part.read_bytes() for part in path.parent.glob(f"{path.name}*"))


def dumped(book: Any) -> str:
    """All that a database has, to look for what it should not have."""
    if isinstance(book, sqlite3.Connection):
        return "\n".join(book.iterdump())
    tables = book.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'fuwen'").fetchall()
    rows = (row for (table,) in tables for row in book.execute(f"SELECT * FROM {table}"))
    return "\n".join(map(str, rows))


def unguard(book: Any) -> None:
    """Take away the triggers that keep what was written from being changed."""
    if isinstance(book, sqlite3.Connection):
        named = "SELECT name, '' FROM sqlite_master WHERE type = 'trigger'"
    else:  # without those that number rows, which SQLite does by itself
        named = (
            "SELECT tgname, ' ON ' || tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal"
            " AND tgname !~ '_(numbered|counted)$'"
        )
    for name, table in book.execute(named).fetchall():
        book.execute(f"DROP TRIGGER {name}{table}")


@dataclass
class Cluster:
    """A server that listens on 127.0.0.1, with databases that are made for tests."""

    port: int
    folder: Path
    made: dict[Path, Server] = field(default_factory=dict)
    number: int = 0

    def sql(self, statement: str, *, name: str = "postgres") -> list[Any]:
        """Run one statement as the server's owner."""
        import psycopg

        address = f"host=127.0.0.1 port={self.port} user=postgres dbname={name}"
        with psycopg.connect(address, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def url(self, name: str, *, password: str = PASSWORD) -> str:
        """The address of a database."""
        return f"postgresql://{USER}:{password}@127.0.0.1:{self.port}/{name}"

    def empty(self) -> str:
        """The name of a new database that has nothing."""
        self.number += 1
        name = f"t{self.number}"
        self.sql(f"CREATE DATABASE {name} OWNER {USER}")
        return name

    def copied(self) -> str:
        """The name of a new database that was brought up."""
        self.number += 1
        name = f"t{self.number}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} OWNER {USER} STRATEGY WAL_LOG")
        return name

    def of(self, path: Path) -> Server:
        """What stands for the file ``path``, which is there, and empty, from here on."""
        path = path.absolute()
        if path not in self.made or not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            self.made[path] = Server(parent=path.parent, url=self.url(self.copied()))
        return self.made[path]

    def stored(self, path: Path) -> bytes:
        """The bytes of the files that hold what stands for ``path``."""
        self.sql("CHECKPOINT")
        name = self.of(path).url.rpartition("/")[2]
        ((number,),) = self.sql(f"SELECT oid FROM pg_database WHERE datname = '{name}'")
        files = (self.folder / "data" / "base" / str(number)).iterdir()
        return b"".join(file.read_bytes() for file in files)

    def forget(self, folder: Path) -> None:
        """Drop the databases of the files below ``folder``."""
        for path in [path for path in self.made if path.is_relative_to(folder)]:
            name = self.made.pop(path).url.rpartition("/")[2]
            self.sql(f"DROP DATABASE {name} WITH (FORCE)")

    def prepare(self) -> None:
        """Make the account and the template."""
        from kb.staff.postgres import server

        self.sql(f"CREATE ROLE {USER} LOGIN PASSWORD '{PASSWORD}'")
        self.sql(f"CREATE DATABASE {TEMPLATE} OWNER {USER}")
        with server.opened(Server(parent=self.folder, url=self.url(TEMPLATE))):
            pass
        server.dispose()


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def running() -> Iterator[Cluster]:
    """A server of its own, gone with its files on leaving. Sync is off: nothing here is to last."""
    bin_ = programs()
    assert bin_ is not None
    memory = Path("/dev/shm")  # where there is such a thing: files that nobody needs tomorrow
    where = memory if memory.is_dir() else None
    folder = Path(tempfile.mkdtemp(prefix="fuwen-postgres-", dir=where))
    owner = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    if owner:
        shutil.chown(folder, "postgres")
    data = folder / "data"
    port = free_port()
    initdb = [bin_ / "initdb", "-D", data, "-U", "postgres", "--no-sync", "-E", "UTF8"]
    _run(*owner, *initdb, "--locale=C.UTF-8", "--auth=trust", cwd=folder)
    (data / "pg_hba.conf").write_text(
        f"host all postgres 127.0.0.1/32 trust\nhost all {USER} 127.0.0.1/32 scram-sha-256\n"
    )
    given = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder}
    given |= {"fsync": "off", "full_page_writes": "off", "max_connections": 200}
    options = " ".join(f"-c {name}={value}" for name, value in given.items())
    control = [*owner, bin_ / "pg_ctl", "-D", data, "-w", "-t", "120"]
    try:
        _run(*control, "-l", folder / "log", "-o", options, "start", cwd=folder)
        cluster = Cluster(port, folder)
        cluster.prepare()
        yield cluster
    finally:
        _run(*control, "-m", "immediate", "stop", cwd=folder, check=False)
        shutil.rmtree(folder, ignore_errors=True)


def _run(*command: str | Path, cwd: Path, check: bool = True) -> None:
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0 or not check, done.stdout + done.stderr


class Behind:
    """``kb.staff.database`` with a database of the cluster behind every path."""

    def __init__(self, cluster: Cluster) -> None:
        from kb.staff.postgres import server

        self._cluster, self._server = cluster, server

    @contextmanager
    def opened(self, path: Path) -> Iterator[Any]:
        with self._server.opened(self._cluster.of(path)) as found:
            yield found

    @contextmanager
    def reading(self, path: Path) -> Iterator[Any]:
        with self._server.reading(self._cluster.of(path)) as found:
            yield found

    @contextmanager
    def alone(self, path: Path, what: str) -> Iterator[None]:
        with self._server.alone(self._cluster.of(path), what):
            yield

    def check(self, path: Path) -> None:
        if path.exists():
            self._server.check(self._cluster.of(path))


@contextmanager
def instead(cluster: Cluster) -> Iterator[None]:
    """Inside it, whoever opens a ``staff.db`` gets a database of the cluster."""
    behind, real = Behind(cluster), database.backend

    def backend(place: Any) -> Any:
        return real(place) if _left_alone(place) else behind

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "backend", backend)
        RUNNING.append(cluster)
        yield
        RUNNING.remove(cluster)


def _left_alone(place: Any) -> bool:
    """True of a server, and of what is a file already."""
    return isinstance(place, Server) or (place.exists() and place.stat().st_size > 0)
