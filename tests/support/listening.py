"""A server of its own on this machine, in a thread, for clients that speak over TCP."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.types import ASGIApp

from server.http.serving import Server


@contextmanager
def listening(app: ASGIApp) -> Iterator[str]:
    """Serve ``app`` until the block ends; the address, without a slash at its end."""
    server = Server.of(app)
    listener = server.listener(socket.create_server(("127.0.0.1", 0)))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(60)
        assert not thread.is_alive()
