"""Where the staff's data lie: in ``staff.db`` beside the snapshots, or on a PostgreSQL server."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from kb.errors import KbError
from kb.settings import Settings

NAME = "staff.db"
SCHEME = "postgresql://"


class StaffUnusable(KbError):
    """The staff's database cannot be opened, read or written."""

    status, code = 503, "staff_unusable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A database on a PostgreSQL server; of a ``Path`` it has what callers use of one.

    ``parent`` is the data folder, in which what is no row lies: uploads, attached files, keys.
    ``url`` may hold a password, so that nothing shows it.
    """

    parent: Path
    url: str = field(repr=False)

    @property
    def name(self) -> str:
        """The host and the database, without who signs in there and how."""
        parts = urlsplit(self.url)
        where = parts.netloc.rpartition("@")[2]
        return f"PostgreSQL {where}{parts.path}"

    def __str__(self) -> str:
        return self.name

    def exists(self) -> bool:
        """True: whether it is there only shows when it is opened, and then it is an error."""
        return True


Place = Path | Server


def staff_of(settings: Settings) -> Place:
    """Where the staff's data lie by the settings. Raises StaffUnusable for what is no address."""
    if not settings.staff_db:
        return settings.data / NAME
    if not settings.staff_db.startswith(SCHEME):  # nothing of it is told: it may be a password
        raise StaffUnusable(
            f"KB_STAFF_DB 不是 PostgreSQL 的地址；请写成 {SCHEME}账号:密码@主机:5432/数据库，"
            "不用 PostgreSQL 就不要设它"
        )
    return Server(parent=settings.data, url=settings.staff_db)
