"""Real processes: the same snapshot, and a killed one costs its shard and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("pyarrow", reason="fuwen[ray] is not installed: no pyarrow to keep shards")

from indexer.shards.local import Processes
from indexer.whole import indexed
from kb.errors import RunnerFailed
from tests.support import sharded
from tests.support.asking import letter_text
from tests.support.sharded import assert_same, base, both, dying, inbox_of


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    sharded.small(monkeypatch)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    for number in range(6):
        text = letter_text(f"云民函〔2024〕{number}号", proposal=f"08{number}")
        (folder / f"{number}.txt").write_text(text, "utf-8")
    return folder


def test_two_processes_make_the_same_snapshot_of_the_sample_letters(tmp_path: Path) -> None:
    inbox = inbox_of(tmp_path / "inbox")
    both(inbox, base(tmp_path / "a"), base(tmp_path / "b", Processes(2)))


def test_a_killed_process_costs_its_shard_only(
    tmp_path: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KILLED", str(tmp_path / "killed"))
    steps: list[str] = []
    ahead, plain = base(tmp_path / "b", Processes(2), load=dying), base(tmp_path / "a")
    indexed([inbox], ahead, tick=lambda name, _: steps.append(name))
    indexed([inbox], plain)
    assert (tmp_path / "killed").exists()
    assert steps.count("第二遍，算向量：6/6 片") == 1
    assert_same(plain, ahead)


def test_a_shard_that_kills_every_process_ends_the_run_and_publishes_nothing(
    tmp_path: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KILLED", raising=False)
    ahead = base(tmp_path / "b", Processes(1), load=dying)
    with pytest.raises(RunnerFailed, match=r"进程做到一半被终止了 3 次.*接着做"):
        indexed([inbox], ahead)
    assert ahead.store.versions() == []
    plain, again = base(tmp_path / "a"), base(tmp_path / "b", Processes(1))
    indexed([inbox], plain)
    indexed([inbox], again)
    assert_same(plain, again)
