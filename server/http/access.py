"""Every request is given an id, counted, timed and logged: by its route, never by its address.

What stands in an address may be a question, a name or a secret; who sent it is nobody's business.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from functools import partial
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.http.proxies import address_in, client_of, networks, peer_of, trusted
from server.telemetry import tracing
from server.telemetry.metrics import LEFT, METHODS, OTHER, REQUEST_SECONDS, REQUESTS
from server.telemetry.request import HERE, Request

LOG = logging.getLogger("fuwen.access")
ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
PROBES = ("/livez", "/readyz", "/metrics")  # asked every few seconds: told only when they fail
# Fields of our own making, which need not be searched for personal data; one line for each.
LINE = {"clean": True, "each": True}


class Access:
    """``app`` with ``x-request-id`` on what it sends; ``log`` says whether each is logged.

    An id that a proxy gives is taken over if that is one of ``proxies`` (KB_TRUSTED_PROXY).
    """

    def __init__(self, app: ASGIApp, *, log: bool, proxies: str = "") -> None:
        self._app = app
        self._log = log
        self._proxies = networks(proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, sent = time.perf_counter(), LEFT, 0
        here = Request(id=self._id(scope), client=partial(client_of, scope, proxies=self._proxies))

        async def sending(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
                given = (b"x-request-id", here.id.encode())
                message["headers"] = [*message.get("headers", ()), given]
            else:
                sent += len(message.get("body", b""))
            await send(message)

        token = HERE.set(here)
        try:
            with tracing.span("request") as span:
                try:
                    await self._app(scope, receive, sending)
                finally:
                    self._told(
                        scope,
                        status,
                        sent,
                        time.perf_counter() - began,
                        span,
                    )
        finally:
            HERE.reset(token)

    def _id(self, scope: Scope) -> str:
        given = Headers(scope=scope).get("x-request-id", "")
        if given and ID.fullmatch(given) and trusted(address_in(peer_of(scope)), self._proxies):
            return given
        return secrets.token_hex(8)

    def _told(self, scope: Scope, status: int, sent: int, seconds: float, span: Any) -> None:
        """Count a request, log it, and name its span, now that its route is known."""
        route = getattr(scope.get("route"), "path", OTHER)
        method = scope["method"] if scope["method"] in METHODS else OTHER
        REQUESTS.labels(route, method, status).inc()
        REQUEST_SECONDS.labels(route).observe(seconds)
        named = {"http.request.method": method, "http.route": route}
        tracing.describe(span, f"{method} {route}", {**named, "http.response.status_code": status})
        if self._log and not (route in PROBES and status < 400):
            fields = {
                "method": method,
                "route": route,
                "status": status,
                "ms": round(seconds * 1000, 1),
                "bytes": sent,
            }
            LOG.info("access", extra={**LINE, "fields": fields})
