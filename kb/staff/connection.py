"""What the program asks of a database: so little that SQLite's connection is one as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

Values = Sequence[Any] | Mapping[str, Any]


class Rows(Protocol):
    """What a statement gives: rows, each a tuple."""

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        ...

    @property
    def description(self) -> Any:
        """A sequence a column, its name first."""
        ...

    def fetchone(self) -> Any:
        """The next row, None after the last."""
        ...

    def fetchall(self) -> list[Any]:
        """The rows that are left."""
        ...

    def __iter__(self) -> Iterator[Any]: ...


class Database(Protocol):
    """A connection. Statements are SQLite's, of those that ``kb.staff.postgres`` turns too.

    Values stand for ``?``, ``?1`` or ``:name``. Each statement is a transaction of its own but
    inside ``kb.staff.database.writing``. Raises the errors of ``sqlite3``, whatever the server.
    """

    @property
    def in_transaction(self) -> bool:
        """True between BEGIN and its end."""
        ...

    def execute(self, sql: str, parameters: Values = ..., /) -> Rows:
        """Run one statement."""
        ...

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> Rows:
        """Run one statement for each of several rows of values."""
        ...
