"""Pages for citizens: drawn on the server, working without scripts, printable."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Query, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response

from kb.codec import head_of
from kb.errors import KbError, WrongUse
from kb.types import Answer
from server import views
from server.ask import PUBLIC, AtDesk, Desk
from server.letters import find
from server.problems import NoSuchRoute, title

HERE = Path(__file__).parent
TYPES = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".js": "text/javascript"}
PAGE = 50  # letters on one page of the list
KEPT = ("q", "start", "end", "issuer", "year", "result_class", "page")
routes = APIRouter(include_in_schema=False)
templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
Text = Annotated[str, Query()]


@dataclass(frozen=True, slots=True)
class Static:
    """A static file in memory with its strong ETag."""

    body: bytes
    media_type: str
    etag: str


def _statics() -> Mapping[str, Static]:
    files = [file for file in (HERE / "static").iterdir() if file.suffix in TYPES]
    return {
        file.name: Static(
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
    """``template`` as a page, in large text where the ``request`` asks for it."""
    large = request is not None and request.query_params.get("size") == "large"
    text = templates.get_template(template).render(
        large=large,
        switch=_switched(request, large=not large) if request else None,
        link=partial(views.link, large=large),
        graded=views.graded,
        **shown,
    )
    body = text.encode("utf-8", "replace")
    return Response(body, status, media_type="text/html; charset=utf-8")


def _switched(request: Request, *, large: bool) -> str:
    """This page in the other size of text."""
    asked: dict[str, Any] = {name: request.query_params.get(name) for name in KEPT}
    return views.link(request.scope["path"], large=large, **asked)


def error_page(error: KbError) -> Response:
    """``error`` for people."""
    return render("error.html", status=error.status, heading=title(error.status), detail=str(error))


@routes.get("/")
async def home(request: Request, desk: AtDesk, q: Text = "") -> Response:
    """The question form and, where a question was asked, the reply."""
    question = q.strip()
    shown: dict[str, Any] = {"reply": None, "quotes": (), "problem": None}
    status = 200
    try:
        if question:
            shown |= await _replied(desk, question)
        else:
            shown |= await anyio.to_thread.run_sync(_welcome, desk)
    except KbError as error:
        status = error.status
        ours = "" if isinstance(error, WrongUse) else "现在还不能回答问题："
        shown["problem"] = f"{ours}{error}"
    return render(
        "home.html",
        request=request,
        status=status,
        q=question,
        longest=desk.settings.question_length,
        emphasised=views.emphasised,
        dated=partial(views.dated, today=desk.today()),
        **shown,
    )


async def _replied(desk: Desk, question: str) -> dict[str, Any]:
    replied = await desk.ask(question)
    reply, reader = replied.reply, replied.reader
    quoted = reply.quotes if isinstance(reply, Answer) else ()
    ids = [one.letter_id for one in quoted] + [one.letter_id for one in reply.nearest]
    shown = {letter_id: reader.letter(letter_id) for letter_id in ids}
    return {
        "reply": reply,
        "quotes": quoted,
        "related": [head_of(shown[near.letter_id]) for near in reply.nearest],
        "subjects": {key: views.name_of(letter) for key, letter in shown.items()},
    }


def _welcome(desk: Desk) -> dict[str, Any]:
    reader = desk.store.current()
    heads = reader.letters(PUBLIC)
    return {"examples": views.examples(heads, reader), "count": len(heads)}


@routes.get("/letters")
def list_letters(
    request: Request,
    desk: AtDesk,
    issuer: Text = "",
    year: Text = "",
    result_class: Text = "",
    page: Text = "",
) -> Response:
    """The public letters, newest first, narrowed down by the filters."""
    reader = desk.store.current()
    everyone = reader.letters(PUBLIC)
    years = {head.issued_on[:4] for head in everyone if head.issued_on}
    scope = replace(
        PUBLIC,
        issuer=issuer or None,
        year=int(year) if year in years else None,
        result_class=result_class or None,
    )
    heads = views.newest_first(reader.letters(scope))
    count = len(heads)
    pages = max(1, -(-count // PAGE))
    number = min(int(page), pages) if page.isdecimal() and len(page) < 9 and int(page) else 1
    heads = heads[(number - 1) * PAGE : number * PAGE]
    return render(
        "letters.html",
        request=request,
        heads=heads,
        subjects=views.subjects(heads, reader),
        count=count,
        page=number,
        pages=pages,
        issuers=sorted({head.issuer for head in everyone if head.issuer}),
        years=sorted(years, reverse=True),
        classes=sorted({head.result_class for head in everyone if head.result_class}),
        chosen={"issuer": issuer, "year": year, "result_class": result_class},
        dated=partial(views.dated, today=desk.today()),
    )


@routes.get("/letters/{letter_id:anytext}")
def show_letter(
    request: Request, letter_id: str, desk: AtDesk, start: Text = "", end: Text = ""
) -> Response:
    """A whole letter, with the quoted characters marked."""
    letter = find(desk.store.current(), letter_id)
    mark = views.span_of(start, end, length=len(letter.text))
    return render(
        "letter.html",
        request=request,
        letter=letter,
        head=head_of(letter),
        name=views.name_of(letter),
        dated=partial(views.dated, today=desk.today()),
        lines=views.lines(letter, mark=mark),
        mark=mark,
        facts=views.facts(letter, today=desk.today()),
        original=views.web_address(letter.url),
    )


@routes.get("/docs")
def docs(request: Request) -> Response:
    """The API for people, drawn from its own schema."""
    return render("docs.html", request=request, schema=request.app.openapi())


@routes.get("/static/{name}")
async def static(name: str, request: Request) -> Response:
    """A file of the pages. Only what lay in the folder at start can be asked for."""
    found = STATICS.get(name)
    if found is None:
        raise NoSuchRoute("没有这个文件；请回到首页")
    headers = {"etag": found.etag, "cache-control": "max-age=3600"}
    if request.headers.get("if-none-match") == found.etag:
        return Response(status_code=304, headers=headers)
    return Response(found.body, headers=headers, media_type=found.media_type)
