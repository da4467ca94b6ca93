"""``python -m server --workers 2``, started for real: nothing is lost while workers come and go."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from server.__main__ import CANNOT_START, main
from server.http.serving import configured
from server.workers import Worker
from tests.conftest import ROOT

WAIT = 240  # seconds, for what is done in a few
RATE = 20


@dataclass
class Site:
    """A server with its process, its address, and where it writes its log and reads settings."""

    process: subprocess.Popen[bytes]
    address: str
    log: Path
    settings: Path

    def get(self, path: str = "/livez") -> int:
        """The status of one request on a connection of its own."""
        return httpx.get(self.address + path, timeout=WAIT, trust_env=False).status_code

    def workers(self) -> set[int]:
        """Those that run."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(pid) for pid in listed.read_text().split() if _is_worker(int(pid))}

    def until(self, come: Callable[[], bool]) -> None:
        """Wait for something."""
        end = time.monotonic() + WAIT
        while not come():
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.05)

    def told(self, words: str) -> int:
        """How often the log says so."""
        return self.log.read_text().count(words)


def _is_worker(pid: int) -> bool:
    with suppress(OSError):
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes() and _runs(pid)
    return False


def _runs(pid: int) -> bool:
    return _state(pid) not in ("Z", "")


def _state(pid: int) -> str:
    """A letter, as in proc(5); "" for a process that is gone."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return ""


@contextmanager
def started(folder: Path, more: str = "") -> Iterator[Site]:
    """A server with two workers over an empty data folder, with a setting ``more``; it answers."""
    log, settings = folder / "log", folder / "settings"
    told = f"# 给服务\nKB_RATE={RATE}\nKB_READER='off'\n{more}\n"
    settings.write_text(told, encoding="utf-8")
    command = [sys.executable, "-m", "server", "--data", str(folder / "data"), "--port", "0"]
    command += ["--workers", "2", "--env-file", str(settings)]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        ) as process,
    ):
        try:
            assert process.stdout
            found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline().decode())
            assert found, log.read_text()
            site = Site(process, found[0], log, settings)
            assert site.get() == 200
            yield site
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    assert "Traceback" not in log.read_text()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with started(tmp_path_factory.mktemp("workers")) as site:
        yield site


def renewed(site: Site) -> Callable[[], bool]:
    """True once there are two workers, neither of which runs now."""
    before = site.workers()
    return lambda: len(site.workers()) == 2 and not site.workers() & before


def test_one_visitor_has_one_limit_whichever_worker_answers(site: Site) -> None:
    with ThreadPoolExecutor(8) as visitors:
        statuses = list(visitors.map(site.get, ["/?q=公路"] * 3 * RATE))
    assert statuses.count(429) >= len(statuses) - RATE - 2  # two for the seconds it took


def test_a_worker_that_is_killed_is_replaced_and_the_other_answers(site: Site) -> None:
    killed = min(site.workers())
    os.kill(killed, signal.SIGKILL)
    site.until(lambda: not _runs(killed))
    assert {site.get() for _ in range(30)} == {200}
    site.until(lambda: len(site.workers()) == 2)
    assert killed not in site.workers()
    assert site.told(f"worker {killed} ended (-9): another begins") == 1


def asking(site: Site, *, kept: bool, done: threading.Event) -> tuple[int, list[str]]:
    """Ask until ``done``, on a connection that is ``kept`` or on many; answers and failures."""
    answered, failed = 0, []
    while not done.is_set():
        with httpx.Client(base_url=site.address, timeout=WAIT, trust_env=False) as client:
            try:
                for _ in range(50 if kept else 1):
                    answered += client.get("/livez").status_code == 200
            except httpx.HTTPError as error:
                failed.append(repr(error))
    return answered, failed


async def nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that answers nobody."""


def test_who_asks_a_worker_that_dies_does_not_wait_for_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor(1) as pool:
        worker = Worker(configured(nothing), [listening], most=16)
        worker.start()
        while not worker.is_ready(timeout=WAIT):
            assert worker.process.is_alive()
        assert worker.pid
        os.kill(worker.pid, signal.SIGSTOP)
        while _state(worker.pid) != "T":
            time.sleep(0.01)
        asked = pool.submit(worker.is_alive, timeout=100 * WAIT)
        time.sleep(0.3)  # until it is asked, most often
        worker.process.kill()
        assert not asked.result(timeout=WAIT)
        worker.join()


def test_a_reload_fails_no_request_and_brings_new_settings(site: Site) -> None:
    site.settings.write_text("KB_RATE=1\nKB_READER=off\nKB_PORT=1\n", encoding="utf-8")
    changed, done = renewed(site), threading.Event()
    with ThreadPoolExecutor(4) as pool:
        visitors = [
            pool.submit(asking, site, kept=kept, done=done) for kept in (True, False, True, False)
        ]
        site.process.send_signal(signal.SIGHUP)
        try:
            site.until(lambda: changed() and site.told("reloaded: 2 workers") == 1)
        finally:
            done.set()
    for visitor in visitors:
        answered, failed = visitor.result()
        assert not failed
        assert answered > 10
    assert [site.get("/?q=公路") for _ in range(5)].count(429) >= 3


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("KB_RATE=many", "环境变量 KB_RATE='many'"),
        ("没有等号", "第 1 行不是 名称=值 的样子"),
        ("KB_MODEL=/nowhere", "did not become ready"),
    ],
)
def test_settings_that_cannot_be_leave_the_workers_as_they_are(
    site: Site, line: str, told: str
) -> None:
    before, times = site.workers(), site.told("not reloaded")
    site.settings.write_text(f"{line}\n", encoding="utf-8")
    site.process.send_signal(signal.SIGHUP)
    site.until(lambda: site.told("not reloaded") > times)
    assert site.told(told)
    site.until(lambda: site.workers() == before)
    assert site.get() == 200


def test_there_can_be_one_more_and_one_less(site: Site) -> None:
    before = site.workers()
    site.process.send_signal(signal.SIGTTIN)
    site.until(lambda: len(site.workers()) == 3)
    assert before < site.workers()
    site.process.send_signal(signal.SIGTTOU)
    site.until(lambda: site.workers() == before)
    assert site.get() == 200


def test_where_no_worker_can_begin_any_more_it_ends(tmp_path: Path) -> None:
    profile = tmp_path / "town.toml"
    profile.write_text("", encoding="utf-8")
    with started(tmp_path, f"KB_PROFILE={profile}") as site:
        profile.unlink()
        for worker in site.workers():
            os.kill(worker, signal.SIGKILL)
        assert site.process.wait(timeout=WAIT) == CANNOT_START
        assert site.told("a worker cannot begin: wrong_use: 没有地方配置") >= 1


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_with_an_open_body_and_says_nothing(tmp_path: Path, ending: signal.Signals) -> None:
    with started(tmp_path) as site:
        host, port = site.address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=WAIT) as line:
            line.sendall(b"POST /api/ask HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{")
            workers = site.workers()
            os.killpg(site.process.pid, ending)  # as a terminal does it
            assert site.process.wait(timeout=WAIT) == 0
        assert not any(map(_runs, workers))


def test_workers_do_not_outlive_who_minds_them(tmp_path: Path) -> None:
    with started(tmp_path) as site:
        workers = site.workers()
        assert len(workers) == 2
        site.process.kill()
        site.until(lambda: not any(map(_runs, workers)))


@pytest.mark.parametrize("number", ["0", "-1", "65"])
def test_a_number_of_workers_that_cannot_be_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, number: str
) -> None:
    arguments = ["--data", str(tmp_path), "--port=0", f"--workers={number}"]
    assert main(arguments) == CANNOT_START
    assert f"--workers {number} 应在 1 与 64 之间" in capsys.readouterr().err
