"""How often one client may ask. Clients are known by a keyed hash; no address is kept.

A client is an address, or a key, whatever address it comes from: a front end asks for many people.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable

from starlette.datastructures import Headers, QueryParams
from starlette.types import Scope

from kb.staff.keys import Key
from server.http.keys import client_with
from server.http.problems import TooMany
from server.http.proxies import client_of, networks
from server.shared import Kept, Own

LOG = logging.getLogger("fuwen.server")
# What costs the work of a question, or writes: these always, pages only with words to look for.
COUNTED = frozenset((
    ("POST", "/api/ask"), ("POST", "/api/ask/stream"), ("POST", "/api/feedback"),
    ("POST", "/ask/feedback"), ("POST", "/api/check"), ("POST", "/check"),
    ("POST", "/v1/chat/completions"), ("POST", "/v1/responses"),
))  # fmt: skip
SEARCHING = ("/", "/ask")
LETTERS = "/letters/"  # all below it: the words are looked for in the whole letter
SECOND = 1_000_000_000  # nanoseconds
MINUTE = 60 * SECOND
MOST = 65_536  # clients remembered; beyond it the one longest unseen is forgotten


class Pace:
    """At most ``rate`` times in any burst, and ``rate`` a minute after it, for each client.

    The generic cell rate algorithm (ITU-T I.371): of each client only the time is kept at
    which all that it did would be paid for at an even pace: in what is ``kept``.
    """

    def __init__(
        self,
        rate: int,
        *,
        kept: Kept | None = None,
        clock: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self._pace = MINUTE // rate
        self._clock = clock
        self._paid = kept or Own(MOST)

    def take(self, client: str, *, rate: int | None = None) -> int:
        """Count one more time: 0, or the seconds by which it is too early and not counted.

        ``rate`` is that of ``client`` alone, where it has one.
        """
        now, pace = self._clock(), MINUTE // rate if rate else self._pace

        def early(paid: int) -> int:
            return max(paid, now) + pace - MINUTE - now

        def after(paid: int) -> int:
            return max(paid, now) + (pace if early(paid) <= 0 else 0)

        paid = self._paid.change(self._key(client), after)
        return max(-(-early(paid) // SECOND), 0)

    def give_back(self, client: str) -> None:
        """Count one time less."""
        self._paid.change(self._key(client), lambda paid: paid and paid - self._pace)

    def _key(self, client: str) -> bytes:
        return hashlib.blake2b(client.encode(), key=self._paid.secret, digest_size=16).digest()


class Limits(Pace):
    """``Pace`` for the requests that are questions; a ``rate`` of 0 is no limit."""

    def __init__(
        self,
        rate: int,
        *,
        proxies: str = "",
        kept: Kept | None = None,
        clock: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        super().__init__(rate or 1, kept=kept, clock=clock)
        self._rate = rate
        self._proxies = networks(proxies)
        self._warned = False

    def count(self, scope: Scope, key: Key | None = None) -> None:
        """Count a question, if ``scope`` is one, for ``key`` or for who comes. Raises TooMany."""
        if _counted(scope):
            self.charge(scope, key)

    def charge(self, scope: Scope, key: Key | None = None) -> None:
        """Count a question of ``key``, or of whoever sent ``scope``. Raises TooMany."""
        rate = key.rate if key and key.rate else self._rate
        if not rate:
            return
        client = client_with(key) if key else self._client(scope)
        if wait := self.take(client, rate=rate):
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
