"""What several workers hold in common: counted once, and never lost with a worker."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from kb.feedback.visitors import EACH
from server.http.limits import MINUTE, Pace
from server.shared import WAYS, Common, Kept, Own, SharedVisitors, Table, Turn

SPAWN = multiprocessing.get_context("spawn")
WAIT = 240  # seconds, for what is done in a moment
KEY, OTHER = b"k" * 16, b"o" * 16
ADDRESS = "203.0.113.77"
DAY = {"today": date(2026, 6, 30)}


def today() -> date:
    return DAY["today"]


def run(target: Callable[..., None], *arguments: Any, times: int = 1) -> None:
    """Call ``target`` in so many processes at once, and wait for them."""
    started = [SPAWN.Process(target=target, args=arguments) for _ in range(times)]
    for process in started:
        process.start()
    for process in started:
        process.join(WAIT)
    assert [process.exitcode for process in started] == [0] * times


def count(table: Table) -> None:
    for _ in range(2000):
        table.change(KEY, lambda number: number + 1)


def ask(pace: Pace, told: Any) -> None:
    told.put(sum(pace.take(ADDRESS) == 0 for _ in range(10)))


def meet(visitors: SharedVisitors, told: Any) -> None:
    name = visitors.name(ADDRESS)
    told.put((name, visitors.first(name, 1, opinion=False)))


def take_and_hold(turn: Turn, told: Any) -> None:
    with turn:
        told.put(os.getpid())
        signal.pause()


@pytest.mark.parametrize("kept", [Own(10), Table(64)])
def test_a_number_is_kept_for_each_key(kept: Kept) -> None:
    assert kept.change(KEY, lambda number: number + 5) == 0
    assert kept.change(OTHER, lambda number: number - 1) == 0
    assert kept.change(KEY, lambda number: number + 1) == 5
    assert kept.change(KEY, lambda number: number) == 6
    assert kept.change(OTHER, lambda number: number) == -1


def test_where_a_table_is_full_the_least_number_goes() -> None:
    table = Table(WAYS)
    for number in range(1, WAYS + 1):
        table.change(bytes([number] * 16), lambda _, number=number: number)
    table.change(KEY, lambda _: 100)
    assert table.change(bytes([1] * 16), lambda number: number) == 0
    assert table.change(bytes([WAYS] * 16), lambda number: number) == WAYS
    assert table.change(KEY, lambda number: number) == 100


def test_a_table_that_is_cleared_knows_nothing() -> None:
    table = Table(64)
    table.change(KEY, lambda _: 7)
    table.clear()
    assert table.change(KEY, lambda number: number) == 0


def test_no_count_is_lost_among_processes() -> None:
    table = Table(64)
    run(count, table, times=3)
    assert table.change(KEY, lambda number: number) == 6000


def test_one_client_has_one_limit_however_many_processes_it_asks() -> None:
    told = SPAWN.Queue()
    run(ask, Pace(7, kept=Table(64), clock=_now), told, times=3)
    assert sum(told.get(timeout=WAIT) for _ in range(3)) == 7


def _now() -> int:
    return MINUTE


def test_a_visitor_of_several_processes_is_one() -> None:
    visitors, told = SharedVisitors(today), SPAWN.Queue()
    run(meet, visitors, told, times=3)
    met = [told.get(timeout=WAIT) for _ in range(3)]
    assert {name for name, _ in met} == {visitors.name(ADDRESS)}
    assert sorted(first for _, first in met) == [False, False, True]


def test_visitors_count_once_a_day_in_each_group_and_in_so_many_groups() -> None:
    visitors = SharedVisitors(today)
    name = visitors.name(ADDRESS)
    assert visitors.first(name, 1, opinion=False)
    assert not visitors.first(name, 1, opinion=False)
    assert visitors.first(name, 1, opinion=True)
    assert visitors.first(visitors.name("203.0.113.78"), 1, opinion=False)
    counted = sum(visitors.first(name, group, opinion=False) for group in range(2, 500))
    assert counted == EACH - 2


def test_tomorrow_nothing_tells_who_was_here_today(monkeypatch: pytest.MonkeyPatch) -> None:
    visitors = SharedVisitors(today)
    name = visitors.name(ADDRESS)
    assert ADDRESS.encode() not in name
    assert visitors.first(name, 1, opinion=False)
    monkeypatch.setitem(DAY, "today", today() + timedelta(days=1))
    tomorrow = visitors.name(ADDRESS)
    assert tomorrow != name
    for memory in (visitors._seen._memory, visitors._groups._memory):
        with memory.held() as kept:
            assert not any(kept[:])
    assert visitors.first(tomorrow, 1, opinion=False)


def test_a_turn_passes_on_when_its_holder_is_killed() -> None:
    turn, told = Turn(), SPAWN.Queue()
    holder = SPAWN.Process(target=take_and_hold, args=(turn, told))
    holder.start()
    try:
        assert told.get(timeout=WAIT) == holder.pid
        waiting = SPAWN.Process(target=take_and_hold, args=(turn, told))
        waiting.start()
        try:
            assert told.empty()
            holder.kill()
            assert told.get(timeout=WAIT) == waiting.pid
        finally:
            waiting.kill()
            waiting.join(WAIT)
    finally:
        holder.kill()
        holder.join(WAIT)


def test_it_lies_on_no_disk() -> None:
    common = Common.made()
    assert isinstance(common.questions, Table)
    place = Path(f"/proc/self/fd/{common.questions._memory._file}").readlink()
    assert str(place).startswith("/memfd:")
