"""``/v1``: a chat front end that speaks to OpenAI speaks to fuwen; the answer is still quotes.

Whether a key is needed, and whether the one that is sent is good, is seen to at the edge.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Request
from fastapi.sse import format_sse_event
from starlette.responses import JSONResponse, Response, StreamingResponse

from server.desk import AtDesk, Desk
from server.http.asking import Asker, while_there
from server.http.body import described_by, json_of
from server.openai import errors
from server.openai.errors import ModelNotFound
from server.openai.front_ends import chore
from server.openai.markdown import Cited, written
from server.openai.messages import (
    MODEL,
    ChatRequest,
    ResponseRequest,
    chat_from,
    questions,
    response_from,
    unseen,
)
from server.pages.address import site_of
from server.pages.ask import BEFORE

Plain = dict[str, Any]
STREAM = {"x-accel-buffering": "no"}
EVENT = {
    "type": "object",
    "properties": {
        "event": {"type": "string"},
        "data": {"type": "string", "description": "JSON；最后一个是 [DONE]"},
    },
    "required": ["data"],
}
ANSWERED: dict[int | str, Plain] = {
    200: {
        "description": "OpenAI 的回答，或者它的事件流；fuwen 是我们自己的回答（同 /api/ask）",
        "content": {
            "application/json": {"schema": {"type": "object"}},
            "text/event-stream": {"schema": EVENT},
        },
    }
}
NOTHING_ASKED = "请写出要问的问题。"
UNSEEN = "（只看文字，图片和文件没有看。）"
ROOMY = 16  # KB_BODY_BYTES: front ends send the whole conversation each time
NO_TOKENS = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}  # none are made here
REFUSED = errors.described(400, 401, 403, 404, 413, 415, 429, 503)
KEYED = errors.described(401, 403, 503)
routes = APIRouter(prefix="/v1", responses=errors.described(500))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An answer as Markdown with its citations; ``reply`` as ``/api/ask`` gives it."""

    text: str
    cited: tuple[Cited, ...]
    reply: Plain | None

    @property
    def paragraphs(self) -> Iterator[str]:
        """The text in pieces that join to it."""
        for number, part in enumerate(self.text.split("\n\n")):
            yield f"\n\n{part}" if number else part


async def chat_of(request: Request, desk: AtDesk) -> ChatRequest:
    """The request in the body. Raises as ``json_of`` does, WrongField."""
    return chat_from(await json_of(request, desk, roomy=ROOMY))


async def response_of(request: Request, desk: AtDesk) -> ResponseRequest:
    """The request in the body. Raises as ``json_of`` does, WrongField."""
    return response_from(await json_of(request, desk, roomy=ROOMY))


async def _told(
    request: Request, desk: Desk, sent: ChatRequest | ResponseRequest, client: str
) -> Told:
    """The answer to the last question. Raises ModelNotFound, what ``Desk.ask`` does."""
    _check_model(sent.model)
    *before, last = questions(sent) or [""]
    if (answer := chore(last)) is not None:  # nobody asked it: it is not noted either
        return Told(text=answer, cited=(), reply=None)
    note = f"\n\n{UNSEEN}" if unseen(sent) else ""
    question = last[-desk.settings.question_length :].strip()  # as the widget does
    if not question:
        return Told(text=NOTHING_ASKED + note, cited=(), reply=None)
    asking = desk.ask(question, before=before[-BEFORE:], client=client, rewrite=True)
    replied = await while_there(request, asking)
    site, today = site_of(request, desk.settings), desk.today()

    write = partial(written, site=site, today=today, resolved=replied.resolved)
    text, cited = await run_sync(partial(write, replied.reply, wording=replied.wording))
    return Told(text=text + note, cited=cited, reply=replied.plain())


@routes.get("/models", summary="OpenAI 的模型清单", responses=ANSWERED | KEYED)
async def list_models() -> Plain:
    """只有一个：fuwen。"""
    return {"object": "list", "data": [_model()]}


@routes.get(
    "/models/{model}",
    summary="OpenAI 的模型",
    responses=ANSWERED | KEYED | errors.described(404, 422),
)
async def read_model(model: str) -> Plain:
    """fuwen 这个模型；没有别的。"""
    _check_model(model)
    return _model()


def _check_model(name: str) -> None:
    """Raise ModelNotFound for any but ours: nobody shall take our answers for another's."""
    if name != MODEL:
        raise ModelNotFound(f"没有模型“{name[:80]}”；这里只有 {MODEL}，请选它")


def _model() -> Plain:
    return {"id": MODEL, "object": "model", "created": 0, "owned_by": MODEL}


@routes.post(
    "/chat/completions",
    summary="OpenAI 的对话",
    responses=ANSWERED | REFUSED,
    response_class=Response,
    openapi_extra=described_by("ChatRequest"),
)
async def complete_chat(
    request: Request, sent: Annotated[ChatRequest, Depends(chat_of)], desk: AtDesk, asker: Asker
) -> Response:
    """回答是 Markdown：摘录是引文，后面有出处和链接；拒答也是一条普通的消息。"""
    told = await _told(request, desk, sent, asker)
    if sent.stream:
        usage = bool(sent.stream_options and sent.stream_options.include_usage)
        return _events(_chunks(told, usage=usage))
    message = {
        "role": "assistant",
        "content": told.text,
        "refusal": None,
        "annotations": [
            {"type": "url_citation", "url_citation": _citation(one)} for one in told.cited
        ],
    }
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    head = _head("chat.completion")
    return JSONResponse({**head, "choices": [choice], "usage": NO_TOKENS, "fuwen": told.reply})


def _chunks(told: Told, *, usage: bool) -> Iterator[tuple[None, str]]:
    head = _head("chat.completion.chunk")

    def chunk(delta: Plain, finish: str | None = None, **more: Any) -> tuple[None, str]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return None, _json({**head, "choices": [choice], **more})

    yield chunk({"role": "assistant", "content": ""})
    for paragraph in told.paragraphs:
        yield chunk({"content": paragraph})
    cited = [{"type": "url_citation", "url_citation": _citation(one)} for one in told.cited]
    yield chunk({"annotations": cited}, "stop", fuwen=told.reply)
    if usage:
        yield None, _json({**head, "choices": [], "usage": NO_TOKENS})
    yield None, "[DONE]"


def _head(kind: str) -> Plain:
    return {
        "id": f"chatcmpl-{secrets.token_hex(12)}",
        "object": kind,
        "created": int(time.time()),
        "model": MODEL,
    }


def _citation(one: Cited) -> Plain:
    return {
        "start_index": one.start,
        "end_index": one.end,
        "title": one.quote.citation.name,
        "url": one.url,
    }


@routes.post(
    "/responses",
    summary="OpenAI 的 responses",
    responses=ANSWERED | REFUSED,
    response_class=Response,
    openapi_extra=described_by("ResponseRequest"),
)
async def respond(
    request: Request,
    sent: Annotated[ResponseRequest, Depends(response_of)],
    desk: AtDesk,
    asker: Asker,
) -> Response:
    """同 /v1/chat/completions，照 responses 的格式；不记住以前的对话，都要写在 input 里。"""
    told = await _told(request, desk, sent, asker)
    made = _response(told)
    return _events(_steps(told, made)) if sent.stream else JSONResponse(made)


def _response(told: Told) -> Plain:
    part = {
        "type": "output_text",
        "text": told.text,
        "annotations": [{"type": "url_citation", **_citation(one)} for one in told.cited],
        "logprobs": [],
    }
    message = {
        "type": "message",
        "id": f"msg_{secrets.token_hex(12)}",
        "role": "assistant",
        "status": "completed",
        "content": [part],
    }
    return {
        "id": f"resp_{secrets.token_hex(12)}",
        "object": "response",
        "created_at": int(time.time()),
        "status": "completed",
        "model": MODEL,
        "output": [message],
        "parallel_tool_calls": False,
        "tool_choice": "none",
        "tools": [],
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "usage": {
            "input_tokens": 0,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": 0,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": 0,
        },
        "fuwen": told.reply,
    }


def _steps(told: Told, made: Plain) -> Iterator[tuple[str, str]]:
    """The events of a response that is being made, though all of it is known."""
    (message,) = made["output"]
    (part,) = message["content"]
    begun = {**made, "status": "in_progress", "output": [], "usage": None}
    empty = {**part, "text": "", "annotations": []}
    item = {"output_index": 0, "item_id": message["id"], "content_index": 0}
    steps: list[tuple[str, Mapping[str, Any]]] = [
        ("response.created", {"response": begun}),
        (
            "response.output_item.added",
            {"output_index": 0, "item": {**message, "status": "in_progress", "content": []}},
        ),
        ("response.content_part.added", {**item, "part": empty}),
    ]
    steps += [
        ("response.output_text.delta", {**item, "delta": words, "logprobs": []})
        for words in told.paragraphs
    ]
    steps += [
        ("response.output_text.done", {**item, "text": told.text, "logprobs": []}),
        ("response.content_part.done", {**item, "part": part}),
        ("response.output_item.done", {"output_index": 0, "item": message}),
        ("response.completed", {"response": made}),
    ]
    for number, (kind, content) in enumerate(steps):
        yield kind, _json({"type": kind, "sequence_number": number, **content})


def _events(events: Iterable[tuple[str | None, str]]) -> Response:
    body = (format_sse_event(event=kind, data_str=data) for kind, data in events)
    return StreamingResponse(body, media_type="text/event-stream", headers=STREAM)


def _json(content: Plain) -> str:
    return json.dumps(content, ensure_ascii=False)
