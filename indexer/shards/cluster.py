"""A Ray cluster, the only module that knows Ray, which is of the extra ``fuwen[ray]``.

Ray sends the calls, which are small: files go by a folder that every host sees. What was begun on
a host that ends is begun again on another.
"""

from __future__ import annotations

import importlib.util
import os
import socket
from collections import deque
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any, Self

from indexer.shards.runner import TRIES, Call, attempt, ended, failed
from kb.errors import RunnerFailed, WrongUse

PATIENCE = 10.0  # seconds in which the cluster's address has to answer
AHEAD = 2  # calls given out for each core, so that none waits for the next


def check_installed() -> None:
    """Raise WrongUse where the extra is not there."""
    if importlib.util.find_spec("ray") is None:
        raise WrongUse(
            "--runner ray 要用 Ray，这里没有装；请运行 pip install 'fuwen[ray]'，"
            "一台机器的几个核用 --runner local 就可以"
        )


class OnRay:
    """``Runner`` on the cluster at ``address``, "主机:端口".

    No Ray is started here, since one listens on every address of its host. ``workers`` bounds how
    many calls run at a time; None for as many as the cluster has cores. Raises WrongUse where Ray
    is not installed, or ``address`` is none.
    """

    def __init__(self, address: str, workers: int | None = None) -> None:
        check_installed()
        _parted(address)
        self._address = address
        self._workers = workers

    def __enter__(self) -> Self:
        # Nobody outside is told that Ray is used; set before it is imported.
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
        import ray

        _check_answers(self._address)
        try:
            ray.init(self._address, logging_level="ERROR", log_to_driver=False)
        except (ConnectionError, RuntimeError, ValueError, OSError) as error:
            raise RunnerFailed(
                f"连不上 Ray（{self._address}）：{error}；"
                "请在集群的一台主机上运行，各台用同一版的 Ray 和 Python"
            ) from error
        self._ray = ray
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ray.shutdown()

    def run(self, calls: Sequence[Call]) -> Iterator[int]:
        """As ``Runner.run``."""
        ray = self._ray
        remote = ray.remote(num_cpus=1, max_retries=TRIES - 1)(attempt)
        waiting, flying = deque(range(len(calls))), dict[Any, int]()
        while waiting or flying:
            while waiting and len(flying) < self._most():
                number = waiting.popleft()
                flying[remote.remote(calls[number])] = number
            for done in ray.wait(list(flying), num_returns=1)[0]:
                try:
                    fault = ray.get(done)
                except (ray.exceptions.WorkerCrashedError, ray.exceptions.NodeDiedError):
                    raise ended("主机或进程") from None
                except ray.exceptions.RayError as error:
                    raise failed(_first_line(error)) from error
                if fault:
                    raise failed(fault)
                yield flying.pop(done)

    def _most(self) -> int:
        cores_now = int(self._ray.cluster_resources().get("CPU", 1))
        return self._workers or AHEAD * max(1, cores_now)


def _first_line(error: Exception) -> str:
    """What Ray says of an error, without the stack of another host."""
    return next((line for line in reversed(str(error).splitlines()) if line.strip()), "")


def _parted(address: str) -> tuple[str, int]:
    """Host and port. Raises WrongUse."""
    if not address:
        raise WrongUse(
            "--runner ray 要用 --ray-address 主机:端口（或环境变量 RAY_ADDRESS）说是哪个 Ray 集群；"
            "只用这一台机器，请用 --runner local"
        )
    host, _, port = address.rpartition(":")
    if not host or "/" in address or not port.isdigit() or not 0 < int(port) < 65536:
        raise WrongUse(
            f"--ray-address {address!r} 不是 主机:端口；请照 ray start --head 打印的写，"
            "如 10.0.0.5:6379"
        )
    return host, int(port)


def _check_answers(address: str) -> None:
    """Raise RunnerFailed where nobody answers: Ray itself would wait for minutes."""
    try:
        socket.create_connection(_parted(address), timeout=PATIENCE).close()
    except OSError as error:
        raise RunnerFailed(
            f"Ray 集群 {address} 连不上（{error.strerror or error}，等了至多 {PATIENCE:.0f} 秒）；"
            "请看 ray start --head 是否在运行，地址、端口和防火墙对不对"
        ) from error
