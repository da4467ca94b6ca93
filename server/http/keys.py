"""The key that a program asks with: ``Authorization: Bearer fuwen-…``.

It is looked up anew for each request, so that one which is revoked is dead at once. What does not
begin as our keys do is no key: front ends have people write something there. What begins so and
is none is refused, never taken for a visitor without one. Nobody counts the wrong ones: of 256
random bits nothing is guessed, and to refuse one costs less than a page.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import anyio.to_thread
from anyio import CapacityLimiter
from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import Scope

from kb.staff import keys
from kb.staff.database import StaffUnusable, opened
from kb.staff.keys import PREFIX, UNKNOWN, Key, KeyRefused, KeyRequired
from kb.staff.places import Place

LOG = logging.getLogger("fuwen.server")
OURS = "fuwen.key"  # where the scope of a request has its key
REQUIRING = ("/v1", "/mcp")  # what KB_API_KEYS=required closes: of programs, not of our pages
TAKING = (*REQUIRING, "/api")
SCHEME = "key"  # its name in the OpenAPI document
LOOKING = 4  # keys looked up at the same time, in threads of their own


class Keys:
    """The keys that are kept at ``place``; without one of them ``required`` lets nobody in."""

    def __init__(
        self, place: Place | None, *, required: bool, today: Callable[[], date] = date.today
    ) -> None:
        self._place = place
        self._required = required
        self._today = today
        self._looking = CapacityLimiter(LOOKING)

    async def of(self, scope: Scope) -> Key | None:
        """The key of a request; what may be done without one is done as a visitor.

        Raises KeyRefused, KeyRequired, KeyNotAllowed, StaffUnusable.
        """
        path = scope["path"]
        if not _below(path, TAKING):
            return None
        if sent := _sent(scope):
            look = partial(self._known, sent)
            key = await anyio.to_thread.run_sync(look, limiter=self._looking)
            if not _below(path, ("/mcp",)):  # there each tool asks for what it needs
                key.permit("ask")
            return key
        if self._required and _below(path, REQUIRING):
            raise KeyRequired(
                f"这里要有密钥才能用；请在 Authorization 里写 Bearer {PREFIX}…，密钥向管理员要"
            )
        return None

    def _known(self, sent: str) -> Key:
        """The key that was sent. Raises KeyRefused, StaffUnusable."""
        if self._place is None:
            raise StaffUnusable("没有设定 staff.db 的位置，认不出密钥；请用 fuwen serve 启动")
        if not self._place.exists():  # nobody ever made one, and no request makes the file
            raise KeyRefused(UNKNOWN)
        today = self._today()
        with opened(self._place) as database:
            key = keys.known(database, sent, today=today)
        if key.used_on != today:
            try:
                with opened(self._place) as database:
                    keys.used(database, key, today=today)
            except StaffUnusable as error:  # a full disk keeps nobody from asking
                LOG.warning("the use of a key is not noted: %s", error)
        return key


def describe(schema: dict[str, Any], *, required: bool) -> None:
    """Add to an OpenAPI document where a key is taken, and where none gets in without one."""
    schemes = schema.setdefault("components", {}).setdefault("securitySchemes", {})
    schemes[SCHEME] = {
        "type": "http",
        "scheme": "bearer",
        "description": f"密钥（{PREFIX}…），向管理员要；没有说必须时可以不带",
    }
    for path, operations in schema["paths"].items():
        if _below(path, TAKING):
            needed = required and _below(path, REQUIRING)
            for operation in operations.values():
                operation["security"] = [{SCHEME: []}] if needed else [{}, {SCHEME: []}]


def key_of(request: Request) -> Key | None:
    """The key that ``request`` came with, good and let in by the edge; None of a visitor."""
    key: Key | None = request.scope.get(OURS)
    return key


def client_with(key: Key) -> str:
    """Who asks with ``key``, as the limits and the line know clients."""
    return f"key {key.id}"


def _sent(scope: Scope) -> str | None:
    """What was sent as one of our keys, None where nothing was."""
    words = Headers(scope=scope).get("authorization", "").split()
    return words[-1] if words and words[-1].startswith(PREFIX) else None  # whatever stands before


def _below(path: str, roots: tuple[str, ...]) -> bool:
    return any(path == root or path.startswith(f"{root}/") for root in roots)
