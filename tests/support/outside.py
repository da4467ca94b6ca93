"""A server of models on this machine, in the usual forms, that can be made to misbehave."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from kb.types import Vectors

Plain = Mapping[str, Any]
Embed = Callable[[Sequence[str]], Vectors]


@dataclass
class Answer:
    """What is said to one request; ``pause`` seconds before each byte of ``drip``."""

    status: int = 200
    content: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)
    pause: float = 0
    drip: bytes = b""


def answered(body: object, **more: Any) -> Answer:
    return Answer(content=json.dumps(body).encode(), **more)


HTML = Answer(content=b"<html>login</html>", headers={"content-type": "text/html"})


@dataclass
class StandIn:
    """Takes JSON, keeps it, and says what ``says`` gives for it."""

    says: Callable[[Plain], Answer]
    url: str = ""
    asked: list[Plain] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)


class _Asked(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        kept: StandIn = cast(Any, self.server).kept
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        kept.asked.append(body)
        kept.keys.append(self.headers.get("authorization"))
        answer = kept.says(body)
        if answer.pause and not answer.drip:
            time.sleep(answer.pause)
        self.close_connection = True
        try:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("connection", "close")
            self.end_headers()
            self.wfile.write(answer.content)
            for byte in answer.drip:
                time.sleep(answer.pause)
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
        except (BrokenPipeError, ConnectionResetError):
            pass  # who asked has left

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def stand_in(says: Callable[[Plain], Answer]) -> Iterator[StandIn]:
    """A server for as long as the context lasts."""
    kept = StandIn(says)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Asked)
    server.daemon_threads = True
    cast(Any, server).kept = kept
    kept.url = f"http://127.0.0.1:{server.server_address[1]}/v1/embeddings"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def openai(embed: Embed) -> Callable[[Plain], Answer]:
    """``/embeddings`` as OpenAI has it; the rows come in another order than the texts."""

    def says(body: Plain) -> Answer:
        rows = [
            {"object": "embedding", "index": at, "embedding": row.tolist()}
            for at, row in enumerate(embed(body["input"]))
        ]
        return answered({"object": "list", "model": body["model"], "data": rows[::-1]})

    return says


def jina(body: Plain) -> Answer:
    scores = [float(text.count("电梯")) for text in body["documents"]]
    found = [{"index": at, "relevance_score": score} for at, score in enumerate(scores)]
    return answered({"results": sorted(found, key=lambda row: -float(row["relevance_score"]))})
