"""Spans as a receiver of OTLP over HTTP gets them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from typing import Any

import pytest

from kb.errors import WrongUse
from server.telemetry import tracing
from tests.support.operated import client
from tests.support.served import ANSWERS

HERE = all(map(tracing._found, tracing.NEEDED))
needs_otel = pytest.mark.skipif(not HERE, reason="fuwen[otel] is not installed")
TYPED = "张三家门口的水渠归谁管"


@contextmanager
def receiver() -> Iterator[tuple[str, list[bytes]]]:
    """Its address, and the bodies that it was sent."""
    bodies: list[bytes] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            bodies.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", bodies
    server.shutdown()
    server.server_close()


def spans(bodies: list[bytes]) -> list[Any]:
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    read = [ExportTraceServiceRequest.FromString(body) for body in bodies]
    return [
        span
        for request in read
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


@needs_otel
def test_a_request_and_its_stages_are_one_trace_without_a_word_of_the_question() -> None:
    with receiver() as (address, bodies):
        asking = client(settings=replace(ANSWERS, otlp_endpoint=address))
        with asking:  # its end sends what is left
            asking.post("/api/ask", json={"question": TYPED}).raise_for_status()
            asking.get(f"/ask?q={TYPED}", headers={"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"})
    found = spans(bodies)
    (request,) = [span for span in found if span.name == "POST /api/ask"]
    stages = {span.name for span in found if span.parent_span_id == request.span_id}
    assert {"understand", "wait", "search", "compose"} <= stages
    told = {pair.key: pair.value for pair in request.attributes}
    assert told["http.response.status_code"].int_value == 200
    assert told["http.route"].string_value == "/api/ask"
    assert any(span.name == "GET /ask" for span in found)
    assert all(span.trace_id.hex() != "a" * 32 for span in found)
    assert TYPED.encode() not in b"".join(bodies)
    assert b"127.0.0.1" not in b"".join(bodies)


@needs_otel
def test_a_span_tells_nothing_of_what_an_error_says() -> None:
    with receiver() as (address, bodies), tracing.sending(address, release="1"):
        with pytest.raises(WrongUse), tracing.span("stage"):
            raise WrongUse(TYPED)
        assert not bodies
    assert [span.name for span in spans(bodies)] == ["stage"]
    assert TYPED.encode() not in b"".join(bodies)


@needs_otel
def test_the_frameworks_own_spans_which_hold_questions_are_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with receiver() as (address, bodies):
        monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        with client() as asking:
            asking.get("/ask", params={"q": TYPED})
    assert not bodies


def test_without_the_setting_nothing_is_sent_or_loaded() -> None:
    with tracing.sending("", release="1"), tracing.span("a") as span:
        assert span is None
    tracing.check("")


def test_what_is_missing_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> Any:
        return None if name.startswith("opentelemetry") else find_spec(name)

    monkeypatch.setattr(tracing, "find_spec", absent)
    with pytest.raises(WrongUse, match=r"pip install 'fuwen\[otel\]'"):
        tracing.check("http://127.0.0.1:4318")
