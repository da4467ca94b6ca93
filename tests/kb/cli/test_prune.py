"""``fuwen prune`` tells what may go, and deletes it only where that is asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kb.cli.fuwen import main


def run(data: Path, *more: str) -> int:
    return main(["prune", "--data", str(data), *more])


def test_it_tells_first_and_deletes_when_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copies = [tmp_path / f"staff.db.before-2020010{day}T000000" for day in (1, 2)]
    for copy in copies:
        copy.write_bytes(b"1" * 1_000_000)
    assert run(tmp_path) == 0
    told = capsys.readouterr().out
    assert "恢复、升级时留下的旧数据：1 个，1.0 MB" in told
    assert "什么也没有删；加 --delete 才删" in told
    assert all(copy.exists() for copy in copies)
    assert run(tmp_path, "--delete", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["deleted"] is True
    assert [item["name"] for item in report["items"]] == [copies[0].name]
    assert [copy.exists() for copy in copies] == [False, True]
    assert run(tmp_path) == 0
    assert "没有可以删的" in capsys.readouterr().out


def test_a_folder_that_is_not_there_is_told_and_not_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "none") != 0
    assert "没有数据文件夹" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
