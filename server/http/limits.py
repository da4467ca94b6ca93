"""How often one client may ask. Clients are known by a keyed hash; no address is kept."""

from __future__ import annotations

import hashlib
import logging
import secrets
import time
from collections.abc import Callable

from starlette.datastructures import Headers, QueryParams
from starlette.types import Scope

from server.http.problems import TooMany
from server.http.proxies import client_of, networks

LOG = logging.getLogger("fuwen.server")
# What costs the work of a question, or writes: these always, pages only with words to look for.
COUNTED = frozenset((
    ("POST", "/api/ask"), ("POST", "/api/ask/stream"), ("POST", "/api/feedback"),
    ("POST", "/ask/feedback"),
))  # fmt: skip
SEARCHING = ("/", "/ask")
LETTERS = "/letters/"  # all below it: the words are looked for in the whole letter
SECOND = 1_000_000_000  # nanoseconds
MINUTE = 60 * SECOND
MOST = 65_536  # clients remembered; beyond it the one longest unseen is forgotten


class Pace:
    """At most ``rate`` times in any burst, and ``rate`` a minute after it, for each client.

    The generic cell rate algorithm (ITU-T I.371): of each client only the time is kept at
    which all that it did would be paid for at an even pace.
    """

    def __init__(
        self, rate: int, *, clock: Callable[[], int] = time.monotonic_ns, most: int = MOST
    ) -> None:
        self._pace = MINUTE // rate
        self._clock = clock
        self._most = most
        self._paid: dict[bytes, int] = {}
        self._secret = secrets.token_bytes(32)

    def take(self, client: str) -> int:
        """Count one more time: 0, or the seconds by which it is too early and not counted."""
        key = self._key(client)
        now = self._clock()
        paid = max(self._paid.pop(key, now), now)
        wait = paid + self._pace - MINUTE - now
        self._paid[key] = paid if wait > 0 else paid + self._pace
        if len(self._paid) > self._most:
            del self._paid[next(iter(self._paid))]
        return max(-(-wait // SECOND), 0)

    def give_back(self, client: str) -> None:
        """Count one time less."""
        key = self._key(client)
        if key in self._paid:
            self._paid[key] -= self._pace

    def _key(self, client: str) -> bytes:
        return hashlib.blake2b(client.encode(), key=self._secret, digest_size=16).digest()


class Limits(Pace):
    """``Pace`` for the requests that are questions; a ``rate`` of 0 is no limit."""

    def __init__(
        self,
        rate: int,
        *,
        proxies: str = "",
        clock: Callable[[], int] = time.monotonic_ns,
        most: int = MOST,
    ) -> None:
        super().__init__(rate or 1, clock=clock, most=most)
        self._limited = rate > 0
        self._proxies = networks(proxies)
        self._warned = False

    def count(self, scope: Scope) -> None:
        """Count a question, if ``scope`` is one. Raises TooMany."""
        if self._limited and _counted(scope) and (wait := self.take(self._client(scope))):
            raise TooMany(retry_after=wait)

    def _client(self, scope: Scope) -> str:
        if not (self._proxies or self._warned) and "x-forwarded-for" in Headers(scope=scope):
            self._warned = True
            LOG.warning("请求带有 X-Forwarded-For，但没有设 KB_TRUSTED_PROXY：访客会共用限额")
        return client_of(scope, proxies=self._proxies)


def _counted(scope: Scope) -> bool:
    method, path = scope["method"], scope["path"]
    if method == "GET" and (path in SEARCHING or path.startswith(LETTERS)):
        return bool(QueryParams(scope["query_string"]).get("q"))
    return (method, path) in COUNTED
