"""What each receiver has taken, on disk: a run that was killed, or refused, goes on from there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from kb.errors import WrongUse
from server.notices.changes import Change, Kind, Public

NAME = "notified.db"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS receiver (name TEXT PRIMARY KEY, taken INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS told (receiver TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
    digest TEXT NOT NULL, PRIMARY KEY (receiver, kind, key)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Told:
    """The file ``data/notified.db``."""

    database: sqlite3.Connection

    def taken(self, receiver: str) -> int | None:
        """How many events ``receiver`` has taken; None where it is new."""
        row = self.database.execute(
            "SELECT taken FROM receiver WHERE name = ?", (receiver,)
        ).fetchone()
        return int(row[0]) if row else None

    def of(self, receiver: str) -> Mapping[Kind, Mapping[str, str]]:
        """The digests of all that ``receiver`` knows, by kind and key."""
        known: dict[Kind, dict[str, str]] = {}
        rows = self.database.execute(
            "SELECT kind, key, digest FROM told WHERE receiver = ?", (receiver,)
        )
        for kind, key, digest in rows:
            known.setdefault(kind, {})[key] = digest
        return known

    def begin(self, receiver: str, public: Public) -> None:
        """``receiver`` is new: it is to be told of what comes after ``public``."""
        first = [
            Change(kind=kind, key=key, was="", now=digest)
            for kind, digests in public.digests.items()
            for key, digest in digests.items()
        ]
        self.take(receiver, first, taken=0)

    def take(self, receiver: str, some: Iterable[Change], *, taken: int) -> None:
        """``receiver`` has taken ``some`` changes, ``taken`` events in all; on disk at once."""
        with self.database:
            for change in some:
                place = (receiver, change.kind, change.key)
                if change.now:
                    self.database.execute(
                        "INSERT OR REPLACE INTO told VALUES (?, ?, ?, ?)", (*place, change.now)
                    )
                else:
                    self.database.execute(
                        "DELETE FROM told WHERE receiver = ? AND kind = ? AND key = ?", place
                    )
            self.database.execute(
                "INSERT OR REPLACE INTO receiver VALUES (?, ?)", (receiver, taken)
            )

    def keep(self, receivers: Iterable[str]) -> None:
        """Forget all but ``receivers``."""
        with self.database:
            names = [row[0] for row in self.database.execute("SELECT name FROM receiver")]
            for gone in {*names} - {*receivers}:
                self.database.execute("DELETE FROM told WHERE receiver = ?", (gone,))
                self.database.execute("DELETE FROM receiver WHERE name = ?", (gone,))


@contextmanager
def opened(folder: Path) -> Iterator[Told]:
    """The file in the data ``folder``, made where there is none. Raises WrongUse."""
    path = folder / NAME
    try:
        with closing(sqlite3.connect(path)) as database:
            database.executescript(_SCHEMA)
            yield Told(database)
    except sqlite3.Error as error:
        why = f"{path} 不能用（{error}）；请核对磁盘和权限，或者删去它：以后从那时起的变动才送"
        raise WrongUse(why) from None
