"""Ranking by words: one tantivy index over a snapshot's parts, each of them segments of it.

tantivy counts the words of all segments together, so scores do not tell how the passages were
parted. Segments are built once and then only read; none has deletions, which would count.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tantivy

from kb.store.local.parts import Numbers

META = "meta.json"

Hits = list[tuple[int, float]]

CLEARINGS = 100
WRITER_HEAP = 128_000_000  # bytes; one thread, so that a small index is one segment


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The tokens of one passage with its title and headings, joined by spaces; its labels.

    ``row`` is its number in its part.

    One text and not three fields with weights of their own: BM25 gives much to a short field,
    and all passages of a letter share its title.
    """

    row: int
    tokens: str
    labels: tuple[str, ...]


def build_lexical(folder: Path, passages: Iterable[Words], *, scratch: Path) -> None:
    """Write a tantivy index of ``passages``, in the order of rows, into the new ``folder``.

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
        document.add_unsigned("row", words.row)
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
    builder.add_unsigned_field("row", fast=True)
    builder.add_text_field("label", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("tokens", tokenizer_name="spaced", index_option="freq")
    return builder.build()


class Lexical:
    """The tantivy indexes in ``folders`` as one, read only; ``ordinals`` has those of each's rows.

    The query parser is never used: tokens are only tokens.
    """

    def __init__(self, folders: Sequence[Path], ordinals: Sequence[Numbers]) -> None:
        # Opening makes tantivy create a lock file. A view of links keeps the snapshot as it
        # was published and lets a server read a folder that it may not write to.
        view = Path(tempfile.mkdtemp(prefix="fuwen-"))
        try:
            segments = _view(view, folders)
            index = tantivy.Index.open(str(view))
            index.config_reader("manual")
            index.reload()
            self._searcher = index.searcher()
            self._schema = index.schema
        finally:
            _clear(view)
        self._ordinals = [ordinals[number] for number in segments]
        ends = [edge for own in ordinals if len(own) for edge in (own[0], own[-1])]
        # Of equal scores tantivy takes the first, which are then those of the first ordinals.
        self._in_order = ends == sorted(ends) and len({*segments}) == len(segments)

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
        found = self._found(query, limit)
        scores = np.array([score for score, _ in found], dtype=np.float64)
        scored = scores > 0
        return in_order(self._ordinals_of(found)[scored], scores[scored])[:limit]

    def _found(self, query: tantivy.Query, limit: int) -> list[tuple[float, tantivy.DocAddress]]:
        """The best, and all that score as the last of them does where it matters which is taken."""
        if self._in_order:
            return list(self._searcher.search(query, limit, count=False).hits)
        most = limit + 1
        while True:
            found = list(self._searcher.search(query, most, count=False).hits)
            if len(found) < most or found[-1][0] < found[limit - 1][0]:
                return found
            most *= 4

    def _ordinals_of(self, found: Sequence[tuple[float, tantivy.DocAddress]]) -> Numbers:
        places = [place for _, place in found]
        rows = np.array(self._searcher.fast_field_values("row", places), dtype=np.int64)
        segments = np.array([place.segment_ord for place in places], dtype=np.int64)
        ordinals = np.empty(len(places), dtype=np.int64)
        for segment in np.unique(segments).tolist():
            own = segments == segment
            ordinals[own] = self._ordinals[segment][rows[own]]
        return ordinals

    def bears(self, label: str) -> bool:
        """True if a passage bears ``label``."""
        query = tantivy.Query.term_query(self._schema, "label", label, index_option="basic")
        return bool(self._searcher.search(query, 1, count=False).hits)


def _view(view: Path, folders: Sequence[Path]) -> list[int]:
    """Make the folder ``view`` an index of the segments in ``folders``; which folder each is from.

    It is made of links and of one meta.json, in which tantivy lists the segments of an index.
    """
    segments: list[int] = []
    whole: dict[str, Any] = {}
    for number, folder in enumerate(folders):
        for file in folder.iterdir():
            if file.name not in (META, ".managed.json"):
                (view / file.name).symlink_to(file.resolve())
        own = json.loads((folder / META).read_text("utf-8"))
        segments += [number] * len(own["segments"])
        whole = {**own, "segments": [*whole.get("segments", ()), *own["segments"]]}
    if not folders:
        tantivy.Index(_schema(), str(view))
    else:
        (view / META).write_text(json.dumps(whole), "utf-8")
    return segments


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
