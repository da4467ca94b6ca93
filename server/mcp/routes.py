"""``POST /mcp``: MCP over streamable HTTP; nothing is kept between two requests.

Each is answered by itself as JSON, so that it does not matter which of several processes gets it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import anyio
from fastapi import APIRouter, FastAPI, Request
from starlette.responses import Response
from starlette.types import Message, Scope

from kb.errors import KbError
from server.api.probes import release
from server.desk import AtDesk, Desk, Once
from server.http import problems
from server.http.asking import while_there
from server.http.body import json_of
from server.mcp.source import AtDesk as Caller

if TYPE_CHECKING:
    from mcp.server.lowlevel import Server

PATH = "/mcp"
REFUSED = -32000  # JSON-RPC leaves to servers what they mean by it
SPECIFIED = {400: -32600, 405: -32600, 413: -32600, 415: -32600, 422: -32600, 500: -32603}
routes = APIRouter(include_in_schema=False)  # its messages are described by MCP


class McpOff(KbError):
    """KB_MCP says that it is not served."""

    status, code = 404, "mcp_off"


class McpMissing(KbError):
    """The package that it needs is not installed."""

    status, code = 503, "mcp_missing"


def prepare(app: FastAPI) -> tuple[Callable[[], object], ...]:
    """Have ``app`` serve MCP; what may be loaded ahead."""
    desk: Desk = app.state.desk
    app.state.mcp = Once(partial(_made, desk))
    served = desk.settings.mcp == "on" and find_spec("mcp") is not None
    return (app.state.mcp,) if served else ()


def _made(desk: Desk) -> Server[Any]:
    """The server of MCP. Raises McpOff, McpMissing."""
    settings = desk.settings
    if settings.mcp != "on":
        raise McpOff("这里没有开 MCP；要用的话，请管理员设 KB_MCP=on")
    try:
        from kb.mcp.service import service
    except ModuleNotFoundError as error:
        raise McpMissing(
            f"没有安装 MCP 要用的 {error.name}；请管理员运行 pip install 'fuwen[mcp]' 后重启，"
            "或者设 KB_MCP=off"
        ) from None
    return service(
        Caller.of,
        longest=settings.question_length,
        version=release(),
        site=settings.public_address,
    )


@routes.post(PATH)
async def exchange(request: Request, desk: AtDesk) -> Response:
    """One JSON-RPC message in, its answer out."""
    server = await anyio.to_thread.run_sync(request.app.state.mcp)
    message = _checked(await json_of(request, desk))
    return await while_there(request, _answered(server, request, message))


def _checked(message: object) -> dict[str, Any]:
    """``message``. Raises InvalidRequest where it cannot be answered or taken note of."""
    if not (isinstance(message, dict) and message.get("jsonrpc") == "2.0"):
        raise problems.InvalidRequest(
            '正文应是一条 JSON-RPC 消息，写明 "jsonrpc": "2.0"；几条要分几次送'
        )
    if not isinstance(message.get("method"), str):
        raise problems.InvalidRequest("method 应是文字，如 tools/call；请补上或改正")
    if "id" in message and (type(message["id"]) not in (int, str)):  # nobody would be answered
        raise problems.InvalidRequest("id 应是整数或文字；请改正，只有通知才不写 id")
    if not isinstance(message.get("params"), dict | None):
        raise problems.InvalidRequest("params 应是一个 JSON 对象；请改正，没有参数就不写")
    return message


async def _answered(server: Server[Any], request: Request, message: dict[str, Any]) -> Response:
    """What ``server`` answers to ``message``."""
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

    body = json.dumps(message).encode()
    exchange = _Exchange(body)
    manager = StreamableHTTPSessionManager(
        server, json_response=True, stateless=True, max_request_body_size=len(body)
    )
    async with manager.run():
        scope = {**request.scope, "headers": _headers(request.scope, len(body))}
        await manager.handle_request(scope, exchange.receive, exchange.send)
    response = exchange.response()
    return response if response.status_code < 400 else _in_chinese(response, message)


def _in_chinese(response: Response, message: dict[str, Any]) -> Response:
    """``response``, which the transport made by itself, as a JSON-RPC error that we word."""
    from kb.mcp.mistakes import said

    bare = {"jsonrpc": "2.0", "id": message.get("id"), "error": {"code": REFUSED, "message": ""}}
    answer: dict[str, Any] = json.loads(bytes(response.body)) if response.body else bare
    error = answer["error"]
    error["message"] = said(
        error["code"], error["message"], method=message["method"], data=error.get("data")
    )
    body = json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace")
    return Response(body, response.status_code, media_type="application/json")


def _headers(scope: Scope, length: int) -> list[tuple[bytes, bytes]]:
    """The headers of a request whose body was written anew; what it gets is JSON anyhow."""
    ours = {b"content-length": str(length).encode(), b"accept": b"application/json"}
    return [*(one for one in scope["headers"] if one[0] not in ours), *ours.items()]


class _Exchange:
    """An ASGI client: it hands in a body that was read already, and keeps what comes back."""

    def __init__(self, body: bytes) -> None:
        self._given: bytes | None = body
        self._start: Message = {"status": 500}
        self._body = b""

    async def receive(self) -> Message:
        if self._given is None:
            await anyio.sleep_forever()  # whether the client has left is watched elsewhere
        body, self._given = self._given, None
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        else:
            self._body += message.get("body", b"")

    def response(self) -> Response:
        """What came back."""
        response = Response(self._body, self._start["status"])
        response.raw_headers = [
            (name.lower(), value) for name, value in self._start.get("headers", ())
        ]
        return response


def refusal(error: KbError) -> Response:
    """``error`` as a JSON-RPC error with its HTTP status: clients of MCP show its message."""
    code = SPECIFIED.get(error.status, REFUSED)
    told = {"code": code, "message": problems.told(error), "data": {"code": error.code}}
    body = json.dumps({"jsonrpc": "2.0", "id": None, "error": told}, ensure_ascii=False)
    return Response(body.encode("utf-8", "replace"), error.status, media_type="application/json")
