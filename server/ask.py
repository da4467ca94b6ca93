"""Asking over HTTP: what a request needs at hand, and ``POST /api/ask``."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Generic, TypeVar, cast

import anyio
import anyio.from_thread
from anyio import CapacityLimiter
from fastapi import APIRouter, Depends, Request

from kb import ask, follow, plain
from kb.ask import Step, Verdict
from kb.embed import Embedder
from kb.errors import KbError
from kb.follow import Resolved
from kb.names import directory_of
from kb.reader import ReadingModel
from kb.settings import Settings
from kb.store import Reader, Store
from kb.suggest import suggestions
from kb.types import Reply, Scope
from server import wire
from server.journal import in_log
from server.noting import Notes
from server.problems import BadJson, BodyTooLarge, WrongMediaType

LOG = logging.getLogger("fuwen.server")
Made = TypeVar("Made")
Tell = Callable[[Step], None]
PUBLIC = Scope(public_only=True)
AT_ONCE = 2  # questions answered at the same time; the others wait, the probes do not


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question put to a snapshot: as it was typed, and as it reads after the earlier ones.

    ``resolved`` is None where nothing was taken over; ``began`` is when it came, by the
    performance counter.
    """

    typed: str
    resolved: Resolved | None
    scope: Scope
    reader: Reader
    began: float

    @property
    def question(self) -> str:
        """What is worked out."""
        return self.resolved.question if self.resolved else self.typed

    def replied(self, reply: Reply) -> Replied:
        """``reply`` to this question, just known."""
        return Replied(asked=self, reply=reply, seconds=time.perf_counter() - self.began)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied:
    """A reply, what it replies to, and how many seconds it took since that came in."""

    asked: Asked
    reply: Reply
    seconds: float

    @property
    def reader(self) -> Reader:
        """The reader of the snapshot that the reply was drawn from."""
        return self.asked.reader

    def plain(self) -> plain.Plain:
        """The reply as JSON has it."""
        return plain.reply(self.reply, seconds=self.seconds, resolved=self.asked.resolved)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """All that a request needs; made once in ``server.app.create``."""

    settings: Settings
    store: Store
    embedder: Callable[[], Embedder]
    model: Callable[[], ReadingModel | None]
    today: Callable[[], date]
    notes: Notes
    limiter: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(AT_ONCE))

    async def ask(
        self,
        question: str,
        *,
        before: Sequence[str] = (),
        again: bool = False,
    ) -> Replied:
        """The reply to ``question``, worked out off the event loop; noted unless asked ``again``.

        Raises WrongUse at once; NoSnapshot, BadSnapshot, ModelUnusable.
        """
        return await self.work(await self.opened(question, before=before), again=again)

    async def opened(
        self,
        question: str,
        *,
        scope: Scope = PUBLIC,
        before: Sequence[str] = (),
    ) -> Asked:
        """``question`` put to the current snapshot, without waiting in line.

        What it lacks is taken over from the questions ``before`` it, the latest last.
        Raises WrongUse at once; NoSnapshot, BadSnapshot.
        """
        began = time.perf_counter()
        with self._logged(question):
            typed = ask.checked(question, settings=self.settings)
            reader, resolved = await anyio.to_thread.run_sync(self._follow, typed, before)
        return Asked(typed=typed, resolved=resolved, scope=scope, reader=reader, began=began)

    def _follow(self, typed: str, before: Sequence[str]) -> tuple[Reader, Resolved | None]:
        reader, longest = self.store.current(), self.settings.question_length
        earlier = [one for one in before if len(one) <= longest]  # the others nobody asked here
        if not earlier:
            return reader, None
        resolved = follow.resolved(typed, earlier, directory_of(reader, PUBLIC))
        short = len(resolved.question) <= longest
        return reader, resolved if resolved.carried and short else None

    async def work(
        self, asked: Asked, tell: Tell = lambda _: None, *, again: bool = False
    ) -> Replied:
        """Wait in line, work ``asked`` out, and ``tell`` each step in the worker's thread.

        If the caller is cancelled the work ends at its next step and the place is free.
        A reply that is only shown ``again`` is not noted. Raises ModelUnusable.
        """
        with self._logged(asked.typed) as shown:
            reply = await anyio.to_thread.run_sync(self._work, asked, tell, limiter=self.limiter)
        replied = asked.replied(reply)
        LOG.info("ask %s: %s in %.3f s", shown, type(reply).__name__.lower(), replied.seconds)
        if not again:
            self.notes.reply(reply)
        return replied

    def _work(self, asked: Asked, tell: Tell) -> Reply:
        taken = ask.steps(
            asked.question,
            asked.reader,
            self.embedder(),
            model=self.model(),
            settings=self.settings,
            scope=asked.scope,
            today=self.today(),
        )
        for step in taken:
            anyio.from_thread.check_cancelled()
            tell(step)
            if isinstance(step, Verdict):
                return step.reply
        raise TypeError("steps() must end with its verdict")

    @contextmanager
    def _logged(self, question: str) -> Iterator[str]:
        """The question as the log may show it; a refusal to work it out is logged."""
        shown = in_log(question[: self.settings.question_length], self.settings)
        try:
            yield shown
        except KbError as error:
            LOG.info("ask %s: %s", shown, error.code)
            raise


def desk_of(request: Request) -> Desk:
    """The desk of the application that ``request`` came to."""
    return cast(Desk, request.app.state.desk)


async def _at_desk(request: Request) -> Desk:
    """The same for routes: what is not async is sent through a thread by the framework."""
    return desk_of(request)


AtDesk = Annotated[Desk, Depends(_at_desk)]


async def body_of(request: Request, *, limit: int) -> bytes:
    """The body, counted while it is read. Raises BodyTooLarge beyond ``limit`` bytes."""
    told = request.headers.get("content-length", "")
    body = bytearray()
    if not (told.isdecimal() and int(told[:18]) > limit):
        async for piece in request.stream():
            body += piece
            if len(body) > limit:
                break
        else:
            return bytes(body)
    raise BodyTooLarge(f"请求正文超过 {limit} 字节；请缩短")


async def json_of(request: Request, desk: Desk) -> object:
    """The JSON in the body. Raises WrongMediaType, BodyTooLarge, BadJson."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise WrongMediaType("请求正文应是 JSON；请写 Content-Type: application/json")
    body = await body_of(request, limit=desk.settings.body_bytes)
    try:
        value: object = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise BadJson("请求正文不是 UTF-8 编码的 JSON；请检查编码、引号和括号") from None
    return value


async def question_of(request: Request, desk: AtDesk) -> wire.Question:
    """The question in the body. Raises as ``json_of`` does, InvalidRequest."""
    return wire.question_from(await json_of(request, desk))


def scope_of(asked: wire.Scope) -> Scope:
    """The scope asked for, never wider than the public letters."""
    return Scope(
        letter_ids=(asked.letter_id,) if asked.letter_id else (),
        issuer=asked.issuer,
        year=asked.year,
        result_class=asked.result_class,
        proposal_no=asked.proposal_no,
        public_only=True,
    )


async def asked_of(asked: Annotated[wire.Question, Depends(question_of)], desk: AtDesk) -> Asked:
    """The question in the body, put to the current snapshot."""
    before = asked.before if asked.carry else ()
    return await desk.opened(asked.question, scope=scope_of(asked.scope), before=before)


BODY: Mapping[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Question"}}},
    }
}
routes = APIRouter()


@routes.post("/api/ask", summary="提一个问题", response_model=wire.Reply, openapi_extra=dict(BODY))
async def ask_question(opened: Annotated[Asked, Depends(asked_of)], desk: AtDesk) -> plain.Plain:
    """回答是一到三条原文摘录，或者写明原因的拒答，或者一张清单；都不是错误。"""
    return (await desk.work(opened)).plain()


@routes.get("/api/suggestions", summary="可以这样问")
def suggest(desk: AtDesk, q: str = "") -> dict[str, list[str]]:
    """含有 q 的问题，最多六条；q 空着时给出各单位的例子和常有人问的。"""
    typed = q[: desk.settings.question_length]
    often, reader = desk.notes.often(), desk.store.current()
    return {"suggestions": [*suggestions(typed, reader, scope=PUBLIC, often=often)]}
