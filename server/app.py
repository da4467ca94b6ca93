"""The application: everything it needs is handed in, nothing is read from the environment."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date
from functools import partial
from typing import Any

import anyio
from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.responses import Response

from kb.answer import sentences
from kb.errors import KbError
from kb.ledger.public import PublicLedger
from kb.models.embedding import Embedder
from kb.models.reading import ReadingModel
from kb.settings import Settings
from kb.store.protocol import Store
from kb.text.tokens import subject_tokens
from server.api import ask, check, feedback, letters, metrics, probes, schemas, stream
from server.api.replies import unworded
from server.chat import Chat
from server.console.access.gate import Gate
from server.console.intake.job import Intake
from server.console.intake.program import Indexer
from server.console.routers import ROUTERS
from server.desk import PUBLIC, Desk, Once, read_ahead
from server.examples import Examples
from server.http import keys, problems
from server.http.access import Access
from server.http.edge import Edge
from server.http.keys import Keys
from server.http.limits import Limits
from server.http.origins import Origins
from server.mcp import routes as mcp
from server.openai import errors as openai_errors
from server.openai import routes as openai
from server.openai.messages import ChatRequest, ResponseRequest
from server.pages import ask as pages_ask
from server.pages import browse, embed, feed, letter, original, render, sitemap
from server.pages import check as pages_check
from server.question_log import Notes
from server.rewriting import Rewriter
from server.shared import ALONE, Common
from server.telemetry import tracing
from server.wording import Writer

LOG = logging.getLogger("fuwen.server")
# For everybody. Of two routes that fit an address the first answers: embed has /static/widget-….
OPEN = (
    probes, metrics, ask, stream, feedback, check, openai, mcp, embed, letters, browse, feed,
    pages_ask, pages_check, sitemap, original, letter, render,
)  # fmt: skip
PATIENCE = 1.0  # seconds, twice at most, for notes that are still to be written at the end
FIRST = "预热"  # asked once at start, so that no citizen waits for what is loaded late


def create(
    settings: Settings,
    *,
    store: Store,
    embedder_of: Callable[[], Embedder],
    model_of: Callable[[], ReadingModel | None] = lambda: None,
    notes: Notes | None = None,
    today: Callable[[], date] = date.today,
    indexer: Indexer | None = None,
    common: Common = ALONE,
) -> FastAPI:
    """The ASGI application. ``embedder_of`` and ``model_of`` are called once, off the
    event loop, at start; without ``notes`` nothing is written of what is asked,
    without ``indexer`` uploads wait; ``common`` is what it holds together with other processes.
    """
    app, notes, chat = _empty(), notes or Notes(None), Chat(settings)
    embedder, model = Once(embedder_of), Once(model_of)
    app.state.desk = Desk(
        settings=settings,
        store=store,
        embedder=embedder,
        model=model,
        today=today,
        notes=notes,
        ledger=PublicLedger(notes.path, today=today),
        writer=Writer(chat),
        rewriter=Rewriter(chat, settings),
        tried=Examples(scope=PUBLIC, embedder=embedder, model=model, settings=settings),
    )
    app.state.gate = Gate(proxies=settings.trusted_proxy, kept=common.sign_ins)
    app.state.intake = Intake(
        app.state.desk.notes.path, store=store, indexer=indexer, turn=common.intake
    )
    app.state.ahead = mcp.prepare(app)
    app.state.provider = None  # made when somebody signs in elsewhere
    for routes in (*(module.routes for module in OPEN), *ROUTERS):
        app.include_router(routes)
    _guard(app, settings, common)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def _guard(app: FastAPI, settings: Settings, common: Common) -> None:
    """What goes wrong is told, and what may not come in does not."""
    desk: Desk = app.state.desk
    app.add_exception_handler(KbError, _on_kb_error)
    app.add_exception_handler(HTTPException, _on_status)
    # The last that is added is the first that a request goes through.
    proxies, kept = settings.trusted_proxy, common.questions
    app.state.limits = Limits(settings.rate, proxies=proxies, kept=kept)
    app.add_middleware(
        Edge,
        refuse=refuse,
        origins=Origins(settings.embed_origins, address=settings.public_address),
        keys=Keys(desk.notes.path, required=settings.api_keys == "required", today=desk.today),
        limits=app.state.limits,
        proxies=settings.trusted_proxy,
    )
    app.add_middleware(Access, log=settings.access_log == "on", proxies=settings.trusted_proxy)


def _empty() -> FastAPI:
    """The application without its routes; its documentation is a page of ours."""
    return FastAPI(
        title="复文",
        description="政府答复函问答：每一句回答都是原文摘录。",
        version=probes.release(),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # Its spans would hold the query of an address, which is a question: see server.telemetry.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
        lifespan=_warm,
        responses=problems.described(500),
    )


@asynccontextmanager
async def _warm(app: FastAPI) -> AsyncIterator[None]:
    """Load the models, the dictionary and the snapshot, beside each other: onnxruntime lets
    Python go on meanwhile. What fails shows in /readyz. Then questions begin to be deleted
    that are kept too long.
    """
    desk: Desk = app.state.desk
    first: tuple[Callable[[], object], ...] = (
        lambda: desk.embedder().question(FIRST),
        desk.model,
        lambda: read_ahead(desk.store.current()),
        lambda: subject_tokens(FIRST),
        sentences.weights,
        *app.state.ahead,
    )
    async with anyio.create_task_group() as loading:
        for load in first:
            loading.start_soon(_loaded, load)
    desk.notes.tend(desk.settings.question_days)
    app.state.intake.wake()
    with tracing.sending(desk.settings.otlp_endpoint, release=probes.release()):
        yield
    app.state.intake.close()
    await anyio.to_thread.run_sync(partial(desk.notes.close, patience=PATIENCE))


async def _loaded(load: Callable[[], object]) -> None:
    try:
        await anyio.to_thread.run_sync(load)
    except KbError as error:
        LOG.warning("not ready: %s: %s", error.code, error)


def for_programs(path: str) -> bool:
    """True if whoever asks for ``path`` is a program: it gets problems, not pages."""
    return path.startswith(("/api/", "/v1/")) or path in (
        "/livez",
        "/readyz",
        "/version",
        "/metrics",
        "/openapi.json",
    )


def refuse(path: str, error: KbError) -> Response:
    """``error`` as the readers of ``path`` have it: OpenAI's, MCP's, a problem document, a page."""
    if path.startswith("/v1/"):
        answer = openai_errors.response(error)
    elif path == mcp.PATH:
        answer = mcp.refusal(error)
    else:
        answer = problems.response(error) if for_programs(path) else render.error_page(error)
    answer.headers.update(problems.come_back(error))
    if error.status == 401:
        answer.headers["www-authenticate"] = "Bearer"
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
    """The schema of the API, with the request bodies that routes read by themselves."""
    if not app.openapi_schema:
        schema = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
        )
        keys.describe(schema, required=app.state.desk.settings.api_keys == "required")
        known = schema.setdefault("components", {}).setdefault("schemas", {})
        taken = (schemas.Question, schemas.Feedback, schemas.Check, schemas.Problem)
        known.update(schemas.schemas((*taken, ChatRequest, ResponseRequest)))
        if not app.state.desk.settings.llm_url:
            unworded(known)
        longest = app.state.desk.settings.question_length
        for model in ("Question", "Feedback"):
            known[model]["properties"]["question"]["maxLength"] = longest
        app.openapi_schema = schema
    return app.openapi_schema
