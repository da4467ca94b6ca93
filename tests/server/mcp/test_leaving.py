"""``POST /mcp``: whoever leaves leaves the line, and nothing of their question goes on."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

import kb.mcp.service  # noqa: F401  # slow to load; a server does that at its start
from tests.support.visiting import PATIENCE, QUESTION, Gate, Visitor, app_of, limiter_of

ASKED: dict[str, Any] = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "ask", "arguments": {"question": QUESTION}},
}


def test_whoever_leaves_the_line_is_never_worked_for(caplog: pytest.LogCaptureFixture) -> None:
    gate = Gate()

    async def crowd() -> list[Visitor]:
        app = app_of(embedder_of=lambda: gate)
        visitors = [Visitor(app, ASKED, path="/mcp", address=f"192.0.2.{n}") for n in range(6)]
        staying = []
        for number, begin in enumerate((visitors[:1], visitors[1:]), 1):
            staying += [asyncio.create_task(one.stay()) for one in begin]
            async with asyncio.timeout(PATIENCE):
                while len(gate.let_in) < number:
                    await asyncio.sleep(0.002)
        for one in visitors[1:]:
            one.leave()
        async with asyncio.timeout(PATIENCE):
            while sum(one.done() for one in staying) < 4:
                await asyncio.sleep(0.002)
        gate.opened.set()
        await asyncio.wait_for(asyncio.gather(*staying), PATIENCE)
        assert limiter_of(app).borrowed_tokens == 0
        assert limiter_of(app).statistics().tasks_waiting == 0
        return visitors

    with caplog.at_level(logging.INFO):
        first, *others = asyncio.run(crowd())
    assert len(gate.let_in) == 2
    assert b'"structuredContent"' in first.heard
    assert not any(one.heard for one in others)
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
