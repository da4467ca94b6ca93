"""How fast the ledger is: ``python -m tests.bench.bench_ledger [COMMITMENTS] [FOLDER]``.

Fills a ledger (100,000 unless told otherwise, by way of ``propose`` and ``decide_all``, so with all
its events), then times what console pages ask, each query in a connection of its own as a
request opens it; at last kills a burst of 1,000 changes. Milliseconds at the 50th and 95th of 20
runs, by the clock and, for machines that have other things to do, by the processor; cursors and
organs are drawn with a fixed seed.
"""

from __future__ import annotations

import json
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

from kb.extract.types import Commitment, Due
from kb.ledger import edit
from kb.ledger import queries as lists
from kb.ledger.cursor import Order, written
from kb.ledger.events import entry
from kb.ledger.history import evidence_of, history
from kb.ledger.propose import propose
from kb.ledger.queries import Wanted
from kb.ledger.rebuild import rebuild, verify
from kb.ledger.signing import decide, decide_all
from kb.ledger.types import MOVES, OFF, Seen, Status
from kb.staff import audit
from kb.staff.database import NAME, opened
from kb.types import Span
from tests.support.ledger_crash import killed_after, lost, prepare
from tests.support.promises import PROGRAMS, TODAY, WANG, events, letter_of

RUNS = 20
ORGANS = [f"云岭市第{number}局" for number in range(40)]
EACH = 10  # commitments of a letter
TOPICS = ("加装电梯", "校园安全", "河道治理", "公交线网", "医疗服务", "停车难", "垃圾分类")
STATUSES: tuple[Status, ...] = ("not_started", "under_way", "unverifiable", "rejected")
Query = Callable[[sqlite3.Connection], object]


def fill(folder: Path, commitments: int) -> None:
    """Letters over eight years; three of four commitments are decided."""
    rng = random.Random(7)
    with opened(folder / NAME) as book:
        for number in range(commitments // EACH):
            first = number * EACH + 1
            _letter(book, number, rng)
            seen = [Seen(id=first + one, version=1) for one in range(EACH * 3 // 4)]
            decide_all(book, seen, rng.choice(STATUSES), by=WANG, reason="看过")
            if number % 20 == 0:
                _completed(book, first)


def _completed(book: sqlite3.Connection, first: int) -> None:
    """Of one letter in twenty: one is put off, one waits to be signed, one was done late."""
    later = Due(raw="2027年底前", first=None, last="2027-12-31", precision="day")
    put_off, waiting, done = (entry(book, first + one) for one in range(3))
    if put_off.status in OFF:
        return
    edit.correct(book, put_off.seen, {"due": later}, by=WANG, reason="停工")
    if (waiting.status, "dropped") in MOVES:
        decide(book, waiting.seen, "dropped", by=WANG, two_step=True, reason="看过")
    if (done.status, "done") in MOVES:
        edit.move(book, done.seen, "done", by=WANG, reason="看过", done_on="2026-06-01")


def _letter(book: sqlite3.Connection, number: int, rng: random.Random) -> None:
    signed = date(2019, 1, 1) + timedelta(days=rng.randrange(2700))
    organ = rng.choice(ORGANS)
    sentences = [
        f"将于第{number}批第{one}项工程中完成改造任务{rng.randrange(999)}处" for one in range(EACH)
    ]
    letter = letter_of(
        *sentences,
        letter_id=f"{number:06}.txt",
        issuer=organ,
        issued_on=signed.isoformat(),
        result_class=rng.choice("ABC"),
        proposal_title=f"关于{rng.choice(TOPICS)}的提案",
    )
    found = []
    for sentence in sentences:
        start = letter.text.index(sentence)
        last = signed + timedelta(days=rng.randrange(30, 1000))
        due = Due(raw="年底前", first=None, last=last.isoformat(), precision="day")
        found.append(
            Commitment(
                letter_id=letter.id,
                span=Span(start=start, end=start + len(sentence)),
                organ=organ,
                co_organs=(),
                action="改造",
                due=due if rng.random() < 0.7 else None,
                target=None,
                strength="will",
            )
        )
    propose(book, letter, found, by=PROGRAMS)


def queries(rng: random.Random, commitments: int) -> dict[str, Query]:
    """What pages of a console ask."""

    def paged(wanted: Wanted, order: Order = "due") -> Query:
        def ask(book: sqlite3.Connection) -> object:
            first = lists.page(book, wanted, limit=50, order=order)
            return first.after and lists.page(
                book, wanted, limit=50, order=order, after=first.after
            )

        return ask

    def deep(book: sqlite3.Connection) -> object:
        key = (f"20{rng.randrange(20, 27)}-06-30", rng.randrange(commitments))
        return lists.page(book, Wanted(), limit=50, after=written("due", key))

    organ = rng.choice(ORGANS)
    return {
        "待核实，两页": paged(Wanted(status="proposed"), "due"),
        "待核实，按复文，两页": paged(Wanted(status="proposed"), "letter"),
        "逾期，两页": paged(lists.overdue(TODAY)),
        "一个单位的逾期，两页": paged(lists.overdue(TODAY, organ=organ)),
        "三十天内到期，两页": paged(lists.coming(TODAY, days=30)),
        "一个单位的全部，两页": paged(Wanted(organ=organ)),
        "一个单位的进行中，两页": paged(Wanted(organ=organ, status="under_way")),
        "某月到期，两页": paged(Wanted(due_month="2026-07")),
        "年、类别、主题，两页": paged(Wanted(year="2024", result_class="B", topic="交通")),
        "最近改动，两页": paged(Wanted(), "changed"),
        "原文已变": paged(Wanted(moved=True)),
        "含有很少见的字，两页": paged(Wanted(words="第777批")),
        "中间某一页": deep,
        "一个单位的日历（全部）": lambda book: list(
            lists.each(book, Wanted(organ=organ, stage="open"))
        ),
        "逾期的总数": lambda book: lists.total(book, lists.overdue(TODAY)),
        "按单位统计": lambda book: lists.counts(book, ["organ"], today=TODAY),
        "按状态统计": lambda book: lists.counts(book, ["status"], today=TODAY),
        "按单位和年统计": lambda book: lists.counts(book, ["organ", "year"], today=TODAY),
        "按类别统计": lambda book: lists.counts(book, ["result_class"], today=TODAY),
        "按到期月统计": lambda book: lists.counts(book, ["due_month"], today=TODAY),
        "按主题统计": lambda book: lists.counts(book, ["topic"], today=TODAY),
        "一条的历史和佐证": lambda book: (
            entry(book, 5),
            history(book, 5),
            evidence_of(book, 5),
        ),
        "改一条的状态": lambda book: _turn(book, rng.randrange(commitments) + 1),
    }


# What goes through everything.
WHOLE: Mapping[str, Query] = {
    "核对台账与记录": verify,
    "由记录重建": lambda book: rebuild(book, by=WANG),
    "核对审计日志": audit.verify,
}


def _turn(book: sqlite3.Connection, number: int) -> None:
    one = entry(book, number)
    status: Status = "not_started" if one.status != "not_started" else "under_way"
    if one.status in ("proposed", "not_started", "under_way"):
        edit.move(book, one.seen, status, by=WANG, reason="量一量")


def timed(path: Path, query: Query) -> str:
    """The 50th and the 95th of the runs, by the clock and by the processor."""
    took: tuple[list[float], list[float]] = [], []
    for _ in range(RUNS):
        began = time.perf_counter(), time.process_time()
        with opened(path) as book:
            query(book)
        ended = time.perf_counter(), time.process_time()
        for times, start, end in zip(took, began, ended, strict=True):
            times.append(1000 * (end - start))
    (half, most), (half_used, most_used) = (
        (sorted(times)[RUNS // 2], sorted(times)[int(RUNS * 0.95) - 1]) for times in took
    )
    return (
        f"p50 {half:.1f}\tp95 {most:.1f} 毫秒\t处理器 p50 {half_used:.1f}\tp95 {most_used:.1f} 毫秒"
    )


def main(commitments: int, folder: Path) -> None:
    began = time.perf_counter()
    if not (folder / NAME).exists():
        fill(folder, commitments)
    with opened(folder / NAME) as book:
        total = lists.total(book, Wanted()), events(book)
    size, took = (folder / NAME).stat().st_size >> 20, time.perf_counter() - began
    print(f"{total[0]} 条在册，{total[1]} 条记录，{size} MiB，用时 {took:.0f} 秒", flush=True)
    for name, query in queries(random.Random(11), commitments).items():
        print(f"{name}\t{timed(folder / NAME, query)}", flush=True)
    for name, work in WHOLE.items():
        began = time.perf_counter()
        with opened(folder / NAME) as book:
            work(book)
        print(f"{name}\t{time.perf_counter() - began:.1f} 秒", flush=True)
    crash = Path(tempfile.mkdtemp(dir=folder))
    prepare(crash)
    told = killed_after(crash, changes=100_000, acknowledged=1000)
    gone = lost(crash, told, since=0)
    print(json.dumps({"acknowledged": len(told), "lost": len(gone)}))


def asked(main: Callable[[int, Path], object]) -> None:
    """Run ``main`` as the command line says: COMMITMENTS, and FOLDER, which else is thrown away."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    if len(sys.argv) > 2:
        main(wanted, Path(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as made:
            main(wanted, Path(made))


if __name__ == "__main__":
    asked(main)
