"""The script of the backup timer: which of the old backups it deletes."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT

DAY = 86400


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """The script beside a program that makes an empty backup."""
    copied = tmp_path / "current" / "backup.sh"
    (copied.parent / "bin").mkdir(parents=True)
    shutil.copy(ROOT / "deploy" / "backup.sh", copied)
    program = copied.parent / "bin" / "fuwen"
    program.write_text('#!/bin/sh\n[ "$1" = backup ] && mkdir "$2"\n', encoding="utf-8")
    program.chmod(0o755)
    return copied


def backups(folder: Path, *days: int) -> list[str]:
    """Backups made so many days ago, the names of all."""
    for age in days:
        at = time.time() - age * DAY
        made = folder / time.strftime("%Y%m%d-%H%M%S", time.localtime(at))
        made.mkdir(parents=True)
        os.utime(made, (at, at))
    return sorted(path.name for path in folder.iterdir())


def run(script: Path, folder: Path) -> set[str]:
    """The names of the backups that are there after the script ran."""
    subprocess.run([script, folder], check=True, capture_output=True)
    return {path.name for path in folder.iterdir()}


def test_backups_older_than_thirty_days_go(script: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    before = backups(folder, *range(1, 10), 40, 50)
    after = run(script, folder)
    assert after > set(before[2:]), "a new one, and all of the last thirty days"
    assert not after & set(before[:2])


def test_seven_are_kept_however_old(script: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    before = backups(folder, *range(100, 110))
    after = run(script, folder)
    assert len(after) == 7
    assert set(before) & after == set(before[-6:])


def test_what_is_no_backup_stays(script: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    backups(folder, *range(100, 110))
    for name in ("说明.txt", "手工备份", "20200101-000000.part"):
        (folder / name).mkdir()
        os.utime(folder / name, (0, 0))
    assert {"说明.txt", "手工备份", "20200101-000000.part"} <= run(script, folder)


def test_nothing_is_deleted_where_the_backup_failed(script: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    before = backups(folder, *range(100, 110))
    (script.parent / "bin" / "fuwen").write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    assert subprocess.run([script, folder], check=False).returncode == 3
    assert sorted(path.name for path in folder.iterdir()) == before
