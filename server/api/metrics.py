"""``/metrics`` for Prometheus: what was counted, and how things stand when it asks."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.responses import Response

from kb.errors import KbError
from kb.settings import OFF
from kb.store.disk import room_for
from kb.store.snapshot import published_at
from server.api.probes import Trouble, release, troubles
from server.desk import AtDesk, Desk
from server.http.proxies import networks, reaches
from server.telemetry import shared
from server.telemetry.metrics import gathered

PAGE = os.sysconf("SC_PAGE_SIZE")
routes = APIRouter(include_in_schema=False)


class MetricsNotAllowed(KbError):
    """Somebody asks for the metrics from where they are not for."""

    status, code = 403, "metrics_not_allowed"


@routes.get("/metrics")
def metrics(request: Request, desk: AtDesk) -> Response:
    """The exposition, for whom KB_METRICS_FROM names and who comes without a proxy between."""
    allowed = desk.settings.metrics_from
    if allowed == OFF or not reaches(request.scope, networks(allowed)):
        raise MetricsNotAllowed("/metrics 只给 KB_METRICS_FROM 里的地址直接看，不经反向代理")
    return Response(exposition(desk), media_type=CONTENT_TYPE_LATEST)


def exposition(desk: Desk) -> bytes:
    """All metrics in Prometheus's text format; the counts of all workers together."""
    standing = CollectorRegistry()
    standing.register(Standing(desk))
    return generate_latest(gathered()) + generate_latest(standing)


class Standing(Collector):
    """How things stand now, the same whichever worker is asked."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def collect(self) -> Iterator[Metric]:
        """One after the other; what cannot be known just then is left out."""
        yield _labelled(
            "fuwen_build_info",
            "1, by version.",
            {"version": release(), "python": platform.python_version()},
        )
        yield from self._snapshot()
        yield _by("fuwen_trouble", "1 while /readyz tells of it.", "what", self._troubles())
        yield from self._disk()
        yield from _processes()

    def _snapshot(self) -> Iterator[Metric]:
        try:
            snapshot = self._desk.store.current().snapshot
        except KbError:
            return
        yield _labelled("fuwen_snapshot_info", "1, by version.", {"version": snapshot.version})
        yield _gauge("fuwen_snapshot_letters", "Letters in the snapshot.", snapshot.letters)
        yield _gauge("fuwen_snapshot_passages", "Passages in the snapshot.", snapshot.passages)
        made = published_at(snapshot.version)
        yield _gauge("fuwen_snapshot_timestamp_seconds", "When it was published.", made.timestamp())

    def _troubles(self) -> dict[str, float]:
        found = troubles(self._desk)
        by_kind = {kind: float(kind in found) for kind in get_args(Trouble)}
        return {**by_kind, "answering": float(not self._answers())}

    def _answers(self) -> bool:
        """False if questions cannot be answered at all."""
        try:
            self._desk.store.current()
            self._desk.embedder()
            self._desk.model()
        except KbError:
            return False
        return True

    def _disk(self) -> Iterator[Metric]:
        data = self._desk.settings.data
        room = room_for(data)
        yield _gauge("fuwen_disk_free_bytes", "Free where the data lies.", room.free)
        yield _gauge("fuwen_disk_size_bytes", "Size of the disk that it lies on.", room.size)
        least = self._desk.settings.free_mb * 1_000_000
        yield _gauge("fuwen_disk_least_bytes", "KB_FREE_MB in bytes.", least)
        path = self._desk.notes.path
        if isinstance(path, Path):
            yield _gauge("fuwen_staff_db_bytes", "staff.db with its journal.", _bytes(path))


def _processes() -> Iterator[Metric]:
    """The workers as /proc has them; memory is that of all, shared pages counted in each."""
    seen = [found for pid in shared.workers() if (found := _seen(pid))]
    yield _gauge("fuwen_workers", "Processes that serve.", len(seen))
    resident = sum(pages for pages, _ in seen) * PAGE
    yield _gauge("fuwen_resident_bytes", "Resident memory of all workers.", resident)
    most = max((descriptors for _, descriptors in seen), default=0)
    yield _gauge("fuwen_open_descriptors", "Of the worker that has most.", most)


def _seen(pid: int) -> tuple[int, int] | None:
    """Resident pages and open descriptors of a process; None if it is gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        return pages, len([*Path(f"/proc/{pid}/fd").iterdir()])
    except OSError:
        return None


def _bytes(path: Path) -> int:
    parts = (path, path.with_name(f"{path.name}-wal"))
    return sum(part.stat().st_size for part in parts if part.exists())


def _gauge(name: str, help_: str, value: float) -> Metric:
    return GaugeMetricFamily(name, help_, value=value)


def _labelled(name: str, help_: str, labels: Mapping[str, str]) -> Metric:
    """A fact that is told by labels; its value is 1."""
    family = GaugeMetricFamily(name, help_, labels=[*labels])
    family.add_metric([*labels.values()], 1)
    return family


def _by(name: str, help_: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, help_, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family
