"""What PostgreSQL says went wrong: by the classes of ``sqlite3``, and what to do about it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import exc

from kb.staff.places import Server, StaffUnusable

# How a class of errors begins → what to do about it.
REMEDIES = {
    "28": "账号或密码不对，请核对 KB_STAFF_DB",
    "3D": "没有这个数据库，请先用 createdb 建好，或核对 KB_STAFF_DB",
    "42501": "账号的权限不够，它要拥有这个数据库，请用 ALTER DATABASE … OWNER TO 改好",
    "25006": "这台 PostgreSQL 只能读（备机），请把 KB_STAFF_DB 指到主机",
    "53": "服务器的磁盘、内存或连接数用完了，请在服务器上处理",
    "55P03": "别的程序一直在写，请过一会儿再试",
    "57": "服务器正在停机或启动，请过一会儿再试",
}
# A server that refuses a connection is told by libpq in words alone.
REFUSALS = {
    "password": "28",
    "pg_hba": "28",
    "role": "28",
    "does not exist": "3D",
    "starting": "57",
    "shutting": "57",
    "too many": "53",
    "remaining": "53",
}
# How an option after the question mark is refused: by libpq in words alone, by SQLAlchemy the port.
UNKNOWN = re.compile(r'^invalid connection option "(\w+)"')
WRONG = re.compile(
    r'invalid (\w+) value: |invalid integer value ".*" for connection option "(\w+)"'
    r"|^Received non-integer (port) "
)
UNREACHABLE = "连不上服务器，请核对 KB_STAFF_DB 里的主机和端口，看服务器是否在运行、网络是否通"


def remedy(error: sqlite3.Error) -> str:
    """What to do about an error that ``as_sqlite`` raised."""
    state = getattr(error, "sqlstate", None) or ""
    return _remedy(state, "请看 PostgreSQL 的日志；连不上的，检查服务器和网络")


def unreachable(server: Server, error: Exception) -> StaffUnusable:
    """The error for a server that gave no connection; nothing in it is of the address."""
    cause: Any = getattr(error, "orig", None) or error
    lines = str(cause).strip().splitlines() or [""]
    state = getattr(cause, "sqlstate", None) or _state_in(lines[-1])
    why = _misused(lines[0]) or _remedy(state, UNREACHABLE)
    return StaffUnusable(f"{server} 不能使用；{why}")


@contextmanager
def as_sqlite() -> Iterator[None]:
    """Errors by the classes of ``sqlite3``, which the program knows; both name them by PEP 249."""
    try:
        yield
    except (psycopg.Error, exc.DBAPIError) as error:
        cause: Any = getattr(error, "orig", None) or error
        names = (kind.__name__ for kind in type(cause).__mro__)
        kind = next(getattr(sqlite3, name) for name in names if hasattr(sqlite3, name))
        raised = kind(str(cause).strip().partition("\n")[0])
        raised.sqlstate = getattr(cause, "sqlstate", None)
        raise raised from error


def _misused(line: str) -> str:
    """What to do about an option of the connection, whose value is not told; "" of none."""
    if found := UNKNOWN.search(line):
        return (
            f"KB_STAFF_DB 问号后面的 {found[1]} 不是 PostgreSQL 的连接参数；"
            "请核对它的拼写，如 sslmode、sslrootcert"
        )
    if found := WRONG.search(line):
        name = next(filter(None, found.groups()))
        return f"KB_STAFF_DB 问号后面的 {name} 不能是这个值；请照 PostgreSQL 的连接参数改正"
    return ""


def _remedy(state: str, otherwise: str) -> str:
    return next((told for begins, told in REMEDIES.items() if state.startswith(begins)), otherwise)


def _state_in(line: str) -> str:
    if "FATAL" not in line:
        return ""
    return next((state for word, state in REFUSALS.items() if word in line), "")
