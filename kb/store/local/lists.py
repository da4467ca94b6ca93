"""What is asked of all letters of a snapshot at once, out of its SQLite database."""

from __future__ import annotations

import json
import sqlite3
import threading
import weakref
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from kb.errors import BadSnapshot, LetterNotFound
from kb.store import disk
from kb.store.kin import SetAside, meant
from kb.store.lists import Bearer, Key, Trait
from kb.store.local import heads
from kb.store.local.heads import Heads, Which, head_from
from kb.store.local.schema import HEAD
from kb.store.outline import Outline, outline_from
from kb.text.chars import encodable
from kb.types import EVERY_LETTER, LetterHead, Scope, Snapshot

DATABASE = "letters.db"
Given = TypeVar("Given")
Made = TypeVar("Made")
SCOPES_KEPT = 64


class ListsReader:
    """``kb.store.lists.Lists`` over the database in the ``folder`` of a version."""

    def __init__(self, folder: Path, *, snapshot: Snapshot) -> None:
        self._folder = folder
        self._doubtful = False
        self._snapshot = snapshot
        self._lock = threading.Lock()
        self._db = disk.open_sealed(folder / DATABASE)
        weakref.finalize(self, self._db.close)
        self._aside = self._read_aside()
        self._count = kept(self._counted, most=SCOPES_KEPT)

    @property
    def snapshot(self) -> Snapshot:
        return self._snapshot

    def letters(
        self,
        scope: Scope = EVERY_LETTER,
        *,
        issuers: Collection[str] = (),
        days: Sequence[tuple[str, str]] = (),
    ) -> Sequence[LetterHead]:
        plain = not issuers and not days
        count = (lambda: self._count(scope)) if plain else None
        return Heads(self._rows, self._narrowed(scope, issuers, days), count=count)

    def ordinals(self, scope: Scope) -> Iterator[tuple[str, range]]:
        which = self._served(scope)
        query = f"SELECT id, first, passages FROM places JOIN letters USING (id) WHERE {which.sql}"
        for letter_id, first, count in heads.pages(self._rows, query, which.values):
            yield letter_id, range(first, first + count)

    def head(self, letter_id: str) -> LetterHead:
        return head_from(self._one(f"SELECT {HEAD} FROM letters WHERE id = ?", letter_id))

    def newest(self, most: int, scope: Scope) -> Sequence[LetterHead]:
        which = self._served(scope)
        query = f"SELECT {HEAD} FROM letters WHERE {which.sql} ORDER BY issued_on DESC, id LIMIT ?"
        return [head_from(row) for row in self._rows(query, *which.values, most)]

    def tally(self, what: Trait, scope: Scope) -> Mapping[str, int]:
        which = self._served(scope)
        value, source, given = heads.COUNTED[what]
        query = f"SELECT {value} AS value, count(*) FROM {source} WHERE {which.sql} GROUP BY value"
        rows = self._rows(query, *given, *which.values)
        return {value: count for value, count in rows if value}

    def bearing(self, what: Key, keys: Sequence[str]) -> Sequence[Bearer]:
        query = (
            f"SELECT {HEAD}, key, coalesce(served, id) FROM keys JOIN letters USING (id)"
            " LEFT JOIN aside USING (id) WHERE what = ? AND key IN (SELECT value FROM json_each(?))"
            " ORDER BY id"
        )
        readable = json.dumps([key for key in keys if encodable([key])], ensure_ascii=False)
        rows = self._rows(query, what, readable)
        return [Bearer(head=head_from(row), key=row[-2], served=row[-1]) for row in rows]

    def key_lengths(self, what: Key) -> Sequence[int]:
        rows = self._rows("SELECT DISTINCT length(key) FROM keys WHERE what = ?", what)
        return sorted(length for (length,) in rows)

    def outlines(
        self,
        scope: Scope,
        *,
        issuers: Collection[str] = (),
        days: Sequence[tuple[str, str]] = (),
        words: Sequence[Collection[str]] = (),
    ) -> Iterator[tuple[LetterHead, Outline]]:
        which = self._narrowed(scope, issuers, days)
        for group in words:
            which &= heads.holding("words", group)
        query = f"SELECT {HEAD}, record FROM letters JOIN outlines USING (id) WHERE {which.sql}"
        for row in heads.pages(self._rows, query, which.values):
            with self._telling():
                outline = outline_from(row[-1], letter_id=row[0])
            yield head_from(row), outline

    def set_aside(self) -> Mapping[str, SetAside]:
        return self._aside

    def _read_aside(self) -> dict[str, SetAside]:
        rows = self._rows(
            f"SELECT {HEAD}, served, reason, coalesce(taken_in, '') FROM aside"
            " JOIN letters USING (id) LEFT JOIN traits USING (id)"
        )
        return {
            row[0]: SetAside(head=head_from(row), served=row[-3], reason=row[-2], taken_in=row[-1])
            for row in rows
        }

    def _served(self, scope: Scope) -> Which:
        """The letters in ``scope`` that are served."""
        which = heads.in_scope(meant(scope, self._aside))
        return which & heads.NOT_ASIDE if self._aside else which

    def _narrowed(
        self, scope: Scope, issuers: Collection[str], days: Sequence[tuple[str, str]]
    ) -> Which:
        which = self._served(scope)
        if issuers:
            which &= heads.one_of("issuer", issuers)
        return which & heads.between("issued_on", days) if days else which

    def _counted(self, scope: Scope) -> int:
        which = self._served(scope)
        query = f"SELECT count(*) FROM letters WHERE {which.sql}"
        return int(self._rows(query, *which.values)[0][0])

    def _one(self, query: str, letter_id: str) -> tuple[Any, ...]:
        """The row of the letter ``letter_id``. Raises LetterNotFound."""
        rows = self._rows(query, letter_id) if encodable([letter_id]) else []
        if not rows:
            raise LetterNotFound(
                f"快照 {self._snapshot.version} 中没有编号为“{letter_id}”的复文；请核对编号"
            )
        return rows[0]

    def _rows(self, query: str, *values: str | int) -> list[tuple[Any, ...]]:
        with self._telling(), self._lock:
            return self._db.execute(query, values).fetchall()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """What was read cannot be what was verified: say so, and have it verified again."""
        try:
            yield
        except (sqlite3.Error, LookupError, TypeError, ValueError) as error:
            self._doubtful = True
            raise BadSnapshot(
                f"快照 {self._snapshot.version} 的 letters.db 打开以后被改动或损坏（{error}）；"
                f"请运行 fuwen index verify 核对，再从备份恢复 {self._folder}，"
                "或用 fuwen index update … --rebuild 重建"
            ) from error


def kept(method: Callable[[Given], Made], *, most: int) -> Callable[[Given], Made]:
    """Keep what a reader's method gave, but not the reader: it is to be closed with its last user
    and not when garbage is next collected, its files and memory with it.
    """
    weak = weakref.WeakMethod(method)

    def call(given: Given) -> Made:
        alive = weak()
        if alive is None:
            raise ReferenceError("the reader is gone, though its caller holds it")
        return alive(given)

    return lru_cache(most)(call)
