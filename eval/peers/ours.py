"""Our own ranking as a peer, and without one of its parts at a time.

A part is taken away in a view of the reader that the search is given, or by a setting, so that
what is measured is the search that ships.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from eval.peers.peer import DEPTH, Ranking, Tools
from eval.peers.plain import reciprocal_rank
from kb.answer.rerank import reread
from kb.models.folding import letter_simplified
from kb.models.outside import embedder_of
from kb.query.directory import directory_of
from kb.query.parse import as_written
from kb.search.hybrid import Found, search
from kb.store.lists import Bearer, Key, Trait
from kb.store.open import open_store
from kb.store.protocol import SnapshotReader, Store
from kb.types import EVERY_LETTER, Hit, Letter, LetterHead, Scope, Vectors

# Vectors of a letter's passages, (n, dim), and of each one's sentences.
Embedded = tuple[Vectors, list[Vectors]]


class Ours:
    """Search and reading over the base's snapshot as ``seen`` shows it, in ``order``."""

    def __init__(
        self,
        tools: Tools,
        *,
        seen: Callable[[SnapshotReader], Any] = lambda reader: reader,
        order: Callable[[Found], Ranking] = lambda found: scored(found.hits),
    ) -> None:
        self._tools, self._seen, self._order = tools, seen, order

    def build(self, passages: Sequence[str], vectors: Vectors) -> None:
        self._view(open_store(self._tools.settings).current())

    def rank(self, question: str) -> Ranking:
        reader, settings = self._reader, self._tools.settings
        query = as_written(question, directory_of(reader, EVERY_LETTER))
        found = search(query, reader, self._tools.embedder, settings=settings)
        model = self._tools.model_of(question)
        if model is not None:
            found = reread(query, found, reader, model, read=settings.read)
        return self._order(found)[:DEPTH]

    def _view(self, reader: SnapshotReader) -> None:
        self._reader = cast(SnapshotReader, self._seen(reader))


class Fuwen(Ours):
    """Our search over a snapshot that it publishes anew, so that indexing is timed.

    Letters, passages and vectors are read from the base's snapshot; reading them counts too.
    """

    def build(self, passages: Sequence[str], vectors: Vectors) -> None:
        base = open_store(self._tools.settings).current()
        store = open_store(replace(self._tools.settings, data=self._tools.work / "index"))

        def given(letter: Letter, own: range) -> Embedded:
            return vectors[own.start : own.stop], [base.sentence_vectors(n) for n in own]

        self._view(_published(base, store, given))


class Bundled(Ours):
    """Our search by the bundled encoder alone, in an index of its own that it embeds anew.

    What stands beside it in the same run is by the models from outside that the settings name.
    """

    def __init__(self, tools: Tools) -> None:
        self._given = tools.settings
        data = tools.work / "index"
        settings = replace(tools.settings, data=data, embeddings_url="", rerank_url="")
        super().__init__(replace(tools, settings=settings, embedder=embedder_of(settings)))

    def build(self, passages: Sequence[str], vectors: Vectors) -> None:
        base, embedder = open_store(self._given).current(), self._tools.embedder

        def anew(letter: Letter, own: range) -> Embedded:
            passages = [base.passage(number) for number in own]
            return embedder.passages(*letter_simplified(letter, passages))

        self._view(_published(base, open_store(self._tools.settings), anew))


def _published(
    base: SnapshotReader, store: Store, embedded: Callable[[Letter, range], Embedded]
) -> SnapshotReader:
    """The letters of ``base`` in ``store``, with the vectors of their passages as ``embedded``."""
    with store.draft() as draft:
        for head in base.letters():
            letter, own = base.letter(head.id), base.passages_of(head.id)
            vectors, sentence_vectors = embedded(letter, own)
            draft.put(
                letter,
                [base.passage(ordinal) for ordinal in own],
                source=head.id,
                digest=head.sha256,
                vectors=vectors,
                sentence_vectors=sentence_vectors,
            )
        draft.publish()
    return store.current()


def scored(hits: Sequence[Hit]) -> Ranking:
    """The hits in their order, which is the model's where one read; scores are the search's."""
    return [(hit.ordinal, hit.score) for hit in hits]


def without_lexical(tools: Tools) -> Ours:
    """Vectors alone (names still count)."""
    return Ours(tools, seen=_NoLexical)


def without_dense(tools: Tools) -> Ours:
    """Words alone (names still count)."""
    return Ours(tools, seen=_NoDense)


def without_names(tools: Tools) -> Ours:
    """Numbers and organs in the question are words like any other."""
    return Ours(tools, seen=_NoNames)


def without_reading(tools: Tools) -> Ours:
    """The search alone; no model reads its passages."""
    return Ours(replace(tools, model_of=lambda _: None))


def without_coverage(tools: Tools) -> Ours:
    """How much of the question's words and pairs a passage holds counts for nothing more."""
    bare = replace(tools.settings, coverage_weight=0.0, pair_weight=0.0)
    return Ours(replace(tools, settings=bare))


def without_pairs(tools: Tools) -> Ours:
    """Words still count, pairs of characters do not."""
    return Ours(replace(tools, settings=replace(tools.settings, pair_weight=0.0)))


def by_reciprocal_rank(tools: Tools) -> Ours:
    """``reciprocal_rank`` in place of the convex combination and what is added to it."""
    tools = replace(tools, model_of=lambda _: None)
    deep = replace(  # all of both rankings
        tools.settings, hits=2 * tools.settings.depth, coverage_weight=0.0, pair_weight=0.0
    )
    return Ours(replace(tools, settings=deep), order=_reranked)


def _reranked(found: Found) -> Ranking:
    """The two rankings fused anew by rank alone."""
    rankings = (
        sorted((h for h in found.hits if h.lexical_rank), key=lambda h: h.lexical_rank or 0),
        sorted((h for h in found.hits if h.dense_rank), key=lambda h: h.dense_rank or 0),
    )
    return reciprocal_rank([[hit.ordinal for hit in ranking] for ranking in rankings])


class _View:
    """A reader like the one it is given."""

    def __init__(self, reader: SnapshotReader) -> None:
        self._reader = reader

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)


class _NoLexical(_View):
    def lexical(self, tokens: Sequence[str], *, limit: int, scope: Scope) -> Ranking:
        return []


class _NoDense(_View):
    def nearest(self, vector: Vectors, *, limit: int, scope: Scope) -> Ranking:
        return []


class _NoNames(_View):
    def letters(self, scope: Scope = EVERY_LETTER) -> Sequence[LetterHead]:
        return ()

    def bearing(self, what: Key, keys: Sequence[str]) -> Sequence[Bearer]:
        return ()

    def tally(self, what: Trait, scope: Scope) -> Mapping[str, int]:
        return {}
