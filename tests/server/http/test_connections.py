"""Slow clients are closed, those that are merely waited for are not, and newcomers find room."""

from __future__ import annotations

import asyncio
import resource
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from server.http import connections
from server.http.connections import FEWEST, KEPT_FREE, MOST, room
from server.http.serving import Server

ROOM = 16
BIG = b"x" * 20_000_000
GET = b"GET /%s HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\n"


@dataclass
class App:
    """Answers what it is asked for: at once, after the body, with much, or after a while."""

    bodies: int = 0
    left: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return
        if scope["path"] == "/body":
            message: Message = {"more_body": True}
            while message.get("more_body"):
                message = await receive()
                if message["type"] == "http.disconnect":
                    self.left += 1
                    return
            self.bodies += 1
        if scope["path"] == "/later":
            await asyncio.sleep(1.5)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        body = BIG if scope["path"] == "/big" else b"fine"
        await send({"type": "http.response.body", "body": body})


def answer(line: socket.socket) -> bytes:
    """What comes until there is an end of it."""
    received = b""
    while b"fine" not in received and (piece := line.recv(65536)):
        received += piece
    return received


@dataclass
class Site:
    app: App
    port: int
    stack: ExitStack
    serving: Server

    def end(self) -> None:
        """Tell the server to end, and wait until it has told its connections."""
        self.serving.should_exit = True
        there = self.serving.connections()
        end = time.monotonic() + 60
        while not all(line._leaving for line in there):
            assert time.monotonic() < end
            time.sleep(0.01)

    def line(self, words: bytes = b"", *, buffer: int | None = None) -> socket.socket:
        line = self.stack.enter_context(socket.socket())
        if buffer:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        line.settimeout(60)
        line.connect(("127.0.0.1", self.port))
        line.sendall(words)
        return line

    def until_it_has(self, line: socket.socket) -> None:
        """Wait until the server has taken ``line`` in, and has read what it sent."""
        port, end = line.getsockname()[1], time.monotonic() + 60
        while not any(
            there.client and there.client[1] == port and not there.has_come
            for there in self.serving.connections()
        ):
            assert time.monotonic() < end
            time.sleep(0.01)

    def get(self, what: bytes = b"") -> bytes:
        return answer(self.line(GET % what))


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A server whose patience is short, with room for few."""
    for name in ("HEAD", "BODY", "UNREAD", "STALLED"):
        monkeypatch.setattr(connections, name, 0.6)
    monkeypatch.setattr(connections, "LOOK", 0.05)
    app = App()
    serving = Server.of(app)
    listener = serving.listener(socket.create_server(("127.0.0.1", 0), backlog=200), most=ROOM)
    thread = threading.Thread(target=serving.run, args=([listener],))
    thread.start()
    with ExitStack() as stack:
        yield Site(app, listener.getsockname()[1], stack, serving)
    serving.should_exit = True
    thread.join(10)
    assert not thread.is_alive()


def rest(line: socket.socket) -> bytes:
    """What comes until the other end closes, which it does before ``line`` gives up."""
    received = b""
    try:
        while piece := line.recv(65536):
            received += piece
    except ConnectionError:
        pass
    return received


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (b"", b""),
        (b"G", b"HTTP/1.1 408"),
        (b"GET / HTTP/1.1\r\nX-Slow: a", b"HTTP/1.1 408"),
        (b"POST / HTTP/1.1\r\n", b"HTTP/1.1 408"),
        (POST, b"HTTP/1.1 408"),
        (POST + b"half", b"HTTP/1.1 408"),
        (POST.replace(b"Content-Length: 50", b"Transfer-Encoding: chunked"), b"HTTP/1.1 408"),
    ],
    ids=["nothing", "a byte", "a header", "a line", "no body", "half", "no chunk"],
)
def test_who_does_not_go_on_is_closed(site: Site, words: bytes, told: bytes) -> None:
    began = time.monotonic()
    assert rest(site.line(words)).startswith(told)
    assert time.monotonic() - began > 0.3


@pytest.fixture
def patient(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A server that waits for whatever is on its way."""
    for name in ("HEAD", "BODY", "LINGER", "REST"):
        monkeypatch.setattr(connections, name, 600)
    return site


@pytest.mark.parametrize("sent", [0, 9, len(GET % b"")], ids=["new", "begun", "kept"])
def test_a_request_on_its_way_is_answered_when_the_server_ends(patient: Site, sent: int) -> None:
    whole = GET % b""
    line = patient.line(whole[:sent])
    if sent == len(whole):
        assert b"connection: close" not in answer(line)
    patient.until_it_has(line)
    patient.end()
    line.sendall(whole[sent:] or whole)
    told = rest(line)  # maybe the end of the answer before it too
    assert b"HTTP/1.1 200" in told
    assert b"connection: close" in told


def test_a_body_that_is_coming_is_waited_for_when_the_server_ends(patient: Site) -> None:
    line = patient.line(POST + b"x" * 20)
    patient.until_it_has(line)
    patient.end()
    line.sendall(b"x" * 30)
    assert rest(line).startswith(b"HTTP/1.1 200")
    assert patient.app.bodies == 1


def test_who_sends_nothing_more_keeps_no_server_from_ending(
    patient: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "LINGER", 0.1)
    monkeypatch.setattr(connections, "REST", 0.3)
    begun, body = patient.line(b"GET / HTTP/1.1\r\nX: "), patient.line(POST)
    silent = patient.line()
    for line in (silent, begun, body):
        patient.until_it_has(line)
    patient.end()
    assert rest(silent) == b""
    assert rest(begun).startswith(b"HTTP/1.1 408")
    assert rest(body).startswith(b"HTTP/1.1 408")


def drip(line: socket.socket) -> None:
    for _ in range(30):
        line.sendall(b"x")
        time.sleep(0.1)


@pytest.mark.parametrize("words", [b"GET / HTTP/1.1\r\nX-Slow: ", POST])
def test_drops_do_not_keep_a_line_open(site: Site, words: bytes) -> None:
    line = site.line(words)
    with pytest.raises(ConnectionError):
        drip(line)


def test_whoever_leaves_a_body_away_is_told_to_the_application_as_gone(site: Site) -> None:
    rest(site.line(POST))
    for _ in range(100):
        if site.app.left:
            break
        time.sleep(0.02)
    assert (site.app.bodies, site.app.left) == (0, 1)


def test_the_rest_of_a_body_that_is_not_wanted_is_not_waited_for(site: Site) -> None:
    received = rest(site.line(POST.replace(b"/body", b"/none")))
    assert received.startswith(b"HTTP/1.1 200")
    assert b"408" not in received


def test_who_reads_nothing_of_a_large_answer_is_closed(site: Site) -> None:
    line = site.line(GET % b"big", buffer=4096)
    time.sleep(2)
    assert len(rest(line)) < len(BIG)


def test_who_reads_a_large_answer_steadily_has_all_of_it(site: Site) -> None:
    line, received = site.line(GET % b"big", buffer=100_000), b""
    while len(received) < len(BIG):
        received += line.recv(500_000)
        time.sleep(0.005)
    assert received.count(b"x") >= len(BIG)


def test_an_answer_that_takes_long_is_waited_for(site: Site) -> None:
    assert b"fine" in site.get(b"later")


def test_a_line_is_kept_for_the_next_request(site: Site) -> None:
    line = site.line()
    for _ in range(4):
        line.sendall(GET % b"")
        assert b"fine" in answer(line)
        time.sleep(0.3)


@pytest.mark.parametrize("words", [b"", b"GET / HTTP/1.1\r\n", POST])
def test_newcomers_find_room_where_others_only_wait(
    site: Site, words: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(ROOM * 4):
        site.line(words)
    for _ in range(5):
        assert b"fine" in site.get()


def test_where_all_are_being_answered_a_newcomer_is_refused(site: Site) -> None:
    asked = [site.line(GET % b"later") for _ in range(ROOM)]
    time.sleep(0.3)
    assert rest(site.line()).startswith(b"HTTP/1.1 503")
    assert all(b"fine" in answer(line) for line in asked)
    assert b"fine" in site.get()


def test_the_address_with_most_connections_makes_room() -> None:
    class Line:
        def __init__(self, address: str, since: float) -> None:
            self.client, self.waiting_since = (address, 1), since

    many = [Line("192.0.2.1", 10.0 + number) for number in range(5)]
    old = Line("192.0.2.2", 1.0)
    every: list[Any] = [old, *reversed(many)]
    network = [Line(f"2001:db8::{number}", 20.0 - number) for number in range(9)]
    assert connections.longest_waiting([*every, *network], number=1) == [network[-1]]  # type: ignore[list-item]
    assert connections.longest_waiting(every, number=2) == many[:2]
    assert connections.longest_waiting([old], number=2) == [old]  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("limits", "found"),
    [
        ((256, 256), 256 - KEPT_FREE),
        ((64, 64), FEWEST),
        ((1024, 4096), MOST),
        ((1024, 1024), 1024 - KEPT_FREE),
        ((50_000, 50_000), MOST),
        ((resource.RLIM_INFINITY, resource.RLIM_INFINITY), MOST),
    ],
)
def test_there_is_room_below_the_limit_of_descriptors(
    monkeypatch: pytest.MonkeyPatch, limits: tuple[int, int], found: int
) -> None:
    held = [limits]
    monkeypatch.setattr(resource, "getrlimit", lambda _: held[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda _, new: held.append(new))
    assert room() == found
