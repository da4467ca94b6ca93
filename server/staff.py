"""The door to the staff's pages, until there are accounts: one key, and the name of who uses it."""

from __future__ import annotations

import base64
import binascii
import hmac
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any, cast

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from kb.errors import KbError
from kb.settings import OFF
from server import pages
from server.ask import desk_of
from server.forms import FORM_POLICY, check_ours
from server.limits import client_of, networks
from server.problems import NoSuchRoute

CHALLENGE = 'Basic realm="fuwen", charset="UTF-8"'
FAILURES = 5  # of one address; then it waits
WAIT = 60.0  # seconds
MOST = 10_000  # addresses remembered; beyond it the one longest unseen is forgotten
LONGEST_NAME = 40
SAFE = ("GET", "HEAD")


class TurnedAway(KbError):
    """Whoever is not let in: with what heading, and which header."""

    heading: str
    header: tuple[str, str]


class NotSignedIn(TurnedAway):
    """Nobody has said who they are, or with the wrong key."""

    status, code = 401, "not_signed_in"
    heading, header = "请先登录", ("www-authenticate", CHALLENGE)


class LockedOut(TurnedAway):
    """Too many wrong keys from one address."""

    status, code = 429, "locked_out"
    heading, header = "请稍候", ("retry-after", f"{WAIT:.0f}")


class Door:
    """Lets in who knows ``key``. ``clock`` gives seconds."""

    def __init__(self, key: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._key = key.encode()
        self._clock = clock
        self._failed: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def name(self, authorization: str, *, address: str) -> str:
        """The name that a Basic ``authorization`` gives. Raises NotSignedIn, LockedOut."""
        failures, last = self._failed.get(address, (0, 0.0))
        waited = self._clock() - last
        if failures >= FAILURES and waited < WAIT:
            raise LockedOut("口令错了太多次；请过一分钟再试")
        if not authorization:
            raise NotSignedIn("这里只供工作人员使用；请输入自己的姓名和口令")
        name, key = _credentials(authorization)
        if not hmac.compare_digest(key, self._key):
            self._failed[address] = (failures + 1 if waited < WAIT else 1, self._clock())
            self._failed.move_to_end(address)
            if len(self._failed) > MOST:
                self._failed.popitem(last=False)
            raise NotSignedIn("口令不对；请核对后重新输入")
        if not (name and len(name) <= LONGEST_NAME and name.isprintable()):
            raise NotSignedIn("用户名要填自己的姓名，处理记录里会写明；请重新输入")
        self._failed.pop(address, None)
        return name


def _credentials(authorization: str) -> tuple[str, bytes]:
    """Name and key of an Authorization header (RFC 7617); empty ones for what is none."""
    scheme, _, told = authorization.partition(" ")
    try:
        name, _, key = base64.b64decode(told, validate=True).partition(b":")
        return (name.decode().strip(), key) if scheme.lower() == "basic" else ("", b"")
    except (binascii.Error, ValueError):
        return "", b""


class StaffRoute(APIRoute):
    """A route behind the door; ``request.state.who`` is the name of who came in."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        inside = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                request.state.who = _come_in(request)
            except TurnedAway as error:
                page = pages.render(
                    "error.html", status=error.status, heading=error.heading, detail=str(error)
                )
                page.headers.append(*error.header)
                return page
            response = await inside(request)
            response.headers.update(FORM_POLICY)
            return response

        return guarded


def _come_in(request: Request) -> str:
    """The name of who sent ``request``. Raises NoSuchRoute where there is no door at all."""
    settings = desk_of(request).settings
    key = settings.staff_key
    if key == OFF:
        raise NoSuchRoute("没有这个地址；请检查网址，或回到首页")
    state = request.app.state
    if not hasattr(state, "door"):
        state.door = Door(key)
    address = client_of(request.scope, proxies=networks(settings.trusted_proxy))
    name = cast(Door, state.door).name(request.headers.get("authorization", ""), address=address)
    if request.method not in SAFE:
        check_ours(request)
    return name
