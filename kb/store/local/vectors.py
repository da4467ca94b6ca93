"""Vector files of a local snapshot: float16 rows, written in one pass, read through mmap.

Written with plain writes and never through a mapping: on a full disk a mapped write kills the
process, a plain one raises OSError.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from kb.store.local.parts import PASSAGE_VECTORS, Numbers, Part
from kb.types import Vectors

Stored = npt.NDArray[np.float16]


class Scratch:
    """A growing file of float16 rows without a header, private to one draft."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._out: IO[bytes] = path.open("wb")
        self.rows = 0

    def append(self, vectors: Vectors) -> int:
        """Add rows; return the number of the first of them."""
        first = self.rows
        self._out.write(np.ascontiguousarray(vectors, dtype=np.float16).tobytes())
        self.rows += len(vectors)
        return first

    def view(self, dim: int) -> Stored:
        """Everything appended so far, (rows, dim)."""
        self._out.flush()
        if not self.rows or not dim:
            return np.zeros((0, dim), dtype=np.float16)
        return np.memmap(self._path, dtype=np.float16, mode="r", shape=(self.rows, dim))

    def close(self) -> None:
        """Close the file, whose content is of no more use: unwritten rest may be lost."""
        with suppress(OSError):
            self._out.close()


def write(path: Path, blocks: Iterable[Stored], *, rows: int, dim: int) -> None:
    """Write ``blocks``, together (rows, dim), as one .npy file."""
    header = {"descr": "<f2", "fortran_order": False, "shape": (rows, dim)}
    with path.open("wb") as out:
        np.lib.format.write_array_header_1_0(out, header)
        for block in blocks:
            out.write(np.ascontiguousarray(block).tobytes())


def read(path: Path) -> Stored:
    """The rows of a .npy file, mapped; (rows, dim), possibly without rows."""
    if path.stat().st_size <= 128:  # the header alone: an empty file cannot be mapped
        empty: Stored = np.load(path)
        return empty
    mapped: Stored = np.load(path, mmap_mode="r")
    return mapped


class Rows:
    """The vectors of a snapshot by ordinal, (n, dim) float16, from the files of its parts."""

    def __init__(self, parts: Sequence[Part], *, name: str = PASSAGE_VECTORS) -> None:
        self._files = [read(part.folder / name) for part in parts]
        count = sum(len(part.ordinals) for part in parts)
        self._file = np.zeros(count, dtype=np.int16)
        self._row = np.zeros(count, dtype=np.int32)
        for number, part in enumerate(parts):
            self._file[part.ordinals] = number
            self._row[part.ordinals] = np.arange(len(part.ordinals))
        self.dim = self._files[0].shape[1] if parts else 0

    def __len__(self) -> int:
        return len(self._row)

    def take(self, ordinals: Numbers) -> Vectors:
        """The vectors of ``ordinals``, (n, dim) float32."""
        found = np.empty((len(ordinals), self.dim), dtype=np.float32)
        files = self._file[ordinals]
        for number in np.unique(files):
            own = files == number
            found[own] = self._files[number][self._row[ordinals[own]]]
        return found

    def cosines(self, ordinals: Numbers, unit: Vectors) -> Vectors:
        """Those of the vectors of ``ordinals`` with ``unit``, which has unit length; (n,).

        Row by row, and not as a product of matrices: what a passage scores must not depend, in its
        last digits, on which others there are, or citizens' scores would tell.
        """
        # Rounding to float16 can carry a cosine a hair beyond 1.
        found: Vectors = np.einsum("ij,j->i", self.take(ordinals), unit).clip(-1.0, 1.0)
        return found
