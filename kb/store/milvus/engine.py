"""Milvus as the engine of a store: a collection for each version, an alias for the one served.

The snapshot's folder is the truth, and ``CURRENT`` says which version is served; a collection is
made of the folder and can be made of it again. The alias follows, for whoever looks at Milvus: it
is set before ``CURRENT`` moves and, if that fails, set back here or before the next draft.
``data/MILVUS`` names the versions whose collections this data folder has made, and is written
before they are: what no version on the shelf needs is dropped by it, and nobody else's.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Collection as Several
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np

from kb.errors import KbError
from kb.store import codec, disk
from kb.store.local import parts
from kb.store.local.heads import head_from
from kb.store.local.parts import Piece
from kb.store.local.schema import HEAD
from kb.store.local.vectors import Rows
from kb.store.milvus import words
from kb.store.milvus.client import Milvus, Unsupported
from kb.store.milvus.collection import Collection, Row
from kb.store.milvus.reader import MilvusReader
from kb.store.snapshot import published_at
from kb.types import Snapshot

MADE = "MILVUS"
GRACE = timedelta(minutes=2)  # in which whoever asked an older version is answered
INDEXES = ("FLAT", "HNSW", "AUTOINDEX")


@dataclass(frozen=True, slots=True, kw_only=True)
class MilvusEngine:
    """``kb.store.local.engine.Engine`` for the data folder ``root``.

    ``name`` is the alias, and what the names of collections begin with; ``index`` one of
    ``INDEXES``.
    """

    root: Path
    milvus: Milvus
    name: str
    index: str

    def index_part(
        self, db: sqlite3.Connection, folder: Path, group: Sequence[Piece], scratch: Path
    ) -> None:
        """Nothing: a collection is filled as a whole."""

    def build(
        self,
        db: sqlite3.Connection,
        built: Path,
        *,
        base: Path | None,
        kept: Sequence[int],
        version: str,
    ) -> list[str]:
        stored = Rows(parts.read(db, built))
        words.write(built, _passages(db, len(stored)))
        counts = words.Counts(built)
        if counts.passages:
            self._note({*self._made(), version})
            rows = _rows(db, stored, counts)
            self._collection(version).fill(rows, dim=stored.dim, count=counts.passages)
        return []

    def open(
        self,
        folder: Path,
        *,
        snapshot: Snapshot,
        stamp: disk.Stamp,
        find: Callable[[str], Path | None],
    ) -> MilvusReader:
        self.check(folder, snapshot)
        counts = words.Counts(folder)
        collection = self._collection(snapshot.version) if counts.passages else None
        return MilvusReader(
            folder, snapshot=snapshot, stamp=stamp, find=find, collection=collection
        )

    def check(self, folder: Path, snapshot: Snapshot) -> None:
        if count := words.Counts(folder).passages:
            dim = parts.dim_in(folder)
            self._collection(snapshot.version).check(dim=dim, count=count)

    def point(self, version: str) -> None:
        if version not in self._made():
            return  # nothing in it can be found
        name = self._collection(version).name
        try:
            self.milvus("alter_alias", name, self.name)
        except Unsupported:  # milvus-lite 2.5 has no aliases
            return
        except KbError:  # there is none yet
            self.milvus("create_alias", name, self.name)

    def tidy(self, versions: Several[str], *, current: str | None, at_once: bool = False) -> None:
        made, there = self._made(), set(self.milvus("list_collections"))
        if current and self._collection(current).name in there:
            self.point(current)
        asked = () if at_once else _asked(made, current)
        for version in sorted(made.difference(asked)):
            collection = self._collection(version)
            if collection.name in there and version not in versions:
                collection.drop()
            elif collection.name in there and version != current:
                collection.release()
        self._note(made.intersection({*versions, *asked}))

    def _made(self) -> set[str]:
        try:
            return set((self.root / MADE).read_text("utf-8").split())
        except FileNotFoundError:
            return set()

    def _note(self, versions: Several[str]) -> None:
        if set(versions) == self._made():
            return
        aside = self.root / f"{MADE}.tmp"
        aside.write_text("".join(f"{version}\n" for version in sorted(versions)), "utf-8")
        disk.sync(aside)
        aside.replace(self.root / MADE)
        disk.sync(self.root)

    def _collection(self, version: str) -> Collection:
        name = f"{self.name}_{version.replace('-', '_')}"
        return Collection(milvus=self.milvus, name=name, index=self.index)


def _asked(made: Several[str], current: str | None) -> set[str]:
    """The versions in whose collections somebody may be looking, who began before the last publish.

    One after the current version was never served.
    """
    if current is None or current not in made or published_at(current) < datetime.now(UTC) - GRACE:
        return set()
    return {version for version in made if version < current}


class Found(NamedTuple):
    """A passage that can be found: its ordinal, its words joined by spaces, its letter's labels."""

    ordinal: int
    tokens: str
    labels: tuple[str, ...]


def _findable(db: sqlite3.Connection) -> Iterator[Found]:
    """The passages in ordinal order, but of no letter that is set aside."""
    letters = db.execute(
        f"SELECT {HEAD}, first, title_tokens FROM letters JOIN places USING (id)"
        " JOIN texts USING (id) WHERE id NOT IN (SELECT id FROM aside) ORDER BY id"
    )
    for row in letters:
        labels, (first, title) = codec.labels(head_from(row)), row[-2:]
        passages = db.execute(
            "SELECT heading_tokens, body_tokens FROM passages WHERE id = ? ORDER BY position",
            (row[0],),
        )
        for ordinal, (headings, body) in enumerate(passages, first):
            yield Found(ordinal, f"{title} {headings} {body}", labels)


def _passages(db: sqlite3.Connection, count: int) -> Iterator[words.Words | None]:
    """All ``count`` passages, None for those of letters that are set aside."""
    following = 0
    for found in _findable(db):
        yield from [None] * (found.ordinal - following)
        yield words.Words(found.tokens, public="publicity=public" in found.labels)
        following = found.ordinal + 1
    yield from [None] * (count - following)


def _rows(db: sqlite3.Connection, stored: Rows, counts: words.Counts) -> Iterator[Row]:
    for found in _findable(db):
        yield Row(
            ordinal=found.ordinal,
            vector=stored.take(np.array([found.ordinal]))[0],
            words=counts.weights(found.ordinal),
            labels=found.labels,
        )
