"""uvicorn as we run it: with limits on connections, and ending when it is told to."""

from __future__ import annotations

import logging
import os
import socket
import sys
import threading
from types import FrameType
from typing import Self, cast

import uvicorn
from starlette.types import ASGIApp

from server.http.connections import Connection, Listener, room

LOG = logging.getLogger("fuwen.server")
GRACE = 5  # seconds for answers that are under way; then they are cancelled
LAST = 8.0  # seconds after which the process ends with whatever still hangs in it


class Server(uvicorn.Server):
    """``uvicorn.Server`` that is gone ``LAST`` seconds after SIGTERM or Ctrl+C at the latest.

    A thread cannot be cancelled, and Python waits for each at its end. What is lost with the
    process is what was not answered yet: whatever was promised is on the disk by then.
    """

    @classmethod
    def of(cls, app: ASGIApp) -> Self:
        """A server of ``app`` whose connections are limited as ``server.http.connections`` says."""
        return cls(
            uvicorn.Config(
                app,
                http=Connection,
                ws="none",
                timeout_graceful_shutdown=GRACE,
                log_config=None,
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=False,
            )
        )

    def listener(self, listening: socket.socket, *, most: int | None = None) -> Listener:
        """``listening``, letting in at most ``most``, else what descriptors there are for."""
        listener = Listener(fileno=listening.detach())
        listener.admit(most or room(), self.connections)
        return listener

    def connections(self) -> list[Connection]:
        """Those that there are; all are of this kind, as the configuration says."""
        return cast(list[Connection], list(self.server_state.connections))

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self.should_exit:
            last = threading.Timer(LAST, _end)
            last.daemon = True
            last.start()
        super().handle_exit(sig, frame)


def _end() -> None:
    LOG.warning("something hangs: ended without it")
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)
