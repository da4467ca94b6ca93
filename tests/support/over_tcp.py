"""A server that listens on this machine, in a thread of its own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from server.http.serving import Server
from tests.support.served import served


@contextmanager
def listening(**given: Any) -> Iterator[str]:
    """The origin of a server over ``served(**given)``."""
    server = Server.of(served(**given).app)
    listener = server.listener(socket.create_server(("127.0.0.1", 0)))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(60)
        assert not thread.is_alive()
