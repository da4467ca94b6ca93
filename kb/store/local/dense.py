"""Dense ranking: FAISS over a memory-mapped matrix of vectors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from kb.store.local.letters import Mask
from kb.store.local.lexical import Hits, in_order
from kb.store.local.vectors import Stored
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

TRAINING_ROWS = 262_144  # 256 a centroid for 1,024, FAISS's own maximum

BATCH_ROWS = 8_192


def index_for(passages: int) -> str:
    """The FAISS factory string for that many passages."""
    return [name for least, name in VECTOR_INDEXES if passages >= least][-1]


def build_dense(path: Path, vectors: Stored) -> None:
    """Write a FAISS inner-product index of ``vectors``, (n, dim) of unit length, to ``path``."""
    rows, dim = vectors.shape
    index = faiss.index_factory(max(dim, 1), index_for(rows), faiss.METRIC_INNER_PRODUCT)
    if not index.is_trained:
        chosen = np.sort(np.random.default_rng(0).permutation(rows)[:TRAINING_ROWS])
        training = np.empty((len(chosen), dim), np.float32)
        for first in range(0, len(chosen), BATCH_ROWS):
            some = chosen[first : first + BATCH_ROWS]
            training[first : first + len(some)] = vectors[some]
        index.train(training)
        del training
    for first in range(0, rows, BATCH_ROWS):
        index.add(vectors[first : first + BATCH_ROWS].astype(np.float32))
    with path.open("wb") as out:
        out.write(faiss.serialize_index(index).data)


def passages_in(path: Path) -> int:
    """How many passages the FAISS index ``path`` holds."""
    return int(faiss.read_index(str(path)).ntotal)


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
    """A FAISS index over the stored vectors, (n, dim) float16, read only."""

    def __init__(self, path: Path, vectors: Stored) -> None:
        self._vectors = vectors
        self._index = faiss.read_index(str(path))

    def search(self, vector: Vectors, *, limit: int, mask: Mask | None) -> Hits:
        """(ordinal, cosine) best first; ``mask`` (n,) admits a passage where it is True."""
        admitted = len(self._vectors) if mask is None else int(mask.sum())
        limit = min(limit, admitted)
        length = float(np.linalg.norm(vector))
        if limit < 1 or length == 0:
            return []
        unit = (vector / length).astype(np.float32)
        if mask is not None and admitted <= EXACT_UNDER:
            ordinals = np.flatnonzero(mask)
            cosines = self._vectors[ordinals].astype(np.float32) @ unit
        elif isinstance(self._index, faiss.IndexFlat):  # what it proposes is exact
            ordinals, cosines = self._propose(unit, count=limit, mask=mask)
        else:
            ordinals, _ = self._propose(unit, count=min(limit * OVERSAMPLE, admitted), mask=mask)
            cosines = self._vectors[ordinals].astype(np.float32) @ unit
        # Rounding to float16 can carry a cosine a hair beyond 1.
        return in_order(ordinals, np.clip(cosines, -1.0, 1.0))[:limit]

    def _propose(
        self, unit: Vectors, *, count: int, mask: Mask | None
    ) -> tuple[npt.NDArray[np.int64], Vectors]:
        """Ordinals and the inner products by which the index ranks them, best first."""
        options = {}
        probes = PROBES
        if mask is not None:
            options["sel"] = faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))
            # Probe so many more lists that as many admitted passages are met as without it.
            probes = min(probes * mask.size // int(mask.sum()), MOST_PROBES)
        if hasattr(self._index, "nprobe"):
            parameters = faiss.SearchParametersIVF(nprobe=probes, **options)
        else:
            parameters = faiss.SearchParameters(**options)
        with _alone():
            products, found = self._index.search(unit[None, :], count, params=parameters)
        there = found[0] >= 0
        return found[0][there], products[0][there]
