"""A reader of one local snapshot: SQLite for letters, NumPy for vectors, two indexes.

Every file is opened when the reader is made and never by name again, so the reader outlives
the folder.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from kb.store import disk
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
        groups = self._groups(scope)
        if groups is None:
            return []
        index = self._public if scope.public_only else self._lexical
        return index.search(readable, limit=limit, groups=groups)

    def nearest(self, vector: Vectors, *, limit: int, scope: Scope) -> Hits:
        if not self._snapshot.passages:
            return []
        self._check_vector(vector)
        return self._dense.search(vector, limit=limit, mask=self._mask(scope))
