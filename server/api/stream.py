"""``POST /api/ask/stream``: a reply as it becomes known, as server-sent events."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict
from datetime import date
from itertools import count
from typing import Annotated, Any, assert_never

import anyio
import anyio.from_thread
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, format_sse_event
from starlette.responses import Response

from kb import serialize
from kb.answer.steps import Located, Quoted, Step, Verdict
from kb.errors import KbError
from kb.replies import Listing, Refusal
from kb.store.protocol import SnapshotReader
from kb.types import Quote
from server.api.ask import asked_of
from server.asked import Asked
from server.desk import PUBLIC, AtDesk, Desk
from server.http.asking import Asker
from server.http.body import REFUSED, described_by
from server.http.problems import FAULT, Internal, content
from server.present import cards

LOG = logging.getLogger("fuwen.server")
Event = tuple[str, serialize.Plain]
EVENT = {
    "type": "object",
    "description": "一个事件；data 是 JSON",
    "properties": {
        "id": {"type": "string"},
        "event": {"enum": ["meta", "sources", "quote", "verdict", "done", "error"]},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
    "required": ["id", "event", "data"],
}
EVENTS: dict[int | str, dict[str, Any]] = {
    200: {"description": "事件流", "content": {"text/event-stream": {"schema": EVENT}}}
}
HEARTBEAT = 15.0  # seconds; proxies close a line that is silent for longer
COMMENT = format_sse_event(comment="在")
routes = APIRouter()


async def told_of(
    asked: Annotated[Asked, Depends(asked_of)], desk: AtDesk, asker: Asker
) -> AsyncIterator[MemoryObjectReceiveStream[bytes]]:
    """The events of the question in the body, while the work on it waits in line and goes on.

    The work ends at its next step when the response is over, be it that the client has left.
    A route that yields its events to FastAPI would need neither this nor ``_never_silent``, but
    that raises for whoever leaves while events wait to be taken (fastapi 0.165.0).
    Raises TooManyWaiting, LineFull, while the response has not begun.
    """
    desk.line.check(asker)
    sink, events = anyio.create_memory_object_stream[bytes](math.inf)
    with events:
        async with anyio.create_task_group() as group:
            group.start_soon(_work, desk, asked, asker, sink)
            yield events
            group.cancel_scope.cancel()


async def _work(desk: Desk, asked: Asked, asker: str, out: MemoryObjectSendStream[bytes]) -> None:
    """Put the events of the work into ``out``, and close it."""
    ranks, sent = count(1), 0

    def put(name: str, content: serialize.Plain) -> None:
        nonlocal sent
        text = json.dumps(content, ensure_ascii=False)
        out.send_nowait(format_sse_event(event=name, data_str=text, id=str(sent)))
        sent += 1

    def tell(whose: Asked, step: Step) -> None:
        for event in events_of(step, whose, ranks=ranks, today=desk.today()):
            anyio.from_thread.run_sync(put, *event)

    with out:
        put("meta", meta(asked))
        try:
            replied = await desk.work(asked, tell, client=asker)
            worded = (await desk.worded(replied)).wording
            more = {"wording": serialize.wording(worded)} if worded else {}
            put("done", {"seconds": round(replied.seconds, 4), "events": sent + 1, **more})
        except KbError as error:
            put("error", content(error))
        except Exception:
            LOG.exception("fault in a stream")
            put("error", content(Internal(FAULT)))


async def _never_silent(events: MemoryObjectReceiveStream[bytes]) -> AsyncIterator[bytes]:
    """The ``events``, and a comment whenever there was nothing for ``HEARTBEAT`` seconds."""
    while True:
        words = COMMENT
        with anyio.move_on_after(HEARTBEAT):
            try:
                words = await events.receive()
            except anyio.EndOfStream:
                return
        yield words


def meta(asked: Asked) -> serialize.Plain:
    """What is known before any work: the snapshot, and how the question is read first."""
    resolved = asked.understood.resolved(asked.understood.query.typed)
    return {
        "snapshot": asked.reader.snapshot.version,
        "question": asked.typed,
        "resolved": serialize.resolved_question(resolved) if resolved else None,
    }


def events_of(step: Step, asked: Asked, *, ranks: Iterator[int], today: date) -> Iterator[Event]:
    """The events of a step of the work; quotes take their rank from ``ranks``."""
    reader = asked.reader
    match step:
        case Located(letters=letters):
            near = [cards.source(letter.citation, today=today) for letter in letters]
            yield "sources", {"letters": near}
        case Quoted(quote=quote, part=part):
            shown = _quoted(quote, reader, today=today)
            yield "quote", {"rank": next(ranks), "part": part, **shown}
        case Verdict(reply=reply):
            if isinstance(reply, Listing):
                rows = [cards.source(row.citation, today=today) for row in reply.rows]
                yield "sources", {"letters": rows}
            whom = cards.whom(reply.nearest, reader) if isinstance(reply, Refusal) else []
            verdict = asked.replied(reply).plain()
            yield "verdict", {**verdict, "ask_whom": [asdict(office) for office in whom]}
        case _:
            assert_never(step)


def _quoted(quote: Quote, reader: SnapshotReader, *, today: date) -> serialize.Plain:
    masked = [cards.HIDDEN_WORDS] if cards.masked(quote, reader) else []
    return {
        "quote": serialize.quote(quote),
        "pieces": cards.pieces(quote),
        "kind": cards.kind_of(quote),
        "notes": [*cards.notes(quote), *masked],
        "earlier": cards.earlier(quote, today=today),
        "source": cards.source(quote.citation, today=today),
        "href": cards.place(quote),
        "permalink": cards.permalink(quote),
        "later": cards.later(quote, reader, scope=PUBLIC, today=today),
    }


@routes.post(
    "/api/ask/stream",
    summary="提一个问题，边找边答",
    responses=EVENTS | REFUSED,
    response_class=Response,
    openapi_extra=described_by("Question"),
)
async def ask_streaming(
    events: Annotated[MemoryObjectReceiveStream[bytes], Depends(told_of)],
) -> EventSourceResponse:
    """依次是 meta、sources、quote（没有或多条）、verdict、done；中途出错则是 error，随即结束。"""
    return EventSourceResponse(_never_silent(events), headers={"x-accel-buffering": "no"})
