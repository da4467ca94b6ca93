"""Asking over HTTP: what a request needs at hand, and ``POST /api/ask``."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Generic, TypeVar, cast

import anyio
from anyio import CapacityLimiter
from fastapi import APIRouter, Depends, Request

from kb import ask, plain
from kb.embed import Embedder
from kb.errors import KbError
from kb.reader import ReadingModel
from kb.settings import Settings
from kb.store import Reader, Store
from kb.types import Reply, Scope
from server import wire
from server.problems import BadJson, BodyTooLarge, WrongMediaType

LOG = logging.getLogger("fuwen.server")
Made = TypeVar("Made")
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
class Replied:
    """A reply, the reader of the snapshot it was drawn from, and how many seconds it took."""

    reply: Reply
    reader: Reader
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """All that a request needs; made once in ``server.app.create``."""

    settings: Settings
    store: Store
    embedder: Callable[[], Embedder]
    model: Callable[[], ReadingModel | None]
    today: Callable[[], date]
    limiter: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(AT_ONCE))

    async def ask(self, question: str, *, scope: Scope = PUBLIC) -> Replied:
        """The reply to ``question``, worked out off the event loop.

        Raises WrongUse at once; NoSnapshot, BadSnapshot, ModelUnusable.
        """
        started = time.perf_counter()
        shown = question[: self.settings.question_length]
        try:
            ask.checked(question, settings=self.settings)
            reader, reply = await anyio.to_thread.run_sync(
                self._reply, question, scope, limiter=self.limiter
            )
        except KbError as error:
            LOG.info("ask %r: %s", shown, error.code)
            raise
        seconds = time.perf_counter() - started
        LOG.info("ask %r: %s in %.3f s", shown, type(reply).__name__.lower(), seconds)
        return Replied(reply=reply, reader=reader, seconds=seconds)

    def _reply(self, question: str, scope: Scope) -> tuple[Reader, Reply]:
        reader = self.store.current()
        reply = ask.ask(
            question,
            reader,
            self.embedder(),
            model=self.model(),
            settings=self.settings,
            scope=scope,
        )
        return reader, reply


def desk_of(request: Request) -> Desk:
    """The desk of the application that ``request`` came to."""
    return cast(Desk, request.app.state.desk)


AtDesk = Annotated[Desk, Depends(desk_of)]


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


async def question_of(request: Request, desk: AtDesk) -> wire.Question:
    """The question in the body. Raises WrongMediaType, BodyTooLarge, BadJson, InvalidRequest."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise WrongMediaType("请求正文应是 JSON；请写 Content-Type: application/json")
    body = await body_of(request, limit=desk.settings.body_bytes)
    try:
        value: Any = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise BadJson("请求正文不是 UTF-8 编码的 JSON；请检查编码、引号和括号") from None
    return wire.question_from(value)


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


BODY: Mapping[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Question"}}},
    }
}
routes = APIRouter()


@routes.post("/api/ask", summary="提一个问题", response_model=wire.Reply, openapi_extra=dict(BODY))
async def ask_question(
    asked: Annotated[wire.Question, Depends(question_of)], desk: AtDesk
) -> plain.Plain:
    """回答是一到三条原文摘录，或者写明原因的拒答；都不是错误。"""
    replied = await desk.ask(asked.question, scope=scope_of(asked.scope))
    return plain.reply(replied.reply, seconds=replied.seconds)
