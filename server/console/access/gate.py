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
from server.shared import Kept

AT_ONCE = 1  # passwords checked at the same time: each takes 64 MiB and every core that is free
WAITING = 16  # sign-ins that wait for it, at most
KEPT = 4  # more, for clients from which somebody has signed in before
OF_ONE = 4  # of them, those of one client
FAILING = 20  # sign-ins of one client that fail, at once and then a minute
ELSEWHERE = 4  # that wait for the provider of identities at the same time, in threads too
SOON = 5  # seconds after which to try again where too many wait
Result = TypeVar("Result")


class Gate:
    """Lets sign-ins through to where passwords are checked, in threads of their own.

    ``proxies`` is KB_TRUSTED_PROXY; ``kept`` counts the failures for several processes.
    """

    def __init__(self, *, proxies: str = "", kept: Kept | None = None) -> None:
        self._proxies = networks(proxies)
        self._failing = Pace(FAILING, kept=kept)
        self._waiting: dict[str, int] = {}
        self._looking = CapacityLimiter(1)
        self._checking = CapacityLimiter(AT_ONCE)
        self._elsewhere = CapacityLimiter(ELSEWHERE)

    def client(self, request: Request) -> str:
        """Whose sign-in ``request`` is."""
        return client_of(request.scope, proxies=self._proxies)

    async def through(
        self, client: str, sign_in: Callable[[], Result], *, known: Callable[[], bool]
    ) -> Result:
        """What ``sign_in`` returns, called in a thread when it is its turn.

        ``known`` says whether anybody has signed in from ``client`` before. It is asked where
        there is no room but for those, whatever the name: what it says tells of no account.
        Raises LockedOut where ``client`` failed too often or too many wait; what both raise.
        """
        if not self._room(client) and not await self._kept_room(client, known):
            raise LockedOut(f"同时登录的人太多；请过 {SOON} 秒再试", retry_after=SOON)
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

    def _room(self, client: str, *, kept: int = 0) -> bool:
        """True if one more of ``client`` may wait, with so many places more than for anybody."""
        others = sum(self._waiting.values())
        return self._waiting.get(client, 0) < OF_ONE and others < WAITING + kept

    async def _kept_room(self, client: str, known: Callable[[], bool]) -> bool:
        """True if ``client`` is known and one of the places that are kept for those is free."""
        if not self._room(client, kept=KEPT):
            return False
        found = await anyio.to_thread.run_sync(known, limiter=self._looking)
        return found and self._room(client, kept=KEPT)  # others came meanwhile


def gate_of(request: Request) -> Gate:
    """The gate of the application that ``request`` came to."""
    return cast(Gate, request.app.state.gate)
