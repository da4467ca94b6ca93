"""Entity tags (RFC 9110, 8.8.3): whoever has the latest already is told so, and sent nothing."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

KEPT = "private, no-cache"  # kept by who asked, and asked about each time


def fresh(request: Request, tag: str) -> bool:
    """True if the client says that it has what ``tag`` names."""
    tags = request.headers.get("if-none-match", "").split(",")
    known = [entry.strip().removeprefix("W/") for entry in tags]
    return known == ["*"] or tag.removeprefix("W/") in known


def unchanged(tag: str) -> Response:
    """The answer to one that has it."""
    return Response(status_code=304, headers={"etag": tag, "cache-control": KEPT})
