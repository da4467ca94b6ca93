"""Watching a folder: once what happens in it has settled, it is indexed, and one line tells."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from watchfiles import watch

from indexer.report import Report
from kb.errors import StoreBusy, WrongUse

STILL = 1500  # milliseconds without a change after which a folder has settled
LONGEST = 60_000  # milliseconds of changes without a pause after which it is indexed all the same
LOOK = 1000  # milliseconds after which waiting is looked up from: signals, a store that was busy

BUSY = "另一个索引进程正在写入，等它结束"
STARTED = "正在监视 {folder}；按 Ctrl+C 结束"
ENDED = "已停止监视"


def watching(
    folder: Path,
    update: Callable[[], Report],
    *,
    tell: Callable[[Report], None],
    note: Callable[[str], None],
    settled: Callable[[Path], Iterable[object]] | None = None,
) -> None:
    """Run ``update`` now and after every change in ``folder``, until SIGINT or SIGTERM.

    ``tell`` is given what changed a snapshot or was refused; ``note`` sentences besides. Of
    ``settled`` each value says that some time passed, and is true where something changed in
    it. A store that is busy is waited for. Raises what ``update`` does else; an update that is
    broken off by a signal leaves the snapshot of before.
    """
    note(STARTED.format(folder=folder))
    due, busy, refused = True, False, 0
    with _ended_by_signals():
        try:
            for changes in (settled or changed_in)(folder):
                due = due or bool(changes)
                if not due:
                    continue
                try:
                    report = update()
                except StoreBusy:
                    if not busy:
                        note(BUSY)
                    busy = True
                    continue
                due = busy = False
                count = len(report.tally.refused)
                if report.news or count != refused:
                    tell(report)
                refused = count
        except KeyboardInterrupt:
            note(ENDED)


def check_apart(folder: Path, data: Path) -> None:
    """Raise WrongUse where ``folder`` cannot be watched: it is none, or the data lies in it."""
    if not folder.is_dir():
        raise WrongUse(f"{folder} 不是文件夹；请给出一个文件夹来监视")
    if data.resolve().is_relative_to(folder.resolve()):
        raise WrongUse(
            f"数据文件夹 {data} 在要监视的 {folder} 里面，编入一次就又有改动；请放到别处"
        )


def changed_in(folder: Path) -> Iterator[object]:
    """The changes in ``folder`` once they have settled; nothing, about once a second."""
    yield from watch(
        folder,
        watch_filter=None,
        debounce=LONGEST,
        step=STILL,
        rust_timeout=LOOK,
        yield_on_timeout=True,
        raise_interrupt=True,
    )


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """SIGTERM, as SIGINT, raises KeyboardInterrupt."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
