"""A version is on the disk, file by file and folder by folder, before the pointer names it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from kb.store import disk, snapshot
from kb.store.local import parts
from tests.support import stores
from tests.support.fakes import make_letter
from tests.support.stores import publish
from tests.torture.ground import Found
from tests.torture.ordering import Step, judge


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[Step]:
    """The calls that sync and rename, as Python makes them."""
    made: list[Step] = []
    fsync, rename, replace = os.fsync, os.rename, os.replace

    def synced(handle: int) -> None:
        made.append(Step("sync", str(Path(f"/proc/self/fd/{handle}").readlink())))
        fsync(handle)

    def renamed(old: Any, new: Any) -> None:
        made.append(Step("rename", str(old), str(new)))
        rename(old, new)

    def replaced(old: Any, new: Any) -> None:
        made.append(Step("rename", str(old), str(new)))
        replace(old, new)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "rename", renamed)
    monkeypatch.setattr(os, "replace", replaced)
    return made


def test_all_is_synced_before_the_pointer_moves(
    tmp_path: Path, steps: list[Step], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "SMALL", 0)
    store, found = stores.local(tmp_path), Found()
    for letter_id in "abc":
        steps.clear()
        publish(store, make_letter(letter_id))
        judge(steps, tmp_path / "data", found, writes=False)
    assert found.troubles == []
    assert found.counts["publishes in order"] == 3
    assert found.counts["files synced"] > 20
    assert found.counts["files taken over"] > 5
    assert found.counts["folders synced"] == 4 + 4 + 6


@pytest.mark.parametrize("what", ["a file", "a folder", "the pointer", "where versions stand"])
def test_what_is_not_synced_is_noticed(
    tmp_path: Path, steps: list[Step], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    names = {
        "a file": "vectors.npy", "a folder": "tantivy", "the pointer": "CURRENT.tmp",
        "where versions stand": "snapshots",
    }  # fmt: skip
    sync = disk.sync
    monkeypatch.setattr(
        snapshot, "sync", lambda path: None if path.name == names[what] else sync(path)
    )
    publish(stores.local(tmp_path), make_letter("a"))
    found = Found()
    judge(steps, tmp_path / "data", found, writes=False)
    assert any(names[what] in trouble or what in trouble for trouble in found.troubles)
