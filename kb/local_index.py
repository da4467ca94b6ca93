"""The two indexes of a local snapshot: tantivy for words, FAISS for vectors.

Both number passages by their ordinal. Built once at publish, then only read.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt
import tantivy

from kb.local_vectors import Stored
from kb.store import Vectors

Mask = npt.NDArray[np.bool_]
Hits = list[tuple[int, float]]

# Which FAISS index from which number of passages on, measured on 200,000 × 384, one query:
# flat 36 ms and exact; SQ8 8.8 ms, recall 0.991; IVF1024,SQ8 at 32 probes 0.35 ms, 0.991.
VECTOR_INDEXES: tuple[tuple[int, str], ...] = (
    (0, "Flat"),
    (20_000, "SQ8"),
    (200_000, "IVF1024,SQ8"),
)
PROBES = 32
MOST_PROBES = 1024
CLEARINGS = 100
# A scope of at most so many passages is scored one by one: exact, and 8 ms for 2,000 × 384.
EXACT_UNDER = 2_000
# The index proposes this many times the limit; the stored vectors then decide.
OVERSAMPLE = 2
TRAINING_ROWS = 262_144  # 256 a centroid for 1,024, FAISS's own maximum
BATCH_ROWS = 65_536
WRITER_HEAP = 256_000_000  # bytes; one thread, so that a small index is one segment


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The tokens of one passage with its title and headings, joined by spaces; its labels.

    One text and not three fields with weights of their own: BM25 gives much to a short field,
    and all passages of a letter share its title.
    """

    ordinal: int
    tokens: str
    labels: tuple[str, ...]


def build_lexical(folder: Path, passages: Iterable[Words], *, scratch: Path) -> None:
    """Write a tantivy index of ``passages``, in ordinal order, into the new ``folder``.

    ``scratch`` is a folder to be made on the same disk, for tantivy to work in.
    """
    scratch.mkdir()
    index = tantivy.Index(_schema(), str(scratch))
    index.config_reader("manual")  # by default a thread would reload at every commit
    analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("spaced", analyzer)
    writer = index.writer(WRITER_HEAP, 1)
    for words in passages:
        document = tantivy.Document()
        document.add_unsigned("ordinal", words.ordinal)
        document.add_text("tokens", words.tokens)
        for label in words.labels:
            document.add_text("label", label)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    # tantivy's own threads may touch its lock files even now; only what it made for good is
    # moved to where the checksums are taken.
    folder.mkdir()
    for file in sorted(scratch.iterdir()):
        if file.suffix != ".lock":
            file.rename(folder / file.name)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("ordinal", fast=True)
    builder.add_text_field("label", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("tokens", tokenizer_name="spaced", index_option="freq")
    return builder.build()


class Lexical:
    """A tantivy index, read only. The query parser is never used: tokens are only tokens."""

    def __init__(self, folder: Path) -> None:
        # Opening makes tantivy create a lock file. A view of links keeps the snapshot as it
        # was published and lets a server read a folder that it may not write to.
        view = Path(tempfile.mkdtemp(prefix="fuwen-"))
        try:
            for file in folder.iterdir():
                (view / file.name).symlink_to(file.resolve())
            index = tantivy.Index.open(str(view))
            index.config_reader("manual")
            index.reload()
            self._searcher = index.searcher()
            self._schema = index.schema
        finally:
            _clear(view)

    def search(self, tokens: Sequence[str], *, limit: int, groups: Sequence[Sequence[str]]) -> Hits:
        """(ordinal, BM25) best first, of passages bearing a label of each of ``groups``."""
        asked = [
            tantivy.Query.term_query(self._schema, "tokens", token, index_option="freq")
            for token in dict.fromkeys(tokens)
        ]
        if not asked or limit < 1:
            return []
        query = _any_of(asked)
        if groups:
            filters = [tantivy.Query.term_set_query(self._schema, "label", g) for g in groups]
            silent = [tantivy.Query.const_score_query(one, 0.0) for one in filters]
            query = tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, one) for one in (query, *silent)]
            )
        found = self._searcher.search(query, limit, count=False).hits
        ordinals = self._searcher.fast_field_values("ordinal", [place for _, place in found])
        scores = np.array([score for score, _ in found], dtype=np.float64)
        told = scores > 0
        return in_order(np.array(ordinals, dtype=np.int64)[told], scores[told])


def _clear(view: Path) -> None:
    """Remove ``view``, though tantivy's threads may put a lock file into it meanwhile."""
    for _ in range(CLEARINGS):
        shutil.rmtree(view, ignore_errors=True)
        if not view.exists():
            return


def _any_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, one) for one in queries])


def in_order(ordinals: npt.NDArray[np.int64], scores: npt.NDArray[np.floating[Any]]) -> Hits:
    """Pairs of the two, best score first, equal scores in ordinal order."""
    best = np.lexsort((ordinals, -scores))
    return list(zip(ordinals[best].tolist(), scores[best].tolist(), strict=True))


def index_for(passages: int) -> str:
    """The FAISS factory string for that many passages."""
    return [name for least, name in VECTOR_INDEXES if passages >= least][-1]


def build_dense(path: Path, vectors: Stored) -> None:
    """Write a FAISS inner-product index of ``vectors``, (n, dim) of unit length, to ``path``."""
    rows, dim = vectors.shape
    index = faiss.index_factory(max(dim, 1), index_for(rows), faiss.METRIC_INNER_PRODUCT)
    if not index.is_trained:
        chosen = np.random.default_rng(0).permutation(rows)[:TRAINING_ROWS]
        index.train(vectors[np.sort(chosen)].astype(np.float32))
    for first in range(0, rows, BATCH_ROWS):
        index.add(vectors[first : first + BATCH_ROWS].astype(np.float32))
    with path.open("wb") as out:
        out.write(faiss.serialize_index(index).data)


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
