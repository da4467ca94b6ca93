"""The door under attack: slow clients, idle ones by the hundred, sign-ins by the hundred, the end.

In each of these a citizen on another connection is answered within a second.
"""

from __future__ import annotations

import json
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.attack.conftest import Running, start

QUESTION = {"question": "老旧小区加装电梯补助多少"}
SOON = 1.0  # seconds in which a citizen is answered, whatever goes on
CLOSED = 15.0  # seconds in which a client that does nothing more is closed
HEAD = b"POST /api/ask HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"


@dataclass(frozen=True, slots=True)
class Door:
    """A server with few descriptors, and how long a citizen waits there when nothing goes on."""

    server: Running
    quiet: float

    @property
    def soon(self) -> float:
        """Seconds in which a citizen is answered; on a machine that is busy otherwise, more."""
        return max(SOON, 2 * self.quiet)


@pytest.fixture(scope="module")
def door(sample: Path) -> Iterator[Door]:
    """One server for what leaves it running, with 256 descriptors."""
    server = start(sample, descriptors=256, KB_RATE="0")
    with server.process:
        asked(server)
        yield Door(server, max(asked(server) for _ in range(3)))
        server.process.kill()


def asked(server: Running) -> float:
    """Seconds that a citizen's question takes, on a connection of its own."""
    began = time.perf_counter()
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=60)) as line:
        line.request("POST", "/api/ask", json.dumps(QUESTION), {"content-type": "application/json"})
        answer = line.getresponse()
        assert answer.status == 200, answer.read()
        answer.read()
    return time.perf_counter() - began


def lines(server: Running, stack: ExitStack, number: int, sent: bytes) -> list[socket.socket]:
    """Connections on which ``sent`` was sent; those that were refused at once are left out."""
    made = []
    for _ in range(number):
        line = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), 10))
        with suppress(OSError):
            line.sendall(sent)
            made.append(line)
    return made


def is_closed(line: socket.socket) -> bool:
    line.setblocking(False)
    try:
        while line.recv(65536):
            pass
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def is_broken(line: socket.socket, words: bytes) -> bool:
    """True if the other end is gone, as it shows by what is sent to it."""
    with suppress(TimeoutError):
        try:
            for _ in range(50):
                line.send(words)
                time.sleep(0.02)
        except ConnectionError:
            return True
    return False


def all_closed(made: list[socket.socket], *, within: float) -> bool:
    left, until = list(made), time.monotonic() + within
    while left and time.monotonic() < until:
        left = [line for line in left if not is_closed(line)]
        time.sleep(0.2)
    return not left


SLOW = (
    b"",
    b"G",
    b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ",
    HEAD + b'Content-Length: 1000\r\n\r\n{"question"',
    HEAD + b'Transfer-Encoding: chunked\r\n\r\n5\r\n{"que',
    b"POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n",
    b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\nGET /livez HTTP/1.1\r\n",
)


@pytest.mark.parametrize(
    ("number", "sent"),
    [(300, SLOW[0]), (400, SLOW[2]), (400, SLOW[3])],
    ids=["idle", "slow head", "slow body"],
)
def test_citizens_are_served_while_more_are_there_than_there_is_room(
    door: Door, number: int, sent: bytes
) -> None:
    with ExitStack() as stack:
        lines(door.server, stack, number, sent)
        assert max(asked(door.server) for _ in range(3)) < door.soon
    quiet(door.server)


def quiet(server: Running) -> None:
    log = server.log.read_text()
    assert "Traceback" not in log
    assert len(log.splitlines()) < 150, log


def test_whoever_keeps_it_waiting_is_closed(door: Door) -> None:
    with ExitStack() as stack:
        began = time.monotonic()
        made = [line for sent in SLOW for line in lines(door.server, stack, 10, sent)]
        assert asked(door.server) < door.soon
        assert all_closed(made, within=CLOSED - (time.monotonic() - began))
    quiet(door.server)


def test_drops_of_a_head_and_of_a_body_do_not_keep_a_line_open(door: Door) -> None:
    with ExitStack() as stack:
        made = [
            *lines(door.server, stack, 5, b"GET / HTTP/1.1\r\nX-Slow: "),
            *lines(door.server, stack, 5, HEAD + b"Content-Length: 60000\r\n\r\n"),
            *lines(door.server, stack, 5, SLOW[5]),
        ]
        until = time.monotonic() + CLOSED
        while time.monotonic() < until and not all(map(is_closed, made)):
            for line in made:
                with suppress(OSError):
                    line.send(b"x")
            time.sleep(0.5)
        assert all(map(is_closed, made))


def test_who_stops_reading_is_closed(door: Door) -> None:
    """Many requests in one line for a page, of which nothing is ever read."""
    page = b"GET /docs HTTP/1.1\r\nHost: a\r\n\r\n"
    with ExitStack() as stack:
        made = []
        for _ in range(5):
            line = stack.enter_context(socket.socket())
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            line.connect(("127.0.0.1", door.server.port))
            line.settimeout(2)
            with suppress(OSError):
                line.sendall(page * 2000)
            made.append(line)
        assert asked(door.server) < door.soon
        time.sleep(CLOSED)
        for line in made:
            assert is_broken(line, page * 100)


def signing(server: Running, number: int) -> list[HTTPConnection]:
    """So many sign-ins at once, each with a name of its own, whose answers are still to be read."""
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "sec-fetch-site": "same-origin",
    }
    made = []
    for one in range(number):
        line = HTTPConnection("127.0.0.1", server.port, timeout=60)
        line.request("POST", "/staff/login", f"name=name{one}&password=not-this-one", headers)
        made.append(line)
    return made


def test_a_hundred_and_fifty_sign_ins_keep_no_citizen_waiting(door: Door) -> None:
    signing_in = signing(door.server, 150)
    took = [asked(door.server) for _ in range(3)]
    answers = [line.getresponse() for line in signing_in]
    assert max(took) < door.soon
    assert {answer.status for answer in answers} <= {401, 429}
    late = [answer for answer in answers if answer.status == 429]
    assert len(late) >= 100
    assert all(int(answer.headers["retry-after"]) > 0 for answer in late)
    for line in signing_in:
        line.close()


def ended(server: Running) -> float:
    began = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    server.process.wait(timeout=20)
    return time.monotonic() - began


@pytest.mark.parametrize(
    "sent",
    [
        HEAD + b'Content-Length: 1000\r\n\r\n{"question"',
        b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ",
        b"GET /docs HTTP/1.1\r\nHost: a\r\n\r\n" * 3000,
        b"",
    ],
    ids=["body", "head", "unread", "idle"],
)
def test_it_ends_in_ten_seconds_whoever_is_still_there(sample: Path, sent: bytes) -> None:
    server = start(sample)
    with server.process, ExitStack() as stack:
        try:
            for line in lines(server, stack, 3, b""):
                line.settimeout(2)
                with suppress(OSError):
                    line.sendall(sent)
            assert ended(server) < 10
        finally:
            server.process.kill()
    assert "Traceback" not in server.log.read_text()
