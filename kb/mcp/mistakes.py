"""What is wrong with a message of MCP, in Chinese: the package says it in English, or not at all.

Code and data stay as they are, for programs go by them.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import mcp_types as types
from mcp.shared.exceptions import MCPError
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS, MODERN_PROTOCOL_VERSIONS

SERVED = (
    "initialize", "ping", "tools/list", "tools/call", "resources/list",
    "resources/templates/list", "resources/read",
)  # fmt: skip
VERSIONS = "、".join((*HANDSHAKE_PROTOCOL_VERSIONS, *MODERN_PROTOCOL_VERSIONS))
ENVELOPE = "、".join((types.PROTOCOL_VERSION_META_KEY, types.CLIENT_CAPABILITIES_META_KEY))
FAULT = "程序内部出错，已记入日志；请稍后再试，或告诉管理员"
LONGEST = 100  # code points of what was sent that are said back
_HEADER = re.compile(r"([\w-]+) header")


async def in_chinese(ctx: Any, call_next: Callable[[Any], Awaitable[Any]]) -> Any:
    """A middleware of MCP: what the package refuses, refused in words of ours."""
    try:
        return await call_next(ctx)
    except ValueError as error:
        if not hasattr(error, "errors"):  # pydantic's, of which this package knows no more
            raise
        raise MCPError(types.INVALID_PARAMS, _params(ctx.method, error.errors()[0]), "") from None
    except MCPError as error:
        found = error.error
        told = said(found.code, found.message, method=ctx.method, data=found.data)
        raise MCPError(found.code, told, found.data) from None


class InChinese:
    """Where answers on pipes are written: what the transport refuses is told in words of ours."""

    def __init__(self, sink: Any) -> None:
        self._sink = sink

    async def send(self, item: Any) -> None:
        """Write one message."""
        if isinstance(item.message, types.JSONRPCError):
            error = item.message.error
            error.message = said(error.code, error.message, method="", data=error.data)
        await self._sink.send(item)

    async def aclose(self) -> None:
        """Close what is written to."""
        await self._sink.aclose()

    async def __aenter__(self) -> InChinese:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def said(code: int, words: str, *, method: object, data: object = None) -> str:
    """``words`` of an error of this code, in Chinese; as they are where they are Chinese."""
    if not (words.isascii() or words.startswith(("Validation error", "Parse error"))):
        return words
    name = str(method)[:LONGEST]
    match code:
        case types.METHOD_NOT_FOUND:
            return f"没有 {name} 这个方法；可用的是 {'、'.join(SERVED)}"
        case types.UNSUPPORTED_PROTOCOL_VERSION if "initialize" in words:
            return "这个连接开头没有握手，不再收 initialize；请断开重来"
        case types.UNSUPPORTED_PROTOCOL_VERSION:
            wanted = data.get("requested") if isinstance(data, Mapping) else None
            return f"不支持 MCP 的 {str(wanted)[:LONGEST]} 版；支持的是 {VERSIONS}，请换一个"
        case types.INVALID_REQUEST if "handshake" in words:
            return (
                f"这个连接是用 initialize 握手的，params._meta 里不要写 "
                f"{types.PROTOCOL_VERSION_META_KEY}；请去掉，或者断开重来"
            )
        case types.HEADER_MISMATCH:
            header = _HEADER.search(words)
            return f"请求头 {header[1] if header else ''} 与正文不符，或者缺、重复；请照正文改"
        case types.INVALID_PARAMS if "envelope" in words:
            return (
                f"不用 initialize 握手的，params._meta 要有 {ENVELOPE}；请补上，"
                f"或者改用 {'、'.join(HANDSHAKE_PROTOCOL_VERSIONS)} 里的版本"
            )
        case types.INVALID_PARAMS if words == "Invalid request parameters":
            return f"还没有握手，不能用 {name}；请先送 initialize"
        case types.CONNECTION_CLOSED if words:
            return "连接断了，没有答完；请重新连接再问"
        case types.INTERNAL_ERROR:
            return FAULT
        case _ if method == "subscriptions/listen":
            return "这里不推送更新；请过一阵再取一次"
        case _:
            return "不是一条合用的 JSON-RPC 消息；请照 MCP 的规范写 id、method、params"


def _params(method: str, first: Mapping[str, Any]) -> str:
    """What is wrong with the params of ``method``; ``first`` is what pydantic says of it."""
    loc = [str(part) for part in first["loc"]]
    place = ".".join(loc if loc[:1] == ["params"] else ["params", *loc])[:LONGEST]
    wrong = f"缺少 {place}" if first["type"] == "missing" else f"{place} 的值或类型不对"
    return f"{method[:LONGEST]} 的参数不对：{wrong}；请照 MCP 的规范改"
