"""The letters of one snapshot and their vectors; no engine of search is known here.

The database is opened when the reader is made and never by name again, so the reader outlives
the folder: a pruned version goes on answering until the last request lets go of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kb.errors import ModelUnusable
from kb.privacy.redact import restored
from kb.store import disk
from kb.store.codec import letter_from, passage_from, wanted
from kb.store.kin import meant
from kb.store.local import parts, registers, vectors
from kb.store.local.lists import SCOPES_KEPT, ListsReader, kept
from kb.store.local.parts import SENTENCE_VECTORS
from kb.store.local.vectors import Rows
from kb.store.register import Registered
from kb.text.chars import encodable
from kb.types import (
    Hidden,
    Letter,
    Original,
    Passage,
    Scope,
    Snapshot,
    Vectors,
)

Mask = npt.NDArray[np.bool_]
LETTERS_KEPT = 256
PASSAGES_KEPT = 4096


class LettersReader(ListsReader):
    """All of ``kb.store.protocol.SnapshotReader`` but its searches, for a store to add.

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
        super().__init__(folder, snapshot=snapshot)
        self._stamp = stamp
        self._find = find
        self._read_letter = kept(self._letter, most=LETTERS_KEPT)
        self._read_passage = kept(self._passage, most=PASSAGES_KEPT)
        self._mask = kept(self._masked, most=SCOPES_KEPT)
        with self._telling():
            self._parts = parts.read(self._db, folder)
        self._vectors = Rows(self._parts)
        self._sentences = {
            int(part.folder.name): vectors.read(part.folder / SENTENCE_VECTORS)
            for part in self._parts
        }

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

    def _groups(self, scope: Scope) -> tuple[tuple[str, ...], ...] | None:
        """The labels of which a passage in ``scope`` bears one of each; None where none can."""
        groups = wanted(meant(scope, self._aside))
        return groups if all(map(encodable, groups)) else None

    def _check_vector(self, vector: Vectors) -> None:
        """Raise ModelUnusable unless ``vector`` is one of finite numbers, as many as are stored."""
        dim = self._vectors.dim
        if vector.shape != (dim,) or not np.isfinite(vector).all():
            raise ModelUnusable(
                f"问题的向量（形状 {vector.shape}）与快照 {self._snapshot.version} 的"
                f"（{dim} 维）不符或含有非数值；请用建库时的模型，或重建快照"
            )

    def vectors(self, ordinals: Sequence[int]) -> Vectors:
        wanted_rows = np.asarray(ordinals, dtype=np.int64)
        if wanted_rows.size and wanted_rows.min() < 0:
            raise IndexError(f"no passage {wanted_rows.min()}")
        return self._vectors.take(wanted_rows)

    def sentence_vectors(self, ordinal: int) -> Vectors:
        letter_id, position = self._locate(ordinal)
        ((part, first, count),) = self._rows(
            "SELECT part, sentence_row + passages.first_sentence, passages.sentences"
            " FROM passages JOIN places USING (id) WHERE id = ? AND position = ?",
            letter_id,
            position,
        )
        return self._sentences[part][first : first + count].astype(np.float32)

    def _letter(self, letter_id: str) -> Letter:
        stated, record = self._one(
            "SELECT sha256, record FROM letters JOIN texts USING (id) WHERE id = ?", letter_id
        )
        with self._telling():
            letter = letter_from(record)
            if hashlib.sha256(letter.text.encode()).hexdigest() != stated:
                raise ValueError(f"{letter_id} has another text")
        return letter

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

    def _masked(self, scope: Scope) -> Mask | None:
        """A mask (passages,) of the passages of the letters in ``scope``; none if all are."""
        if self._count(scope) == self._snapshot.letters:
            return None
        own = [one for _, one in self.ordinals(scope)]
        steps = np.zeros(self._snapshot.passages + 1, dtype=np.int64)
        np.add.at(steps, np.array([one.start for one in own], dtype=np.int64), 1)
        np.add.at(steps, np.array([one.stop for one in own], dtype=np.int64), -1)
        return np.cumsum(steps[:-1]) > 0
