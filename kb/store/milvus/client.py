"""The way to Milvus: one connection a process, a time limit on every call, its errors in our words.

What fails in passing is tried again, ever more slowly, until the time is over; what we send twice
changes nothing the second time.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from kb.errors import BadSnapshot, KbError, StoreUnreachable, WrongUse

MISSING, NOT_LOADED, UNCONNECTED = 100, 101, 2  # codes of Milvus and of pymilvus
CLOSED = "closed channel"  # by another thread, to connect anew
SHUT = {"UNAUTHENTICATED", "PERMISSION_DENIED"}
FIRST_PAUSE = 0.1  # seconds before the second try; then twice as long each time
OF_SERVER = "请核对 KB_MILVUS_URI、网络、证书（KB_MILVUS_CA），并看 Milvus 的日志"
OF_FILE = (
    "请核对 KB_MILVUS_URI：文件形式要装 milvus-lite，一次只能由一个进程打开；"
    "fuwen serve 和 fuwen index 要同时用，请改用 Milvus 服务（http://主机:端口）"
)
LITE = ".db"  # a file of milvus-lite ends so


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where Milvus is: ``uri`` a file of milvus-lite or http(s)://host:port[/database].

    ``authority`` is a file with the certificate that a private server's is signed by. ``timeout``
    in seconds holds for each question.
    """

    uri: str
    token: str = field(default="", repr=False)
    authority: str = ""
    timeout: float = 10.0


class Unsupported(KbError):
    """This Milvus cannot do that; caught within the store."""


class NotLoaded(KbError):
    """The collection is there, but not in memory; caught within the store."""


class Milvus:
    """Calls of ``pymilvus.MilvusClient`` by name. Connects at the first; safe for several threads.

    Every call raises StoreUnreachable, BadSnapshot (no such collection) or WrongUse (pymilvus is
    not installed), each saying what to do.
    """

    def __init__(self, address: Address) -> None:
        self.address = address
        self._client: Any = None
        self._connecting = threading.Lock()

    def __call__(self, method: str, *given: Any, timeout: float | None = None, **named: Any) -> Any:
        """What the client's ``method`` gives, within ``timeout`` seconds."""
        limit = timeout or self.address.timeout
        over, pause = time.monotonic() + limit, FIRST_PAUSE
        while True:
            try:
                client = self._connected()
                return getattr(client, method)(*given, timeout=limit, **named)
            except KbError:
                raise
            except Exception as error:  # pymilvus, gRPC and milvus-lite have no common one
                known = self._told(error)
                if not known.passing or time.monotonic() + pause > over:
                    raise known.error from error
            self._disconnect()
            time.sleep(pause)
            pause *= 2

    def _connected(self) -> Any:
        with self._connecting:
            if self._client is None:
                self._client = self._connect()
            return self._client

    def _disconnect(self) -> None:
        """Connect anew next time: a connection that failed comes back late, a new one at once."""
        with self._connecting, suppress(Exception):
            client, self._client = self._client, None
            if client is not None:
                client.close()

    def _connect(self) -> Any:
        address, engine = self.address, library()
        if address.uri.endswith(LITE):
            Path(address.uri).absolute().parent.mkdir(parents=True, exist_ok=True)
        # A connection of its own: a shared one is known by address and token, whatever its TLS.
        return engine.MilvusClient(
            address.uri,
            token=address.token,
            timeout=address.timeout,
            server_pem_path=address.authority,
            dedicated=True,
        )

    def _told(self, error: Exception) -> Told:
        code, said = getattr(error, "code", None), getattr(error, "message", None) or str(error)
        where, states = f"Milvus {self.address.uri}", set(_states(error))
        if code == MISSING:
            return Told(
                BadSnapshot(
                    f"{where} 里没有这份快照的集合（{said}）；请核对 KB_MILVUS_URI，"
                    "或运行 fuwen index update … 重建集合"
                )
            )
        if "UNIMPLEMENTED" in states:
            return Told(Unsupported(f"{where} 没有这项功能（{said}）；请换更新的版本"))
        if code == NOT_LOADED:
            return Told(NotLoaded(f"{where} 没有载入这份快照的集合（{said}）；请再试一次"))
        if states & SHUT:
            return Told(
                StoreUnreachable(f"{where} 不认 KB_MILVUS_TOKEN；请核对令牌和它的权限（{said}）")
            )
        advice = OF_FILE if self.address.uri.endswith(LITE) else OF_SERVER
        return Told(
            StoreUnreachable(f"{where} 连不上或出错（{said}）；{advice}"),
            # The process behind a file, too, may take a while to start.
            passing=code == UNCONNECTED or "UNAVAILABLE" in states or CLOSED in said,
        )


@dataclass(frozen=True, slots=True)
class Told:
    """An error in our words; ``passing`` where it may be over in a moment."""

    error: KbError
    passing: bool = False


def _states(error: BaseException | None) -> Iterator[str]:
    """The states of gRPC in an error and in those that it comes from."""
    seen = set()
    while error is not None and id(error) not in seen:  # pymilvus raises errors from themselves
        seen.add(id(error))
        code = getattr(error, "code", None)
        yield getattr(code() if callable(code) else code, "name", "")
        error = error.__cause__ or error.__context__


def library() -> ModuleType:
    """pymilvus. Raises WrongUse where it is not installed."""
    if find_spec("pymilvus") is None:
        raise WrongUse("KB_STORE=milvus 要装 pymilvus；请运行 pip install 'fuwen[milvus]'")
    import pymilvus

    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # what it logs it raises too
    module: ModuleType = pymilvus
    return module
