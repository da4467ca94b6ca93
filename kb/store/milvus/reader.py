"""A reader of one snapshot whose passages Milvus finds; what it finds is scored here, exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from kb.errors import BadSnapshot, StoreUnreachable
from kb.store import disk
from kb.store.local.letters import LettersReader
from kb.store.local.lexical import Hits, in_order
from kb.store.milvus.client import NotLoaded
from kb.store.milvus.collection import DENSE, MOST, SPARSE, Collection, Sparse, condition
from kb.store.milvus.words import Counts, Ordinals, Scores
from kb.text.chars import encodable
from kb.types import Scope, Snapshot, Vectors

OVERFETCH = 4  # times the limit are fetched
FEWEST = 64  # and never fewer
ALIKE = 1e-4  # products of Milvus that differ by less, relatively, may be equal


class MilvusReader(LettersReader):
    """``kb.store.protocol.SnapshotReader``: letters and vectors out of ``folder``, which has been
    verified, passages found in ``collection``, which has been checked; None where there are none.

    ``stamp`` and ``find`` are as in ``LettersReader``. Both searches raise StoreUnreachable, and
    BadSnapshot once the collection is gone: this reader lives as long as its version.
    """

    def __init__(
        self,
        folder: Path,
        *,
        snapshot: Snapshot,
        stamp: disk.Stamp,
        find: Callable[[str], Path | None],
        collection: Collection | None,
    ) -> None:
        super().__init__(folder, snapshot=snapshot, stamp=stamp, find=find)
        self._counts = Counts(folder)
        self._collection = collection
        self._in_doubt = False

    def untouched(self) -> bool:
        if self._in_doubt and self._collection:
            try:
                self._collection.check(dim=self._vectors.dim, count=self._counts.passages)
            except BadSnapshot:
                return False
            self._in_doubt = False
        return super().untouched()

    def lexical(self, tokens: Sequence[str], *, limit: int, scope: Scope) -> Hits:
        readable = [token for token in tokens if encodable([token])]
        groups = self._groups(scope)
        if limit < 1 or groups is None:
            return []
        asked = self._counts.asked(readable, public_only=scope.public_only)
        if asked is None:
            return []
        found = self._found(SPARSE, asked.sparse(), limit=limit, where=condition(groups))
        return in_order(found, self._counts.scores(found, asked))[:limit]

    def nearest(self, vector: Vectors, *, limit: int, scope: Scope) -> Hits:
        if not self._snapshot.passages:
            return []
        self._check_vector(vector)
        length, groups = float(np.linalg.norm(vector)), self._groups(scope)
        if limit < 1 or length == 0 or groups is None:
            return []
        unit = (vector / length).astype(np.float32)
        found = self._found(DENSE, unit, limit=limit, where=condition(groups))
        return in_order(found, self._vectors.cosines(found, unit))[:limit]

    def _found(self, field: str, asked: Sparse | Vectors, *, limit: int, where: str) -> Ordinals:
        """Passages among which are the best ``limit``, those as good as the last included."""
        collection = self._collection
        if collection is None:
            return np.zeros(0, dtype=np.int64)

        def search(limit: int, where: str) -> tuple[Ordinals, Scores]:
            try:
                return collection.search(field, asked, limit=limit, where=where)
            except NotLoaded:  # it is no longer the one that is served
                collection.load()
                return collection.search(field, asked, limit=limit, where=where)

        with self._doubting():
            wide = max(limit * OVERFETCH, FEWEST)
            while wide <= MOST:
                found, products = search(wide, where)
                if len(found) < wide:
                    return found
                if products[limit - 1] - products[-1] > ALIKE * abs(products[limit - 1]):
                    return found
                wide *= OVERFETCH
            # More than Milvus gives at once: so many passages at a time that it gives all of them.
            parts = [
                search(MOST, " and ".join(within))[0]
                for first in range(0, self._snapshot.passages, MOST)
                if (within := [*filter(None, [where]), *_window(first)])
            ]
            return np.concatenate(parts)

    @contextmanager
    def _doubting(self) -> Iterator[None]:
        """Where Milvus fails, whoever next asks the store for a reader learns how it is by then."""
        try:
            yield
        except (BadSnapshot, StoreUnreachable):
            self._in_doubt = True
            raise


def _window(first: int) -> tuple[str, str]:
    return f"ordinal >= {first}", f"ordinal < {first + MOST}"
