"""Entity tags (RFC 9110, 8.8.3): a client that has the latest version gets 304 and no body."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

KEPT = "private, no-cache"  # the browser may keep it, but asks each time whether it changed


def fresh(request: Request, tag: str) -> bool:
    """True if the client says that it has the version that ``tag`` names."""
    tags = request.headers.get("if-none-match", "").split(",")
    known = [entry.strip().removeprefix("W/") for entry in tags]
    return known == ["*"] or tag.removeprefix("W/") in known


def unchanged(tag: str) -> Response:
    """The 304 for a client that has the version that ``tag`` names."""
    return Response(status_code=304, headers={"etag": tag, "cache-control": KEPT})
