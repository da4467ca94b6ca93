"""Where the staff's data lie: in ``staff.db`` beside the snapshots, or on a PostgreSQL server."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from kb.environment import POSTGRES
from kb.errors import KbError
from kb.settings import Settings

NAME = "staff.db"


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
        address = POSTGRES.fullmatch(self.url)
        return f"PostgreSQL {address['where']}" if address else "PostgreSQL"

    def __str__(self) -> str:
        return self.name

    def exists(self) -> bool:
        """True: whether it is there only shows when it is opened, and then it is an error."""
        return True


Place = Path | Server


def staff_of(settings: Settings) -> Place:
    """Where the staff's data lie by the settings, as ``kb.environment`` checked them."""
    if not settings.staff_db:
        return settings.data / NAME
    return Server(parent=settings.data, url=settings.staff_db)
