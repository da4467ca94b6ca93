"""A log that nobody can flood: the same trouble is told a few times a minute, then counted."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

MOST = 10  # lines of one kind a minute
MINUTE = 60.0
KINDS = 1000  # remembered; what programs log is far fewer


@dataclass(slots=True)
class _Told:
    """Lines of one kind: since when they are counted, how many were told and how many were not."""

    since: float
    times: int = 0
    untold: int = 0


class LogLimit(logging.Filter):
    """Lets through ``MOST`` lines of a kind a minute, and tells later how many it left out.

    A kind is what the program says and the kind of error that it shows, whatever the details.
    Lines logged with ``extra={"each": True}`` all go through: those of questions, which are
    limited where they come in.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._kinds: dict[tuple[str, str, str], _Told] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "each", False):
            return True
        now = self._clock()
        error = record.exc_info[0] if record.exc_info else None
        kind = (record.name, str(record.msg), error.__qualname__ if error else "")
        told = self._kinds.get(kind)
        if told is None or now - told.since >= MINUTE:
            untold = told.untold if told else 0
            if len(self._kinds) >= KINDS:
                self._kinds.clear()
            told = self._kinds[kind] = _Told(since=now)
            if untold:
                record.msg = f"{record.getMessage()} (and {untold} times more before)"
                record.args = ()
        told.times += 1
        if told.times <= MOST:
            return True
        told.untold += 1
        return False
