"""Who may ask from a page of another site: the origins that were allowed, and none else."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from server.http.problems import OriginNotAllowed

# What a page of another site may call, and how; a path that ends in / stands for all below it.
SHARED: Mapping[str, str] = {
    "/api/ask": "POST",
    "/api/ask/stream": "POST",
    "/api/feedback": "POST",
    "/api/suggestions": "GET",
    "/mcp": "POST",
    "/api/letters/": "GET",
}
PROGRAMS = "/mcp"  # of programs; our own pages have no use for it
SCRIPTS = ("/widget.js", "/static/widget-")  # anyone may load them; modules need the grant too
OURS = ("same-origin", "none")  # Sec-Fetch-Site of our own pages and of the address bar
# Headers that a page may send along; MCP has some of its own.
SENT = "Content-Type"
SENT_WITH: Mapping[str, str] = {
    "/mcp": "Authorization, Content-Type, Accept, Mcp-Protocol-Version, Mcp-Method, Mcp-Name",
}
PREFLIGHT_KEPT = 600  # seconds
Raw = list[tuple[bytes, bytes]]


class Origins:
    """The rules of embedding; ``allowed`` are origins as a browser writes them.

    ``address`` is KB_PUBLIC_ADDRESS, the origin that is known to be ours.
    """

    def __init__(self, allowed: str, *, address: str = "") -> None:
        self.allowed = frozenset(allowed.split())
        self._known = self.allowed | frozenset(address.split())

    def headers(self, scope: Scope) -> Raw:
        """What the response to ``scope`` says to the browser about other sites."""
        path = scope["path"]
        if not (method_of(path) or path.startswith(SCRIPTS)):
            return []
        given: Raw = [(b"vary", b"Origin")]
        origin = Headers(scope=scope).get("origin", "")
        if origin in self.allowed:
            given.append((b"access-control-allow-origin", origin.encode("latin-1")))
            given.append((b"access-control-expose-headers", b"Retry-After"))
        return given

    def preflight(self, scope: Scope) -> Response | None:
        """The answer to a browser that asks whether it may; None for any other request.

        Raises OriginNotAllowed where a page of another site may not.
        """
        method, headers = method_of(scope["path"]), Headers(scope=scope)
        if not method:
            return None
        programs = scope["path"] == PROGRAMS
        if not (self._programs(headers) if programs else self._may(headers, method)):
            raise OriginNotAllowed(
                "这个网站没有获准使用问答；请管理员把它的来源写进 KB_EMBED_ORIGINS"
            )
        if scope["method"] != "OPTIONS" or "access-control-request-method" not in headers:
            return None
        granted = {
            "access-control-allow-methods": method,
            "access-control-allow-headers": SENT_WITH.get(scope["path"], SENT),
            "access-control-max-age": str(PREFLIGHT_KEPT),
        }
        return Response(status_code=204, headers=granted)

    def _programs(self, headers: Headers) -> bool:
        """True for programs and for pages of the origins that are known.

        What a browser says of the host is no proof of ours: where a name was rebound to us (DNS
        rebinding), the page of another site is of the same origin, and would read what is here.
        """
        origin = headers.get("origin")
        if origin is None:
            return headers.get("sec-fetch-site") in (None, "none")
        return origin in self._known

    def _may(self, headers: Headers, method: str) -> bool:
        """True for the allowed, for our own pages, and for programs, which send no Origin.

        Behind a proxy the scheme may differ from what the browser saw, so that our own pages
        are told by Sec-Fetch-Site or, where that is not sent, by the host alone.
        """
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if origin is None:
            return method == "GET" or site in (None, *OURS)
        if origin in self.allowed or site in OURS:
            return True
        return site is None and _host(origin) == headers.get("host", "").lower()


def method_of(path: str) -> str | None:
    """The method by which other sites may call ``path``; None for what is not shared."""
    for shared, method in SHARED.items():
        if path == shared or (shared.endswith("/") and path.startswith(shared)):
            return method
    return None


def _host(origin: str) -> str | None:
    """Host and port; None for ``null`` and for what is no origin."""
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:
        return None
