"""Turns go round among clients; the line is bounded; whoever leaves has left it."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

import anyio
import pytest
from fastapi import FastAPI

from server.desk import AT_ONCE
from server.line import Line, LineFull, TooManyWaiting
from tests.support.served import Page
from tests.support.visiting import PATIENCE, QUESTION, STREAM, Gate, Visitor, app_of


def line_of(app: FastAPI) -> Line:
    line: Line = app.state.desk.line
    return line


async def order(line: Line, come: str) -> str:
    """The clients of ``come``, a letter each, in the order of their turns."""
    found: list[str] = []

    async def ask(client: str) -> None:
        async with line.turn(client):
            found.append(client)
            await anyio.sleep(0.002)

    async with anyio.create_task_group() as group:
        for client in come:
            group.start_soon(ask, client)
            await anyio.sleep(0)
    return "".join(found)


@pytest.mark.parametrize(
    ("come", "turns"),
    [
        ("aaaa", "aaaa"),
        ("abcd", "abcd"),
        ("aaaaab", "abaaaa"),
        ("aaaabbbb", "abababab"),
        ("aaaabbbc", "abcababa"),
        ("aabbcc", "abcabc"),
    ],
)
def test_turns_go_round_among_clients(come: str, turns: str) -> None:
    assert asyncio.run(order(Line(at_once=1), come)) == turns


def test_whoever_is_not_worked_for_goes_before_whoever_is() -> None:
    async def crowd() -> str:
        line, found = Line(at_once=2), list[str]()
        done = {client: anyio.Event() for client in "abc"}

        async def ask(client: str) -> None:
            async with line.turn(client):
                found.append(client)
                await done[client].wait()

        async with anyio.create_task_group() as group:
            for client in "abaac":
                group.start_soon(ask, client)
                await anyio.wait_all_tasks_blocked()
            done["b"].set()
            await anyio.wait_all_tasks_blocked()
            assert "".join(found) == "abc"  # a came before c, but is worked for already
            for event in done.values():
                event.set()
        return "".join(found)

    assert asyncio.run(crowd()) == "abcaa"


class Crowd:
    """Some who wait in a line whose only turn is taken."""

    def __init__(self, line: Line) -> None:
        self.line, self.told = line, list[tuple[str, str]]()
        self.done = anyio.Event()

    async def ask(self, client: str) -> None:
        try:
            async with self.line.turn(client):
                await self.done.wait()
        except (TooManyWaiting, LineFull) as error:
            self.told.append((client, error.code))

    async def come(self, clients: str) -> list[tuple[str, str]]:
        async with anyio.create_task_group() as group:
            for client in clients:
                group.start_soon(self.ask, client)
                await anyio.wait_all_tasks_blocked()
            self.done.set()
        assert self.line.waiting == 0
        return sorted(self.told)


@pytest.mark.parametrize(
    ("clients", "told"),
    [
        ("aaaa", []),
        ("aaaaaa", [("a", "too_many")] * 2),  # one worked at, three wait
        ("aaaaabb", [("a", "too_many")]),
        ("aaaabbc", [("a", "busy")]),  # who has most makes room for who has least
        ("aaaabbbc", [("a", "busy"), ("b", "busy")]),
        ("abcdefg", [("g", "busy")]),  # where all have the same the last has to go
    ],
)
def test_the_line_is_bounded_for_each_and_for_all(clients: str, told: list[object]) -> None:
    async def crowd() -> None:
        assert await Crowd(Line(at_once=1, of_one=3, most=5)).come(clients) == told

    asyncio.run(crowd())


def test_however_many_ask_a_newcomer_finds_a_place() -> None:
    async def crowd() -> None:
        told = await Crowd(Line(at_once=2, of_one=8, most=12)).come("abc" * 30 + "x")
        assert {code for _, code in told} <= {"too_many", "busy"}
        assert "x" not in {client for client, _ in told}

    asyncio.run(crowd())


def test_whoever_is_cancelled_at_any_moment_leaves_the_line() -> None:
    async def crowd() -> None:
        line = Line(at_once=2)

        async def ask(number: int) -> None:
            with anyio.move_on_after(number % 7 * 0.001):
                async with line.turn(str(number % 3)):
                    await anyio.sleep(0.002)

        async with anyio.create_task_group() as group:
            for number in range(30):
                group.start_soon(ask, number)
        assert line.waiting == 0
        assert await order(line, "ab") == "ab"

    asyncio.run(crowd())


ASK = f"/ask?q={quote(QUESTION)}"


@pytest.mark.parametrize("path", ["/api/ask", ASK, STREAM])
def test_a_citizen_does_not_wait_for_all_that_somebody_else_asked(path: str) -> None:
    gate, mine = Gate(), "危桥改造了多少座"
    my_path = f"/ask?q={quote(mine)}" if path == ASK else path

    async def crowd() -> None:
        app = app_of(embedder_of=lambda: gate)
        others = [Visitor(app, {"question": QUESTION}, path=path) for _ in range(30)]
        staying = [asyncio.create_task(one.stay()) for one in others]
        while line_of(app).waiting < 30 - AT_ONCE:
            await asyncio.sleep(0.002)
        citizen = Visitor(app, {"question": mine}, path=my_path, address="198.51.100.1")
        staying.append(asyncio.create_task(citizen.stay()))
        while line_of(app).waiting < 31 - AT_ONCE:
            await asyncio.sleep(0.002)
        gate.opened.set()
        await asyncio.wait_for(asyncio.gather(*staying), PATIENCE)
        assert {one.status for one in (citizen, *others)} == {200}

    asyncio.run(crowd())
    # Of 31; its turn comes first, but its thread may be behind those of a question known by then.
    assert f"{mine}？" in gate.let_in[: 4 * AT_ONCE]


@pytest.mark.parametrize("path", ["/api/ask", ASK])
def test_an_abandoned_question_is_not_worked_out(
    path: str, caplog: pytest.LogCaptureFixture
) -> None:
    gate = Gate()

    async def crowd() -> None:
        app = app_of(embedder_of=lambda: gate)
        others = [Visitor(app, {"question": QUESTION}, path=path) for _ in range(30)]
        staying = [asyncio.create_task(one.stay()) for one in others]
        while line_of(app).waiting < 30 - AT_ONCE:
            await asyncio.sleep(0.002)
        for one in others:
            one.leave()
        async with asyncio.timeout(PATIENCE):
            while line_of(app).waiting:
                await asyncio.sleep(0.002)
        gate.opened.set()
        await asyncio.wait_for(asyncio.gather(*staying), PATIENCE)

    asyncio.run(crowd())
    assert len(gate.let_in) == AT_ONCE  # a step cannot be broken off
    assert "fault" not in caplog.text


@pytest.mark.parametrize("path", ["/api/ask", STREAM, ASK], ids=["api", "stream", "page"])
def test_one_client_with_too_many_is_told_when_to_come_back(path: str) -> None:
    gate = Gate()

    async def crowd() -> list[Visitor]:
        app = app_of(embedder_of=lambda: gate)
        others = [Visitor(app, {"question": QUESTION}, path=path) for _ in range(60)]
        staying = [asyncio.create_task(one.stay()) for one in others]
        async with asyncio.timeout(PATIENCE):
            while sum(one.ended for one in others) < 60 - AT_ONCE - 32:
                await asyncio.sleep(0.002)
        gate.opened.set()
        await asyncio.wait_for(asyncio.gather(*staying), PATIENCE)
        return others

    found = asyncio.run(crowd())
    refused = [one for one in found if one.status == 429 or b"too_many" in one.heard]
    assert len(refused) == 60 - AT_ONCE - 32
    for one in refused:
        if one.status == 200:  # of those that come at once a few streams begin, and end with it
            assert one.names == ["meta", "error"]
            continue
        assert int(one.headers["retry-after"]) > 0
        assert "秒再问" in one.heard.decode()
        if path == ASK:
            Page.of(one.heard.decode())
