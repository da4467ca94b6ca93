"""``POST /api/ask/stream`` while it lasts: comments, and what happens when someone leaves."""

from __future__ import annotations

import asyncio
import logging

import pytest
from fastapi import FastAPI
from starlette.types import Message

from server.api import stream
from tests.support.visiting import PATIENCE, QUESTION, Gate, Visitor, app_of, limiter_of, streamed


def test_comments_keep_the_line_open_while_the_work_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT", 0.01)
    gate = Gate()

    async def visit() -> Visitor:
        visitor = Visitor(app_of(embedder_of=lambda: gate), {"question": QUESTION})
        staying = asyncio.create_task(visitor.stay())
        await visitor.until(": 在\n\n: 在\n\n".encode())
        gate.opened.set()
        return await staying

    visitor = asyncio.run(visit())
    assert visitor.names[-1] == "done"
    assert visitor.heard.decode().split("\n\n")[-2].startswith("event: done\n")


def test_whoever_waits_in_line_hears_meta_and_comments_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT", 0.01)
    gate = Gate()

    async def crowd() -> list[list[str]]:
        app = app_of(embedder_of=lambda: gate)
        visitors = [Visitor(app, {"question": QUESTION}) for _ in range(8)]
        staying = [asyncio.create_task(one.stay()) for one in visitors]
        for one in visitors:
            await one.until(b"event: meta")
            await one.until(": 在".encode())
        assert len(gate.let_in) == limiter_of(app).total_tokens == 2
        gate.opened.set()
        return [(await one).names for one in staying]

    for names in asyncio.run(crowd()):
        assert names[-1] == "done"


def test_when_the_client_leaves_the_work_stops_at_its_next_step(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, told = Gate(), []
    events_of = stream.events_of
    monkeypatch.setattr(
        stream, "events_of", lambda step, *a, **k: told.append(step) or events_of(step, *a, **k)
    )

    async def visit() -> FastAPI:
        app = app_of(embedder_of=lambda: gate)
        visitor = Visitor(app, {"question": QUESTION})
        staying = asyncio.create_task(visitor.stay())
        await visitor.until(b"event: meta")
        while not gate.let_in:
            await asyncio.sleep(0.002)
        visitor.leave()
        await asyncio.sleep(0.02)
        assert limiter_of(app).borrowed_tokens == 1  # a step cannot be broken off
        gate.opened.set()
        await asyncio.wait_for(staying, PATIENCE)
        return app

    with caplog.at_level(logging.INFO):
        app = asyncio.run(visit())
    assert told == []
    assert limiter_of(app).borrowed_tokens == 0
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_whoever_leaves_the_line_is_never_worked_for() -> None:
    gate = Gate()

    async def crowd() -> None:
        app = app_of(embedder_of=lambda: gate)
        visitors = [Visitor(app, {"question": QUESTION}) for _ in range(6)]
        staying = [asyncio.create_task(one.stay()) for one in visitors]
        for one in visitors:
            await one.until(b"event: meta")
        while len(gate.let_in) < 2:
            await asyncio.sleep(0.002)
        for one in visitors:
            one.leave()
        async with asyncio.timeout(PATIENCE):
            while sum(one.done() for one in staying) < 4:
                await asyncio.sleep(0.002)
        gate.opened.set()
        await asyncio.wait_for(asyncio.gather(*staying), PATIENCE)
        assert limiter_of(app).borrowed_tokens == 0
        assert limiter_of(app).statistics().tasks_waiting == 0

    asyncio.run(crowd())
    assert len(gate.let_in) == 2


class Stuck(Visitor):
    """Takes the first event and then nothing more, until it leaves."""

    async def _send(self, message: Message) -> None:
        await super()._send(message)
        if b"event: meta" in self.heard:
            await self._leaving.wait()


def test_whoever_leaves_while_events_wait_for_it_leaves_nothing_behind(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def crowd() -> FastAPI:
        app = app_of()
        visitors = [Stuck(app, {"question": QUESTION}) for _ in range(32)]
        staying = [asyncio.create_task(visitor.stay()) for visitor in visitors]
        for visitor in visitors:
            await visitor.until(b"event: meta")
        async with asyncio.timeout(PATIENCE):
            while limiter_of(app).borrowed_tokens:
                await asyncio.sleep(0.002)
        for visitor in visitors:
            visitor.leave()
        await asyncio.wait_for(asyncio.gather(*staying), PATIENCE)
        return app

    with caplog.at_level(logging.INFO):
        app = asyncio.run(crowd())
    assert limiter_of(app).borrowed_tokens == 0
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_a_hundred_who_leave_at_any_moment_leave_nothing_behind(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def crowd() -> FastAPI:
        app = app_of()

        async def passing(number: int) -> None:
            visitor = Visitor(app, {"question": f"{QUESTION}{number}"})
            staying = asyncio.create_task(visitor.stay())
            await asyncio.sleep(number % 10 * 0.003)
            visitor.leave()
            await asyncio.wait_for(staying, PATIENCE)

        await asyncio.gather(*(passing(number) for number in range(100)))
        return app

    with caplog.at_level(logging.INFO):
        app = asyncio.run(crowd())
    assert limiter_of(app).borrowed_tokens == 0
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert streamed(app).names[-1] == "done"
