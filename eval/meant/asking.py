"""Ask as a visitor of the widget does: one question after the other, in one conversation."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from eval.meant.questions import Meant
from kb.answer.ask import steps
from kb.answer.quotes import NotVerbatim
from kb.answer.steps import Located, Step, Verdict
from kb.errors import WrongUse
from kb.models.embedding import Embedder
from kb.models.reading import ReadingModel
from kb.query.directory import Directory, directory_of
from kb.query.understand import Understood, understood
from kb.replies import Notice, Reply, quotes_of
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from kb.types import Scope

PUBLIC = Scope(public_only=True)
REMEMBERED = 5  # earlier questions that the widget sends along


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """The program that is asked: a snapshot, its models, and the day on which it is asked."""

    reader: SnapshotReader
    embedder: Embedder
    model: ReadingModel | None
    settings: Settings
    today: date

    @property
    def known(self) -> Directory:
        """What the letters name that anybody may see."""
        return directory_of(self.reader, PUBLIC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied:
    """What a question got: no ``reply`` where a quote failed the program's own last check.

    ``untaken`` is the code of why the program did not take the question at all; ``resolved`` is
    how it was looked for. ``offered`` are the letters that the options of a choice lead to, in
    the order of the options.
    """

    asked: Meant
    reply: Reply | None
    seconds: float
    untaken: str = ""
    resolved: str = ""
    offered: tuple[frozenset[str], ...] = ()


def replied(asked: Meant, program: Program) -> Replied:
    """Ask one question of a suite after those before it, each as the one before was resolved."""
    started = time.perf_counter()
    try:
        found = _understood(asked.question, program, before=_resolved(asked.before, program))
        *_, last = _steps(found, program)
    except WrongUse as error:
        return Replied(
            asked=asked, reply=None, untaken=error.code, seconds=time.perf_counter() - started
        )
    except NotVerbatim:
        return Replied(asked=asked, reply=None, seconds=time.perf_counter() - started)
    seconds = time.perf_counter() - started
    if not isinstance(last, Verdict):
        raise TypeError("steps() must end with its verdict")
    options = last.reply.options if isinstance(last.reply, Notice) else ()
    return Replied(
        asked=asked,
        reply=last.reply,
        seconds=seconds,
        resolved=last.reply.question if found.resolved(last.reply.question) else "",
        offered=tuple(led_to(option, program) for option in options)
        if asked.expect == "choice"
        else (),
    )


def led_to(option: str, program: Program) -> frozenset[str]:
    """The letters that someone is shown who chooses ``option``: quoted, listed or near."""
    letters: set[str] = set()
    for step in _steps(_understood(option, program), program):
        if isinstance(step, Located):
            letters |= {near.citation.letter_id for near in step.letters}
        elif isinstance(step, Verdict):
            letters |= {quote.letter_id for quote in quotes_of(step.reply)}
    return frozenset(letters)


def _resolved(questions: Iterable[str], program: Program) -> tuple[str, ...]:
    """Earlier questions as the widget has them once they were replied to."""
    resolved: list[str] = []
    for question in questions:
        *_, last = _steps(_understood(question, program, before=resolved), program)
        resolved.append(last.reply.question if isinstance(last, Verdict) else question)
    return tuple(resolved)


def _understood(question: str, program: Program, *, before: Sequence[str] = ()) -> Understood:
    longest = program.settings.question_length
    return understood(
        question,
        program.known,
        settings=program.settings,
        before=[earlier for earlier in before[-REMEMBERED:] if len(earlier) <= longest],
        today=program.today,
        reader=program.reader,
    )


def _steps(found: Understood, program: Program) -> Iterator[Step]:
    return steps(
        found.query,
        program.reader,
        program.embedder,
        model=program.model,
        settings=program.settings,
    )
