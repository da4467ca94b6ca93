"""The letters of one snapshot, out of its SQLite database; no engine of search is known here.

The database is opened when the reader is made and never by name again, so the reader outlives
the folder: a pruned version goes on answering until the last request lets go of it.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
import weakref
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from kb.errors import BadSnapshot, LetterNotFound
from kb.privacy.redact import restored
from kb.store import disk
from kb.store.codec import letter_from, passage_from
from kb.store.kin import SetAside
from kb.store.local import heads, registers
from kb.store.local.heads import Heads, Which, head_from
from kb.store.local.schema import HEAD
from kb.store.outline import Bearer, Key, Outline, Trait, outline_from
from kb.store.register import Registered
from kb.text.chars import encodable
from kb.types import (
    EVERY_LETTER,
    Hidden,
    Letter,
    LetterHead,
    Original,
    Passage,
    Scope,
    Snapshot,
)

DATABASE = "letters.db"
Mask = npt.NDArray[np.bool_]
Given = TypeVar("Given")
Made = TypeVar("Made")
LETTERS_KEPT = 256
PASSAGES_KEPT = 4096
SCOPES_KEPT = 64


class LettersReader:
    """All of ``kb.store.protocol.SnapshotReader`` but its searches and vectors, for a store to add.

    It reads the database in the ``folder`` of a version that has been verified; ``stamp`` is what
    the folder was like then. ``find`` gives the kept file with a digest, or None.
    Whatever reads letters raises BadSnapshot where the database was damaged since.
    """

    def __init__(
        self,
        folder: Path,
        *,
        snapshot: Snapshot,
        stamp: disk.Stamp,
        find: Callable[[str], Path | None],
    ) -> None:
        self._folder = folder
        self._stamp = stamp
        self._doubtful = False
        self._snapshot = snapshot
        self._find = find
        self._lock = threading.Lock()
        self._db = disk.open_sealed(folder / DATABASE)
        weakref.finalize(self, self._db.close)
        self._aside = self._read_aside()
        self._read_letter = _kept(self._letter, most=LETTERS_KEPT)
        self._read_passage = _kept(self._passage, most=PASSAGES_KEPT)
        self._mask = _kept(self._masked, most=SCOPES_KEPT)
        self._count = _kept(self._counted, most=SCOPES_KEPT)

    @property
    def snapshot(self) -> Snapshot:
        return self._snapshot

    def untouched(self) -> bool:
        """True while the files are those that were verified, as far as can be seen from outside."""
        return not self._doubtful and self._stamp == disk.stamp(self._folder)

    def letter(self, letter_id: str) -> Letter:
        return self._read_letter(letter_id)

    def unmasked(self, letter_id: str) -> Letter:
        rows = self._rows(
            "SELECT start, characters FROM hidden WHERE id = ? ORDER BY start", letter_id
        )
        return restored(self.letter(letter_id), [Hidden(start=at, text=text) for at, text in rows])

    def original(self, letter_id: str) -> Original | None:
        source, digest = self._one(
            "SELECT sources.source, sources.digest FROM letters LEFT JOIN sources"
            " ON sources.source = letters.source WHERE id = ?",
            letter_id,
        )
        path = self._find(digest) if digest else None
        return Original(name=Path(source).name, path=path, sha256=digest) if path else None

    def letters(
        self,
        scope: Scope = EVERY_LETTER,
        *,
        issuers: Collection[str] = (),
        days: Sequence[tuple[str, str]] = (),
    ) -> Sequence[LetterHead]:
        which = self._served(scope)
        if issuers:
            which &= heads.one_of("issuer", issuers)
        if days:
            which &= heads.between("issued_on", days)
        plain = not issuers and not days
        return Heads(self._rows, which, count=(lambda: self._count(scope)) if plain else None)

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

    def outlines(self, scope: Scope) -> Iterator[tuple[LetterHead, Outline]]:
        which = self._served(scope)
        query = f"SELECT {HEAD}, record FROM letters JOIN outlines USING (id) WHERE {which.sql}"
        for row in heads.pages(self._rows, query, which.values):
            with self._telling():
                yield head_from(row), outline_from(row[-1], letter_id=row[0])

    def set_aside(self) -> Mapping[str, SetAside]:
        return self._aside

    def registered(self) -> Sequence[Registered]:
        return registers.read(self._rows(registers.QUERY))

    def passage(self, ordinal: int) -> Passage:
        return self._read_passage(ordinal)

    def _passage(self, ordinal: int) -> Passage:
        letter_id, position = self._locate(ordinal)
        with self._telling():
            found = self._rows(
                "SELECT record FROM passages WHERE id = ? AND position = ?", letter_id, position
            )
            return passage_from(found[0][0], letter_id=letter_id)

    def passages_of(self, letter_id: str) -> range:
        first, count = self._one("SELECT first, passages FROM places WHERE id = ?", letter_id)
        return range(first, first + count)

    def _sentences_of(self, ordinal: int) -> range:
        """The rows of a passage's sentences among those of all, which stand in ordinal order."""
        letter_id, position = self._locate(ordinal)
        ((first, count),) = self._rows(
            "SELECT places.first_sentence + passages.first_sentence, passages.sentences"
            " FROM passages JOIN places USING (id) WHERE id = ? AND position = ?",
            letter_id,
            position,
        )
        return range(first, first + count)

    def _read_aside(self) -> dict[str, SetAside]:
        rows = self._rows(
            f"SELECT {HEAD}, served, reason, coalesce(taken_in, '') FROM aside"
            " JOIN letters USING (id) LEFT JOIN traits USING (id)"
        )
        return {
            row[0]: SetAside(head=head_from(row), served=row[-3], reason=row[-2], taken_in=row[-1])
            for row in rows
        }

    def _letter(self, letter_id: str) -> Letter:
        stated, record = self._one(
            "SELECT sha256, record FROM letters JOIN texts USING (id) WHERE id = ?", letter_id
        )
        with self._telling():
            letter = letter_from(record)
            if hashlib.sha256(letter.text.encode()).hexdigest() != stated:
                raise ValueError(f"{letter_id} has another text")
        return letter

    def _one(self, query: str, letter_id: str) -> tuple[Any, ...]:
        """The row of the letter ``letter_id``. Raises LetterNotFound."""
        rows = self._rows(query, letter_id) if encodable([letter_id]) else []
        if not rows:
            raise LetterNotFound(
                f"快照 {self._snapshot.version} 中没有编号为“{letter_id}”的复文；请核对编号"
            )
        return rows[0]

    def _locate(self, ordinal: int) -> tuple[str, int]:
        """The id of the letter that passage ``ordinal`` is in, and its position there."""
        if not 0 <= ordinal < self._snapshot.passages:
            raise IndexError(f"no passage {ordinal} among {self._snapshot.passages}")
        ((letter_id, first),) = self._rows(
            "SELECT id, first FROM places WHERE first <= ? AND passages > 0"
            " ORDER BY first DESC LIMIT 1",
            ordinal,
        )
        return letter_id, ordinal - first

    def _served(self, scope: Scope) -> Which:
        """The letters in ``scope`` that are served."""
        which = heads.in_scope(self._meant(scope))
        return which & heads.NOT_ASIDE if self._aside else which

    def _counted(self, scope: Scope) -> int:
        which = self._served(scope)
        query = f"SELECT count(*) FROM letters WHERE {which.sql}"
        return int(self._rows(query, *which.values)[0][0])

    def _masked(self, scope: Scope) -> Mask | None:
        """A mask (passages,) of the passages of the letters in ``scope``; none if all are."""
        which = self._served(scope)
        if self._count(scope) == self._snapshot.letters:
            return None
        rows = self._rows(
            f"SELECT first, passages FROM letters JOIN places USING (id) WHERE {which.sql}",
            *which.values,
        )
        steps = np.zeros(self._snapshot.passages + 1, dtype=np.int64)
        for edge, step in ((0, 1), (1, -1)):
            ends = [row[0] + edge * row[1] for row in rows]
            np.add.at(steps, ends, step)
        return np.cumsum(steps[:-1]) > 0

    def _meant(self, scope: Scope) -> Scope:
        """``scope`` with the letters that are served in place of those set aside."""
        if not self._aside or not scope.letter_ids:
            return scope
        named = (self._aside.get(letter_id) for letter_id in scope.letter_ids)
        ids = (one.served if one else i for i, one in zip(scope.letter_ids, named, strict=True))
        return replace(scope, letter_ids=tuple(ids))

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


def _kept(method: Callable[[Given], Made], *, most: int) -> Callable[[Given], Made]:
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
