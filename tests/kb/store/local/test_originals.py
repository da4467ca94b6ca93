"""The files that letters were read from: kept by what they hold, gone with the last version."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from indexer.update import update
from kb.store.local.originals import find, keep
from kb.store.protocol import SnapshotReader, Store
from tests.support.asking import FakeModel, letter_text
from tests.support.stores import STORES, local


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    for number in (7, 8):
        text = letter_text(f"云民函〔2024〕{number}号")
        (folder / f"{number}.txt").write_text(text, encoding="gb18030")
    return folder


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return STORES[request.param](tmp_path)


def indexed(store: Store, inbox: Path) -> SnapshotReader:
    update([inbox], store, FakeModel())
    return store.current()


def content(reader: SnapshotReader, letter_id: str) -> bytes | None:
    found = reader.original(letter_id)
    return found.path.read_bytes() if found else None


def kept(tmp_path: Path) -> set[str]:
    return {path.name for path in (tmp_path / "data" / "originals").iterdir()}


def digest_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_an_original_is_the_file_as_it_was_indexed(store: Store, inbox: Path) -> None:
    reader, before = indexed(store, inbox), (inbox / "7.txt").read_bytes()
    (inbox / "7.txt").write_text("别的", encoding="utf-8")
    original = reader.original("7.txt")
    assert original
    assert (original.name, original.path.read_bytes()) == ("7.txt", before)
    assert original.sha256 == hashlib.sha256(before).hexdigest()


def test_a_line_of_a_bulk_import_has_no_original(store: Store, tmp_path: Path) -> None:
    bulk = tmp_path / "all.jsonl"
    bulk.write_text('{"id": "a", "text": "关于公路的答复\\n公路已经修好。"}\n', encoding="utf-8")
    assert indexed(store, bulk).original("a") is None


def test_an_original_goes_with_the_last_version_that_refers_to_it(
    store: Store, inbox: Path
) -> None:
    before = indexed(store, inbox)
    old = before.original("8.txt")
    assert old
    (inbox / "8.txt").unlink()
    after = indexed(store, inbox)
    assert old.path.exists()  # a rollback would bring the letter back
    assert content(after, "7.txt")
    assert store.prune(1) == [before.snapshot.version]
    assert not old.path.exists()
    assert content(store.current(), "7.txt")


def test_what_was_indexed_before_originals_were_kept_is_kept_by_the_next_update(
    tmp_path: Path, inbox: Path
) -> None:
    store = local(tmp_path)
    before = indexed(store, inbox)
    for path in (tmp_path / "data" / "originals").iterdir():
        path.unlink()
    assert content(before, "7.txt") is None
    after = indexed(store, inbox)
    assert after.snapshot == before.snapshot
    assert content(after, "7.txt") == (inbox / "7.txt").read_bytes()


def test_a_damaged_original_is_none(tmp_path: Path, inbox: Path) -> None:
    reader = indexed(local(tmp_path), inbox)
    path = tmp_path / "data" / "originals" / digest_of(inbox / "7.txt")
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b"\n")
    assert reader.original("7.txt") is None


def test_the_same_bytes_are_kept_once_and_leftovers_swept(tmp_path: Path, inbox: Path) -> None:
    (inbox / "9.txt").write_bytes((inbox / "7.txt").read_bytes())
    folder = tmp_path / "data" / "originals"
    folder.mkdir(parents=True)
    (folder / "half.tmp").write_bytes(b"killed")
    indexed(local(tmp_path), inbox)
    assert kept(tmp_path) == {digest_of(inbox / "7.txt"), digest_of(inbox / "8.txt")}


def test_a_file_that_changed_while_it_was_read_is_not_kept(tmp_path: Path, inbox: Path) -> None:
    folder = tmp_path / "originals"
    keep(folder, inbox / "7.txt", digest_of(inbox / "8.txt"))
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("digest", ["", "../CURRENT", "a" * 64, "refused lines:" + "a" * 64])
def test_nothing_but_a_kept_file_is_found(tmp_path: Path, digest: str) -> None:
    (tmp_path / "originals").mkdir()
    (tmp_path / "CURRENT").write_text("v", "utf-8")
    assert find(tmp_path / "originals", digest) is None
