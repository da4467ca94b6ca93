"""How near a clause is to a promise in meaning, by the vectors of the embedding model."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from kb.analysis.evidence.match import Sought
from kb.analysis.evidence.objects import asked_parts, phrases
from kb.models.embedding import Embedder
from kb.types import Vectors

COSINE = "cosine"  # the feature that is there wherever the embedding model is


class Meaning:
    """What a promise means; its vectors are made when it is first compared."""

    def __init__(self, sought: Sought, embedder: Embedder) -> None:
        self._sought = sought
        self._embedder = embedder

    @property
    def model(self) -> str:
        """The embedding model's name: cosines of two models are not the same measure."""
        return self._embedder.name

    @cached_property
    def _whole(self) -> Vectors:
        return self._embedder.question(self._sought.pledge.text)

    @cached_property
    def _parts(self) -> Vectors:
        return self._vectors(asked_parts(self._sought.plain))

    @cached_property
    def _objects(self) -> Vectors:
        return self._vectors(phrases(self._sought.plain))

    def _vectors(self, texts: tuple[str, ...]) -> Vectors:
        """A row a text, one of all of the promise where there are none."""
        return np.stack([self._embedder.question(text) for text in texts or (self._sought.plain,)])

    def told(self, words: str) -> Mapping[str, float]:
        """The cosines with ``words`` of the promise, of its parts and of its objects, by name."""
        said = self._embedder.question(words)
        parts, objects = self._parts @ said, self._objects @ said
        return {
            COSINE: float(self._whole @ said),
            "cosine_least": float(parts.min()),
            "cosine_most": float(parts.max()),
            "cosine_parts": float(parts.mean()),
            "cosine_object": float(objects[-1]),
            "cosine_objects": float(objects.mean()),
        }
