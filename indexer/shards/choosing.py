"""The options of ``fuwen index update`` that say who does the work, and the runner they name."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from indexer.shards import table
from indexer.shards.cluster import OnRay
from indexer.shards.local import Processes
from indexer.shards.runner import Runner
from kb.errors import WrongUse
from kb.models.embedding import cores

MOST_WORKERS = 1024


def add_options(parser: Any) -> None:
    """Add the options to ``parser``."""
    parser.add_argument(
        "--runner",
        choices=list(RUNNERS),
        help="分给多个进程做：local 本机的几个进程，ray 一个 Ray 集群（须装 fuwen[ray]，"
        "见 docs/indexing-many.md）",
    )
    parser.add_argument("--workers", type=int, metavar="N", help="几个进程，默认有几个核就几个")
    parser.add_argument("--ray-address", metavar="主机:端口", help="Ray 集群，默认 RAY_ADDRESS")
    parser.add_argument(
        "--shards",
        type=Path,
        metavar="文件夹",
        help="分片放哪里，各台主机都要看得见；默认数据文件夹里",
    )


def runner(given: argparse.Namespace) -> Runner | None:
    """What the options say; None for the one process. Raises WrongUse."""
    workers: int | None = given.workers
    if workers is not None and not 1 <= workers <= MOST_WORKERS:
        raise WrongUse(f"--workers {workers} 不行，应是 1 到 {MOST_WORKERS} 的整数；请改正")
    if given.runner is None:
        for option in ("workers", "ray_address", "shards"):
            if getattr(given, option) is not None:
                name = option.replace("_", "-")
                raise WrongUse(f"--{name} 要和 --runner 同用；请加上 --runner local 或 ray")
        return None
    if given.runner != "ray" and given.ray_address:
        raise WrongUse("--ray-address 只和 --runner ray 同用；请改正")
    table.check_installed()
    return RUNNERS[given.runner](given)


def _local(given: argparse.Namespace) -> Runner:
    return Processes(given.workers or cores())


def _ray(given: argparse.Namespace) -> Runner:
    address = given.ray_address or os.environ.get("RAY_ADDRESS", "")
    return OnRay(address, given.workers)


RUNNERS: Mapping[str, Callable[[argparse.Namespace], Runner]] = {"local": _local, "ray": _ray}
