"""What the workers of one host hold in common: limits, who was here today, whose turn it is.

It lies in memory that has no name and no place on any disk, and is gone with the last worker. A
lock on it is of the kernel's, which takes it back from a worker that is killed.
"""

from __future__ import annotations

import fcntl
import hashlib
import mmap
import os
import secrets
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from multiprocessing import reduction
from typing import Any, Protocol, Self

from kb.feedback.visitors import EACH, KEY, LENGTH, Counting

ENTRY = struct.Struct("16sq")  # a key, a number
WAYS = 8  # entries that a key may stand in
SET = WAYS * ENTRY.size
CLIENTS = 65_536  # of whom is remembered how often they asked
SEEN = 524_288  # visitors with the groups in which they counted today
DAY = struct.Struct(f"q{KEY}s")  # which day it is, the key of that day


class Kept(Protocol):
    """A number for each of many keys, which are made with ``secret``."""

    @property
    def secret(self) -> bytes:
        """What nobody else knows."""
        ...

    def change(self, key: bytes, to: Callable[[int], int]) -> int:
        """Put ``to(number)`` for the number of ``key``; what that was, 0 where there was none."""
        ...


class Own:
    """``Kept`` of one process: beyond ``most`` keys the one longest unseen is forgotten."""

    def __init__(self, most: int) -> None:
        self.secret = secrets.token_bytes(KEY)
        self._most = most
        self._numbers: dict[bytes, int] = {}

    def change(self, key: bytes, to: Callable[[int], int]) -> int:
        was = self._numbers.pop(key, 0)
        self._numbers[key] = to(was)
        if len(self._numbers) > self._most:
            del self._numbers[next(iter(self._numbers))]
        return was


class Memory:
    """``size`` bytes that a worker gets as it is started; one at a time reads and writes them."""

    def __init__(self, size: int) -> None:
        self._open(os.memfd_create("fuwen"), size)
        os.ftruncate(self._file, size)
        self._map()

    def _open(self, descriptor: int, size: int) -> None:
        # Locks belong to an open file: each process, and each use of it, has its own.
        self._file, self._size = descriptor, size
        self._mine = os.open(f"/proc/self/fd/{descriptor}", os.O_RDWR | os.O_CLOEXEC)
        self._lock = threading.Lock()

    def _map(self) -> None:
        self._bytes = mmap.mmap(self._file, self._size)

    def __getstate__(self) -> dict[str, Any]:
        return {"descriptor": reduction.DupFd(self._file), "size": self._size}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._open(state["descriptor"].detach(), state["size"])
        self._map()

    @contextmanager
    def held(self) -> Iterator[mmap.mmap]:
        """The bytes, for whoever holds them."""
        with self._lock:
            fcntl.flock(self._mine, fcntl.LOCK_EX)
            try:
                yield self._bytes
            finally:
                fcntl.flock(self._mine, fcntl.LOCK_UN)


class Table:
    """``Kept`` of several processes, in ``entries`` places.

    A key has ``WAYS`` places to stand in; where all are taken, that with the least number goes.
    """

    def __init__(self, entries: int) -> None:
        self.secret = secrets.token_bytes(KEY)
        self._sets = entries // WAYS
        self._memory = Memory(self._sets * SET)

    def change(self, key: bytes, to: Callable[[int], int]) -> int:
        place = int.from_bytes(key[:8], "little") % self._sets * SET
        with self._memory.held() as numbers:
            found = list(ENTRY.iter_unpack(numbers[place : place + SET]))
            way, was = _way(found, key)
            ENTRY.pack_into(numbers, place + way * ENTRY.size, key, to(was))
        return was

    def clear(self) -> None:
        """Forget all keys, and give their memory back."""
        with self._memory.held() as numbers:
            numbers.madvise(mmap.MADV_REMOVE)


class Turn(AbstractContextManager[None]):
    """Work that one process at a time does; the others wait, and go on when it ends or dies."""

    def __init__(self) -> None:
        self._memory = Memory(1)

    def __enter__(self) -> None:
        holding = self._memory.held()
        holding.__enter__()
        self._holding = holding

    def __exit__(self, *raised: object) -> None:
        self._holding.__exit__(None, None, None)


class SharedVisitors:
    """``kb.feedback.visitors.Visitors`` of several processes, to be forgotten with the day too.

    Where it is full, those that counted longest ago are forgotten.
    """

    def __init__(self, today: Callable[[], date]) -> None:
        self._today = today
        self._day = Memory(DAY.size)
        self._seen = Table(SEEN)
        self._groups = Table(CLIENTS)

    def name(self, address: str) -> bytes:
        """What the visitor at ``address`` is known by today."""
        key = self._key()
        return hashlib.blake2b(address.encode(), key=key, digest_size=LENGTH).digest()

    def first(self, visitor: bytes, group: int, *, opinion: bool) -> bool:
        """True if ``visitor`` counts: for the first time today in ``group``."""
        self._key()
        if self._groups.change(visitor, lambda groups: groups) >= EACH:
            return False
        what = hashlib.blake2b(visitor + b"%d %d" % (group, opinion), digest_size=LENGTH).digest()
        if self._seen.change(what, lambda since: since or time.monotonic_ns()):
            return False
        self._groups.change(visitor, lambda groups: groups + 1)
        return True

    def _key(self) -> bytes:
        """The key of today; everything is forgotten if the day has turned."""
        today = self._today().toordinal()
        with self._day.held() as kept:
            day, key = DAY.unpack(kept[: DAY.size])
            if day != today:
                key = secrets.token_bytes(KEY)
                kept[: DAY.size] = DAY.pack(today, key)
                self._seen.clear()
                self._groups.clear()
        return bytes(key)


def utc_day() -> date:
    """The day it is, as questions are noted by."""
    return datetime.now(UTC).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What a process holds together with others; by default nothing, and it holds its own."""

    questions: Kept | None = None
    sign_ins: Kept | None = None
    visitors: Counting | None = None
    tending: AbstractContextManager[None] | None = None
    intake: AbstractContextManager[None] | None = None

    @classmethod
    def made(cls) -> Self:
        """For several workers: made before the first of them, and given to each."""
        return cls(
            questions=Table(CLIENTS),
            sign_ins=Table(CLIENTS),
            visitors=SharedVisitors(utc_day),
            tending=Turn(),
            intake=Turn(),
        )


ALONE = Common()


def _way(found: list[tuple[bytes, int]], key: bytes) -> tuple[int, int]:
    """Which of the entries of a set is that of ``key``, or the one to take; its number or 0."""
    for way, (kept, number) in enumerate(found):
        if kept == key:
            return way, number
    return min(range(WAYS), key=lambda way: found[way][1]), 0
