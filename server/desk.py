"""Who may ask now, how many at once, and what one request asks with."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Annotated, Generic, TypeVar, cast

import anyio.from_thread
from anyio import CapacityLimiter
from fastapi import Depends, Request

from kb.answer import ask
from kb.answer.steps import Step, Verdict
from kb.errors import KbError
from kb.ledger.public import PublicLedger
from kb.models.embedding import Embedder
from kb.models.reading import ReadingModel
from kb.query.directory import directory_of
from kb.query.parse import checked
from kb.query.understand import understood
from kb.replies import Answer, Refusal, Reply
from kb.search.browse import catalogue_of
from kb.settings import Settings
from kb.stages import watched
from kb.store.protocol import SnapshotReader, Store
from kb.types import Scope
from server.answers import Answers, Basis
from server.asked import Asked, Replied
from server.examples import Examples
from server.line import ComeBack, Line
from server.question_log import UNTOLD, Notes, in_log
from server.rewriting import Rewriter, unled
from server.telemetry.metrics import (
    QUESTION_SECONDS,
    QUESTIONS,
    REFUSALS,
    REWRITINGS,
    WAITING,
    WORKING,
)
from server.telemetry.timing import timed
from server.wording import Writer

LOG = logging.getLogger("fuwen.server")
# A line for each question, however many (server.http.log_limit); its words are masked already.
EACH = {"each": True, "clean": True}

Made = TypeVar("Made")

Tell = Callable[[Asked, Step], None]

PUBLIC = Scope(public_only=True)

AT_ONCE = 2  # questions answered at the same time; the others wait, the probes do not
PARSED_AT_ONCE = 8  # questions that are understood at the same time, which takes milliseconds


class Once(Generic[Made]):
    """Calls ``make`` when first needed and keeps what it gave; an error is not kept."""

    def __init__(self, make: Callable[[], Made]) -> None:
        self._make = make
        self._made: Made | None = None
        self._lock = threading.Lock()

    def __call__(self) -> Made:
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made


def read_ahead(reader: SnapshotReader) -> None:
    """Work out what the first question of a snapshot would wait for."""
    catalogue_of(reader, PUBLIC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """All that a request needs; made once in ``server.app.create``."""

    settings: Settings
    store: Store
    embedder: Callable[[], Embedder]
    model: Callable[[], ReadingModel | None]
    today: Callable[[], date]
    notes: Notes
    ledger: PublicLedger
    writer: Writer
    rewriter: Rewriter
    tried: Examples
    line: Line = field(default_factory=lambda: Line(at_once=AT_ONCE))
    answers: Answers = field(default_factory=Answers)
    # In threads of their own: what hangs elsewhere in the program keeps no citizen waiting.
    limiter: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(AT_ONCE))
    parsing: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(PARSED_AT_ONCE))

    async def ask(
        self,
        question: str,
        *,
        client: str,
        before: Sequence[str] = (),
        as_typed: bool = False,
        again: bool = False,
        rewrite: bool = False,
    ) -> Replied:
        """The reply to ``question``, worked out off the event loop; noted unless asked ``again``.

        ``client`` is who asks. Raises WrongUse, NoSnapshot, BadSnapshot; what ``work`` does.
        """
        asked = await self.opened(question, before=before, as_typed=as_typed, rewrite=rewrite)
        return await self.worded(await self.work(asked, client=client, again=again))

    async def worded(self, replied: Replied) -> Replied:
        """``replied`` with its quotes joined by a language model, if one is set and gets it right.

        Nobody waits in line for that.
        """
        wording = await self.writer.wording(replied.reply, replied.reader)
        return replace(replied, wording=wording) if wording else replied

    async def opened(
        self,
        question: str,
        *,
        scope: Scope = PUBLIC,
        before: Sequence[str] = (),
        as_typed: bool = False,
        rewrite: bool = False,
    ) -> Asked:
        """``question`` put to the current snapshot, without waiting in line.

        What it lacks is taken over from the questions ``before`` it, the latest last; with
        ``as_typed`` its words are looked for as they stand, else with ``rewrite``, if they are
        refused, in a language model's too.
        Raises WrongUse at once; NoSnapshot, BadSnapshot.
        """
        began = time.perf_counter()
        with self._logged(question):
            typed = checked(question, settings=self.settings)
            put = partial(self._put, typed, scope, before, as_typed, began)
            asked = await anyio.to_thread.run_sync(put, limiter=self.parsing)
        return replace(asked, rewrite=rewrite and not as_typed)

    def _put(
        self, typed: str, scope: Scope, before: Sequence[str], as_typed: bool, began: float
    ) -> Asked:
        reader, longest, day = self.store.current(), self.settings.question_length, self.today()
        with timed("understand"):
            found = understood(
                typed,
                directory_of(reader, scope),
                # Empty or longer ones were never asked here.
                before=[one for one in before if one.strip() and len(one) <= longest],
                as_typed=as_typed,
                settings=self.settings,
                today=day,
                reader=reader,
            )
        basis = Basis(reader.snapshot.version, self.ledger.confirmed(reader), day)
        known = self.answers.get(found.query, basis)
        return Asked(
            typed=typed, understood=found, reader=reader, basis=basis, known=known, began=began
        )

    async def work(
        self, asked: Asked, tell: Tell = lambda *_: None, *, client: str, again: bool = False
    ) -> Replied:
        """Wait in line, work ``asked`` out, and ``tell`` each step, in a thread, with whose it is.

        What is known already waits for nobody. If the caller is cancelled it leaves the line, or
        the work ends at its next step. A reply that is only shown ``again`` is not noted.
        Raises TooManyWaiting, LineFull, ModelUnusable.
        """
        with self._logged(asked.typed) as shown:
            first = await self._steps(asked, partial(_but_verdict, partial(tell, asked)), client)
            asked, last = await self._otherwise(asked, first, client)
            reply = await self._tell(last, partial(tell, asked))
        replied = asked.replied(reply)
        verdict = type(reply).__name__.lower()
        QUESTIONS.labels(verdict).inc()
        QUESTION_SECONDS.observe(replied.seconds)
        if isinstance(reply, Refusal):
            REFUSALS.labels(reply.code).inc()
        LOG.info("ask %s: %s in %.3f s", shown, verdict, replied.seconds, extra=EACH)
        if not again:
            self.notes.reply(replace(reply, question=replied.question), client=client)
        return replied

    async def _otherwise(
        self, asked: Asked, first: Reply, client: str
    ) -> tuple[Asked, Sequence[Step]]:
        """What is still to be told: the verdict, or in other words all that answers ``asked``."""
        other = await self.rewriter.other(asked, first)
        if other is None:
            return asked, [Verdict(reply=first)]
        other = replace(other, known=self.answers.get(other.understood.query, other.basis))
        steps, outcome = list[Step](), "come_back"
        with suppress(ComeBack):
            reply = await self._steps(other, steps.append, client)
            outcome = "shown" if isinstance(reply, Answer) else "refused"
        REWRITINGS.labels(outcome).inc()
        return (other, unled(steps)) if outcome == "shown" else (asked, [Verdict(reply=first)])

    async def _steps(self, asked: Asked, tell: Callable[[Step], None], client: str) -> Reply:
        if asked.known:
            return await self._tell(asked.known, tell)
        return await self.in_turn(client, partial(self._work, asked, tell))

    async def _tell(self, steps: Sequence[Step], tell: Callable[[Step], None]) -> Reply:
        taken = partial(_told, steps, tell)
        return await anyio.to_thread.run_sync(taken, limiter=self.parsing)

    async def in_turn(self, client: str, work: Callable[[], Made]) -> Made:
        """What ``work`` gives, called in a thread when it is the turn of ``client``.

        Raises TooManyWaiting, LineFull.
        """
        async with AsyncExitStack() as turn:
            with WAITING.track_inprogress(), timed("wait"):
                await turn.enter_async_context(self.line.turn(client))
            with WORKING.track_inprogress():
                return await anyio.to_thread.run_sync(work, limiter=self.limiter)

    def examples(self) -> tuple[str, ...]:
        """Questions for the home page; takes some seconds the first time, in a thread."""
        return self.tried.of(self.store.current(), approved=self.notes.approved())

    def _work(self, asked: Asked, tell: Callable[[Step], None]) -> Reply:
        taken = list[Step]()

        def kept(step: Step) -> None:
            taken.append(step)
            tell(step)

        query = asked.understood.query
        with watched(timed):
            steps = ask.steps(
                query,
                asked.reader,
                self.embedder(),
                model=self.model(),
                settings=self.settings,
                promises=asked.basis.promises,
            )
            reply = _told(steps, kept)
        self.answers.keep(query, asked.basis, tuple(taken))
        return reply

    @contextmanager
    def _logged(self, question: str) -> Iterator[str]:
        """The question as the log may show it; a refusal to work it out is logged."""
        shown = in_log(question, self.settings)
        try:
            yield shown
        except KbError as error:
            QUESTIONS.labels("error").inc()
            # The security log tells whence came what a limit turned away: then not what was asked.
            told = UNTOLD if isinstance(error, ComeBack) else shown
            LOG.info("ask %s: %s", told, error.code, extra=EACH)
            raise


def _but_verdict(tell: Callable[[Step], None], step: Step) -> None:
    if not isinstance(step, Verdict):
        tell(step)


def _told(steps: Iterable[Step], tell: Callable[[Step], None]) -> Reply:
    """The reply that ``steps`` come to, each told; cancelled between two of them."""
    for step in steps:
        anyio.from_thread.check_cancelled()
        tell(step)
        if isinstance(step, Verdict):
            return step.reply
    raise TypeError("steps() must end with its verdict")


def desk_of(request: Request) -> Desk:
    """The desk of the application that ``request`` came to."""
    return cast(Desk, request.app.state.desk)


async def _at_desk(request: Request) -> Desk:
    """``desk_of`` for routes; async, as the framework runs other dependencies in a thread."""
    return desk_of(request)


AtDesk = Annotated[Desk, Depends(_at_desk)]
