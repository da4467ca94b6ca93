"""Questions for the home page: each was tried, and is answered by what it is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from kb.answer import ask
from kb.errors import ModelUnusable
from kb.models.embedding import Embedder
from kb.models.reading import ReadingModel
from kb.query.directory import directory_of
from kb.query.understand import understood
from kb.replies import Answer
from kb.search.examples import Example, examples
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from kb.types import Scope, Span

TRIED = 100  # examples of which is kept what they are answered by


class Examples:
    """Tries examples of the letters in ``scope``, each once a snapshot."""

    def __init__(
        self,
        *,
        scope: Scope,
        embedder: Callable[[], Embedder],
        model: Callable[[], ReadingModel | None],
        settings: Settings,
    ) -> None:
        self._scope, self._settings = scope, settings
        self._embedder, self._model = embedder, model
        # By snapshot and question: the letter and the place that answer it.
        self._tried: dict[tuple[str, str], tuple[str, Span] | None] = {}

    def of(self, reader: SnapshotReader, *, approved: Sequence[str]) -> tuple[str, ...]:
        """Some of the letters of ``reader``, ``approved`` ones first; without models those alone.

        Takes some seconds the first time; to be called in a thread.
        """
        made = partial(examples, reader, scope=self._scope, approved=approved)
        try:
            return made(told=partial(self._told, reader))
        except ModelUnusable:
            return made(told=lambda example: False)

    def _told(self, reader: SnapshotReader, example: Example) -> bool:
        key = (reader.snapshot.version, example.question)
        if key not in self._tried:
            self._tried[key] = self._first(reader, example.question)
            while len(self._tried) > TRIED:
                self._tried.pop(next(iter(self._tried)))
        first = self._tried[key]
        return first is not None and first[0] == example.letter_id and first[1].meets(example.span)

    def _first(self, reader: SnapshotReader, question: str) -> tuple[str, Span] | None:
        """Where the first quote of the answer to ``question`` stands; None if it is refused."""
        known, settings = directory_of(reader, self._scope), self._settings
        query = understood(question, known, settings=settings, reader=reader).query
        reply = ask.ask(query, reader, self._embedder(), model=self._model(), settings=settings)
        first = reply.quotes[0] if isinstance(reply, Answer) else None
        return (first.letter_id, first.span) if first else None
