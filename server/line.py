"""The line in which questions wait: turns go round among clients, however many one of them sends.

First come, first served would have a citizen wait for all that one client asked at once.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio

from kb.errors import KbError

OF_ONE = 32  # questions of one client that wait: an office behind one address has many people
MOST = 256  # of all clients
SOON = 5  # seconds after which to ask again


class ComeBack(KbError):
    """Not now, but in ``retry_after`` seconds; ``limit`` names what has been reached."""

    limit = ""

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class TooManyWaiting(ComeBack):
    """More questions of one client wait than may."""

    status, code, limit = 429, "too_many", "waiting"


class LineFull(ComeBack):
    """More questions wait than may, and this client has as many of them as any."""

    status, code, limit = 503, "busy", "line"


@dataclass(eq=False, slots=True)
class _Place:
    """One question in the line; ``refused`` where it had to make room."""

    client: str
    called: anyio.Event = field(default_factory=anyio.Event)
    working: bool = False
    refused: bool = False


class Line:
    """At most ``at_once`` are worked at; the next is of the client that has fewest of those.

    Where that says nothing, it is of the client that had no turn for longest.
    """

    def __init__(self, *, at_once: int, of_one: int = OF_ONE, most: int = MOST) -> None:
        self._at_once, self._of_one, self._most = at_once, of_one, most
        self._working: Counter[str] = Counter()
        self._waiting: dict[str, deque[_Place]] = {}  # the client that had its turn last is last

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(map(len, self._waiting.values()))

    @asynccontextmanager
    async def turn(self, client: str) -> AsyncIterator[None]:
        """Wait for a turn, which lasts as long as the context; whoever is cancelled leaves.

        Raises TooManyWaiting, LineFull.
        """
        self.check(client)
        place = _Place(client)
        try:
            self._stand(place)
            await place.called.wait()
            if place.refused:
                raise _full()
            yield
        finally:
            self._leave(place)

    def check(self, client: str) -> None:
        """Raise TooManyWaiting or LineFull if ``client`` may not wait with one question more."""
        own = len(self._waiting.get(client, ()))
        if own >= self._of_one:
            raise TooManyWaiting(f"还有 {own} 个问题在等回答；请过 {SOON} 秒再问", retry_after=SOON)
        if self.waiting >= self._most and len(self._longest()) <= own + 1:
            raise _full()

    def _stand(self, place: _Place) -> None:
        """Go to the end, for whom the client with most makes room if it has to."""
        if self.waiting >= self._most:
            last = self._longest()[-1]
            last.refused = True
            self._remove(last)
            last.called.set()
        self._waiting.setdefault(place.client, deque()).append(place)
        self._call()

    def _longest(self) -> deque[_Place]:
        return max(self._waiting.values(), key=len)

    def _call(self) -> None:
        """Call whoever's turn it is."""
        while self._waiting and self._working.total() < self._at_once:
            client = min(self._waiting, key=self._working.__getitem__)
            place = self._waiting[client][0]
            self._remove(place)
            self._to_end(client)
            self._working[client] += 1
            place.working = True
            place.called.set()

    def _leave(self, place: _Place) -> None:
        if place.working:
            self._working[place.client] -= 1
            if not self._working[place.client]:
                del self._working[place.client]
            self._to_end(place.client)
        elif not place.refused:
            self._remove(place)
        self._call()

    def _to_end(self, client: str) -> None:
        """``client`` had a turn: the others go before it."""
        if places := self._waiting.pop(client, None):
            self._waiting[client] = places

    def _remove(self, place: _Place) -> None:
        places = self._waiting[place.client]
        places.remove(place)
        if not places:
            del self._waiting[place.client]


def _full() -> LineFull:
    return LineFull(f"提问的人太多；请过 {SOON} 秒再问", retry_after=SOON)
