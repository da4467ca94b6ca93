"""The child that a peer runs in: how its end is told, and that it reaches no network."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from eval.peers import child


@pytest.mark.parametrize(
    ("status", "stderr", "line"),
    [
        (-9, "", "被信号 9 终止"),
        (3, "", "退出码 3"),
        (1, "a\nMemoryError: 满\n\n", "MemoryError: 满"),
    ],
)
def test_the_end_of_a_child_is_put_into_words(
    status: int, stderr: str, line: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def ended(*_: object, **__: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], status, "", stderr)

    monkeypatch.setattr(subprocess, "run", ended)
    with pytest.raises(child.Crashed, match=line):
        child.run("bm25", tmp_path)


def test_a_child_may_not_reach_for_the_network() -> None:
    with pytest.raises(PermissionError, match=r"socket\.getaddrinfo"):
        child._stay_offline("socket.getaddrinfo", ())
    child._stay_offline("open", ())
