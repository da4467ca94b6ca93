"""The two indexes of a local snapshot: tantivy for words, FAISS for vectors.

Both number passages by their ordinal. Built once at publish, then only read.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tantivy

Hits = list[tuple[int, float]]

CLEARINGS = 100
WRITER_HEAP = 128_000_000  # bytes; one thread, so that a small index is one segment


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
            silent = [tantivy.Query.const_score_query(condition, 0.0) for condition in filters]
            query = tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, part) for part in (query, *silent)]
            )
        found = self._searcher.search(query, limit, count=False).hits
        ordinals = self._searcher.fast_field_values("ordinal", [place for _, place in found])
        scores = np.array([score for score, _ in found], dtype=np.float64)
        scored = scores > 0
        return in_order(np.array(ordinals, dtype=np.int64)[scored], scores[scored])

    def bears(self, label: str) -> bool:
        """True if a passage bears ``label``."""
        query = tantivy.Query.term_query(self._schema, "label", label, index_option="basic")
        return bool(self._searcher.search(query, 1, count=False).hits)


def _clear(view: Path) -> None:
    """Remove ``view``, though tantivy's threads may put a lock file into it meanwhile."""
    for _ in range(CLEARINGS):
        shutil.rmtree(view, ignore_errors=True)
        if not view.exists():
            return


def _any_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def in_order(ordinals: npt.NDArray[np.int64], scores: npt.NDArray[np.floating[Any]]) -> Hits:
    """Pairs of the two, best score first, equal scores in ordinal order."""
    best = np.lexsort((ordinals, -scores))
    return list(zip(ordinals[best].tolist(), scores[best].tolist(), strict=True))
