"""A running server for attacks: the sample letters, on 127.0.0.1, ended by its process id.

``make attack`` runs what stands here: files ``attack_*.py``, each bounded in load and time. What
an attack found is tested in the suite too; here it is tried on the program as it is started.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
READY = re.compile(r"http://127\.0\.0\.1:(\d+)/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A server that was started: where it listens, its process, its data folder, its log."""

    port: int
    process: subprocess.Popen[str]
    data: Path
    log: Path

    @property
    def url(self) -> str:
        """The address of its home page, without the last slash."""
        return f"http://127.0.0.1:{self.port}"


def index(inbox: Path, data: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """``fuwen index update`` as a person runs it, in a process of its own."""
    command = [sys.executable, "-m", "indexer", "update", str(inbox), "--data", str(data), "--json"]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True,
        timeout=300, check=False,
    )  # fmt: skip


def start(data: Path, *, descriptors: int | None = None, **environment: str) -> Running:
    """``fuwen serve`` on a free port, with at most so many ``descriptors``.

    Its caller ends it by ``running.process``.
    """
    command = [sys.executable, "-m", "server", "--data", str(data), "--port", "0"]
    few = descriptors and partial(resource.setrlimit, resource.RLIMIT_NOFILE, (descriptors,) * 2)
    handle, log = tempfile.mkstemp(prefix="server-", suffix=".log", dir=data.parent)
    with open(handle, "w") as errors:  # noqa: PTH123
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.PIPE,
            stderr=errors, text=True, preexec_fn=few or None,
        )  # fmt: skip
    assert process.stdout is not None
    ready = READY.search(process.stdout.readline())
    if ready is None:
        process.kill()
        raise RuntimeError("the server did not say where it listens")
    return Running(port=int(ready[1]), process=process, data=data, log=Path(log))


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample letters."""
    data = tmp_path_factory.mktemp("sample") / "data"
    done = index(ROOT / "corpus" / "letters", data)
    assert done.returncode == 0, done.stderr
    return data


@pytest.fixture
def running(sample: Path) -> Iterator[Running]:
    """A server over the sample letters."""
    server = start(sample)
    with server.process:
        yield server
        server.process.kill()
