"""The application: everything it needs is handed in, nothing is read from the environment."""

from __future__ import annotations

import logging
import weakref
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import anyio
from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.responses import Response

from kb import pick
from kb.browse import catalogue_of
from kb.embed import Embedder
from kb.errors import KbError
from kb.reader import ReadingModel
from kb.settings import Settings
from kb.store import Reader, Store
from kb.text import subject_tokens
from server import (
    ask,
    asking,
    browsing,
    embed,
    feedback,
    letters,
    pages,
    problems,
    sources,
    stream,
    wire,
)
from server.ask import PUBLIC, AtDesk, Desk, Once
from server.console.provider import Provider
from server.console.rooms import ROOMS
from server.edge import Edge
from server.limits import Limits
from server.noting import Notes
from server.origins import Origins

LOG = logging.getLogger("fuwen.server")
probes = APIRouter()
FIRST = "预热"  # asked once at start, so that no citizen waits for what is loaded late
PROBLEM: dict[str, Any] = {
    "description": "出错说明",
    "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def release() -> str:
    """The installed version of fuwen; 0+source where it runs without being installed."""
    try:
        return version("fuwen")
    except PackageNotFoundError:
        return "0+source"


def create(
    settings: Settings,
    *,
    store: Store,
    embedder_of: Callable[[], Embedder],
    model_of: Callable[[], ReadingModel | None] = lambda: None,
    notes: Notes | None = None,
    today: Callable[[], date] = date.today,
) -> FastAPI:
    """The ASGI application. ``embedder_of`` and ``model_of`` are called once, off the
    event loop, at start; without ``notes`` nothing is written of what is asked.
    """
    app = _empty()
    app.state.desk = Desk(
        settings=settings,
        store=store,
        embedder=Once(embedder_of),
        model=Once(model_of),
        today=today,
        notes=notes or Notes(None),
    )
    app.state.provider = Provider(settings)
    app.include_router(probes)
    for room in (ask, stream, feedback, embed, letters, browsing, asking, sources, pages):
        app.include_router(room.routes)
    for routes in ROOMS:
        app.include_router(routes)
    app.add_exception_handler(KbError, _on_kb_error)
    app.add_exception_handler(HTTPException, _on_status)
    app.add_middleware(
        Edge,
        refuse=refuse,
        origins=Origins(settings.embed_origins),
        limits=Limits(settings.rate, proxies=settings.trusted_proxy),
    )
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def _empty() -> FastAPI:
    """The application without its rooms; its documentation is a page of ours."""
    return FastAPI(
        title="复文",
        description="政府答复函问答：每一句回答都是原文摘录。",
        version=release(),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_warm,
        responses={"default": PROBLEM},
    )


@asynccontextmanager
async def _warm(app: FastAPI) -> AsyncIterator[None]:
    """Load the model, the dictionary and the snapshot; what fails shows in /readyz."""
    desk: Desk = app.state.desk
    first: tuple[Callable[[], object], ...] = (
        lambda: catalogue_of(desk.store.current(), PUBLIC),
        lambda: desk.embedder().question(FIRST),
        desk.model,
        lambda: subject_tokens(FIRST),
        pick.weights,
    )
    for load in first:
        try:
            await anyio.to_thread.run_sync(load)
        except KbError as error:
            LOG.warning("not ready: %s: %s", error.code, error)
    yield
    await anyio.to_thread.run_sync(desk.notes.close)


def for_programs(path: str) -> bool:
    """True if whoever asks for ``path`` is a program: it gets problems, not pages."""
    return path.startswith("/api/") or path in ("/livez", "/readyz", "/version", "/openapi.json")


def refuse(path: str, error: KbError) -> Response:
    """``error`` as a problem document or as a page, whichever ``path`` is read by."""
    answer = problems.response(error) if for_programs(path) else pages.error_page(error)
    if isinstance(error, problems.TooMany):
        answer.headers["retry-after"] = str(error.retry_after)
    return answer


async def _on_kb_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, KbError):
        raise error
    return refuse(request.url.path, error)


async def _on_status(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    answer = refuse(request.url.path, problems.from_status(error.status_code))
    answer.headers.update(error.headers or {})
    return answer


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The schema of the API, with the request body that ``question_of`` reads by itself."""
    if not app.openapi_schema:
        schema = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
        )
        known = schema.setdefault("components", {}).setdefault("schemas", {})
        known.update(wire.schemas([wire.Question, wire.Feedback, wire.Problem]))
        app.openapi_schema = schema
    return app.openapi_schema


@probes.get("/livez", summary="进程在运行")
async def livez() -> wire.Alive:
    """只要进程在，就回答 200。"""
    return wire.Alive()


@probes.get("/readyz", summary="可以作答")
def readyz(desk: AtDesk) -> wire.Ready:
    """有可用的快照和模型时回答 200，否则 503。"""
    reader = desk.store.current()
    desk.embedder()
    desk.model()
    trouble = desk.store.degraded
    letters, passages = _public(weakref.ref(reader))
    return wire.Ready(
        status="degraded" if trouble else "ready",
        snapshot=reader.snapshot.version,
        letters=letters,
        passages=passages,
        detail=trouble,
    )


@lru_cache(maxsize=2)
def _public(reader: weakref.ref[Reader]) -> tuple[int, int]:
    """How many letters and passages citizens may see: the others are nobody's to count."""
    alive = reader()
    heads = alive.letters(PUBLIC) if alive else ()
    return len(heads), sum(len(alive.passages_of(one.id)) for one in heads) if alive else 0


@probes.get("/version", summary="程序版本")
async def running_version() -> wire.Version:
    """程序的名称和版本。"""
    return wire.Version(name="fuwen", version=release())
