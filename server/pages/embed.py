"""What other sites embed: the scripts of the widget, and the widget as a page for an iframe."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import Response

from server.desk import AtDesk
from server.http.edge import POLICY
from server.http.etag import fresh
from server.http.problems import NoSuchRoute
from server.pages.render import render

STATIC = Path(__file__).parents[1] / "static"
LAUNCHER = "widget.js"
SHORT = "public, max-age=300"  # the launcher, whose address stays
LONG = "public, max-age=31536000, immutable"  # what has its hash in its name
LANGUAGES = ("zh-CN", "en")
routes = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Script:
    """A script in memory, as it is and compressed."""

    body: bytes
    zipped: bytes
    etag: str


@cache
def scripts() -> Mapping[str, Script]:
    """The built files of the widget by name, read once."""
    built = {}
    for file in (STATIC / LAUNCHER, *STATIC.glob("widget-*.js")):
        if file.is_file():
            body = file.read_bytes()
            etag = f'W/"{hashlib.sha256(body).hexdigest()[:16]}"'
            built[file.name] = Script(body, gzip.compress(body, mtime=0), etag)
    return built


def _script(name: str, request: Request, *, cache_control: str) -> Response:
    """A script that any site may load. Raises NoSuchRoute."""
    script = scripts().get(name)
    if not script:
        raise NoSuchRoute("没有这个脚本；可能已经更新，请刷新网页")
    headers = {
        "etag": script.etag,
        "cache-control": cache_control,
        "cross-origin-resource-policy": "cross-origin",
        "vary": "Accept-Encoding",
    }
    if fresh(request, script.etag):
        return Response(status_code=304, headers=headers)
    body = script.body
    if "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["content-encoding"] = script.zipped, "gzip"
    return Response(body, headers=headers, media_type="text/javascript")


@routes.get("/widget.js")
async def launcher(request: Request) -> Response:
    """The one script of a page that embeds the widget."""
    return _script(LAUNCHER, request, cache_control=SHORT)


@routes.get("/static/widget-{rest}")
async def panel(rest: str, request: Request) -> Response:
    """The rest of the widget, under a name that changes with its bytes."""
    return _script(f"widget-{rest}", request, cache_control=LONG)


@routes.get("/embed")
async def embed(
    request: Request,
    desk: AtDesk,
    lang: str = LANGUAGES[0],
    issuer: str = "",
    year: str = "",
    result_class: str = "",
) -> Response:
    """The open widget as a page; only the sites that may embed can frame it."""
    page = render(
        "embed.html",
        lang=lang if lang in LANGUAGES else LANGUAGES[0],
        scope={"issuer": issuer, "year": year, "class": result_class},
    )
    ancestors = " ".join(sorted(desk.settings.embed_origins.split())) or "'self'"
    page.headers["content-security-policy"] = POLICY.format(ancestors)
    return page
