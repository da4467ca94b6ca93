"""The letters of one snapshot, out of its SQLite database; no engine of search is known here.

The database is opened when the reader is made and never by name again, so the reader outlives
the folder: a pruned version goes on answering until the last request lets go of it.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
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
from kb.store.codec import labels, letter_from, passage_from, wanted
from kb.store.kin import SetAside
from kb.store.local import registers
from kb.store.local.schema import HEAD
from kb.store.register import Registered
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
        rows = self._rows(
            f"SELECT {HEAD}, first, passages, first_sentence FROM letters"
            " JOIN places USING (id) ORDER BY id"
        )
        self._heads = tuple(head_from(row) for row in rows)
        self._place = {row[0]: place for place, row in enumerate(rows)}
        self._first = np.array([row[-3] for row in rows], dtype=np.int64)
        self._count = np.array([row[-2] for row in rows], dtype=np.int64)
        self._first_sentence = np.array([row[-1] for row in rows], dtype=np.int64)
        self._aside = self._read_aside()
        self._bearers = _bearers(self._heads)
        self._read_letter = _kept(self._letter, most=LETTERS_KEPT)
        self._read_passage = _kept(self._passage, most=PASSAGES_KEPT)
        self._admitted = _kept(self._admit, most=SCOPES_KEPT)

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
        self._place_of(letter_id)
        source, digest = self._rows(
            "SELECT sources.source, sources.digest FROM letters LEFT JOIN sources"
            " ON sources.source = letters.source WHERE id = ?",
            letter_id,
        )[0]
        path = self._find(digest) if digest else None
        return Original(name=Path(source).name, path=path, sha256=digest) if path else None

    def letters(self, scope: Scope = EVERY_LETTER) -> Sequence[LetterHead]:
        return self._admitted(scope)[0]

    def set_aside(self) -> Mapping[str, SetAside]:
        return self._aside

    def registered(self) -> Sequence[Registered]:
        return registers.read(self._rows(registers.QUERY))

    def passage(self, ordinal: int) -> Passage:
        return self._read_passage(ordinal)

    def _passage(self, ordinal: int) -> Passage:
        place, position = self._locate(ordinal)
        letter_id = self._heads[place].id
        with self._telling():
            found = self._rows(
                "SELECT record FROM passages WHERE id = ? AND position = ?", letter_id, position
            )
            return passage_from(found[0][0], letter_id=letter_id)

    def passages_of(self, letter_id: str) -> range:
        place = self._place_of(letter_id)
        first = int(self._first[place])
        return range(first, first + int(self._count[place]))

    def _sentences_of(self, ordinal: int) -> range:
        """The rows of a passage's sentences among those of all, which stand in ordinal order."""
        place, position = self._locate(ordinal)
        offset, count = self._rows(
            "SELECT first_sentence, sentences FROM passages WHERE id = ? AND position = ?",
            self._heads[place].id,
            position,
        )[0]
        first = int(self._first_sentence[place]) + offset
        return range(first, first + count)

    def _read_aside(self) -> dict[str, SetAside]:
        rows = self._rows(
            "SELECT id, served, reason, coalesce(taken_in, '') FROM aside"
            " LEFT JOIN traits USING (id)"
        )
        return {
            row[0]: SetAside(
                head=self._heads[self._place[row[0]]], served=row[1], reason=row[2], taken_in=row[3]
            )
            for row in rows
        }

    def _letter(self, letter_id: str) -> Letter:
        stated = self._heads[self._place_of(letter_id)].sha256
        with self._telling():
            rows = self._rows("SELECT record FROM letters WHERE id = ?", letter_id)
            letter = letter_from(rows[0][0])
            if hashlib.sha256(letter.text.encode()).hexdigest() != stated:
                raise ValueError(f"{letter_id} has another text")
        return letter

    def _place_of(self, letter_id: str) -> int:
        try:
            return self._place[letter_id]
        except KeyError:
            raise LetterNotFound(
                f"快照 {self._snapshot.version} 中没有编号为“{letter_id}”的复文；请核对编号"
            ) from None

    def _locate(self, ordinal: int) -> tuple[int, int]:
        """The place of the letter that passage ``ordinal`` is in, and its position there."""
        if not 0 <= ordinal < self._snapshot.passages:
            raise IndexError(f"no passage {ordinal} among {self._snapshot.passages}")
        # Letters without passages share the next one's first ordinal; the last of them has it.
        place = int(np.searchsorted(self._first, ordinal, side="right")) - 1
        return place, ordinal - int(self._first[place])

    def _admit(self, scope: Scope) -> tuple[tuple[LetterHead, ...], Mask | None]:
        """The heads in ``scope`` and a mask (passages,) of theirs; no mask if all are."""
        groups = wanted(self._meant(scope))
        if not groups and not self._aside:
            return self._heads, None
        bearing = [
            set().union(*(self._bearers.get(label, frozenset()) for label in group))
            for group in groups
        ]
        every = set(range(len(self._heads))).difference(map(self._place_of, self._aside))
        places = sorted(every.intersection(*bearing))
        mask = np.zeros(self._snapshot.passages, dtype=np.bool_)
        for place in places:
            first = self._first[place]
            mask[first : first + self._count[place]] = True
        return tuple(self._heads[place] for place in places), mask

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


def head_from(row: Sequence[Any]) -> LetterHead:
    """A head from a row that begins with the columns of ``HEAD``."""
    return LetterHead(**dict(zip(HEAD.split(", "), row, strict=False)))


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


def _bearers(heads: Sequence[LetterHead]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for place, head in enumerate(heads):
        for label in labels(head):
            found.setdefault(label, set()).add(place)
    return found
