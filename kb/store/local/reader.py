"""A reader of one local snapshot: SQLite for letters, NumPy for vectors, two indexes.

Every file is opened when the reader is made and never by name again, so the reader outlives
the folder.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from kb.errors import ModelUnusable
from kb.store import disk
from kb.store.codec import wanted
from kb.store.kin import meant
from kb.store.local.dense import Dense
from kb.store.local.letters import LettersReader
from kb.store.local.lexical import Hits, Lexical
from kb.store.local.parts import PUBLIC_WORDS, WORDS
from kb.text.chars import encodable
from kb.types import Scope, Snapshot, Vectors


class LocalReader(LettersReader):
    """``kb.store.protocol.SnapshotReader`` over the folder of one version, which has been verified.

    ``stamp`` and ``find`` are as in ``LettersReader``.
    """

    def __init__(
        self,
        folder: Path,
        *,
        snapshot: Snapshot,
        stamp: disk.Stamp,
        find: Callable[[str], Path | None],
    ) -> None:
        super().__init__(folder, snapshot=snapshot, stamp=stamp, find=find)
        own = self._parts
        ordinals = [part.ordinals for part in own]
        self._lexical = Lexical([part.folder / WORDS for part in own], ordinals)
        public = [part.folder / PUBLIC_WORDS for part in own]
        if any(map(Path.exists, public)):
            words = [
                apart if apart.exists() else part.folder / WORDS
                for apart, part in zip(public, own, strict=True)
            ]
            self._public = Lexical(words, ordinals)
        else:
            self._public = self._lexical
        self._dense = Dense(own, self._vectors)

    def lexical(self, tokens: Sequence[str], *, limit: int, scope: Scope) -> Hits:
        readable = [token for token in tokens if encodable([token])]
        groups = wanted(meant(scope, self._aside))
        if not all(encodable(group) for group in groups):
            return []
        index = self._public if scope.public_only else self._lexical
        return index.search(readable, limit=limit, groups=groups)

    def nearest(self, vector: Vectors, *, limit: int, scope: Scope) -> Hits:
        if not self._snapshot.passages:
            return []
        dim = self._vectors.dim
        if vector.shape != (dim,) or not np.isfinite(vector).all():
            raise ModelUnusable(
                f"问题的向量（形状 {vector.shape}）与快照 {self._snapshot.version} 的"
                f"（{dim} 维）不符或含有非数值；请用建库时的模型，或重建快照"
            )
        mask = self._mask(scope)
        return self._dense.search(vector, limit=limit, mask=mask)
