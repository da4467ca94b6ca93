"""Ways of answering a question over a base, as everybody else is answered."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from eval.asking import listened
from eval.base import Base
from eval.stages import Watch
from eval.suite import Question
from kb.errors import WrongUse


def answering(base: Base, *, reader: bool) -> Callable[[Question], None]:
    """What answers a question from beginning to end, with the reading model or without."""

    def answer(question: Question) -> None:
        asked = question.question[: base.settings.question_length]
        model = base.readers(question.id) if reader else None
        with suppress(WrongUse):  # turned away, which takes its time too
            listened(asked, base, Watch(), model=model)

    return answer
