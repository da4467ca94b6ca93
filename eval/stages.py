"""How long each stage of an answer takes, seen from outside: the program is not changed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from kb.models.embedding import Embedder
from kb.models.reading import Reading, ReadingModel
from kb.store.protocol import SnapshotReader
from kb.types import Scope, Vectors


class Watch:
    """Seconds by stage of one question, and the question's vector for those who want it."""

    def __init__(self) -> None:
        self.stages: dict[str, float] = {}
        self.vector: Vectors | None = None

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time inside to ``name``."""
        started = time.perf_counter()
        try:
            yield
        finally:
            spent = time.perf_counter() - started
            self.stages[name] = self.stages.get(name, 0.0) + spent

    def reader(self, reader: SnapshotReader) -> SnapshotReader:
        """``reader`` with its two rankings timed."""
        return cast(SnapshotReader, _Reader(reader, self))

    def model(self, model: ReadingModel | None) -> ReadingModel | None:
        """``model`` with its reading timed."""
        return cast(ReadingModel, _Model(model, self)) if model else None

    def embedder(self, embedder: Embedder) -> Embedder:
        """``embedder`` with its question timed."""
        return cast(Embedder, _Embedder(embedder, self))


class _Reader:
    def __init__(self, reader: SnapshotReader, watch: Watch) -> None:
        self._reader, self._watch = reader, watch

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    def lexical(self, *given: Any, **named: Any) -> list[tuple[int, float]]:
        with self._watch.stage("lexical"):
            return self._reader.lexical(*given, **named)

    def nearest(self, vector: Vectors, *, limit: int, scope: Scope) -> list[tuple[int, float]]:
        with self._watch.stage("nearest"):
            return self._reader.nearest(vector, limit=limit, scope=scope)


class _Model:
    def __init__(self, model: ReadingModel, watch: Watch) -> None:
        self._model, self._watch = model, watch

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def read(self, *given: Any) -> Reading:
        with self._watch.stage("read"):
            return self._model.read(*given)


class _Embedder:
    def __init__(self, embedder: Embedder, watch: Watch) -> None:
        self._embedder, self._watch = embedder, watch

    def __getattr__(self, name: str) -> Any:
        return getattr(self._embedder, name)

    def question(self, text: str) -> Vectors:
        with self._watch.stage("embed"):
            self._watch.vector = self._embedder.question(text)
        return self._watch.vector
