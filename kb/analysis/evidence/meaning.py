"""How near two clauses are in meaning, by the vectors of the embedding model."""

from __future__ import annotations

from functools import cached_property

from kb.models.embedding import Embedder
from kb.types import Vectors


class Meaning:
    """What a promise means; its vector is made when it is first compared."""

    def __init__(self, promise: str, embedder: Embedder) -> None:
        self._promise = promise
        self._embedder = embedder

    @property
    def model(self) -> str:
        """The embedding model's name: cosines of two models are not the same measure."""
        return self._embedder.name

    @cached_property
    def _vector(self) -> Vectors:
        return self._embedder.question(self._promise)

    def cosine(self, words: str) -> float:
        """The cosine of the vectors of the promise and of ``words``, -1 to 1."""
        return float(self._vector @ self._embedder.question(words))
