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
SECOND = 1_000_000_000  # nanoseconds
MINUTE = 60 * SECOND
MOST = 65_536  # clients remembered; beyond it the one longest unseen is forgotten


class Limits:
    """At most ``rate`` questions in any burst, and ``rate`` a minute after it; 0 is no limit.

    The generic cell rate algorithm (ITU-T I.371): of each client only the time is kept at
    which all that it asked would be paid for at an even pace.
    """

    def __init__(
        self,
        rate: int,
        *,
        proxies: str = "",
        clock: Callable[[], int] = time.monotonic_ns,
        most: int = MOST,
    ) -> None:
        self._pace = MINUTE // rate if rate else 0
        self._proxies = networks(proxies)
        self._clock = clock
        self._most = most
        self._paid: dict[bytes, int] = {}
        self._secret = secrets.token_bytes(32)
        self._warned = False

    def count(self, scope: Scope) -> None:
        """Count a question, if ``scope`` is one. Raises TooMany."""
        if not self._pace or not _counted(scope):
            return
        key = self._key(scope)
        now = self._clock()
        paid = max(self._paid.pop(key, now), now)
        wait = paid + self._pace - MINUTE - now
        self._paid[key] = paid if wait > 0 else paid + self._pace
        if len(self._paid) > self._most:
            del self._paid[next(iter(self._paid))]
        if wait > 0:
            raise TooMany(retry_after=-(-wait // SECOND))

    def _key(self, scope: Scope) -> bytes:
        """A keyed hash of who asks."""
        if not (self._proxies or self._warned) and "x-forwarded-for" in Headers(scope=scope):
            self._warned = True
            LOG.warning("请求带有 X-Forwarded-For，但没有设 KB_TRUSTED_PROXY：访客会共用限额")
        client = client_of(scope, proxies=self._proxies)
        return hashlib.blake2b(client.encode(), key=self._secret, digest_size=16).digest()


def _counted(scope: Scope) -> bool:
    method, path = scope["method"], scope["path"]
    if path in SEARCHING and method == "GET":
        return bool(QueryParams(scope["query_string"]).get("q"))
    return (method, path) in COUNTED
