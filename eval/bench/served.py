"""The real server as a child of this process, and what it takes of the machine (Linux)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx2

from eval.base import ROOT
from kb.errors import KbError
from kb.settings import OFF

TICK = os.sysconf("SC_CLK_TCK")
PATIENCE = 300  # seconds to get ready on a machine that does much else
ENDING = 30  # seconds to end
LOOK_EVERY = 0.01  # seconds between two looks at whether it is ready


class NotServed(KbError):
    """The server, which was to be asked, did not start."""

    status, code = 500, "not_served"


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A server that is ready: where, and the seconds (and of processor time) that took."""

    address: str
    process: int
    ready: float
    ready_processor: float

    @property
    def processor(self) -> float:
        """Seconds of processor time so far, its workers included."""
        return sum(map(_processor, _family(self.process)))

    @property
    def megabytes(self) -> float:
        """Memory that it holds; what its workers share counts once (PSS, proc(5))."""
        return sum(map(_megabytes, _family(self.process)))


@contextmanager
def served(data: Path, *, reader: bool, workers: int = 1) -> Iterator[Served]:
    """``fuwen serve`` over ``data`` on a free port of this machine, ready and without limits.

    Every question may say who asks (``X-Forwarded-For``). Raises NotServed.
    """
    command = [sys.executable, "-m", "server", "--data", str(data.resolve()), "--port", "0"]
    command += ["--workers", str(workers)] if workers > 1 else []
    quiet = {"KB_RATE": "0", "KB_QUESTION_LOG": "off", "KB_TRUSTED_PROXY": "127.0.0.1"}
    quiet |= {} if reader else {"KB_READER": OFF}
    began = time.perf_counter()
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **quiet, "PYTHONUTF8": "1"},
            stdout=subprocess.PIPE,
            stderr=log,
        ) as process,
    ):
        try:
            address = _address(process, log)
            _wait(address, until=began + PATIENCE)
            ready = time.perf_counter() - began
            spent = sum(map(_processor, _family(process.pid)))
            yield Served(address=address, process=process.pid, ready=ready, ready_processor=spent)
        finally:
            process.terminate()
            process.wait(ENDING)


def _address(process: subprocess.Popen[bytes], log: IO[bytes]) -> str:
    found = (
        re.search(rb"http://127\.0\.0\.1:\d+", process.stdout.readline())
        if process.stdout
        else None
    )
    if found is None:
        process.wait(ENDING)
        log.seek(0)
        raise NotServed(f"服务没有起来：{log.read().decode(errors='replace').strip()}")
    return found[0].decode()


def _wait(address: str, *, until: float) -> None:
    with httpx2.Client(base_url=address, trust_env=False, timeout=PATIENCE) as client:
        while client.get("/readyz").status_code != 200:
            if time.perf_counter() > until:
                raise NotServed(f"服务 {PATIENCE} 秒还没有就绪；请看 {address}/readyz")
            time.sleep(LOOK_EVERY)


def _family(process: int) -> list[int]:
    """The process and all that it started."""
    children = Path(f"/proc/{process}/task/{process}/children")
    try:
        started = [int(child) for child in children.read_text(encoding="ascii").split()]
    except OSError:  # it ended meanwhile
        return []
    return [process, *(one for child in started for one in _family(child))]


def _processor(process: int) -> float:
    told = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / TICK


def _megabytes(process: int) -> float:
    told = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    (kilobytes,) = re.findall(r"^Pss:\s+(\d+)", told, re.MULTILINE)
    return int(kilobytes) / 1024
