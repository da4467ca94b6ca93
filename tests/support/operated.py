"""The server as an operator sees it: asked from its own machine, its metrics as numbers."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from server.telemetry.lines import LineFormatter
from tests.support.served import served

HERE = "http://127.0.0.1:8000"
Series = Mapping[tuple[str, frozenset[tuple[str, str]]], float]


def client(*, peer: str = "127.0.0.1", base: str = HERE, **given: Any) -> TestClient:
    """A client of a server on this machine, coming from ``peer``."""
    return TestClient(served(**given).app, client=(peer, 50000), base_url=base)


def metrics(asking: TestClient) -> Series:
    """Every series of /metrics with its value."""
    text = asking.get("/metrics").raise_for_status().text
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def grown(before: Series, after: Series, name: str, **labels: str) -> float:
    """By how much a series grew; one that is not there yet is 0."""
    key = (name, frozenset(labels.items()))
    return after.get(key, 0.0) - before.get(key, 0.0)


class Written(logging.Handler):
    """The lines of the log as they would be written."""

    def __init__(self, form: Any = "text") -> None:
        super().__init__()
        self.setFormatter(LineFormatter("masked", form))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith("fuwen."):
            self.lines.append(self.format(record))
