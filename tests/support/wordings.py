"""A language model on this machine that says what it is told to, well or badly."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from kb.replies import Answer, Lead
from kb.text.sentences import sentences, whole
from kb.types import Citation, Quote, Span

Answering = Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]


@dataclass
class Model:
    """What it was sent; ``answers`` is how it answers."""

    answers: Answering = lambda handler, sent: None
    port: int = 0
    sent: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """What KB_LLM_URL is to be."""
        return f"http://127.0.0.1:{self.port}/v1"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        model = cast(Any, self.server).model
        body = self.rfile.read(int(self.headers["content-length"]))
        model.headers.append({**dict(self.headers), "path": self.path})
        model.sent.append(json.loads(body))
        with suppress(BrokenPipeError, ConnectionResetError):  # whoever asked has had enough
            model.answers(self, model.sent[-1])

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def model() -> Iterator[Model]:
    """A model that listens while this lasts."""
    kept = Model()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        cast(Any, server).model, kept.port = kept, server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield kept
        finally:
            kept.over.set()
            server.shutdown()
            thread.join(30)


def body(content: object, *, finish: object = "stop") -> bytes:
    """A chat completion whose message is ``content``."""
    message = {"role": "assistant", "content": content}
    choice = {"index": 0, "message": message, "finish_reason": finish}
    made = {"id": "1", "object": "chat.completion", "choices": [choice]}
    return json.dumps(made, ensure_ascii=False).encode()


def send(
    handler: BaseHTTPRequestHandler, content: bytes, *, status: int = 200, **headers: str
) -> None:
    """Answer with ``content``."""
    handler.send_response(status)
    for name, value in {"content-length": str(len(content)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(content)


def says(content: object, *, finish: object = "stop") -> Answering:
    """Answers with ``content``, whatever it is asked."""
    return lambda handler, sent: send(handler, body(content, finish=finish))


def parts(*parts: int | str) -> str:
    """What a model is to write: numbers of quotes, and words between."""
    told = [{"quote": p} if isinstance(p, int) else {"words": p} for p in parts]
    return json.dumps({"parts": told}, ensure_ascii=False)


def quoted(
    letter_id: str, text: str, *, exact: str = "", at: int = 0, issuer: str | None = None
) -> Quote:
    """A quote of a letter that has ``text`` at ``at``."""
    start = at + text.index(exact)
    citation = Citation(
        letter_id=letter_id, name=letter_id, number=None, issuer=issuer or letter_id,
        issued_on="2025-01-02", result_class=None,
    )  # fmt: skip
    return Quote(
        citation=citation, title=None, span=Span(start=at, end=at + len(text)), text=text,
        headings=(), score=1.0, exact=(Span(start=start, end=start + len(exact)),) if exact else (),
    )  # fmt: skip


def cut(quote: Quote) -> list[Quote]:
    """The sentences of ``quote``, a quote each; they go on from each other."""
    made = []
    for span in sentences(quote.text, whole(quote.text)):
        start = quote.span.start + span.start
        place = Span(start=start, end=start + span.end - span.start)
        made.append(replace(quote, span=place, text=span.of(quote.text), exact=()))
    return made


def answer(*quotes: Quote, lead: str | None = None, question: str = "补多少？") -> Answer:
    """An answer of these quotes."""
    return Answer(
        question=question, snapshot="s", quotes=quotes, nearest=(), confidence=0.9,
        lead=Lead(text=lead) if lead else None,
    )  # fmt: skip
