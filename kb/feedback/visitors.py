"""Who has asked what today, so that nobody counts twice; nothing of it is ever written down.

A visitor is known by a hash of the address under a key that is drawn anew each day and lies in
memory only. When the day is over the key and all hashes are gone: nobody can turn them back, or
tell whether a visitor of today was here yesterday.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Callable
from datetime import date
from typing import Protocol

EACH = 100  # groups of questions a day in which one visitor counts
MOST = 200_000  # hashes kept a day; what comes beyond is not counted
KEY = 32  # bytes
LENGTH = 16  # bytes of a hash


class Counting(Protocol):
    """What knows the visitors of today: ``Visitors``, or what several processes share."""

    def name(self, address: str) -> bytes:
        """What the visitor at ``address`` is known by today."""
        ...

    def first(self, visitor: bytes, group: int, *, opinion: bool) -> bool:
        """True if ``visitor`` counts: for the first time today in ``group``."""
        ...


class Visitors:
    """Counts a visitor once a day in each group of questions. Safe to use from several threads."""

    def __init__(self, today: Callable[[], date]) -> None:
        self._today = today
        self._lock = threading.Lock()
        self._day: date | None = None
        self._key = b""
        self._seen: dict[bytes, set[tuple[int, bool]]] = {}
        self._kept = 0

    def name(self, address: str) -> bytes:
        """What the visitor at ``address`` is known by today."""
        with self._lock:
            self._turn()
            return hashlib.blake2b(address.encode(), key=self._key, digest_size=LENGTH).digest()

    def first(self, visitor: bytes, group: int, *, opinion: bool) -> bool:
        """True if ``visitor`` counts: for the first time today in ``group``.

        An ``opinion`` of a reply counts beside the question itself.
        """
        with self._lock:
            self._turn()
            own = self._seen.setdefault(visitor, set()) if self._kept < MOST else None
            if own is None or (group, opinion) in own or len(own) >= EACH:
                return False
            own.add((group, opinion))
            self._kept += 1
            return True

    def _turn(self) -> None:
        """Forget everything if the day has turned."""
        today = self._today()
        if today != self._day:
            self._day, self._key = today, secrets.token_bytes(KEY)
            self._seen, self._kept = {}, 0
