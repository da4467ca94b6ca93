"""Pages for citizens: drawn on the server, working without scripts, printable."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from jinja2 import DictLoader, Environment, StrictUndefined
from starlette.responses import Response

from kb.errors import KbError
from server.http.etag import fresh
from server.http.problems import NoSuchRoute, title, told
from server.present import views

HERE = Path(__file__).parents[1]
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".bcmap": "application/octet-stream",
}
LISTS = ("before",)  # parameters that may be given several times
KEPT = (
    "q", "before", "carry", "said", "start", "end", "issuer", "year", "result_class", "topic",
    "sort", "page",
)  # fmt: skip
routes = APIRouter(include_in_schema=False)
# All are read at start, as the static files: a page whose file is replaced under a running server
# would be drawn with what only the new program hands it. Each is compiled when first drawn.
_TEMPLATES = HERE / "templates"
templates = Environment(
    loader=DictLoader(
        {
            file.relative_to(_TEMPLATES).as_posix(): file.read_text(encoding="utf-8")
            for file in (*_TEMPLATES.rglob("*.html"), *_TEMPLATES.rglob("*.atom"))
        }
    ),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
Text = Annotated[str, Query()]


@dataclass(frozen=True, slots=True)
class Static:
    """A static file in memory with its strong ETag."""

    body: bytes
    media_type: str
    etag: str


def _statics() -> Mapping[str, Static]:
    root = HERE / "static"
    files = [file for file in root.rglob("*") if file.suffix in TYPES]
    return {
        file.relative_to(root).as_posix(): Static(
            body=(body := file.read_bytes()),
            media_type=TYPES[file.suffix],
            etag=f'"{hashlib.sha256(body).hexdigest()[:16]}"',
        )
        for file in files
    }


STATICS = _statics()


def render(
    template: str, /, *, request: Request | None = None, status: int = 200, **shown: Any
) -> Response:
    """``template`` as a page, in the size of text that the ``request`` asks for."""
    asked = request.query_params.get("size", "") if request else ""
    size = asked if asked in views.SIZES else ""
    text = templates.get_template(template).render(
        size=size,
        # What was sent in a form would be lost on the way to another size.
        sizes=_sizes(request, size) if request and request.method != "POST" else (),
        link=partial(views.link, size=size),
        graded=views.graded,
        **shown,
    )
    body = text.encode("utf-8", "replace")
    return Response(body, status, media_type="text/html; charset=utf-8")


def _sizes(request: Request, size: str) -> list[tuple[str, str, bool]]:
    """This page in each size of text: the size's name, the address, whether it is this one."""
    given = request.query_params
    asked: dict[str, Any] = {
        name: given.getlist(name) if name in LISTS else given.get(name) for name in KEPT
    }
    return [
        (word, views.link(request.scope["path"], size=other, **asked), other == size)
        for other, word in views.SIZES.items()
    ]


def error_page(error: KbError) -> Response:
    """``error`` for people."""
    return render(
        "error.html", status=error.status, heading=title(error.status), detail=told(error)
    )


@routes.get("/docs")
def docs(request: Request) -> Response:
    """The API for people, drawn from its own schema."""
    return render("docs.html", request=request, schema=request.app.openapi())


@routes.get("/static/{name:path}")
async def static(name: str, request: Request) -> Response:
    """A file of the pages. Only what lay in the folder at start can be asked for."""
    static_file = STATICS.get(name)
    if static_file is None:
        raise NoSuchRoute("没有这个文件；请回到首页")
    headers = {"etag": static_file.etag, "cache-control": "max-age=3600"}
    if fresh(request, static_file.etag):
        return Response(status_code=304, headers=headers)
    return Response(static_file.body, headers=headers, media_type=static_file.media_type)
