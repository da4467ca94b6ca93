"""How long something took, as a metric and as a span at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from server.telemetry import tracing
from server.telemetry.metrics import STAGE_SECONDS


@contextmanager
def timed(stage: str) -> Iterator[None]:
    """A stage of a question, see ``STAGE_SECONDS``."""
    with STAGE_SECONDS.labels(stage).time(), tracing.span(stage):
        yield
