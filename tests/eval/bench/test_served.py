"""The real server, asked at a rate."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from eval.bench.load import load
from eval.bench.served import NotServed, served
from kb.settings import Settings
from kb.store.protocol import SnapshotReader


def test_what_is_asked_is_answered_and_counted(base: SnapshotReader, settings: Settings) -> None:
    with served(settings.data, reader=False) as server:
        found = load(server, ["谁来管电梯？", "补助多少？", "学校在哪里？"], rate=50)
        assert server.megabytes > 20
        assert server.ready_processor > 0
    assert (found.asked, found.refused) == (3, 0.0)
    assert 0 < found.p50 <= found.p95
    assert found.reached > 0
    assert not math.isnan(found.processor_ms)


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(NotServed, match="不是文件夹"), served(file, reader=False):
        pass
