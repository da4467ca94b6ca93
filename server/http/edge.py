"""The HTTP edge: origins, keys, limits, headers on every response, HEAD, faults nobody caught."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, MutableMapping
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kb.errors import KbError
from kb.privacy.pii import masked
from server.http.keys import OURS, Keys
from server.http.limits import Limits
from server.http.origins import Origins
from server.http.problems import FAULT, Internal
from server.http.proxies import encrypted, networks

LOG = logging.getLogger("fuwen.server")
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {}"
)
POWERS = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media",
    "geolocation", "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "serial",
    "usb", "xr-spatial-tracking",
)  # fmt: skip
# A response that sets one of these keeps its own: scripts and frames for other sites do.
HEADERS = {
    "content-security-policy": POLICY.format("'none'"),
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",  # questions do not stay on a shared computer
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": ", ".join(f"{power}=()" for power in POWERS),
}
# Where the browser came over TLS, it shall not come otherwise for a year. This host alone: what
# others of the same domain can do, we do not know.
STRICT = (b"strict-transport-security", b"max-age=31536000")
SECRET = "/calendar/"  # what follows it in a path lets in whoever knows it
_RAW = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
Raw = tuple[bytes, bytes]
Refuse = Callable[[str, KbError], Response]


class Edge:
    """``app`` behind ``origins``, ``keys`` and ``limits``, with ``HEADERS`` on what it sends.

    ``proxies`` is KB_TRUSTED_PROXY; ``refuse(path, error)`` draws what does not get in, and a 500.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        refuse: Refuse,
        origins: Origins,
        keys: Keys,
        limits: Limits,
        proxies: str = "",
    ) -> None:
        self._app = app
        self._proxies = networks(proxies)
        self._refuse = refuse
        self._origins = origins
        self._keys = keys
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message["headers"] = _with(message.get("headers", ()), self._more(scope))
            await send(message)

        # uvicorn leaves the body out of what answers a HEAD.
        asked: MutableMapping[str, Any] = dict(scope)
        asked["method"] = "GET" if scope["method"] == "HEAD" else scope["method"]
        try:
            try:
                await (await self._inside(asked))(asked, receive, sending)
            finally:
                scope["route"] = asked.get("route")  # for server.http.access
        except ClientDisconnect:
            LOG.info("client left %s %r", scope["method"], _loggable(scope["path"]))
        except Exception:
            LOG.exception("fault in %s %r", scope["method"], _loggable(scope["path"]))
            if begun:
                raise
            await self._refuse(scope["path"], Internal(FAULT))(scope, receive, sending)

    def _more(self, scope: Scope) -> list[Raw]:
        """The headers that depend on who asks."""
        more = self._origins.headers(scope)
        return [*more, STRICT] if encrypted(scope, proxies=self._proxies) else more

    async def _inside(self, scope: MutableMapping[str, Any]) -> ASGIApp:
        """What answers ``scope``: the application, or a grant or refusal before it."""
        try:
            granted = self._origins.preflight(scope)
            scope[OURS] = await self._keys.of(scope)
            self._limits.count(scope, scope[OURS])
        except KbError as error:
            return self._refuse(scope["path"], error)
        return granted or self._app


def _loggable(path: str) -> str:
    """``path`` as the log may have it: that of a calendar is a secret, and any may hold words."""
    return f"{SECRET}…" if path.startswith(SECRET) else masked(path)


def _with(given: Iterable[Raw], more: Iterable[Raw]) -> list[Raw]:
    """``given`` and ``more`` headers, and those of ``HEADERS`` that are not given."""
    headers = [*given, *more]
    names = {name.lower() for name, _ in headers}
    return [*headers, *(header for header in _RAW if header[0] not in names)]
