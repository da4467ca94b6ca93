"""What finds passages in a snapshot's folder; by default the indexes in that folder itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Protocol

from kb.store import disk
from kb.store.local import build
from kb.store.local.parts import Piece
from kb.store.local.reader import LocalReader
from kb.store.protocol import SnapshotReader
from kb.types import Snapshot


class OpenReader(SnapshotReader, Protocol):
    """A reader that knows whether what it was opened upon has changed since."""

    def untouched(self) -> bool:
        """True while nothing that it reads was changed, as far as it can tell."""
        ...


class Engine(Protocol):
    """Indexes of snapshots, wherever they are; each belongs to the folder of one version.

    Every method may raise StoreUnreachable.
    """

    def index_part(
        self, db: sqlite3.Connection, folder: Path, group: Sequence[Piece], scratch: Path
    ) -> None:
        """Index what can be of a new part by itself: its letters, in order, into its folder."""
        ...

    def build(
        self,
        db: sqlite3.Connection,
        built: Path,
        *,
        base: Path | None,
        kept: Sequence[int],
        version: str,
    ) -> list[str]:
        """Index all parts in ``built``, of which ``kept`` are of ``base``, numbered in ``db``.

        Gives the names of the files taken over from ``base``.
        """
        ...

    def open(
        self,
        folder: Path,
        *,
        snapshot: Snapshot,
        stamp: disk.Stamp,
        find: Callable[[str], Path | None],
    ) -> OpenReader:
        """A reader of a verified folder. Raises BadSnapshot where the index is not its own."""
        ...

    def check(self, folder: Path, snapshot: Snapshot) -> None:
        """Raise BadSnapshot unless the index of a verified folder is whole."""
        ...

    def point(self, version: str) -> None:
        """``version`` is about to be served: whoever else looks at the engine shall see that."""
        ...

    def tidy(
        self, versions: Collection[str], *, current: str | None, at_once: bool = False
    ) -> None:
        """Take away the indexes of all that are not in ``versions``; ``current`` is served.

        Those that somebody may be asking just now can wait, unless it is ``at_once``.
        """
        ...


class LocalEngine:
    """tantivy and FAISS in the folder: whole with the folder, and gone with it."""

    def index_part(
        self, db: sqlite3.Connection, folder: Path, group: Sequence[Piece], scratch: Path
    ) -> None:
        build.index_words(db, folder, group, scratch)

    def build(
        self,
        db: sqlite3.Connection,
        built: Path,
        *,
        base: Path | None,
        kept: Sequence[int],
        version: str,
    ) -> list[str]:
        return build.index_vectors(db, built, base=base, kept=kept)

    def open(
        self,
        folder: Path,
        *,
        snapshot: Snapshot,
        stamp: disk.Stamp,
        find: Callable[[str], Path | None],
    ) -> LocalReader:
        return LocalReader(folder, snapshot=snapshot, stamp=stamp, find=find)

    def check(self, folder: Path, snapshot: Snapshot) -> None:
        pass

    def point(self, version: str) -> None:
        pass

    def tidy(
        self, versions: Collection[str], *, current: str | None, at_once: bool = False
    ) -> None:
        pass
