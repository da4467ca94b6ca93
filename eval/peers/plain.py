"""The plain baselines: words alone, vectors alone, and both by reciprocal rank fusion."""

from __future__ import annotations

from collections.abc import Sequence

import faiss
import numpy as np
from rank_bm25 import BM25Okapi

from eval.peers.peer import DEPTH, LEG, Ranking, Tools, words
from kb.types import Vectors

RANK_CONSTANT = 60  # Cormack et al. 2009


class Lexical:
    """rank-bm25's BM25Okapi with its own constants over ``words``; what shares no word is out."""

    def __init__(self, _: Tools, *, depth: int = DEPTH) -> None:
        self._depth = depth

    def build(self, passages: Sequence[str], vectors: Vectors) -> None:
        self._bm25 = BM25Okapi([words(passage) for passage in passages])

    def rank(self, question: str) -> Ranking:
        scores = self._bm25.get_scores(words(question))
        order = np.argsort(-scores, kind="stable")[: self._depth]
        return [(int(n), float(scores[n])) for n in order if scores[n]]


class Dense:
    """Every passage's inner product with the question's vector (faiss IndexFlatIP)."""

    def __init__(self, tools: Tools, *, depth: int = DEPTH) -> None:
        self._embedder, self._depth = tools.embedder, depth

    def build(self, passages: Sequence[str], vectors: Vectors) -> None:
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(np.ascontiguousarray(vectors))

    def rank(self, question: str) -> Ranking:
        asked = self._embedder.question(question)[np.newaxis]
        scores, ordinals = self._index.search(asked, min(self._depth, self._index.ntotal))
        return list(zip(ordinals[0].tolist(), scores[0].tolist(), strict=True))


class Fused:
    """``Lexical`` and ``Dense``, the first LEG of each, by ``reciprocal_rank``."""

    def __init__(self, tools: Tools) -> None:
        self._legs = (Lexical(tools, depth=LEG), Dense(tools, depth=LEG))

    def build(self, passages: Sequence[str], vectors: Vectors) -> None:
        for leg in self._legs:
            leg.build(passages, vectors)

    def rank(self, question: str) -> Ranking:
        return reciprocal_rank([[n for n, _ in leg.rank(question)] for leg in self._legs])


def reciprocal_rank(rankings: Sequence[Sequence[int]]) -> Ranking:
    """Each ordinal with the sum of ``1 / (60 + rank)`` over the rankings it is in.

    Reciprocal rank fusion, Cormack, Clarke & Büttcher, SIGIR 2009; equal scores in the order
    of ordinals.
    """
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, ordinal in enumerate(ranking, 1):
            scores[ordinal] = scores.get(ordinal, 0.0) + 1 / (RANK_CONSTANT + rank)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
