"""Whose question a request is, and work that ends when whoever asked has left."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Annotated, TypeVar

import anyio
from fastapi import Depends, Request
from starlette.requests import ClientDisconnect

from server.desk import AtDesk
from server.http.keys import client_with, key_of
from server.http.proxies import client_of, networks

Made = TypeVar("Made")


async def _asker(request: Request, desk: AtDesk) -> str:
    if key := key_of(request):
        return client_with(key)
    return client_of(request.scope, proxies=networks(desk.settings.trusted_proxy))


# Who asks, as the limits know clients.
Asker = Annotated[str, Depends(_asker)]


async def while_there(request: Request, work: Awaitable[Made]) -> Made:
    """What ``work`` gives, which is cancelled if the client leaves; its body has been read.

    Raises ClientDisconnect then; what ``work`` raises.
    """
    made: list[Made] = []
    failed: list[Exception] = []  # a task group would wrap it
    async with anyio.create_task_group() as group:

        async def watch() -> None:
            while (await request.receive())["type"] != "http.disconnect":
                pass
            group.cancel_scope.cancel()

        group.start_soon(watch)
        try:
            made.append(await work)
        except Exception as error:
            failed.append(error)
        group.cancel_scope.cancel()
    if failed:
        raise failed[0]
    if not made:
        raise ClientDisconnect
    return made[0]
