"""The log tells of every kind of trouble and is flooded by none."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from server.http.log_limit import MINUTE, MOST, LogLimit

LOG = logging.getLogger("fuwen.limited")


class Kept(logging.Handler):
    """A handler that keeps what it is given, and a clock that is set by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.lines: list[str] = []
        self.addFilter(LogLimit(clock=lambda: self.now))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@pytest.fixture
def kept() -> Iterator[Kept]:
    handler = Kept()
    LOG.addHandler(handler)
    LOG.setLevel(logging.INFO)
    yield handler
    LOG.removeHandler(handler)


def test_the_same_again_and_again_is_told_a_few_times_and_then_counted(kept: Kept) -> None:
    for number in range(1000):
        LOG.warning("client %d left", number)
    assert len(kept.lines) == MOST
    kept.now += MINUTE
    LOG.warning("client %d left", 5)
    assert kept.lines[MOST:] == [f"client 5 left (and {1000 - MOST} times more before)"]


def test_another_trouble_is_told_all_the_same(kept: Kept) -> None:
    for _ in range(1000):
        LOG.warning("one")
    LOG.warning("two")
    for error in (KeyError("a"), ValueError("b")):
        try:
            raise error
        except (KeyError, ValueError):
            for _ in range(100):
                LOG.exception("fault")
    assert len(kept.lines) == MOST + 1 + 2 * MOST


def test_a_line_for_each_question_is_told_each_time(kept: Kept) -> None:
    for _ in range(1000):
        LOG.info("ask %s", "甲", extra={"each": True})
    assert len(kept.lines) == 1000


def test_what_is_remembered_is_bounded(kept: Kept) -> None:
    (limit,) = kept.filters
    assert isinstance(limit, LogLimit)
    for number in range(5000):
        LOG.warning(f"made up {number}")
    assert len(limit._kinds) <= 1000
