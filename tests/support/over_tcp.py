"""The server of the tests, listening on this machine in a thread of its own."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from tests.support import listening as tcp
from tests.support.served import served


def listening(**given: Any) -> AbstractContextManager[str]:
    """The origin of a server over ``served(**given)``."""
    return tcp.listening(served(**given).app)
