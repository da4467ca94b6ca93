"""Spans for OpenTelemetry, where KB_OTLP_ENDPOINT says where to send them; otherwise nothing.

A span tells a route by its template, a status, a stage, and how long it took: no words of a
question, no address. What a client says of traces of its own (``traceparent``) is not believed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from importlib.util import find_spec
from typing import Any

from kb.errors import WrongUse

Value = str | int | float | bool
NEEDED = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")
_begin: Callable[[str], AbstractContextManager[Any]] | None = None


def span(name: str) -> AbstractContextManager[Any]:
    """What is done inside is the span ``name``, and a part of the one around it."""
    return _begin(name) if _begin else nullcontext()


def describe(span: Any, name: str, attributes: Mapping[str, Value]) -> None:
    """Say of what ``span`` gave, if it gave one, what was known only at its end."""
    if span is not None:
        span.update_name(name)
        span.set_attributes(attributes)


def check(endpoint: str) -> None:
    """Raise WrongUse where spans shall go to ``endpoint`` and what that needs is not installed."""
    for module in NEEDED if endpoint else ():
        if not _found(module):
            raise WrongUse(
                f"设了 KB_OTLP_ENDPOINT，但没有安装 {module}；请运行 pip install 'fuwen[otel]'，"
                "或去掉这个设置"
            )


@contextmanager
def sending(endpoint: str, *, release: str) -> Iterator[None]:
    """While this lasts, spans go to ``endpoint``, the base address of an OTLP/HTTP receiver.

    They are sent in a thread, the last ones at the end; with "" there are none.
    """
    global _begin
    if not endpoint:
        yield
        return
    # Here: an extra, and dear to load.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    named = Resource.create({"service.name": "fuwen", "service.version": release})
    made = TracerProvider(resource=named, shutdown_on_exit=False)
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
    made.add_span_processor(BatchSpanProcessor(exporter))
    # What an error says may hold what somebody typed: a span tells of none.
    _begin = partial(
        made.get_tracer("fuwen").start_as_current_span,
        record_exception=False,
        set_status_on_exception=False,
    )
    try:
        yield
    finally:
        _begin = None
        made.shutdown()


def _found(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
