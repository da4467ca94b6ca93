"""The HTTP edge: headers on every response, HEAD, and the last catch of any fault."""

from __future__ import annotations

import logging
from collections.abc import Callable, MutableMapping
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kb.errors import KbError
from server.problems import Internal

LOG = logging.getLogger("fuwen.server")
HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
_RAW = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
NOT_STORED = (b"cache-control", b"no-store")  # questions do not stay on a shared computer
Refuse = Callable[[str, KbError], Response]


class Edge:
    """``app`` with ``HEADERS`` on whatever it sends; ``refuse(path, error)`` draws a 500."""

    def __init__(self, app: ASGIApp, refuse: Refuse) -> None:
        self._app = app
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                _add_headers(message)
            await send(message)

        try:
            # uvicorn leaves the body out of what answers a HEAD.
            asked: MutableMapping[str, Any] = dict(scope)
            asked["method"] = "GET" if scope["method"] == "HEAD" else scope["method"]
            await self._app(asked, receive, sending)
        except ClientDisconnect:
            LOG.info("client left %s %r", scope["method"], scope["path"])
        except Exception:
            LOG.exception("fault in %s %r", scope["method"], scope["path"])
            if begun:
                raise
            error = Internal("程序内部出错，已记入日志；请稍后再试，或告诉管理员")
            await self._refuse(scope["path"], error)(scope, receive, sending)


def _add_headers(message: Message) -> None:
    given = list(message.get("headers", ()))
    stored = any(name.lower() == b"cache-control" for name, _ in given)
    message["headers"] = [*given, *_RAW, *([] if stored else [NOT_STORED])]
