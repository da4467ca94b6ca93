"""uvicorn as we run it: with limits on connections, and ending when it is told to."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Self, cast

import uvicorn
from starlette.types import ASGIApp

from server.http.connections import Connection, Listener, room

LOG = logging.getLogger("fuwen.server")
GRACE = 5  # seconds for answers that are under way; then they are cancelled
SETTLE = 0.05  # seconds until a connection that was let in is one
LAST = 8.0  # seconds after which the process ends with whatever still hangs in it


class Server(uvicorn.Server):
    """``uvicorn.Server`` that is gone ``LAST`` seconds after SIGTERM or Ctrl+C at the latest.

    A thread cannot be cancelled, and Python waits for each at its end. What is lost with the
    process is what was not answered yet: whatever was promised is on the disk by then.
    """

    @classmethod
    def of(cls, app: ASGIApp) -> Self:
        """A server of ``app``, as ``configured``."""
        return cls(configured(app))

    def listener(self, listening: socket.socket, *, most: int | None = None) -> Listener:
        """``listening``, letting in at most ``most``, else what descriptors there are for."""
        listener = Listener(fileno=listening.detach())
        listener.admit(most or room(), self.connections)
        return listener

    def connections(self) -> list[Connection]:
        """Those that there are; all are of this kind, as the configuration says."""
        return cast(list[Connection], list(self.server_state.connections))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let nobody in any more, and answer everybody who was let in."""
        for listening in sockets or ():
            asyncio.get_running_loop().remove_reader(listening)
        await asyncio.sleep(SETTLE)
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self.should_exit:
            last = threading.Timer(LAST, _end)
            last.daemon = True
            last.start()
        super().handle_exit(sig, frame)


def configured(
    app: ASGIApp | Callable[[], ASGIApp], *, factory: bool = False, workers: int = 1
) -> uvicorn.Config:
    """How ``app`` is served, or what the ``factory`` ``app`` makes in each of the ``workers``.

    Connections are limited as ``server.http.connections`` says.
    """
    return uvicorn.Config(
        app,
        factory=factory,
        workers=workers,
        http=Connection,
        ws="none",
        timeout_graceful_shutdown=GRACE,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )


def _end() -> None:
    LOG.warning("something hangs: ended without it")
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)
