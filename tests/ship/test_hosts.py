"""Two servers behind nginx, staff data on PostgreSQL: one is killed while people work."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from kb.ledger.rebuild import verify
from kb.settings import Settings
from kb.staff import audit, sessions
from kb.staff.database import opened
from kb.staff.places import Server
from kb.store.protocol import SnapshotReader
from server.console.access.cookies import SECURE
from tests.conftest import ROOT
from tests.ship.test_proxies import PROGRAMS, Front, certificate, started
from tests.support.postgres import Cluster
from tests.support.promises import PROMISES, letter_of, put
from tests.support.staffed import PASSWORD, join

__all__ = ["certificate"]
WRITERS = 4
BEFORE, AFTER = 40, 80  # changes acknowledged before one is killed, and in all after it
PATIENCE = 240.0  # seconds after which the test gives up; none is measured against it
FORM = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}
QUESTION = '{"question": "龙泉镇公交化改造什么时候完成"}'.encode()


@dataclass
class Host:
    """A server of this program's, a process of its own."""

    process: subprocess.Popen[str]
    port: int


@dataclass
class Work:
    """What people did: what was acknowledged, and what failed, from when to when."""

    acknowledged: list[str] = field(default_factory=list)
    answered: int = 0
    failed: list[tuple[float, float, str]] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def place(cluster: Cluster, tmp_path: Path, settings: Settings, base: SnapshotReader) -> Server:
    """A shared data folder, and a database with a ledger that staff may comment on."""
    assert base.snapshot
    shutil.copytree(settings.data, tmp_path / "data")
    place = Server(parent=tmp_path / "data", url=cluster.url(cluster.copied()))
    with opened(place) as database:
        put(database, letter_of(*PROMISES))
        join(database, role="manager")
        join(database, "李强", role="manager")
    return place


@pytest.fixture
def hosts(place: Server) -> Iterator[list[Host]]:
    """Two servers, both ready."""
    environment = {**os.environ, "KB_STAFF_DB": place.url, "KB_DATA": str(place.parent)}
    environment |= {"KB_TRUSTED_PROXY": "127.0.0.1", "KB_RATE": "0", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "server", "--port", "0"]
    with ExitStack() as stack:
        found = []
        for _ in range(2):
            process = stack.enter_context(
                subprocess.Popen(
                    command,
                    cwd=place.parent.parent,
                    env=environment,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    text=True,
                )
            )
            stack.callback(process.kill)
            assert process.stdout is not None
            port = urlsplit(process.stdout.readline().split("：")[1].split()[0]).port
            assert port is not None
            found.append(Host(process, port))
        for host in found:
            ready(host)
        yield found


def ready(host: Host) -> None:
    for _ in range(int(PATIENCE)):
        connection = http.client.HTTPConnection("127.0.0.1", host.port, timeout=PATIENCE)
        connection.request("GET", "/readyz")
        status = connection.getresponse().status
        connection.close()
        if status == 200:
            return
        time.sleep(1)
    raise AssertionError("not ready")


@pytest.fixture
def front(hosts: list[Host], tmp_path: Path, certificate: Path) -> Iterator[Front]:
    """nginx with the file of ``deploy/``, before both, as docs/postgres.md says."""
    if shutil.which("nginx", path=PROGRAMS) is None:
        pytest.skip("nginx is not installed: apt-get install nginx-light")
    servers = " ".join(
        f"server 127.0.0.1:{host.port} max_fails=1 fail_timeout=10s;" for host in hosts
    )
    (tmp_path / "hosts.conf").write_text(f"upstream fuwen_hosts {{ {servers} }}\n")
    yield from started("nginx", tmp_path, certificate, backend="fuwen_hosts")


def asked(front: Front, work: Work, method: str, path: str, body: bytes, **headers: str) -> int:
    """The status of one request; one that failed is noted, and has none."""
    begun = time.monotonic()
    connection = front.connect()
    try:
        connection.request(method, path, body=body, headers=headers)
        response = connection.getresponse()
        response.read()
        status, told = response.status, str(response.status)
    except (OSError, http.client.HTTPException) as error:
        status, told = 0, repr(error)
    finally:
        connection.close()
    if not 200 <= status < 400:
        work.failed.append((begun, time.monotonic(), f"{method} {path}: {told}"))
    return status


def comment(front: Front, work: Work, number: int, token: str) -> None:
    cookie = f"{SECURE}={token}"
    for turn in range(10_000):
        if work.stopped.is_set():
            return
        remark = f"第{number}人第{turn}句"
        path = f"/staff/commitments/{number % len(PROMISES) + 1}/comment"
        body = urlencode({"remark": remark}).encode()
        if asked(front, work, "POST", path, body, **FORM, cookie=cookie) == 303:
            work.acknowledged.append(remark)


def read(front: Front, work: Work) -> None:
    kinds = {"content-type": "application/json"}
    while not work.stopped.is_set():
        asked(front, work, "GET", "/", b"")
        if asked(front, work, "POST", "/api/ask", QUESTION, **kinds) == 200:
            work.answered += 1


def wait_for(work: Work, *, changes: int, answers: int) -> None:
    until = time.monotonic() + PATIENCE
    while len(work.acknowledged) < changes or work.answered < answers:
        assert time.monotonic() < until, (len(work.acknowledged), work.answered, work.failed[:3])
        time.sleep(0.05)


def test_one_of_two_hosts_is_killed_and_nothing_acknowledged_is_lost(
    place: Server, hosts: list[Host], front: Front
) -> None:
    with opened(place) as database:
        account = sessions.accounts.account(database, "王芳")
        token = sessions.begin(database, account, at=datetime.now(UTC), way="test")
    work = Work()
    threads = [threading.Thread(target=read, args=(front, work))]
    threads += [
        threading.Thread(target=comment, args=(front, work, number, token))
        for number in range(WRITERS)
    ]
    for thread in threads:
        thread.start()
    try:
        wait_for(work, changes=BEFORE, answers=2)
        assert work.failed == []
        hosts[0].process.send_signal(signal.SIGKILL)
        killed = time.monotonic()
        hosts[0].process.wait()
        gone = time.monotonic()
        answered = work.answered
        wait_for(work, changes=BEFORE + AFTER, answers=answered + 2)
    finally:
        work.stopped.set()
        for thread in threads:
            thread.join()
    late = [told for begun, ended, told in work.failed if begun > gone or ended < killed]
    assert late == [], "only what was in flight may fail"
    with opened(place) as database:
        rows = database.execute("SELECT reason, became FROM commitment_event").fetchall()
        told = "\n".join(f"{reason}\n{became}" for reason, became in rows)
        assert [remark for remark in work.acknowledged if remark not in told] == []
        audit.verify(database)
        verify(database)


def test_sign_ins_that_failed_count_on_every_host(place: Server, front: Front) -> None:
    work = Work()
    wrong = urlencode({"name": "李强", "password": "不是这个密码吧1"}).encode()
    for _ in range(sessions.FAILURES):
        asked(front, work, "POST", "/staff/login", wrong, **FORM)
    right = urlencode({"name": "李强", "password": PASSWORD}).encode()
    for _ in range(2):  # nginx turns to each of them
        status = asked(front, work, "POST", "/staff/login", right, **FORM)
        assert status == 429
