"""The local store among faults: damage, missing files, a full disk, kill -9."""

from __future__ import annotations

import errno
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kb.errors import BadSnapshot, NoSnapshot, StoreFull
from kb.store import disk, snapshot
from kb.store.local import dense, lexical, vectors
from kb.store.local import engine as local_engine
from kb.types import Snapshot
from tests.conftest import ROOT
from tests.support import stores
from tests.support.fakes import make_letter
from tests.support.stores import ALL, ask, publish

FILES = ["letters.db", "vectors.npy", "sentences.npy", "faiss.index", "meta.json", ".term", ".idx"]


def data(tmp_path: Path, version: str) -> Path:
    return tmp_path / "data" / "snapshots" / version


def two(tmp_path: Path) -> tuple[Snapshot, Snapshot]:
    """Two published versions, of one letter and of two."""
    store = stores.local(tmp_path)
    first = publish(store, make_letter("a", "水库。")).snapshot
    return first, publish(store, make_letter("b", "桥梁。")).snapshot


def inside(folder: Path, name: str) -> Path:
    """The file or folder of this name in a version of one part."""
    (path,) = folder.rglob(name)
    return path


def flip(folder: Path, ending: str) -> None:
    """Flip one bit in the middle of the file whose name ends so."""
    (path,) = (one for one in folder.rglob("*") if one.name.endswith(ending))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    overwrite(path, bytes(content))


def overwrite(path: Path, content: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(content)


DAMAGES: dict[str, Callable[[Path], None]] = {
    **{f"bit in {one}": lambda folder, one=one: flip(folder, one) for one in FILES},
    "bit in manifest": lambda folder: flip(folder, "manifest.json"),
    "no manifest": lambda folder: (folder / "manifest.json").unlink(),
    "no database": lambda folder: (folder / "letters.db").unlink(),
    "no tantivy": lambda folder: shutil.rmtree(inside(folder, "tantivy")),
    "short vectors": lambda folder: overwrite(inside(folder, "vectors.npy"), b"\x93NUMPY"),
    "empty index": lambda folder: overwrite(inside(folder, "faiss.index"), b""),
    "no folder": shutil.rmtree,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_seen_and_the_older_version_served(tmp_path: Path, damage: str) -> None:
    first, second = two(tmp_path)
    DAMAGES[damage](data(tmp_path, second.version))
    store = stores.local(tmp_path)
    reader = store.current()
    assert reader.snapshot == first
    assert ask(reader, "水库") == ["a"]
    assert second.version in str(store.degraded)
    assert first.version in str(store.degraded)
    assert store.current() is reader
    with pytest.raises((BadSnapshot, NoSnapshot)):
        store.verify()


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_next_publish_mends_what_was_damaged(tmp_path: Path, damage: str) -> None:
    first, second = two(tmp_path)
    DAMAGES[damage](data(tmp_path, second.version))
    store = stores.local(tmp_path)
    with store.draft() as draft:
        assert draft.base == first
        mended = draft.publish()
    assert mended.version > second.version
    assert mended.parent == first.version
    assert store.current().snapshot == mended
    assert store.degraded is None


def test_if_no_version_is_good_the_first_fault_is_told(tmp_path: Path) -> None:
    first, second = two(tmp_path)
    flip(data(tmp_path, first.version), "letters.db")
    flip(data(tmp_path, second.version), "vectors.npy")
    store = stores.local(tmp_path)
    with pytest.raises(
        BadSnapshot, match=rf"{second.version} 的文件 parts/\d/vectors\.npy.*--rebuild"
    ):
        store.current()
    with store.draft() as draft:
        assert draft.base is None
        assert draft.sources() == {}
        stores.put(draft, make_letter("c"))
        draft.publish()
    assert [head.id for head in store.current().letters()] == ["c"]


def test_a_fault_that_hashing_found_is_listed(tmp_path: Path) -> None:
    first, second = two(tmp_path)
    flip(data(tmp_path, second.version), "letters.db")
    store = stores.local(tmp_path)
    assert [one.trouble for one in store.versions()] == [None, None]
    store.current()
    newest, oldest = store.versions()
    assert "letters.db" in str(newest.trouble)
    assert (newest.snapshot, newest.current) == (second, True)
    assert (oldest.snapshot, oldest.trouble) == (first, None)


def test_an_unreadable_manifest_is_listed_as_trouble(tmp_path: Path) -> None:
    _, second = two(tmp_path)
    overwrite(data(tmp_path, second.version) / "manifest.json", b"{")
    newest = stores.local(tmp_path).versions()[0]
    assert (newest.version, newest.snapshot) == (second.version, None)
    assert "manifest.json" in str(newest.trouble)


def test_a_folder_mended_from_a_backup_is_served_again(tmp_path: Path) -> None:
    first, second = two(tmp_path)
    folder = data(tmp_path, second.version)
    shutil.copytree(folder, tmp_path / "backup")
    flip(folder, "letters.db")
    store = stores.local(tmp_path)
    assert store.current().snapshot == first
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "backup", folder)
    assert store.current().snapshot == second
    assert store.degraded is None
    assert store.verify() == second


def test_a_damaged_version_is_hashed_once_and_not_at_every_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, second = two(tmp_path)
    flip(data(tmp_path, second.version), "sentences.npy")
    store = stores.local(tmp_path)
    store.current()
    monkeypatch.setattr(snapshot, "sha256_of", lambda path: pytest.fail(f"hashed {path} again"))
    for _ in range(3):
        store.current()


def test_an_open_reader_outlives_the_damage_of_all_folders(tmp_path: Path) -> None:
    store = stores.local(tmp_path)
    reader = publish(store, make_letter("a", "水库。"))
    second = publish(stores.local(tmp_path), make_letter("b")).snapshot
    shutil.rmtree(data(tmp_path, reader.snapshot.version))
    flip(data(tmp_path, second.version), "letters.db")
    assert store.current() is reader
    assert ask(reader, "水库") == ["a"]
    assert second.version in str(store.degraded)


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"\xff\xfe\x00", b"20990101T000000-00000000", b"."]
)
def test_a_damaged_pointer_is_followed_by_the_newest(tmp_path: Path, content: bytes) -> None:
    _, second = two(tmp_path)
    (tmp_path / "data" / "CURRENT").write_bytes(content)
    store = stores.local(tmp_path)
    assert store.current().snapshot == second
    assert store.degraded is not None
    with store.draft() as draft:
        assert draft.base == second
        mended = draft.publish()
    assert store.current().snapshot == mended
    assert store.degraded is None


def test_a_pointer_to_a_deleted_oldest_version_never_serves_a_later_one(tmp_path: Path) -> None:
    first, second = two(tmp_path)
    stores.local(tmp_path).rollback()
    shutil.rmtree(data(tmp_path, first.version))
    with pytest.raises(BadSnapshot, match=first.version):
        stores.local(tmp_path).current()
    assert stores.local(tmp_path).rollback(second.version) == second
    assert stores.local(tmp_path).current().snapshot == second


def test_a_bad_successor_falls_back_to_its_parent_not_to_what_was_rolled_back(
    tmp_path: Path,
) -> None:
    first, _withdrawn = two(tmp_path)
    store = stores.local(tmp_path)
    store.rollback()
    third = publish(store, make_letter("c")).snapshot
    (data(tmp_path, third.version) / "manifest.json").unlink()
    assert stores.local(tmp_path).current().snapshot == first


def test_rolling_back_to_a_damaged_version_is_refused(tmp_path: Path) -> None:
    first, second = two(tmp_path)
    store = stores.local(tmp_path)
    store.current()
    flip(data(tmp_path, first.version), "vectors.npy")
    with pytest.raises(BadSnapshot, match=r"vectors\.npy"):
        store.rollback()
    assert store.current().snapshot == second


def test_pruning_spares_the_version_that_stands_in(tmp_path: Path) -> None:
    first, second = two(tmp_path)
    flip(data(tmp_path, second.version), "letters.db")
    assert stores.local(tmp_path).prune(1) == []
    assert stores.local(tmp_path).current().snapshot == first


def test_files_that_will_not_open_are_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two(tmp_path)
    real = local_engine.LocalReader

    def scarce(folder: Path, *, snapshot: Snapshot, **given: Any) -> local_engine.LocalReader:
        if snapshot == second:
            raise OSError(errno.EMFILE, "Too many open files")
        return real(folder, snapshot=snapshot, **given)

    store = stores.local(tmp_path)
    monkeypatch.setattr(local_engine, "LocalReader", scarce)
    assert store.current().snapshot == first
    assert "Too many open files" in str(store.degraded)
    monkeypatch.undo()
    assert store.current().snapshot == second
    assert store.degraded is None


# A full disk


def no_room(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (vectors, "write"),
        (lexical, "build_lexical"),
        (dense, "build_dense"),
        (snapshot, "sync"),
        (snapshot, "point"),
        (vectors.Scratch, "append"),
        (shutil, "copyfile"),
    ],
)
def test_a_full_disk_is_told_and_leaves_all_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: object, name: str
) -> None:
    before = two(tmp_path)[1]
    store = stores.local(tmp_path)
    monkeypatch.setattr(module, name, no_room)
    with pytest.raises(StoreFull, match="腾出空间"):
        publish(store, make_letter("c"))
    monkeypatch.undo()
    assert store.current().snapshot == before
    assert len(store.versions()) == 2
    assert list((tmp_path / "data" / "drafts").iterdir()) == []
    assert publish(store, make_letter("c")).snapshot.letters == 3


def test_another_error_while_publishing_leaves_all_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = two(tmp_path)[1]
    store = stores.local(tmp_path)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(disk, "sync", interrupted)
    monkeypatch.setattr(snapshot, "sync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        publish(store, make_letter("c"))
    monkeypatch.undo()
    assert store.current().snapshot == before
    with store.draft():
        pass


def crash(how: str, folder: Path) -> dict[str, int]:
    command = [sys.executable, "-m", "tests.support.crash", how, str(folder)]
    root = ROOT
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, cwd=root)
    assert done.returncode == 0, done.stderr
    counts: dict[str, int] = json.loads(done.stdout)
    return counts


def test_every_engine_that_meets_a_size_limit_says_the_disk_is_full(tmp_path: Path) -> None:
    counts = crash("full", tmp_path)
    assert counts["refused"] > 10


def test_kill_9_at_any_step_leaves_the_old_or_the_new_snapshot(tmp_path: Path) -> None:
    counts = crash("killed", tmp_path)
    assert counts["steps"] > 20
    assert counts["old"] > 20
    assert counts["new"] >= 1
    assert len(stores.local(tmp_path).current().lexical(["代"], limit=99, scope=ALL)) == 12
