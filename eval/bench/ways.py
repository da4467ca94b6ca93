"""Ways of answering a question over a base, as everybody else is answered."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from eval.asking import CITIZENS
from eval.base import Base
from eval.suite import Question
from kb.answer.ask import ask
from kb.errors import WrongUse
from kb.query.directory import directory_of
from kb.query.understand import understood


def answering(base: Base, *, reader: bool) -> Callable[[Question], None]:
    """What answers a question from beginning to end, with the reading model or without.

    Not by ``eval.asking.listened``: what is kept of a snapshot is kept by its reader, and its
    watched reader is another at every question.
    """

    def answer(question: Question) -> None:
        asked = question.question[: base.settings.question_length]
        model = base.readers(question.id) if reader else None
        known = directory_of(base.reader, CITIZENS)
        with suppress(WrongUse):  # turned away, which takes its time too
            query = understood(asked, known, settings=base.settings, reader=base.reader).query
            ask(query, base.reader, base.embedder, model=model, settings=base.settings)

    return answer
