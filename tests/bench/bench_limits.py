"""What counting a question costs: ``python -m tests.bench.bench_limits`` (Linux).

Prints microseconds of one request: counted by a process for itself, counted in what several
processes share, and the same while others count too. Each is the least of several rounds.
"""

from __future__ import annotations

import multiprocessing
import time
from typing import Any

from server.http.limits import MOST, Pace
from server.shared import CLIENTS, Own, Table

ROUND, ROUNDS = 20_000, 7
SPAWN = multiprocessing.get_context("spawn")


def main() -> None:
    table = Table(CLIENTS)
    print(f"by a process for itself: {cost(Pace(60, kept=Own(MOST))):.1f} µs")
    print(f"in what several share: {cost(Pace(60, kept=table)):.1f} µs")
    for others in (1, 3):
        begun, done = SPAWN.Semaphore(0), SPAWN.Event()
        counting = [SPAWN.Process(target=count, args=(table, begun, done)) for _ in range(others)]
        for process in counting:
            process.start()
        for _ in counting:
            begun.acquire()
        print(f"  while {others} more count: {cost(Pace(60, kept=table)):.1f} µs")
        done.set()
        for process in counting:
            process.join()


def cost(pace: Pace) -> float:
    """Microseconds that one request of many clients takes to count."""
    clients = [f"203.0.{number // 256}.{number % 256}" for number in range(1000)]
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for number in range(ROUND):
            pace.take(clients[number % len(clients)])
        taken.append(time.perf_counter() - began)
    return min(taken) / ROUND * 1e6


def count(table: Table, begun: Any, done: Any) -> None:
    """Count without a pause until ``done``."""
    pace = Pace(60, kept=table)
    begun.release()
    while not done.is_set():
        for number in range(1000):
            pace.take(str(number))


if __name__ == "__main__":
    main()
