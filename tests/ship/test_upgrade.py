"""From the data folder of release 0.1.0 to this one and back, as ``docs/upgrade.md`` says.

The old program is taken from git; where its history is not there, this is skipped.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.conftest import CORPUS, ROOT
from tests.ship.conftest import LETTERS

RELEASE = "aa05f0e"  # the commit of 0.1.0
QUESTION = "龙泉镇公交化改造什么时候完成"


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program of 0.1.0."""
    command = ["git", "archive", RELEASE, "kb", "indexer", "server", "eval", "pyproject.toml"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if run.returncode:
        pytest.skip(f"this clone has no commit {RELEASE}")
    folder = tmp_path_factory.mktemp("old")
    with tarfile.open(fileobj=io.BytesIO(run.stdout)) as opened:
        opened.extractall(folder, filter="data")
    return folder


def run(program: Path, *words: str, cwd: Path, given: str = "") -> subprocess.CompletedProcess[str]:
    """``python -m words`` of the program that lies in a folder."""
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "PYTHONPATH": str(program)},
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )


def fine(program: Path, *words: str, cwd: Path, given: str = "") -> str:
    """What a command prints that has to succeed."""
    ended = run(program, *words, cwd=cwd, given=given)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def left(old: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as 0.1.0 leaves it: letters, ``data`` with an account and a ledger, a backup."""
    folder = tmp_path_factory.mktemp("left")
    (folder / "letters").mkdir()
    for name in LETTERS:
        shutil.copy(CORPUS / "letters" / name, folder / "letters")
    fine(old, "indexer", "update", "letters", cwd=folder)
    add = ("server", "user", "add", "王芳", "--role", "admin")
    fine(old, *add, cwd=folder, given="mima12345678abc\n")
    fine(old, "server", "propose", cwd=folder)
    fine(old, "server", "backup", "before", cwd=folder)
    return folder


@pytest.fixture
def office(left: Path, tmp_path: Path) -> Path:
    """A copy of that folder."""
    return shutil.copytree(left, tmp_path / "office")


def quotes(program: Path, cwd: Path) -> list[str]:
    """What the program quotes to the question."""
    reply = json.loads(fine(program, "kb", "ask", "--json", QUESTION, cwd=cwd))
    return [quote["text"] for quote in reply["quotes"]]


def test_the_old_folder_is_brought_up_and_its_backup_brings_it_back(
    old: Path, office: Path
) -> None:
    before = quotes(old, office)
    assert before

    refused = run(ROOT, "kb", "ask", QUESTION, cwd=office)
    assert refused.returncode == 3
    assert "fuwen index update … --rebuild" in refused.stderr

    fine(ROOT, "indexer", "update", "letters", "--data", "beside", cwd=office)
    shutil.copy(office / "beside" / "vectors.db", office / "data")
    fine(ROOT, "indexer", "update", "letters", "--rebuild", cwd=office)
    assert quotes(ROOT, office)
    assert "王芳" in fine(ROOT, "server", "user", "list", cwd=office)
    assert "台账与记录相符" in fine(ROOT, "server", "ledger", "verify", cwd=office)
    assert "审计日志完好" in fine(ROOT, "server", "audit", "verify", cwd=office)

    newer = run(old, "server", "user", "list", cwd=office)
    assert newer.returncode == 3
    assert "由更新的程序写成" in newer.stderr
    fine(old, "server", "restore", "before", "--replace", cwd=office)
    assert "王芳" in fine(old, "server", "user", "list", cwd=office)
    assert quotes(old, office) == before


def test_a_backup_of_the_old_release_is_restored_by_this_one(office: Path) -> None:
    fine(ROOT, "server", "restore", "before", "--data", "restored", cwd=office)
    assert "王芳" in fine(ROOT, "server", "user", "list", "--data", "restored", cwd=office)
    fine(ROOT, "indexer", "update", "letters", "--rebuild", "--data", "restored", cwd=office)
    verified = fine(ROOT, "server", "ledger", "verify", "--data", "restored", cwd=office)
    assert "台账与记录相符" in verified
