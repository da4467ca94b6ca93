"""The stages of a question, for whoever wants to see how long each takes; mostly that is nobody.

Nothing here measures: who asks for it (``watched``) is told where a stage begins and ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Literal

Stage = Literal["understand", "search", "read", "compose"]
Watch = Callable[[Stage], AbstractContextManager[object]]

_WATCH: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextmanager
def watched(watch: Watch) -> Iterator[None]:
    """While this lasts, each stage that this thread goes through is inside ``watch`` of it."""
    token = _WATCH.set(watch)
    try:
        yield
    finally:
        _WATCH.reset(token)


def stage(name: Stage) -> AbstractContextManager[object]:
    """What a stage is done inside."""
    watch = _WATCH.get()
    return watch(name) if watch else nullcontext()
