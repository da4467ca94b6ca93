"""Sign-ins wait in a line of their own, which is short, and citizens do not wait with them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import anyio
import pytest
from fastapi.testclient import TestClient

from kb.staff.failures import LockedOut
from kb.staff.sessions import SignInRefused
from server.console.access import gate as gate_module
from server.console.access.gate import AT_ONCE, FAILING, KEPT, OF_ONE, WAITING, Gate
from tests.support.staffing import LOGIN, RIGHT


def refused() -> str:
    raise SignInRefused("no")


def stranger() -> bool:
    return False


async def wrong(gate: Gate, client: str = "192.0.2.1") -> type[Exception]:
    try:
        await gate.through(client, refused, known=stranger)
    except (SignInRefused, LockedOut) as error:
        return type(error)
    raise AssertionError("let through")


def run(call: Callable[[Gate], object]) -> None:
    async def inside() -> None:
        with anyio.fail_after(20):
            await call(Gate())  # type: ignore[misc]

    anyio.run(inside)


def test_a_client_that_fails_and_fails_has_to_wait() -> None:
    async def fails(gate: Gate) -> None:
        found = [await wrong(gate) for _ in range(FAILING + 2)]
        assert found == [SignInRefused] * FAILING + [LockedOut] * 2
        assert await wrong(gate, "192.0.2.2") is SignInRefused
        with pytest.raises(LockedOut, match="秒再试") as told:
            await gate.through("192.0.2.1", lambda: "token", known=stranger)
        assert 0 < told.value.retry_after <= 60

    run(fails)


def test_whoever_gets_in_uses_up_nothing() -> None:
    async def succeeds(gate: Gate) -> None:
        for _ in range(FAILING * 3):
            assert await gate.through("192.0.2.1", lambda: "token", known=stranger) == "token"
        assert await wrong(gate) is SignInRefused

    run(succeeds)


@pytest.mark.parametrize(
    ("clients", "admitted"),
    [(["192.0.2.1"] * 150, OF_ONE), ([f"192.0.2.{number}" for number in range(150)], WAITING)],
    ids=["of one client", "of many"],
)
def test_only_a_few_wait_and_the_others_are_told_to_come_back(
    clients: list[str], admitted: int
) -> None:
    go_on, inside, late = threading.Event(), [0], []

    def slow() -> str:
        inside[0] += 1
        assert inside[0] <= AT_ONCE
        go_on.wait(10)
        inside[0] -= 1
        return "token"

    async def come(gate: Gate, client: str) -> None:
        try:
            await gate.through(client, slow, known=stranger)
        except LockedOut as error:
            late.append(error.retry_after)

    async def storm(gate: Gate) -> None:
        async with anyio.create_task_group() as group:
            for client in clients:
                group.start_soon(come, gate, client)
            with anyio.fail_after(8):
                while len(late) < len(clients) - admitted:
                    await anyio.sleep(0.01)
            await anyio.sleep(0.1)
            assert len(late) == len(clients) - admitted
            assert await anyio.to_thread.run_sync(lambda: "a citizen") == "a citizen"
            go_on.set()
        assert await gate.through(clients[0], lambda: "later", known=stranger) == "later"

    run(storm)
    assert all(seconds > 0 for seconds in late)


@pytest.mark.parametrize(
    ("come", "let_in"),
    [
        (["198.51.100.1"], 1),
        (["198.51.100.1"] * 10, min(OF_ONE, KEPT)),
        ([f"198.51.100.{number}" for number in range(20)], KEPT),
    ],
    ids=["one", "one again and again", "many"],
)
def test_strangers_however_many_leave_room_for_those_who_are_known(
    come: list[str], let_in: int
) -> None:
    go_on, got_in, looked = threading.Event(), list[str](), list[str]()

    def known(client: str) -> bool:
        looked.append(client)
        return client.startswith("198.")

    async def enter(gate: Gate, client: str) -> None:
        with suppress(LockedOut):
            await gate.through(client, lambda: go_on.wait(10), known=partial(known, client))
            got_in.append(client)

    async def storm(gate: Gate) -> None:
        async with anyio.create_task_group() as group:
            for number in range(WAITING):
                group.start_soon(enter, gate, f"192.0.2.{number}")
            await anyio.wait_all_tasks_blocked()
            assert not looked  # while there is room nobody asks
            for client in [*(f"203.0.113.{number}" for number in range(20)), *come]:
                group.start_soon(enter, gate, client)
            await anyio.sleep(0.2)
            go_on.set()

    run(storm)
    assert len([client for client in got_in if client.startswith("192.")]) == WAITING
    assert len([client for client in got_in if client.startswith("198.")]) == let_in
    assert not [client for client in got_in if client.startswith("203.")]


@pytest.mark.parametrize("name", ["王芳", "没有这个人"])
def test_whether_an_address_is_known_does_not_depend_on_the_name(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(gate_module, "WAITING", 0)
    bad = {"name": name, "password": "不是这个密码的密码"}
    assert client.post(LOGIN, data=bad).status_code == 429
    monkeypatch.undo()
    assert client.post(LOGIN, data=RIGHT).status_code == 303
    monkeypatch.setattr(gate_module, "WAITING", 0)
    assert client.post(LOGIN, data=bad).status_code == 401
    assert client.post(LOGIN, data=RIGHT).status_code == 303


def test_forwarded_addresses_count_behind_a_trusted_proxy_only(client: TestClient) -> None:
    headers = {"x-forwarded-for": "203.0.113.1"}
    bad = {**RIGHT, "password": "不是这个密码的密码"}
    statuses = [
        client.post(LOGIN, data={**bad, "name": f"名字{n}"}, headers=headers).status_code
        for n in range(FAILING + 1)
    ]
    assert statuses == [401] * FAILING + [429]
    other = {"x-forwarded-for": "203.0.113.2"}
    response = client.post(LOGIN, data=RIGHT, headers=other)
    assert response.status_code == 429  # nobody said that there is a proxy: it is one client
    assert int(response.headers["retry-after"]) > 0
    assert "秒再试" in response.text


def test_a_slow_provider_keeps_only_its_own_threads() -> None:
    go_on = threading.Event()

    async def hangs(gate: Gate) -> None:
        async with anyio.create_task_group() as group:
            for _ in range(100):
                group.start_soon(partial(gate.elsewhere, lambda: go_on.wait(10)))
            await anyio.sleep(0.1)
            assert await anyio.to_thread.run_sync(lambda: "a citizen") == "a citizen"
            go_on.set()

    run(hangs)
