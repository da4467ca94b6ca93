"""What happens to a snapshot while it is served, and what killed runs leave, is not passed over."""

from __future__ import annotations

import gc
import os
import shutil
import sqlite3
import weakref
from contextlib import closing
from pathlib import Path

import pytest

from kb.errors import BadSnapshot
from kb.store import snapshot
from kb.types import Snapshot
from tests.support import stores
from tests.support.fakes import make_letter
from tests.support.stores import ask, publish


def two(tmp_path: Path) -> tuple[Snapshot, Snapshot]:
    store = stores.local(tmp_path)
    first = publish(store, make_letter("a", "水库。")).snapshot
    return first, publish(store, make_letter("b", "桥梁。")).snapshot


def folder(tmp_path: Path, version: Snapshot) -> Path:
    return tmp_path / "data" / "snapshots" / version.version


def inside(tmp_path: Path, version: Snapshot, name: str) -> Path:
    (path,) = folder(tmp_path, version).rglob(name)
    return path


def flip(path: Path) -> None:
    """Flip a bit where the file lies, as damage would: in the same inode."""
    path.chmod(0o600)
    with path.open("r+b") as file:
        byte = file.read()[path.stat().st_size // 2]
        file.seek(path.stat().st_size // 2)
        file.write(bytes([byte ^ 4]))


@pytest.mark.parametrize("name", ["letters.db", "vectors.npy", "sentences.npy", "faiss.index"])
def test_damage_to_what_is_open_is_seen_at_the_next_question(tmp_path: Path, name: str) -> None:
    first, second = two(tmp_path)
    store = stores.local(tmp_path)
    assert store.current().snapshot == second
    flip(inside(tmp_path, second, name))
    reader = store.current()
    assert reader.snapshot == first
    assert ask(reader, "水库") == ["a"]
    assert second.version in str(store.degraded)
    assert name in str(store.degraded)
    flip(inside(tmp_path, second, name))
    assert store.current().snapshot == second
    assert store.degraded is None


def test_a_file_cut_short_while_it_is_open_is_read_no_more(tmp_path: Path) -> None:
    first, second = two(tmp_path)
    store = stores.local(tmp_path)
    store.current()
    cut = inside(tmp_path, second, "vectors.npy")
    cut.chmod(0o600)
    with cut.open("r+b") as file:
        file.truncate(0)
    assert store.current().snapshot == first


def test_what_was_only_touched_is_verified_and_served_on(tmp_path: Path) -> None:
    _, second = two(tmp_path)
    store = stores.local(tmp_path)
    store.current()
    (folder(tmp_path, second) / "letters.db").touch()
    reader = store.current()
    assert (reader.snapshot, store.degraded) == (second, None)
    assert store.current() is reader


def altered(path: Path) -> None:
    """Another text in place of the letter's, and nothing to be seen of it from outside."""
    was = path.stat()
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace("桥梁".encode(), "桥断".encode()))
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))


def test_a_text_that_is_not_the_one_published_is_never_shown(tmp_path: Path) -> None:
    store = stores.local(tmp_path)
    first = publish(store, make_letter("a")).snapshot
    second = publish(store, make_letter("b", "桥梁。" * 9000)).snapshot
    reader = store.current()
    altered(folder(tmp_path, second) / "letters.db")
    with pytest.raises(BadSnapshot, match=rf"{second.version}.*letters\.db.*fuwen index verify"):
        reader.letter("b")
    assert store.current().snapshot == first
    assert "letters.db" in str(store.degraded)


def test_a_database_that_cannot_be_read_any_more_is_a_bad_snapshot(tmp_path: Path) -> None:
    _, second = two(tmp_path)
    reader = stores.local(tmp_path).current()
    broken = folder(tmp_path, second) / "letters.db"
    broken.chmod(0o600)
    size = broken.stat().st_size
    with broken.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))
    with pytest.raises(BadSnapshot, match=r"letters\.db"):
        reader.passage(0)


def test_a_reader_is_freed_with_its_last_user(tmp_path: Path) -> None:
    store = stores.local(tmp_path)
    reader = publish(store, make_letter("a", "水库。"))
    reader.letter("a")
    reader.letters()
    gone = weakref.ref(reader)
    gc.disable()
    try:
        del reader
        publish(store, make_letter("b"))
        assert gone() is None
    finally:
        gc.enable()


# What killed runs leave


def moved(tmp_path: Path, version: Snapshot) -> Path:
    """A copy of a version as a run leaves it that is killed before the pointer moves."""
    name = f"20990101T000000-{version.version[-8:]}"
    (tmp_path / "data" / "drafts" / name).mkdir(parents=True)
    copy = tmp_path / "data" / "snapshots" / name
    shutil.copytree(folder(tmp_path, version), copy)
    return copy


def test_a_version_that_never_became_current_is_taken_away(tmp_path: Path) -> None:
    _, second = two(tmp_path)
    never = moved(tmp_path, second)
    (tmp_path / "data" / "CURRENT.tmp").write_text("half")
    with stores.local(tmp_path).draft():
        assert not never.exists()
        assert not (tmp_path / "data" / "CURRENT.tmp").exists()
    assert stores.local(tmp_path).current().snapshot == second


def test_pruning_and_going_back_clear_up_too(tmp_path: Path) -> None:
    first, second = two(tmp_path)
    never = moved(tmp_path, second)
    assert stores.local(tmp_path).prune(2) == []
    assert not never.exists()
    never = moved(tmp_path, second)
    stores.local(tmp_path).rollback()
    assert not never.exists()
    assert stores.local(tmp_path).current().snapshot == first
    assert list((tmp_path / "data" / "drafts").glob("*")) == []


def test_a_version_that_became_current_stays_though_its_draft_is_there(tmp_path: Path) -> None:
    _, second = two(tmp_path)
    (tmp_path / "data" / "drafts" / second.version).mkdir(parents=True)
    stores.local(tmp_path).rollback()
    assert second.version in [one.version for one in stores.local(tmp_path).versions()]


def test_nothing_is_taken_away_where_the_pointer_is_damaged(tmp_path: Path) -> None:
    _, second = two(tmp_path)
    (tmp_path / "data" / "drafts" / second.version).mkdir(parents=True)
    (tmp_path / "data" / "CURRENT").write_bytes(b"\xff")
    assert snapshot.clear(snapshot.Shelf(tmp_path / "data"))
    assert stores.local(tmp_path).current().snapshot == second


def test_what_a_killed_run_kept_of_a_file_goes_with_its_draft(tmp_path: Path) -> None:
    two(tmp_path)
    (tmp_path / "data" / "drafts" / "20990101T000000-00000000").mkdir(parents=True)
    kept = tmp_path / "data" / "originals" / ("0" * 64)
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("a letter that was never published")
    with stores.local(tmp_path).draft():
        pass
    assert not kept.exists()


def test_the_database_of_a_freed_reader_is_closed(tmp_path: Path) -> None:
    reader = stores.local(tmp_path)
    made = publish(reader, make_letter("a"))
    database = made._db
    del made, reader
    with pytest.raises(sqlite3.ProgrammingError, match="closed"), closing(database):
        database.execute("SELECT 1")


def test_what_a_killed_run_put_aside_goes_with_its_draft(tmp_path: Path) -> None:
    two(tmp_path)
    with stores.local(tmp_path).draft() as draft:
        aside = draft.scratch() / "a copy of an original"
        aside.write_text("of a letter")
        kept = tmp_path / "kept"
        shutil.copytree(tmp_path / "data" / "drafts", kept)
    assert not aside.exists()
    shutil.rmtree(tmp_path / "data" / "drafts")
    shutil.copytree(kept, tmp_path / "data" / "drafts")  # as kill -9 leaves it
    assert aside.exists()
    with stores.local(tmp_path).draft():
        assert not aside.exists()
