"""How many may sign in at once: checking a password is dear, and citizens must not wait for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import anyio
from anyio import CapacityLimiter
from fastapi import Request

from kb.staff.failures import LockedOut
from kb.staff.sessions import SignInRefused
from server.http.limits import Pace
from server.http.proxies import client_of, networks

AT_ONCE = 1  # passwords checked at the same time: each takes 64 MiB and every core that is free
WAITING = 16  # sign-ins that wait for it, at most
OF_ONE = 4  # of them, those of one client
FAILING = 20  # sign-ins of one client that fail, at once and then a minute
ELSEWHERE = 4  # that wait for the provider of identities at the same time, in threads too
SOON = 5  # seconds after which to try again where too many wait
Result = TypeVar("Result")


class Gate:
    """Lets sign-ins through to where passwords are checked, in threads of their own.

    ``proxies`` is KB_TRUSTED_PROXY.
    """

    def __init__(self, *, proxies: str = "") -> None:
        self._proxies = networks(proxies)
        self._failing = Pace(FAILING)
        self._waiting: dict[str, int] = {}
        self._checking = CapacityLimiter(AT_ONCE)
        self._elsewhere = CapacityLimiter(ELSEWHERE)

    def client(self, request: Request) -> str:
        """Whose sign-in ``request`` is."""
        return client_of(request.scope, proxies=self._proxies)

    async def through(self, client: str, sign_in: Callable[[], Result]) -> Result:
        """What ``sign_in`` returns, called in a thread when it is its turn.

        Raises LockedOut where ``client`` failed too often or too many wait; what it raises.
        """
        self._check_room(client)
        if wait := self._failing.take(client):
            raise LockedOut(f"登录失败太多次；请过 {wait} 秒再试", retry_after=wait)
        self._waiting[client] = self._waiting.get(client, 0) + 1
        failed = False
        try:
            return await anyio.to_thread.run_sync(sign_in, limiter=self._checking)
        except (SignInRefused, LockedOut):
            failed = True
            raise
        finally:
            self._waiting[client] -= 1
            if not self._waiting[client]:
                del self._waiting[client]
            if not failed:
                self._failing.give_back(client)

    async def elsewhere(self, sign_in: Callable[[], Result]) -> Result:
        """What ``sign_in`` returns, which asks a provider that may be slow to answer."""
        return await anyio.to_thread.run_sync(sign_in, limiter=self._elsewhere)

    def _check_room(self, client: str) -> None:
        if self._waiting.get(client, 0) >= OF_ONE or sum(self._waiting.values()) >= WAITING:
            raise LockedOut(f"同时登录的人太多；请过 {SOON} 秒再试", retry_after=SOON)


def gate_of(request: Request) -> Gate:
    """The gate of the application that ``request`` came to."""
    return cast(Gate, request.app.state.gate)
