"""Dense ranking: FAISS over the memory-mapped vectors of a snapshot's parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import faiss
import numpy as np

from kb.store.local.letters import Mask
from kb.store.local.lexical import Hits, in_order
from kb.store.local.parts import INDEX, Numbers, Part
from kb.store.local.vectors import Rows, Stored
from kb.types import Vectors

# Which FAISS index from which number of passages on, measured on 200,000 × 384, one query:
# flat 36 ms and exact; SQ8 8.8 ms, recall 0.991; IVF1024,SQ8 at 32 probes 0.35 ms, 0.991.
VECTOR_INDEXES: tuple[tuple[int, str], ...] = (
    (0, "Flat"),
    (20_000, "SQ8"),
    (200_000, "IVF1024,SQ8"),
)

PROBES = 32

MOST_PROBES = 1024

# A scope of at most so many passages is scored one by one: exact, and 8 ms for 2,000 × 384.
EXACT_UNDER = 2_000

# The index proposes this many times the limit; the stored vectors then decide.
OVERSAMPLE = 2

# An index is trained anew once there are so many times more passages, or fewer.
GROWN = 2

TRAINING_ROWS = 262_144  # 256 a centroid for 1,024, FAISS's own maximum

BATCH_ROWS = 8_192


def index_for(passages: int) -> str:
    """The FAISS factory string for that many passages."""
    return [name for least, name in VECTOR_INDEXES if passages >= least][-1]


def train(path: Path, rows: Rows) -> None:
    """Write to ``path`` the index of all ``rows``' kind, trained on some of them, with none in it.

    Whichever parts they stand in, the same rows give the same index.
    """
    index = faiss.index_factory(max(rows.dim, 1), index_for(len(rows)), faiss.METRIC_INNER_PRODUCT)
    if not index.is_trained:
        chosen = np.sort(np.random.default_rng(0).permutation(len(rows))[:TRAINING_ROWS])
        index.train(rows.take(chosen))
    _write(path, index)


def still_trained(kind: str, passages: int, *, now: int) -> bool:
    """True if an index of that kind, trained on so many passages, will do for ``now`` of them."""
    return kind == index_for(now) and now < GROWN * passages and passages < GROWN * now


def build_dense(path: Path, vectors: Stored, *, trained: Path) -> None:
    """Write a FAISS inner-product index of ``vectors``, (n, dim) of unit length, to ``path``.

    ``trained`` is the index that ``train`` wrote. As it stays the same, parts that are indexed
    at different times give what one index of them all would.
    """
    index = faiss.read_index(str(trained))
    for first in range(0, len(vectors), BATCH_ROWS):
        index.add(vectors[first : first + BATCH_ROWS].astype(np.float32))
    _write(path, index)


def _write(path: Path, index: faiss.Index) -> None:
    with path.open("wb") as out:
        out.write(faiss.serialize_index(index).data)


def passages_in(path: Path) -> int:
    """How many passages the FAISS index ``path`` holds."""
    return int(_mapped(path).ntotal)


def _mapped(path: Path) -> faiss.Index:
    """The index with its codes left in the file, which the system reads in as they are needed."""
    return faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)


@contextmanager
def _alone() -> Iterator[None]:
    """FAISS in the calling thread only: one question is no work for several, and beside the
    threads of torch and onnxruntime, which spin, waiting for them took 25 ms of 27.
    """
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)


class Dense:
    """FAISS indexes of the ``parts`` of a snapshot, whose vectors are ``rows``; read only."""

    def __init__(self, parts: Sequence[Part], rows: Rows) -> None:
        self._rows = rows
        self._parts = [(_mapped(part.folder / INDEX), part.ordinals) for part in parts]

    def search(self, vector: Vectors, *, limit: int, mask: Mask | None) -> Hits:
        """(ordinal, cosine) best first; ``mask`` (n,) admits a passage where it is True."""
        admitted = len(self._rows) if mask is None else int(mask.sum())
        limit = min(limit, admitted)
        length = float(np.linalg.norm(vector))
        if limit < 1 or length == 0:
            return []
        unit = (vector / length).astype(np.float32)
        if admitted <= EXACT_UNDER:
            ordinals = np.arange(len(self._rows)) if mask is None else np.flatnonzero(mask)
        else:
            exact = isinstance(self._parts[0][0], faiss.IndexFlat)
            count = limit if exact else min(limit * OVERSAMPLE, admitted)
            ordinals = self._propose(unit, count=count, mask=mask)
        return in_order(ordinals, self._rows.cosines(ordinals, unit))[:limit]

    def _propose(self, unit: Vectors, *, count: int, mask: Mask | None) -> Numbers:
        """The ordinals of the passages that the indexes rank first."""
        # Probe so many more lists that as many admitted passages are met as without a mask.
        probes = PROBES if mask is None else PROBES * mask.size // int(mask.sum())
        found = []
        with _alone():
            for index, ordinals in self._parts:
                own = None if mask is None else mask[ordinals]
                products, rows = index.search(
                    unit[None, :], count, params=_parameters(index, min(probes, MOST_PROBES), own)
                )
                there = rows[0] >= 0
                found.append((ordinals[rows[0][there]], products[0][there]))
        ordinals, products = (np.concatenate(column) for column in zip(*found, strict=True))
        best = np.lexsort((ordinals, -products))[:count]
        return ordinals[best]


def _parameters(index: faiss.Index, probes: int, mask: Mask | None) -> faiss.SearchParameters:
    """How a part is searched: in so many of its lists, for the rows that ``mask`` admits."""
    options = {}
    if mask is not None:
        options["sel"] = faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))
    if hasattr(index, "nprobe"):
        return faiss.SearchParametersIVF(nprobe=probes, **options)
    return faiss.SearchParameters(**options)
