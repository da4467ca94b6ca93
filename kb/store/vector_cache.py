"""Vectors by what they were made of, so that no passage is embedded twice.

``data/vectors.db`` holds the vectors of the passages of the letters that are indexed, under the
SHA-256 of the model's name and of all that the model saw. A run that is killed finds there what it
had done, a line dropped from a bulk import costs nothing, and new rules of reading cost only the
passages that became others. It may be deleted at any time; it is no part of a snapshot.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from contextlib import closing, suppress
from hashlib import blake2b, sha256
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from kb.models.embedding import Embedder, surroundings
from kb.store.modes import make_folder
from kb.types import Letter, Passage, Vectors

NAME = "vectors.db"
AT_ONCE = 64  # passages between two writes to the disk: what a killed run has to do again
SUM_BYTES = 8
# What a file may answer with; damaged, it has other types, and errors that cannot be decoded.
TROUBLE = (sqlite3.Error, TypeError, ValueError)
LARGEST = 4 << 30  # bytes of the file; about 900,000 passages of 384 dimensions
_SCHEMA = """
CREATE TABLE IF NOT EXISTS vector (key BLOB PRIMARY KEY, letter TEXT NOT NULL,
    run INTEGER NOT NULL, rows BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS vector_letter ON vector (letter);
"""


class VectorCache:
    """An ``Embedder`` that asks ``embedder`` only for what is not in the file ``path``.

    A context, at whose end what was embedded is on the disk. To be used by one thread, under the
    store's lock. A file that is damaged is made anew; where it cannot be written, or would grow
    beyond ``largest`` bytes, nothing more is kept, and the work goes on without it.
    """

    def __init__(self, path: Path, embedder: Embedder, *, largest: int = LARGEST) -> None:
        self._path = path
        self._embedder = embedder
        self._largest = largest
        self._db: sqlite3.Connection | None = None
        self._usable = True
        self._waiting = 0
        self._run = 0
        self._put: set[str] = set()

    @property
    def name(self) -> str:
        return self._embedder.name

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._write()
        self._close()

    def question(self, text: str) -> Vectors:
        return self._embedder.question(text)

    def passages(
        self, letter: Letter, passages: Sequence[Passage]
    ) -> tuple[Vectors, list[Vectors]]:
        keys = [key_of(self.name, letter, passage) for passage in passages]
        rows = self._known(keys, passages, letter_id=letter.id)
        if not passages:
            return self._embedder.passages(letter, passages)
        missing = [(key, p) for key, p in zip(keys, passages, strict=True) if key not in rows]
        for first in range(0, len(missing), AT_ONCE):
            some = missing[first : first + AT_ONCE]
            wholes, parts = self._embedder.passages(letter, [passage for _, passage in some])
            found = {
                key: np.vstack([whole[None], part])
                for (key, _), whole, part in zip(some, wholes, parts, strict=True)
            }
            rows.update(found)
            self._keep(found, letter_id=letter.id)
        self._put.add(letter.id)
        whole_rows = [rows[key] for key in keys]
        return np.stack([row[0] for row in whole_rows]), [row[1:] for row in whole_rows]

    def keys(self) -> frozenset[bytes]:
        """The keys, as of ``key_of``, of all that is kept."""
        database = self._opened()
        try:
            rows = database.execute("SELECT key FROM vector") if database else ()
            return frozenset(key for (key,) in rows)
        except TROUBLE as error:
            self._give_up(error)
            return frozenset()

    def tidy(self, letters: Collection[str]) -> None:
        """Overwrite what is of no letter in ``letters`` any more, once these are published."""
        database = self._opened()
        if database is None:
            return
        try:
            database.execute("CREATE TEMP TABLE present (letter TEXT PRIMARY KEY)")
            database.executemany("INSERT INTO present VALUES (?)", [(i,) for i in letters])
            database.execute("DELETE FROM vector WHERE letter NOT IN (SELECT letter FROM present)")
            database.execute("DROP TABLE present")
            database.executemany(
                "DELETE FROM vector WHERE letter = ? AND run <> ?",
                [(letter, self._run) for letter in self._put],
            )
        except TROUBLE as error:
            self._give_up(error)
        self._write()

    def _known(
        self, keys: Sequence[bytes], passages: Sequence[Passage], *, letter_id: str
    ) -> dict[bytes, Vectors]:
        """The vectors that are kept, each (1 + sentences, dim): the passage's, its sentences'."""
        database = self._opened()
        found: dict[bytes, Vectors] = {}
        if database is None:
            return found
        try:
            for key, passage in zip(keys, passages, strict=True):
                row = database.execute("SELECT rows FROM vector WHERE key = ?", (key,)).fetchone()
                if row is None:
                    continue
                rows = row[0][:-SUM_BYTES]
                if row[0][-SUM_BYTES:] != _sum(key, rows):
                    continue  # a bit flipped, which SQLite would not know of
                values = np.frombuffer(rows, dtype=np.float16).astype(np.float32)
                found[key] = values.reshape(1 + len(passage.sentences), -1)
                database.execute(
                    "UPDATE vector SET letter = ?, run = ? WHERE key = ?",
                    (letter_id, self._run, key),
                )
        except TROUBLE as error:
            self._give_up(error)
            return {}
        return found

    def _keep(self, rows: dict[bytes, Vectors], *, letter_id: str) -> None:
        database = self._opened()
        if database is None:
            return
        halves = {key: row.astype(np.float16).tobytes() for key, row in rows.items()}
        values = [
            (key, letter_id, self._run, kept + _sum(key, kept)) for key, kept in halves.items()
        ]
        try:
            if self._size(database) < self._largest:
                database.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?, ?, ?)", values)
        except TROUBLE as error:
            self._give_up(error)
        self._waiting += len(values)
        if self._waiting >= AT_ONCE:
            self._write()

    def _size(self, database: sqlite3.Connection) -> int:
        """The bytes of the file that are in use."""
        pages, free, size = (
            int(database.execute(f"PRAGMA {what}").fetchone()[0])
            for what in ("page_count", "freelist_count", "page_size")
        )
        return (pages - free) * size

    def _opened(self) -> sqlite3.Connection | None:
        """The file, opened when it is first needed; None where it is of no use."""
        if self._db is None and self._usable:
            try:
                self._db = _connected(self._path)
                self._run = (
                    1 + self._db.execute("SELECT coalesce(max(run), 0) FROM vector").fetchone()[0]
                )
            except (*TROUBLE, OSError) as error:
                self._give_up(error)
        return self._db

    def _write(self) -> None:
        self._waiting = 0
        if self._db is not None:
            try:
                self._db.commit()
            except TROUBLE as error:
                self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        """Go on without the file; a damaged one is made anew by the next run."""
        self._usable = False
        self._close()
        if _is_damage(error):
            remove(self._path)

    def _close(self) -> None:
        database, self._db = self._db, None
        if database is not None:
            with suppress(sqlite3.Error):
                database.close()


def holds(path: Path, letter_id: str) -> bool:
    """True if vectors of the letter are in the file ``path``; a damaged one counts as holding."""
    if not path.exists():
        return False
    try:
        with closing(sqlite3.connect(path)) as database:
            query = "SELECT 1 FROM vector WHERE letter = ? LIMIT 1"
            return database.execute(query, (letter_id,)).fetchone() is not None
    except TROUBLE:
        return True


def forget(path: Path, letter_id: str) -> None:
    """Overwrite the letter's vectors in the file ``path``; a damaged one is deleted whole."""
    try:
        if path.exists():
            with closing(_open(path)) as database, database:
                database.execute("DELETE FROM vector WHERE letter = ?", (letter_id,))
    except TROUBLE:
        remove(path)


def remove(path: Path) -> None:
    """Delete a cache and what SQLite keeps beside it."""
    for end in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def _connected(path: Path) -> sqlite3.Connection:
    """The file open for reading and writing, made anew where it is damaged."""
    try:
        return _open(path)
    except TROUBLE as error:
        if not _is_damage(error):
            raise
        remove(path)
        return _open(path)


def _is_damage(error: Exception) -> bool:
    """True unless the file may be sound: the disk is full, say, or it must not be written."""
    return not isinstance(error, sqlite3.OperationalError | OSError)


def _open(path: Path) -> sqlite3.Connection:
    make_folder(path.parent)
    database = sqlite3.connect(path)
    try:
        # What is deleted is overwritten: nothing of a withdrawn letter stays in free pages.
        database.executescript("PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;")
        database.executescript(_SCHEMA)
    except BaseException:
        database.close()
        raise
    return database


def _sum(key: bytes, rows: bytes) -> bytes:
    """What stands behind the rows under ``key``, so that damage shows."""
    return blake2b(rows, key=key, digest_size=SUM_BYTES).digest()


def key_of(model: str, letter: Letter, passage: Passage) -> bytes:
    """The SHA-256 of the model's name and of what the model sees of a passage."""
    start = passage.span.start
    bounds = ",".join(f"{s.start - start}:{s.end - start}" for s in passage.sentences)
    seen = (model, surroundings(letter, passage), passage.span.of(letter.text), bounds)
    return sha256("\0".join(seen).encode("utf-8", "surrogatepass")).digest()
