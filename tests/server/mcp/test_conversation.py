"""The package's own client over TCP, against a running server, as models' programs use it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace

import anyio
import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError

from kb.text.tokens import tokens
from server.http.serving import Server
from tests.support.fakes import MemoryStore
from tests.support.mcp_calls import converse
from tests.support.served import ANSWERS, SECRET, letters, served
from tests.support.stores import publish


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    settings = replace(ANSWERS, public_address="https://fuwen.example")
    store = MemoryStore(tokenize=tokens)
    publish(store, *letters())
    server = Server.of(served(settings=settings, store=store).app)
    listener = server.listener(socket.create_server(("127.0.0.1", 0)))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/mcp"
    server.should_exit = True
    thread.join(60)
    assert not thread.is_alive()


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_model_asks_cites_follows_up_and_checks(address: str, mode: str) -> None:
    async def talk() -> None:
        async with Client(address, mode=mode) as client:
            assert client.server_info
            assert client.server_info.name == "fuwen"
            assert "照抄" in (client.instructions or "")
            await converse(client, question="水渠由谁修？", words="公路硬化率", hidden=SECRET)
            asked = await client.call_tool("ask", {"question": "水渠由谁修？"})
            urls = {quote["url"] for quote in asked.structured_content["quotes"]}
            assert "https://fuwen.example/letters/old?start=1&end=27#quote" in urls
            with pytest.raises(MCPError) as raised:
                await client.read_resource("fuwen://letters/%E6%A1%A5")
            assert "没有公开" in raised.value.message

    anyio.run(talk)
