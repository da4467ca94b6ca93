"""The heads of a snapshot's letters as they are asked for, by conditions that SQLite tests."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

from kb.store.lists import Trait
from kb.store.local.schema import HEAD
from kb.text.chars import encodable, searchable
from kb.types import LetterHead, Scope

_COLUMNS = HEAD.split(", ")
AT_ONCE = 1000  # heads that are read together
Value = str | int
Ask = Callable[..., list[tuple[Any, ...]]]  # a query and its values → rows
_YEAR = "ltrim(substr(issued_on, 1, 4), '0')"

# What letters are counted by: the expression, the tables that it is in, and their values.
_PLACES = "letters JOIN (SELECT id, key FROM keys WHERE what = ?) USING (id)"
COUNTED: Mapping[Trait, tuple[str, str, tuple[str, ...]]] = {
    "issuer": ("issuer", "letters", ()),
    "year": (_YEAR, "letters", ()),
    "publicity": ("publicity", "letters", ()),
    "place": ("key", _PLACES, ("place",)),
}


@dataclass(frozen=True, slots=True)
class Which:
    """A condition on the table ``letters`` in SQL, with the values of its marks."""

    sql: str
    values: tuple[Value, ...] = ()

    def __and__(self, other: Which) -> Which:
        return Which(f"{self.sql} AND {other.sql}", (*self.values, *other.values))


EVERY, NONE = Which("1"), Which("0")
NOT_ASIDE = Which("id NOT IN (SELECT id FROM aside)")


def in_scope(scope: Scope) -> Which:
    """The letters that ``kb.store.codec.admitted`` admits."""
    which = EVERY
    single = (
        ("issuer", scope.issuer),
        (_YEAR, None if scope.year is None else str(scope.year)),
        ("result_class", scope.result_class),
        ("proposal_no", scope.proposal_no),
        ("publicity", "public" if scope.public_only else None),
    )
    for column, value in single:
        if value is not None:
            which &= Which(f"{column} = ?", (value,)) if encodable([value]) else NONE
    return which & one_of("id", scope.letter_ids) if scope.letter_ids else which


def one_of(column: str, values: Collection[str]) -> Which:
    """The letters that have one of ``values``."""
    readable = [value for value in values if encodable([value])]
    listed = json.dumps(readable, ensure_ascii=False)
    return Which(f"{column} IN (SELECT value FROM json_each(?))", (listed,))


def between(column: str, spans: Sequence[tuple[str, str]]) -> Which:
    """The letters whose value lies within one of ``spans``, both ends included."""
    readable = [span for span in spans if encodable(span)]
    tests = " OR ".join([f"{column} BETWEEN ? AND ?"] * len(readable)) or "0"
    return Which(f"({tests})", tuple(end for span in readable for end in span))


def holding(column: str, words: Collection[str]) -> Which:
    """The letters whose folded words hold one of ``words``."""
    readable = [searchable(word) for word in words if encodable([word])]
    tests = " OR ".join([f"instr({column}, ?)"] * len(readable)) or "0"
    return Which(f"({tests})", tuple(readable))


class Heads(Sequence[LetterHead]):
    """The heads of the letters of a kind by id, read from the database whenever they are asked for.

    Whoever goes through them all reads them all; their number is counted once.
    """

    def __init__(self, ask: Ask, which: Which, *, count: Callable[[], int] | None = None) -> None:
        self._ask = ask
        self._which = which
        self._count = count
        self._counted: int | None = None

    def __len__(self) -> int:
        if self._counted is None:
            which = self._which
            query = f"SELECT count(*) FROM letters WHERE {which.sql}"
            counted = self._count() if self._count else self._ask(query, *which.values)[0][0]
            self._counted = int(counted)
        return self._counted

    def __iter__(self) -> Iterator[LetterHead]:
        query = f"SELECT {HEAD} FROM letters WHERE {self._which.sql}"
        return map(head_from, pages(self._ask, query, self._which.values))

    @overload
    def __getitem__(self, at: int) -> LetterHead: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[LetterHead]: ...
    def __getitem__(self, at: int | slice) -> LetterHead | Sequence[LetterHead]:
        places = range(len(self))[at]
        if isinstance(places, int):
            return self._from(places, 1)[0]
        if not places:
            return []
        first, last = min(places), max(places)
        rows = self._from(first, last + 1 - first)
        return [rows[place - first] for place in places]

    def _from(self, first: int, count: int) -> list[LetterHead]:
        query = f"SELECT {HEAD} FROM letters WHERE {self._which.sql} ORDER BY id LIMIT ? OFFSET ?"
        return [head_from(row) for row in self._ask(query, *self._which.values, count, first)]


def pages(ask: Ask, query: str, values: Sequence[Value]) -> Iterator[tuple[Any, ...]]:
    """The rows of ``query``, which begin with the letter's id, in its order, some at a time.

    ``query`` ends in its condition.
    """
    after = ""
    while rows := ask(f"{query} AND id > ? ORDER BY id LIMIT ?", *values, after, AT_ONCE):
        yield from rows
        after = rows[-1][0]


def head_from(row: Sequence[Any]) -> LetterHead:
    """A head from a row that begins with the columns of ``HEAD``."""
    return LetterHead(**dict(zip(_COLUMNS, row, strict=False)))
