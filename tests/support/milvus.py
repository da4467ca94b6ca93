"""The kinds of Milvus that can be had here, each over an empty folder: milvus-lite, as a file or
as a server on 127.0.0.1. ``make test-milvus`` runs the tests with each version of it.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from kb.store.local.store import LocalStore
from kb.store.milvus.client import Address, Milvus
from kb.store.milvus.engine import MilvusEngine
from tests.support.letters import tokenize

PATIENCE = 60  # seconds in which a server has to answer


def lite() -> str:
    """The version of milvus-lite; "" where it or pymilvus is not installed."""
    try:
        version("pymilvus")
        return version("milvus-lite")
    except PackageNotFoundError:
        return ""


def kinds() -> Sequence[str]:
    """The kinds that this environment has."""
    if not lite():
        return ()
    return ("file",) if lite().startswith("2.") else ("file", "server")


NEEDED = pytest.mark.skipif(
    not lite(), reason="没有装 pymilvus 和 milvus-lite；make test-milvus 会装好再跑"
)


def store(
    root: Path,
    uri: str,
    *,
    timeout: float = 30,
    fingerprint: Mapping[str, str] | None = None,
    index: str = "FLAT",
) -> LocalStore:
    """A store in ``root`` whose passages the Milvus at ``uri`` finds."""
    milvus = Milvus(Address(uri=uri, timeout=timeout))
    engine = MilvusEngine(root=root, milvus=milvus, name="fuwen", index=index)
    return LocalStore(
        root, fingerprint=fingerprint or {"model": "fake"}, tokenize=tokenize, engine=engine
    )


def beside(folder: Path, *, kind: str, fingerprint: Mapping[str, str]) -> LocalStore:
    """A store in ``folder`` by the Milvus of that kind."""
    return store(folder / "data", address(folder, kind), fingerprint=fingerprint)


def address(folder: Path, kind: str) -> str:
    """Where the Milvus of that kind is: a file in ``folder``, or the server of all tests."""
    return str(folder / "milvus.db") if kind == "file" else server().uri


@cache
def server() -> Server:
    """A server that all tests of a process share."""
    folder = tempfile.TemporaryDirectory(prefix="fuwen-milvus-")
    running = Server(Path(folder.name) / "milvus.db")
    atexit.register(folder.cleanup)
    atexit.register(running.kill)
    return running


def close() -> None:
    """End what serves files in this process, as when it ends itself."""
    if lite():
        from milvus_lite.server_manager import server_manager_instance

        server_manager_instance.release_all()


class Server:
    """milvus-lite as a server, a process of its own over the folder ``data``.

    ``given``: a token that it wants, a certificate and its key.
    """

    def __init__(self, data: Path, *given: str) -> None:
        self._data, self._given = data, given
        self.port = 0
        self.start()

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, at the port that it had if it ran before."""
        command = [sys.executable, "-W", "ignore", "-m", "tests.support.milvus_server"]
        self._process = subprocess.Popen(
            [*command, str(self._data), str(self.port), *self._given],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
        assert self._process.stdout
        self.port = int(self._process.stdout.readline())

    def kill(self) -> None:
        """kill -9."""
        self._process.kill()
        self._process.wait(PATIENCE)
        assert self._process.stdout
        self._process.stdout.close()
