"""txtai's hybrid index.

Given: our vectors and our embedder as its external vectors function; our ``words``, joined by
blanks and cut by its whitespace tokenizer; an exact vector index (faiss Flat), where it would
choose an approximate one by itself; its own BM25 with normalised scores, its own convex
combination with equal weights, and ten times DEPTH candidates of each ranking.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from txtai import Embeddings

from eval.peers.peer import DEPTH, Ranking, Tools, spaced
from kb.types import Vectors


class Txtai:
    """``Embeddings(hybrid=True)`` with external vectors."""

    def __init__(self, tools: Tools) -> None:
        self._embedder = tools.embedder
        self._question = ""

    def build(self, passages: Sequence[str], vectors: Vectors) -> None:
        texts = [spaced(passage) for passage in passages]
        rows = dict(zip(texts, vectors, strict=True))

        def transform(asked: Sequence[str]) -> Vectors:
            if self._question:  # what comes in has been cut into words
                return self._embedder.question(self._question)[np.newaxis]
            return np.stack([rows[text] for text in asked])

        self._index = Embeddings(
            hybrid=True,
            method="external",
            transform=transform,
            scoring={
                "method": "bm25",
                "terms": True,
                "normalize": True,
                "tokenizer": {"whitespace": True},
            },
            backend="faiss",
            faiss={"components": "IDMap,Flat"},
        )
        self._index.index((n, text, None) for n, text in enumerate(texts))

    def rank(self, question: str) -> Ranking:
        self._question = question
        results = self._index.search(spaced(question), DEPTH)
        return [(int(ordinal), float(score)) for ordinal, score in results]
