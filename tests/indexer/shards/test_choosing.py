"""Who does the work, as the command line says it: what is wrong is told, and what to do."""

from __future__ import annotations

import importlib.util
import socket
from pathlib import Path
from typing import Any

import pytest

from indexer.__main__ import main
from indexer.shards import cluster
from kb.errors import RunnerFailed


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The optional packages that seem to be here."""
    here = {"ray", "pyarrow"}
    real = importlib.util.find_spec

    def find(name: str, *given: Any) -> Any:
        return (name in here or None) if name in ("ray", "pyarrow") else real(name, *given)

    monkeypatch.setattr(importlib.util, "find_spec", find)
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    return here


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--runner", "local", "--workers", "0"], "--workers 0 不行，应是 1 到 1024"),
        (["--runner", "local", "--workers", "5000"], "--workers 5000 不行，应是 1 到 1024"),
        (["--runner", "local", "--workers", "二"], "'二' 不能读作 int"),
        (["--runner", "spark"], "没有 'spark'"),
        (["--workers", "2"], "--workers 要和 --runner 同用"),
        (["--shards", "x"], "--shards 要和 --runner 同用"),
        (["--ray-address", "a:1"], "--ray-address 要和 --runner 同用"),
        (["--runner", "local", "--ray-address", "a:1"], "只和 --runner ray 同用"),
        (["--runner", "ray"], "说是哪个 Ray 集群"),
        (["--runner", "ray", "--ray-address", "ray://a:1"], "不是 主机:端口"),
        (["--runner", "ray", "--ray-address", "10.0.0.5"], "不是 主机:端口"),
        (["--runner", "ray", "--ray-address", "10.0.0.5:99999"], "不是 主机:端口"),
    ],
)
def test_a_wrong_option_is_told(
    options: list[str],
    words: str,
    inbox: Path,
    tmp_path: Path,
    installed: set[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["update", str(inbox), "--data", str(tmp_path / "data"), *options]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("runner", "absent"), [("local", "pyarrow"), ("ray", "pyarrow"), ("ray", "ray")]
)
def test_a_missing_extra_says_what_to_install(
    runner: str,
    absent: str,
    inbox: Path,
    tmp_path: Path,
    installed: set[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    installed.remove(absent)
    assert main(["update", str(inbox), "--data", str(tmp_path), "--runner", runner]) == 2
    assert "pip install 'fuwen[ray]'" in capsys.readouterr().err


def test_a_cluster_that_does_not_answer_is_told_at_once(installed: set[str]) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{nobody.getsockname()[1]}"
        with pytest.raises(RunnerFailed, match=f"{address} 连不上.*ray start --head"):
            cluster._check_answers(address)
