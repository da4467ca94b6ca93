"""The disk under the snapshots: the lock, a full disk, stamps."""

from __future__ import annotations

import errno
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from kb.errors import StoreBusy, StoreFull
from kb.store import disk

# The lock


def test_the_lock_is_held_once_and_its_owner_named(tmp_path: Path) -> None:
    with disk.lock(tmp_path), pytest.raises(StoreBusy, match=str(os.getpid())):
        disk.lock(tmp_path)
    disk.lock(tmp_path).close()


def test_the_lock_dies_with_its_process(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from kb.store import disk;"
        "held = disk.lock(Path(sys.argv[1])); print(1, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"1\n"
        with pytest.raises(StoreBusy, match=str(other.pid)):
            disk.lock(tmp_path)
        other.send_signal(signal.SIGKILL)
    disk.lock(tmp_path).close()


def test_a_forked_child_does_not_keep_the_lock_from_the_next_writer(tmp_path: Path) -> None:
    held = disk.lock(tmp_path)
    copy = os.dup(held._file.fileno())  # what a forked child inherits
    held.close()
    held.close()
    disk.lock(tmp_path).close()
    os.close(copy)


# A full disk


def sqlite_error(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        sqlite_error(sqlite3.SQLITE_FULL),
        sqlite_error(sqlite3.SQLITE_IOERR_WRITE),
        sqlite_error(sqlite3.SQLITE_IOERR_SHMSIZE),
        ValueError("An IO error occurred: 'No space left on device (os error 28)'"),
        RuntimeError("could not write: No space left on device"),
    ],
    ids=repr,
)
def test_every_engines_full_disk_becomes_one_clear_error(tmp_path: Path, error: Exception) -> None:
    with pytest.raises(StoreFull, match="腾出空间") as caught, disk.room(tmp_path):
        raise error
    assert caught.value.__cause__ is error
    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize(
    "error",
    [
        PermissionError(errno.EACCES, "Permission denied"),
        sqlite_error(sqlite3.SQLITE_CORRUPT),
        ValueError("another mistake"),
        KeyError("x"),
    ],
    ids=repr,
)
def test_other_errors_are_left_as_they_are(tmp_path: Path, error: Exception) -> None:
    with pytest.raises(type(error)) as caught, disk.room(tmp_path):
        raise error
    assert caught.value is error


# Checksums and stamps


def test_a_checksum_is_that_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    expected = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert disk.sha256_of(tmp_path / "empty") == expected


def test_a_stamp_changes_when_a_folder_is_mended(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "file").write_bytes(b"one")
    before = disk.stamp(tmp_path)
    assert disk.stamp(tmp_path) == before
    (tmp_path / "inner" / "file").write_bytes(b"other")
    assert disk.stamp(tmp_path) != before
    assert disk.stamp(tmp_path / "nowhere") == ()
