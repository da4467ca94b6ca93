"""Connections: how long a client may keep us waiting, and who makes room when all are taken.

uvicorn waits for ever for the head and the body of a request, and for a client that does not read.
Here each has its time, as in Apache's mod_reqtimeout, whose defaults these are near.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import resource
import socket
import termios
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from server.http.proxies import bucket_of
from server.telemetry.metrics import LIMITED

LOG = logging.getLogger("fuwen.server")
HEAD = 10.0  # seconds for the head of a request, from when it may come to its last byte
BODY = 10.0  # seconds for a body, and one more for each ``BODY_PACE`` bytes that came
BODY_PACE = 1000
UNREAD = 3.0  # seconds for the rest of a body after the whole response to it
STALLED = 10.0  # seconds in which a client that is sent something takes ``READ_LEAST`` of it
READ_LEAST = 5000  # bytes
LINGER = 1.0  # seconds for a request that is on its way when the server ends
REST = 4.0  # and for what is left of one that has begun
LOOK = 1.0  # seconds between two looks at a connection
MOST = 2000  # connections at once, where the limit of descriptors allows it
KEPT_FREE = 128  # descriptors that are for files: databases, snapshots, threads at work
FEWEST = 16
CLOSE = (b"connection", b"close")
TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
NO_ROOM = (
    b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 5\r\n"
    b"content-length: 0\r\n\r\n"
)


class Connection(H11Protocol):
    """A connection that closes when its client keeps us waiting for too long."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._descriptor: int = transport.get_extra_info("socket").fileno()
        self._free = self.loop.time()  # since when the next request may come
        self._heard = False  # whether anything of it came
        self._leaving = False  # whether it is the last one
        self._body = self._free  # since when its body comes
        self._came = 0  # bytes of the body
        self._stall: float | None = None  # since when there is something that is not taken
        self._left = self._taken = 0  # bytes that are left to take, that were taken meanwhile
        self._next_look = self.loop.call_later(LOOK, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        self._next_look.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._heard, inside = True, self._their_body
        super().data_received(data)
        if self._their_body and not inside:
            self._body, self._came = self.loop.time(), 0
        elif inside:
            self._came += len(data)

    def handle_events(self) -> None:
        super().handle_events()
        if self._leaving and self._answering:
            self._last()

    def on_response_complete(self) -> None:
        self._free, self._heard = self.loop.time(), False
        super().on_response_complete()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stall = None

    def shutdown(self) -> None:
        """The server ends: a request that is here or on its way is answered, and is the last."""
        self._leaving = True
        if self._their_body and not self._answering:
            self._close_slow()
        elif self._idle:
            self.loop.call_later(LINGER, self._leave)
        else:
            self._last()
        self.loop.call_later(REST, self._give_up)

    @property
    def waiting_since(self) -> float | None:
        """Since when we wait for this client to send or to take something; None if we do not."""
        if self._their_body:
            return None if self.flow.read_paused else self._body
        return self._free if self._idle else self._stall

    @property
    def has_come(self) -> bool:
        """True if something came that is still to be read."""
        try:
            unread = fcntl.ioctl(self._descriptor, termios.FIONREAD, bytes(4))
        except OSError:
            return False
        return any(unread)

    def make_room(self) -> None:
        """Go, for somebody else."""
        LIMITED.labels("connections").inc()
        self.transport.abort()

    @property
    def _their_body(self) -> bool:
        return self.conn.their_state is h11.SEND_BODY

    @property
    def _answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    @property
    def _idle(self) -> bool:
        return self.conn.their_state is h11.IDLE and not self._answering

    def _last(self) -> None:
        """Close after the request that is here, and have its answer say so."""
        self.cycle.keep_alive = False
        self.headers.append(CLOSE)

    def _leave(self) -> None:
        """Close unless a request has begun, or has come and is not read yet."""
        if self._idle and not self._heard and not self.transport.is_closing():
            if self.has_come:
                self.loop.call_soon(self._leave)
            else:
                super().shutdown()

    def _give_up(self) -> None:
        if (self._idle or self._their_body) and not self.transport.is_closing():
            self._close_slow()

    def _look(self) -> None:
        now = self.loop.time()
        if self._stalls(now):
            LIMITED.labels("slow").inc()
            self.transport.abort()
            return
        deadline = self._deadline()
        if deadline is not None and now >= deadline and not self.transport.is_closing():
            self._close_slow()
        self._next_look = self.loop.call_later(LOOK, self._look)

    def _deadline(self) -> float | None:
        """When the client has to have sent what we wait for."""
        if self._their_body and not self._answering:
            return self._free + UNREAD
        if self._their_body and not self.flow.read_paused:
            return self._body + BODY + self._came / BODY_PACE
        return self._free + HEAD if self._idle else None

    def _stalls(self, now: float) -> bool:
        """Note what the client took since the last look; True if that is too little."""
        left = self.transport.get_write_buffer_size()
        if not left or self._stall is None:
            self._stall = now if left else None
            self._taken = 0
        else:
            self._taken += max(self._left - left, 0)
            if now - self._stall >= STALLED:
                if self._taken < READ_LEAST:
                    return True
                self._stall, self._taken = now, 0
        self._left = left
        return False

    def _close_slow(self) -> None:
        """Close; tell a client that began a request, and has no answer to it, that it was slow."""
        if self._heard and not (self._their_body and self.cycle.response_started):
            LIMITED.labels("slow").inc()
            self.transport.write(TOO_SLOW)
        self.transport.close()


class Listener(socket.socket):
    """A listening socket that never lets in more than ``most`` connections at a time.

    When all are taken, those go that wait longest for their clients, first those of the address
    that has the most; where nobody waits for a client, the newcomer is refused.
    """

    def admit(self, most: int, connections: Callable[[], Collection[Connection]]) -> None:
        """From now on at most ``most``; ``connections`` gives those that there are."""
        self._most = most
        self._connections = connections
        self._open = 0

    def accept(self) -> tuple[socket.socket, Any]:
        full = self._open >= self._most
        if full and self._make_room():
            raise BlockingIOError  # there is room when asyncio comes back, which is at once
        accepted, address = super().accept()
        admitted = Admitted(accepted.family, accepted.type, accepted.proto, accepted.detach())
        if full:
            LOG.warning("no room for another connection: all %d are being answered", self._open)
            _refuse(admitted)
            raise BlockingIOError
        self._open += 1
        admitted.closed = self._one_left
        return admitted, address

    def _one_left(self) -> None:
        self._open -= 1

    def _make_room(self) -> bool:
        """Let a sixteenth of the connections go; False if all of them are being answered."""
        there = list(self._connections())
        waiting = [connection for connection in there if connection.waiting_since is not None]
        going = longest_waiting(
            [connection for connection in waiting if not connection.has_come],
            number=max(self._most // 16, 1),
        )
        for connection in going:
            connection.make_room()
        if going:
            LOG.warning("all %d connections are taken: the idlest make room", self._open)
        # Those that were accepted just now, or have something to read, have to be heard first.
        return bool(waiting) or len(there) < self._open


class Admitted(socket.socket):
    """A connection's socket, which says once that it is closed."""

    closed: Callable[[], None] | None = None

    def close(self) -> None:
        super().close()
        closed, self.closed = self.closed, None
        if closed:
            closed()


def longest_waiting(waiting: Collection[Connection], *, number: int) -> list[Connection]:
    """The ``number`` connections to do without: of the address with most, the longest waiting."""
    held = Counter(map(_address, waiting))
    found = sorted(
        waiting,
        key=lambda connection: (-held[_address(connection)], connection.waiting_since or 0.0),
    )
    return found[:number]


def room() -> int:
    """How many connections the limit of descriptors allows, which is raised as far as may be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST + KEPT_FREE
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if soft == resource.RLIM_INFINITY:
        return MOST
    return max(min(MOST, soft - KEPT_FREE), FEWEST)


def _address(connection: Connection) -> str:
    return bucket_of(connection.client[0]) if connection.client else ""


def _refuse(newcomer: socket.socket) -> None:
    LIMITED.labels("connections").inc()
    with newcomer, suppress(OSError):
        newcomer.setblocking(False)
        newcomer.send(NO_ROOM)
        newcomer.shutdown(socket.SHUT_WR)
        newcomer.recv(65536)  # what is left unread would have the refusal thrown away
