"""A visitor of the server who can watch a stream while it comes, and leave it."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp, Message

from kb.models.embedding import Embedder
from kb.settings import Settings
from kb.store.protocol import Store
from server.app import create
from server.desk import Desk
from tests.support.fakes import MemoryStore
from tests.support.served import ANSWERS, TODAY, AskEmbedder, letters
from tests.support.stores import publish

STREAM = "/api/ask/stream"
QUESTION = "农村公路硬化率是多少"
PATIENCE = 30.0  # seconds; a loaded machine takes some of them


@dataclass(frozen=True, slots=True)
class Event:
    """One server-sent event."""

    id: int
    name: str
    said: dict[str, Any]


class Visitor:
    """Sends one request, keeps what comes back, and can leave."""

    def __init__(
        self,
        app: ASGIApp,
        body: Mapping[str, Any],
        *,
        path: str = STREAM,
        address: str = "192.0.2.7",
    ) -> None:
        self._app, self._path, self._address = app, path, address
        self._body: bytes | None = json.dumps(body).encode()
        self._leaving = asyncio.Event()
        self.status = 0
        self.headers: dict[str, str] = {}
        self.heard = b""
        self.ended = False

    async def stay(self) -> Visitor:
        """Until the response is over, or this visitor has left and the server is done with it."""
        path, _, query = self._path.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET" if query else "POST",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(b"host", b"here"), (b"content-type", b"application/json")],
            "client": (self._address, 50000),
            "server": ("here", 80),
        }
        await self._app(scope, self._receive, self._send)
        return self

    def leave(self) -> None:
        self._leaving.set()

    async def until(self, words: bytes) -> None:
        """Wait, at most ``PATIENCE``, for ``words`` to come."""
        async with asyncio.timeout(PATIENCE):
            while words not in self.heard:
                await asyncio.sleep(0.002)

    @property
    def events(self) -> list[Event]:
        """The events so far; comments are left out."""
        found = []
        for block in self.heard.decode().split("\n\n")[:-1]:
            lines = dict(line.split(": ", 1) for line in block.split("\n"))
            if "event" in lines:
                found.append(Event(int(lines["id"]), lines["event"], json.loads(lines["data"])))
        return found

    @property
    def names(self) -> list[str]:
        return [event.name for event in self.events]

    async def _receive(self) -> Message:
        body, self._body = self._body, None
        if body is not None:
            return {"type": "http.request", "body": body, "more_body": False}
        await self._leaving.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if self._leaving.is_set():
            return  # as uvicorn does
        if message["type"] == "http.response.start":
            self.status = message["status"]
            pairs = [(name.decode(), value.decode()) for name, value in message["headers"]]
            self.headers = dict(pairs)
        else:
            self.heard += message.get("body", b"")
            self.ended = not message.get("more_body", False)


@dataclass
class Gate(AskEmbedder):
    """An embedder that lets a question in only when it is opened."""

    opened: threading.Event = field(default_factory=threading.Event)
    let_in: list[str] = field(default_factory=list)

    def question(self, text: str) -> Any:
        self.let_in.append(text)
        self.opened.wait(PATIENCE)
        return super().question(text)


def filled() -> Store:
    store = MemoryStore()
    publish(store, *letters())
    return store


def app_of(
    settings: Settings = ANSWERS,
    *,
    store: Store | None = None,
    embedder_of: Callable[[], Embedder] = AskEmbedder,
) -> FastAPI:
    return create(settings, store=store or filled(), embedder_of=embedder_of, today=lambda: TODAY)


def streamed(app: FastAPI, question: str = QUESTION, **more: Any) -> Visitor:
    """A visitor who asked and stayed to the end."""

    async def visit() -> Visitor:
        return await Visitor(app, {"question": question, **more}).stay()

    return asyncio.run(visit())


def limiter_of(app: FastAPI) -> Any:
    desk: Desk = app.state.desk
    return desk.limiter
