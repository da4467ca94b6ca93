"""A Ray cluster of several nodes on the loopback, each of which can be killed; and who uses it.

``python -m tests.support.ray_hosts ADDRESS INBOX DATA`` indexes by the cluster, slowly.
"""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SET_FLAGS, UP = 0x8914, 1  # SIOCSIFFLAGS, IFF_UP of linux/sockios.h and if.h


def alone() -> bool:
    """True where there is no network but the loopback, which is set up."""
    if len(Path("/proc/net/route").read_text("utf-8").splitlines()) > 1:
        return False
    with socket.socket() as any_socket, suppress(OSError):
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sh", b"lo", UP))
    return True


def environment(**more: str) -> dict[str, str]:
    """That of a node; its workers are as eager as the tests, or a busy machine starves them."""
    ours = {"PYTHONPATH": str(ROOT), "RAY_USAGE_STATS_ENABLED": "0", "RAY_worker_niceness": "0"}
    return {**os.environ, **ours, **more}


@contextmanager
def node(*options: str, log: Path, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A node of one core, and all its processes, until the context ends."""
    words = ["start", "--block", "--num-cpus=1", "--node-ip-address=127.0.0.1", *options]
    words += ["--object-store-memory=80000000", "--disable-usage-stats"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("ray")), *words],
            env=environment(**more),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to a node, all its processes at once."""
    for number in [*descendants(process.pid), process.pid]:
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
    process.wait()


def descendants(process: int) -> list[int]:
    """The processes that ``process`` started, and those that they did."""
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text("utf-8", "replace").rpartition(")")[2].split()
            parents.setdefault(int(fields[1]), []).append(int(path.parent.name))
    found: list[int] = []
    left = [process]
    while left:
        children = parents.get(left.pop(), [])
        found += children
        left += children
    return found


def main(address: str, inbox: Path, data: Path) -> None:
    """Index by the cluster and tell each step."""
    import indexer.whole
    from indexer.shards import work
    from indexer.shards.cluster import OnRay
    from tests.support import sharded

    indexer.whole.Terms = partial(work.Terms, slice_characters=sharded.SMALL)  # type: ignore[misc,assignment]
    base = sharded.base(data, OnRay(address), load=sharded.slow)
    report = indexer.whole.indexed(
        [inbox], base, tick=lambda name, letters: print(name, letters, flush=True)
    )
    print("done", report.tally.added, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
