"""Watching a folder: what settled is indexed, one line tells, a signal ends it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from indexer.report import Report
from indexer.tally import Refused, Tally
from indexer.watch import BUSY, ENDED, changed_in, check_apart, watching
from kb.errors import StoreBusy, StoreFull, WrongUse
from kb.types import Snapshot

BAD = Refused(file="a.txt", code="empty_file", message="a.txt：没有任何文字")


def report(*, news: bool = True, refused: int = 0) -> Report:
    snapshot = Snapshot(version="v", parent=None, fingerprint={}, letters=1, passages=1, files={})
    tally = Tally(refused=[BAD] * refused)
    return Report(snapshot=snapshot, tally=tally, news=news, barred={}, seconds=0.1, proposed=None)


class Watcher:
    """Plays ``settled``, and gives for each update the next of ``results``."""

    def __init__(self, settled: Iterable[bool], results: Iterable[Report | Exception]) -> None:
        self.results = list(results)
        self.told: list[Report] = []
        self.notes: list[str] = []
        self.updates = 0
        self.settled = list(settled)

    def update(self) -> Report:
        self.updates += 1
        result = self.results.pop(0)
        if isinstance(result, Exception):
            raise result
        return result

    def run(self, folder: Path) -> None:
        watching(
            folder,
            self.update,
            tell=self.told.append,
            note=self.notes.append,
            settled=lambda _: iter(self.settled),
        )


def test_it_indexes_at_once_and_after_each_change_but_not_while_nothing_happens(
    tmp_path: Path,
) -> None:
    watcher = Watcher([False, False, True, False, False, True], [report() for _ in range(3)])
    watcher.run(tmp_path)
    assert (watcher.updates, len(watcher.told)) == (3, 3)


def test_only_what_changed_something_or_was_refused_is_told(tmp_path: Path) -> None:
    quiet, one = report(news=False), report(news=False, refused=1)
    watcher = Watcher([True] * 5, [report(), quiet, one, one, quiet])
    watcher.run(tmp_path)
    assert [len(told.tally.refused) for told in watcher.told] == [0, 1, 0]


def test_a_store_that_is_busy_is_waited_for_and_told_once(tmp_path: Path) -> None:
    busy = StoreBusy("忙")
    watcher = Watcher([False, False, False, False], [busy, busy, report()])
    watcher.run(tmp_path)
    assert (watcher.updates, len(watcher.told)) == (3, 1)
    assert watcher.notes.count(BUSY) == 1


def test_what_else_goes_wrong_ends_it(tmp_path: Path) -> None:
    with pytest.raises(StoreFull):
        Watcher([False], [StoreFull("满")]).run(tmp_path)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_ends_it_cleanly_and_signals_are_as_before(tmp_path: Path, name: str) -> None:
    before = signal.getsignal(signal.SIGTERM)

    def settled(_: Path) -> Iterator[bool]:
        yield False
        os.kill(os.getpid(), getattr(signal, name))
        yield True

    notes: list[str] = []
    updates: list[int] = []

    def update() -> Report:
        updates.append(1)
        return report()

    ours = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have it ignored
    try:
        watching(tmp_path, update, tell=lambda _: None, note=notes.append, settled=settled)
    finally:
        signal.signal(signal.SIGINT, ours)
    assert (notes[-1], len(updates)) == (ENDED, 1)
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_file_that_comes_is_a_change_once_it_has_settled(tmp_path: Path) -> None:
    changes = changed_in(tmp_path)
    assert not next(changes)
    (tmp_path / "a.txt").write_text("甲")
    (tmp_path / "b.txt").write_text("乙")
    assert any(bool(next(changes)) for _ in range(60))


@pytest.mark.parametrize("data", ["inbox", "inbox/data", "inbox/x/data"])
def test_the_data_may_not_lie_in_the_folder(tmp_path: Path, data: str) -> None:
    (tmp_path / "inbox").mkdir()
    with pytest.raises(WrongUse, match="数据文件夹"):
        check_apart(tmp_path / "inbox", tmp_path / data)
    check_apart(tmp_path / "inbox", tmp_path / "data")


def test_only_a_folder_can_be_watched(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="不是文件夹"):
        check_apart(tmp_path / "none", tmp_path / "data")
