"""What being counted, timed and logged costs a request and a question, as a ratio in one run.

``python -m tests.bench.bench_metrics``: requests go by turns through the server with and without
``server.http.access``; what the desk counts of a question is done by itself. Then the same with
the shared files of several workers. All is time of the processor, whatever else runs meanwhile.
"""

from __future__ import annotations

import asyncio
import io
import logging
import os
import statistics
import subprocess
import sys
import time
from typing import Any

from server.telemetry import shared

ROUNDS, EACH = 40, 8
QUESTION = b'{"question": "\\u519c\\u6751\\u516c\\u8def\\u786c\\u5316\\u7387\\u662f\\u591a\\u5c11"}'


def scope(method: str, path: str) -> dict[str, Any]:
    headers = [(b"host", b"127.0.0.1:8000"), (b"content-type", b"application/json")]
    return {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "scheme": "http", "headers": headers, "client": ("127.0.0.1", 5),
        "server": ("127.0.0.1", 8000),
    }  # fmt: skip


async def seconds(app: Any, method: str, path: str, body: bytes) -> float:
    """What one request takes of the processor."""
    sent = False

    async def receive() -> dict[str, Any]:
        nonlocal sent
        if sent:
            await asyncio.sleep(3600)
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        pass

    began = time.process_time()
    await app(scope(method, path), receive, send)
    return time.process_time() - began


async def compared(method: str, path: str, body: bytes) -> tuple[float, float]:
    """Medians with and without, taken by turns."""
    from server.http.access import Access
    from tests.support.served import served

    app: Any = served().app
    app.middleware_stack = app.build_middleware_stack()
    around = app.middleware_stack
    while not isinstance(around.app, Access):
        around = around.app
    access = around.app
    both: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(ROUNDS):
        for counted in (True, False):
            around.app = access if counted else access._app
            took = [await seconds(app, method, path, body) for _ in range(EACH)]
            both[counted].append(statistics.median(took))
    return statistics.median(both[True]), statistics.median(both[False])


def counting() -> float:
    """Seconds of the processor that all that the desk counts of a question takes."""
    from server.telemetry.metrics import QUESTION_SECONDS, QUESTIONS, WAITING, WORKING
    from server.telemetry.timing import timed

    began = time.process_time()
    times = 2000
    for _ in range(times):
        with WAITING.track_inprogress(), timed("wait"):
            pass
        with WORKING.track_inprogress():
            for stage in ("understand", "search", "read", "compose"):
                with timed(stage):
                    pass
        QUESTIONS.labels("answer").inc()
        QUESTION_SECONDS.observe(0.1)
    return (time.process_time() - began) / times


async def run() -> None:
    lines = logging.StreamHandler(io.StringIO())
    from server.telemetry.lines import LineFormatter
    from tests.support.operated import client

    lines.setFormatter(LineFormatter("masked"))
    for name in ("fuwen.access", "fuwen.server"):
        logging.getLogger(name).addHandler(lines)
        logging.getLogger(name).setLevel(logging.INFO)
        logging.getLogger(name).propagate = False
    print("shared" if shared.FOLDER in os.environ else "alone")
    for method, path, body in (
        ("GET", "/version", b""),
        ("GET", "/letters/old", b""),
        ("POST", "/api/ask", QUESTION),
    ):
        counted, bare = await compared(method, path, body)
        print(
            f"  {method} {path}: {counted * 1e6:.0f} µs with, {bare * 1e6:.0f} µs without,"
            f" ratio {counted / bare:.3f}"
        )
    print(f"  counting a question: {counting() * 1e6:.0f} µs")
    asking = client()
    began = time.process_time()
    for _ in range(20):
        asking.get("/metrics").raise_for_status()
    print(f"  GET /metrics: {(time.process_time() - began) / 20 * 1e3:.1f} ms")


if __name__ == "__main__":
    asyncio.run(run())
    if shared.FOLDER not in os.environ:
        with shared.shared():
            subprocess.run([sys.executable, "-m", "tests.bench.bench_metrics"], check=True)
