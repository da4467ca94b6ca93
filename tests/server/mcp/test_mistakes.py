"""What is wrong with a message is told in Chinese, whoever finds it: us, or the package."""

from __future__ import annotations

import re
from typing import Any

import anyio
import pytest
from fastapi.testclient import TestClient
from mcp import Client, MCPError
from mcp.shared.memory import create_client_server_memory_streams
from mcp.shared.message import SessionMessage
from mcp_types import JSONRPCRequest

from kb.mcp.mistakes import InChinese
from kb.mcp.service import service
from tests.support.mcp_calls import HEADERS
from tests.support.served import served

META = "io.modelcontextprotocol/"
ENVELOPE = {f"{META}protocolVersion": "2026-07-28", f"{META}clientCapabilities": {}}
MODERN = {"mcp-protocol-version": "2026-07-28"}


def unasked(_: Any) -> Any:
    raise AssertionError("nothing is to be looked up")


@pytest.fixture(scope="module")
def client() -> TestClient:
    return served()


@pytest.mark.parametrize(
    ("sent", "headers", "status", "code", "says"),
    [
        ({"method": "nope"}, {}, 200, -32601, "没有 nope 这个方法；可用的是 initialize、ping"),
        ({"method": "prompts/list"}, {}, 200, -32601, "没有 prompts/list 这个方法"),
        ({"method": "tools/call", "params": {}}, {}, 200, -32602, "缺少 params.name"),
        ({"method": "tools/call", "params": {"name": 3}}, {}, 200, -32602, "params.name 的值"),
        ({"method": "resources/read", "params": {}}, {}, 200, -32602, "缺少 params.uri"),
        ({"method": "tools/list", "params": [1]}, {}, 422, -32600, "params 应是一个 JSON 对象"),
        ({"method": 3}, {}, 422, -32600, "method 应是文字"),
        ({"result": {}}, {}, 422, -32600, "method 应是文字"),
        ({"method": "tools/list", "id": None}, {}, 422, -32600, "id 应是整数或文字"),
        ({"method": "tools/list", "id": 1.5}, {}, 422, -32600, "id 应是整数或文字"),
        ({"method": "tools/list", "id": True}, {}, 422, -32600, "id 应是整数或文字"),
        ({"method": "tools/list"}, MODERN, 400, -32602, "params._meta 要有"),
        (
            {"method": "tools/list", "params": {"_meta": ENVELOPE}}, MODERN, 400, -32020,
            "请求头 mcp-method 与正文不符",
        ),
        (
            {"method": "subscriptions/listen", "params": {"_meta": ENVELOPE}},
            {**MODERN, "mcp-method": "subscriptions/listen"}, 406, -32000, "这里不推送更新",
        ),
        (
            {
                "method": "tools/list",
                "params": {"_meta": {**ENVELOPE, f"{META}protocolVersion": "1999"}},
            },
            {"mcp-protocol-version": "1999", "mcp-method": "tools/list"}, 400, -32022,
            "不支持 MCP 的 1999 版；支持的是 2024-11-05",
        ),
        (
            {"method": "nope", "params": {"_meta": ENVELOPE}},
            {**MODERN, "mcp-method": "nope"}, 404, -32601, "没有 nope 这个方法",
        ),
    ],
)  # fmt: skip
def test_a_wrong_message_is_told_in_chinese_what_is_wrong(
    client: TestClient,
    sent: dict[str, Any],
    headers: dict[str, str],
    status: int,
    code: int,
    says: str,
) -> None:
    message = {"jsonrpc": "2.0", "id": 7, **sent}
    response = client.post("/mcp", json=message, headers={**HEADERS, **headers})
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (status, code)
    assert says in error["message"]
    assert not re.search(r"[a-z] [a-z]+ [a-z]", error["message"])  # no sentence in English


def test_what_programs_go_by_stays(client: TestClient) -> None:
    message = {"jsonrpc": "2.0", "id": "甲", "method": "nope"}
    answer = client.post("/mcp", json=message, headers=HEADERS).json()
    assert (answer["id"], answer["error"]["data"]) == ("甲", "nope")


BEGUN = {
    "protocolVersion": "2025-11-25", "capabilities": {},
    "clientInfo": {"name": "x", "version": "1"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ([("nope", {})], "没有 nope 这个方法"),
        ([("initialize", {})], "缺少 params."),
        ([("tools/list", {})], "还没有握手，不能用 tools/list"),
        ([("tools/list", {"_meta": {f"{META}protocolVersion": "1999"}})], "params._meta 要有"),
        (
            [("tools/list", {"_meta": {**ENVELOPE, f"{META}protocolVersion": "1999"}})],
            "不支持 MCP 的 1999 版；支持的是 2024-11-05",
        ),
        ([("tools/list", {"_meta": ENVELOPE}), ("initialize", BEGUN)], "不再收 initialize"),
        ([("initialize", BEGUN), ("tools/list", {"_meta": ENVELOPE})], "是用 initialize 握手的"),
    ],
)
def test_a_wrong_message_on_a_pipe_is_told_in_chinese_too(
    sent: list[tuple[str, dict[str, Any]]], says: str
) -> None:
    made = service(unasked, longest=1000, version="0")

    async def last() -> str:
        async with (
            create_client_server_memory_streams() as (ours, (source, sink)),
            anyio.create_task_group() as group,
        ):
            options = made.create_initialization_options()
            group.start_soon(made.run, source, InChinese(sink), options)
            for method, params in sent:
                request = JSONRPCRequest(jsonrpc="2.0", id=1, method=method, params=params)
                await ours[1].send(SessionMessage(request))
                answer: Any = await ours[0].receive()
            group.cancel_scope.cancel()
        return str(answer.message.error.message)

    assert says in anyio.run(last)


def test_a_client_of_the_package_is_told_so() -> None:
    made = service(unasked, longest=1000, version="0")

    async def talk() -> None:
        async with Client(made) as client:
            with pytest.raises(MCPError, match="没有 prompts/list 这个方法"):
                await client.list_prompts()

    anyio.run(talk)
