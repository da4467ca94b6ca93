"""Answers kept for whoever asks the same again, as long as all that they were drawn from holds."""

from __future__ import annotations

import threading
from datetime import date
from typing import NamedTuple

from kb.answer.steps import Step
from kb.promises import Confirmations
from kb.query.parse import Query
from server.telemetry.metrics import KEPT

MOST = 512  # answers, of a few kB each


class Basis(NamedTuple):
    """What an answer was drawn from: a snapshot's version, what staff confirmed, and the day."""

    snapshot: str
    promises: Confirmations
    day: date


class Answers:
    """The steps of the ``most`` questions asked last, all of one basis. Safe in several threads.

    Questions are the same if they are parsed alike, whatever was typed around their words.
    """

    def __init__(self, *, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._basis: Basis | None = None
        self._kept: dict[Query, tuple[Step, ...]] = {}  # the one asked last is last

    def get(self, query: Query, basis: Basis) -> tuple[Step, ...] | None:
        """The steps of ``query`` as they were told before; None if they are not kept."""
        with self._lock:
            found = self._kept.pop(query, None) if basis == self._basis else None
            if found:
                self._kept[query] = found
        KEPT.labels("hit" if found else "miss").inc()
        return found

    def keep(self, query: Query, basis: Basis, steps: tuple[Step, ...]) -> None:
        """Keep ``steps``; those of another basis are forgotten."""
        with self._lock:
            if basis != self._basis:
                self._basis, self._kept = basis, {}
            self._kept[query] = steps
            while len(self._kept) > self._most:
                self._kept.pop(next(iter(self._kept)))
