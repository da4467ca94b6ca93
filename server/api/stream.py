"""``POST /api/ask/stream``: a reply as it becomes known, as server-sent events."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from itertools import count
from typing import Annotated, assert_never

import anyio
import anyio.from_thread
from anyio import CancelScope
from anyio.streams.memory import MemoryObjectSendStream
from fastapi import APIRouter, Depends
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kb import serialize
from kb.answer.ask import Located, Quoted, Step, Verdict
from kb.errors import KbError
from kb.search.later import later
from kb.store.protocol import SnapshotReader
from kb.text.titles import citation_of
from kb.types import Listing, Quote, Refusal
from server.api.ask import BODY, asked_of
from server.desk import PUBLIC, Asked, AtDesk, Desk
from server.http.problems import FAULT, Internal, content
from server.present import cards

LOG = logging.getLogger("fuwen.server")
Event = tuple[str, serialize.Plain]
TEXT = {"type": "string", "description": "事件，见上"}
EVENTS = {"description": "事件流", "content": {"text/event-stream": {"schema": TEXT}}}
routes = APIRouter()


class Events(Response):
    """The events of one question: meta, sources, quotes, verdict, done; or error.

    The work waits in line like any other and hands each step over; when the client leaves
    it ends at its next step. While it waits a comment is sent every ``heartbeat`` seconds.
    """

    media_type = "text/event-stream"
    heartbeat = 15.0  # seconds; proxies close a line that is silent for longer

    def __init__(self, desk: Desk, asked: Asked) -> None:
        self.status_code = 200
        self.background = None
        self.init_headers({"x-accel-buffering": "no"})
        self._desk, self._asked = desk, asked

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        await send(start)
        told, heard = anyio.create_memory_object_stream[bytes](math.inf)
        with told, heard:
            async with anyio.create_task_group() as group:
                group.start_soon(_until_gone, receive, group.cancel_scope)
                group.start_soon(self._beat, send)
                group.start_soon(self._work, told)
                async for words in heard:
                    await _say(send, words)
                group.cancel_scope.cancel()
        await send({"type": "http.response.body", "body": b""})

    async def _beat(self, send: Send) -> None:
        while True:
            await anyio.sleep(self.heartbeat)
            await _say(send, ": 在\n\n".encode())

    async def _work(self, out: MemoryObjectSendStream[bytes]) -> None:
        """Put into ``out`` all that is to be told, and close it."""
        asked, ranks, sent = self._asked, count(1), 0

        def put(name: str, told: serialize.Plain) -> None:
            nonlocal sent
            text = json.dumps(told, ensure_ascii=False)
            out.send_nowait(f"id: {sent}\nevent: {name}\ndata: {text}\n\n".encode())
            sent += 1

        def tell(step: Step) -> None:
            for event in events_of(step, asked, ranks=ranks, today=self._desk.today()):
                anyio.from_thread.run_sync(put, *event)

        with out:
            put("meta", meta(asked))
            try:
                replied = await self._desk.work(asked, tell)
                put("done", {"seconds": round(replied.seconds, 4), "events": sent + 1})
            except KbError as error:
                put("error", content(error))
            except Exception:
                LOG.exception("fault in a stream")
                put("error", content(Internal(FAULT)))


def meta(asked: Asked) -> serialize.Plain:
    """What is known before any work: the snapshot, and how the question was understood."""
    return {
        "snapshot": asked.reader.snapshot.version,
        "question": asked.typed,
        "resolved": serialize.resolved_question(asked.resolved) if asked.resolved else None,
    }


def events_of(step: Step, asked: Asked, *, ranks: Iterator[int], today: date) -> Iterator[Event]:
    """What is told of a step of the work; quotes take their rank from ``ranks``."""
    reader = asked.reader
    match step:
        case Located(letters=letters):
            near = [cards.source(one.citation, today=today) for one in letters]
            yield "sources", {"letters": near}
        case Quoted(quote=quote):
            yield "quote", {"rank": next(ranks), **_quoted(quote, reader, today=today)}
        case Verdict(reply=reply):
            if isinstance(reply, Listing):
                rows = [cards.source(row.citation, today=today) for row in reply.rows]
                yield "sources", {"letters": rows}
            whom = cards.whom(reply.nearest, reader) if isinstance(reply, Refusal) else []
            told = asked.replied(reply).plain()
            yield "verdict", {**told, "ask_whom": [asdict(one) for one in whom]}
        case _:
            assert_never(step)


def _quoted(quote: Quote, reader: SnapshotReader, *, today: date) -> serialize.Plain:
    after = later(reader.letter(quote.letter_id), reader, scope=PUBLIC)
    return {
        "quote": serialize.quote(quote),
        "pieces": cards.pieces(quote),
        "source": cards.source(quote.citation, today=today),
        "href": cards.place(quote),
        "permalink": cards.permalink(quote),
        "later": [cards.source(citation_of(letter), today=today) for letter in after],
    }


async def _say(send: Send, words: bytes) -> None:
    await send({"type": "http.response.body", "body": words, "more_body": True})


async def _until_gone(receive: Receive, scope: CancelScope) -> None:
    """End ``scope`` when the client leaves."""
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


@routes.post(
    "/api/ask/stream",
    summary="提一个问题，边找边答",
    responses={200: EVENTS},
    response_class=Response,
    openapi_extra=dict(BODY),
)
async def ask_streaming(opened: Annotated[Asked, Depends(asked_of)], desk: AtDesk) -> Events:
    """依次是 meta、sources、quote（没有或多条）、verdict、done；中途出错则是 error，随即结束。"""
    return Events(desk, opened)
