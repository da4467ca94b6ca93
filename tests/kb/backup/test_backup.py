"""Backups, and putting them back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kb.backup import backup
from kb.backup.backup import MANIFEST, BadBackup, checked
from kb.backup.restore import restore
from kb.errors import BadSnapshot, StoreBusy, WrongUse
from kb.ledger import edit
from kb.ledger import files as evidence
from kb.ledger.attachments import Given, attach, kept_files
from kb.ledger.events import entry
from kb.ledger.files import Limits
from kb.staff import accounts, audit, sessions
from kb.staff.database import NAME, opened
from kb.store import disk, manifest, snapshot
from kb.store.local import originals
from kb.store.snapshot import Shelf
from tests.support import stores
from tests.support.promises import LIFTS, NOON, PROMISES, WANG, letter_of, put, told
from tests.support.staffed import PASSWORD, QUICK, join
from tests.support.stores import local, publish

LETTER = letter_of(*PROMISES)
LATER = replace(WANG, at=NOON + timedelta(hours=1))


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a snapshot, an original, a ledger, an account and its session."""
    monkeypatch.setattr(accounts, "HASHER", QUICK)
    file = tmp_path / "甲.txt"
    file.write_text(LETTER.text, encoding="utf-8")
    digest = disk.sha256_of(file)
    with local(tmp_path).draft() as draft:
        stores.put(draft, LETTER, source="甲.txt", digest="d")
        draft.keep(file, digest)
        draft.seen("甲.txt", digest)
        draft.publish()
    with opened(tmp_path / "data" / NAME) as book:
        put(book, LETTER)
        edit.move(book, entry(book, 1).seen, "under_way", by=WANG)
        join(book)
        sessions.sign_in(book, "王芳", PASSWORD, at=NOON)
    return tmp_path / "data"


@pytest.fixture
def saved(data: Path, tmp_path: Path) -> Path:
    """A backup of ``data``."""
    backup.backup(data, tmp_path / "saved", by=WANG)
    return tmp_path / "saved"


def statuses(data: Path) -> list[tuple[str, str]]:
    with opened(data / NAME) as book:
        return told(book)


def drop_first(data: Path) -> None:
    with opened(data / NAME) as book:
        edit.move(book, entry(book, 1).seen, "dropped", by=LATER, reason="不做了")


def test_a_backup_restored_elsewhere_is_all_that_there_was(
    data: Path, saved: Path, tmp_path: Path
) -> None:
    assert restore(tmp_path / "other" / "data", saved, by=LATER) is None
    assert statuses(tmp_path / "other" / "data") == statuses(data)
    store = local(tmp_path / "other")
    assert store.current().letter("甲").text == LETTER.text
    store.verify()
    original = store.current().original("甲")
    assert original
    assert original.path.read_text(encoding="utf-8") == LETTER.text
    with opened(tmp_path / "other" / "data" / NAME) as book:
        assert sessions.sign_in(book, "王芳", PASSWORD, at=NOON)


def test_a_backup_tells_what_it_holds_and_is_for_its_owner_only(data: Path, saved: Path) -> None:
    made = checked(saved)
    assert made.snapshot == snapshot.read_pointer(Shelf(data)).version
    with opened(data / NAME) as book:
        assert made.head == audit.head(book)
        assert audit.entries(book, limit=1)[0].action == "backup"
    assert saved.stat().st_mode & 0o777 == 0o700
    assert (saved / NAME).stat().st_mode & 0o777 == 0o600
    assert {path.name for path in saved.iterdir()} == {NAME, MANIFEST, "snapshots", "originals"}


def test_uploads_are_in_a_backup_and_what_they_replace_is_kept(data: Path, tmp_path: Path) -> None:
    draft = data / "uploads" / "drafts" / "0" / "file"
    public = data / "uploads" / "public"
    for folder, name in ((draft, "稿.txt"), (public, "发.txt")):
        folder.mkdir(parents=True)
        (folder / name).write_text(name, encoding="utf-8")
    backup.backup(data, tmp_path / "saved", by=WANG)
    (public / "发.txt").unlink()
    (public / "后.txt").write_text("后来的", encoding="utf-8")
    restore(data, tmp_path / "saved", by=LATER, replace=True)
    assert [path.name for path in public.iterdir()] == ["发.txt"]
    assert (draft / "稿.txt").read_text(encoding="utf-8") == "稿.txt"
    (kept,) = data.glob("uploads.before-*")
    assert (kept / "public" / "后.txt").read_text(encoding="utf-8") == "后来的"
    restore(tmp_path / "other" / "data", tmp_path / "saved", by=LATER)
    there = tmp_path / "other" / "data" / "uploads" / "public" / "发.txt"
    assert there.read_text(encoding="utf-8") == "发.txt"


@pytest.mark.parametrize("staff_only", [False, True])
def test_attached_files_are_in_every_backup_and_are_put_back(
    data: Path, tmp_path: Path, staff_only: bool
) -> None:
    keep = evidence.checked("验收.txt", "已验收".encode(), Limits(megabytes=1, kinds=("txt",)))
    with opened(data / NAME) as book:
        attach(
            book, entry(book, 1).seen, Given(form="document"), relation="fulfils", by=WANG,
            keep=lambda: keep(data),
        )  # fmt: skip
        known = kept_files(book)
    saved = tmp_path / "saved"
    backup.backup(data, saved, by=WANG, staff_only=staff_only)
    (digest,) = known
    evidence.path_of(data, digest).write_bytes(b"something else")
    later = evidence.path_of(data, "0" * 64)
    later.parent.mkdir()
    later.write_bytes(b"attached since")
    restore(data, saved, by=LATER, replace=True)
    assert evidence.check(data, known) == 1
    assert later.exists(), "what was attached since is not lost"
    restore(tmp_path / "other", saved, by=LATER)
    assert evidence.check(tmp_path / "other", known) == 1
    assert evidence.path_of(tmp_path / "other", digest).stat().st_mode & 0o077 == 0
    flip(evidence.path_of(saved, digest))
    with pytest.raises(BadBackup, match="校验和不符"):
        checked(saved)


def test_no_session_is_in_a_backup(data: Path, saved: Path, tmp_path: Path) -> None:
    with opened(data / NAME) as book:
        (digest,) = book.execute("SELECT digest FROM session").fetchone()
    assert str(digest).encode() not in (saved / NAME).read_bytes()


def test_what_is_there_is_replaced_only_when_told_and_is_kept(data: Path, saved: Path) -> None:
    drop_first(data)
    with pytest.raises(WrongUse, match="--replace"):
        restore(data, saved, by=LATER)
    assert statuses(data)[0] == (LIFTS, "dropped")
    before = restore(data, saved, by=LATER, replace=True)
    assert statuses(data)[0] == (LIFTS, "under_way")
    assert before
    assert before.name == "staff.db.before-20260630T130000"
    with opened(before) as book:
        assert told(book)[0] == (LIFTS, "dropped")
    drop_first(data)
    again = restore(data, saved, by=LATER, replace=True)
    assert again
    assert again != before


def test_restoring_ends_every_session_and_is_on_record(data: Path, saved: Path) -> None:
    restore(data, saved, by=LATER, replace=True)
    with opened(data / NAME) as book:
        assert book.execute("SELECT count(*) FROM session").fetchone() == (0,)
        entry = audit.entries(book, limit=1)[0]
        assert (entry.action, entry.detail["head"]) == ("restore", str(checked(saved).head))
        audit.verify(book, noted=checked(saved).head)


def test_who_has_the_database_open_sees_the_old_then_the_new(data: Path, saved: Path) -> None:
    drop_first(data)
    with opened(data / NAME) as served:
        assert told(served)[0][1] == "dropped"
        restore(data, saved, by=LATER, replace=True)
        assert told(served)[0][1] == "under_way"
        edit.move(served, entry(served, 1).seen, "done", by=LATER, reason="建成了")
    assert statuses(data)[0] == (LIFTS, "done")


def test_a_backup_is_of_one_moment_while_others_write(data: Path, tmp_path: Path) -> None:
    with opened(data / NAME) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE commitment SET note = 'halb' WHERE id = 1")
        copy = tmp_path / "copy.db"
        with sqlite3.connect(copy) as target, sqlite3.connect(data / NAME) as reader:
            reader.backup(target)
        reader.close()
        target.close()
        writer.execute("ROLLBACK")
    with sqlite3.connect(copy) as found:
        assert found.execute("SELECT note FROM commitment WHERE id = 1").fetchone() == ("",)
    found.close()


def test_a_damaged_database_is_set_aside_as_it_is(data: Path, saved: Path) -> None:
    (data / NAME).write_bytes(b"not a database" * 500)
    before = restore(data, saved, by=LATER, replace=True)
    assert before
    assert before.read_bytes() == b"not a database" * 500
    assert statuses(data)[0] == (LIFTS, "under_way")


def test_a_damaged_snapshot_is_replaced_by_the_sound_one(data: Path, saved: Path) -> None:
    version = Shelf(data).of(snapshot.read_pointer(Shelf(data)).version)
    vectors = next(version.rglob("vectors.npy"))
    vectors.chmod(0o644)
    vectors.write_bytes(b"x")
    with pytest.raises(BadSnapshot):
        backup.backup(data, saved.parent / "second", by=WANG)
    assert not list(saved.parent.glob("second*"))
    restore(data, saved, by=LATER, replace=True)
    local(data.parent).verify()


def test_an_older_snapshot_is_current_again_and_the_newer_stays(data: Path, saved: Path) -> None:
    newer = publish(local(data.parent), letter_of("新的", letter_id="新"))
    restore(data, saved, by=LATER, replace=True)
    store = local(data.parent)
    assert store.current().snapshot.version == checked(saved).snapshot
    assert newer.snapshot.version in [one.version for one in store.versions()]


def test_while_an_indexer_writes_nothing_is_restored(data: Path, saved: Path) -> None:
    drop_first(data)
    with disk.lock(data), pytest.raises(StoreBusy):
        restore(data, saved, by=LATER, replace=True)
    assert statuses(data)[0] == (LIFTS, "dropped")


def test_while_an_indexer_writes_a_backup_is_made(data: Path, tmp_path: Path) -> None:
    with disk.lock(data):
        backup.backup(data, tmp_path / "saved", by=WANG)
    checked(tmp_path / "saved")


def test_of_an_empty_folder_only_the_database_is_saved(tmp_path: Path) -> None:
    made = backup.backup(tmp_path / "new", tmp_path / "saved", by=WANG)
    assert (made.snapshot, list(made.files)) == (None, [NAME])
    restore(tmp_path / "other", tmp_path / "saved", by=LATER)


def test_the_database_alone_is_saved_where_that_was_asked(data: Path, tmp_path: Path) -> None:
    made = backup.backup(data, tmp_path / "saved", by=WANG, staff_only=True)
    assert list(made.files) == [NAME]
    drop_first(data)
    restore(data, tmp_path / "saved", by=LATER, replace=True)
    assert statuses(data)[0] == (LIFTS, "under_way")
    assert local(data.parent).current().letter("甲")


def test_a_backup_never_overwrites_another(data: Path, saved: Path) -> None:
    with pytest.raises(WrongUse, match="换一个新的文件夹"):
        backup.backup(data, saved, by=WANG)
    checked(saved)


def test_a_snapshot_pruned_in_the_middle_is_tried_again(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = originals.named, []

    def pruned_once(version: Path) -> Iterator[str]:
        calls.append(version)
        if len(calls) == 1:
            raise FileNotFoundError(version)
        return real(version)

    monkeypatch.setattr(originals, "named", pruned_once)
    backup.backup(data, tmp_path / "saved", by=WANG)
    assert len(calls) == 2
    checked(tmp_path / "saved")


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(bytes(content))


def link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/hostname")


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a bit of the database": lambda folder: flip(folder / NAME),
    "no database": lambda folder: (folder / NAME).unlink(),
    "a bit of the manifest": lambda folder: flip(folder / MANIFEST),
    "no manifest": lambda folder: (folder / MANIFEST).unlink(),
    "half a manifest": lambda folder: (folder / MANIFEST).write_text("{"),
    "a list for a manifest": lambda folder: (folder / MANIFEST).write_text("[]"),
    "a file too many": lambda folder: (folder / "more").write_text("x"),
    "a link": lambda folder: link(next((folder / "originals").iterdir())),
    "a bit of an original": lambda folder: flip(next((folder / "originals").iterdir())),
    "a bit of the vectors": lambda folder: flip(next(folder.rglob("vectors.npy"))),
    "no letters": lambda folder: next(folder.rglob("letters.db")).unlink(),
}


@pytest.mark.parametrize("what", DAMAGES)
def test_a_damaged_backup_is_refused_and_nothing_is_changed(
    data: Path, saved: Path, what: str
) -> None:
    drop_first(data)
    DAMAGES[what](saved)
    with pytest.raises(BadBackup, match="什么也没有改动"):
        restore(data, saved, by=LATER, replace=True)
    assert statuses(data)[0] == (LIFTS, "dropped")
    assert not list(data.glob("staff.db.before*"))


def reseal(folder: Path, **changed: object) -> None:
    """Give the manifest other content and the right sum: what another program may write."""
    manifest.write_sealed(folder / MANIFEST, manifest.read_sealed(folder / MANIFEST) | changed)


def test_a_backup_of_a_newer_program_is_refused(
    data: Path, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = manifest.read_sealed(saved / MANIFEST)
    with monkeypatch.context() as newer:
        newer.setattr(manifest, "FORMAT", manifest.FORMAT + 1)
        manifest.write_sealed(saved / MANIFEST, body)
    with pytest.raises(BadBackup, match="先升级程序"):
        restore(data, saved, by=LATER, replace=True)


def test_a_database_of_a_newer_program_is_refused(data: Path, saved: Path) -> None:
    with sqlite3.connect(saved / NAME) as book:
        book.execute("UPDATE schema SET version = 99")
    book.close()
    files = checked_files(saved)
    reseal(saved, files=files | {NAME: disk.sha256_of(saved / NAME)})
    with pytest.raises(BadBackup, match="先升级程序"):
        restore(data, saved, by=LATER, replace=True)


def checked_files(folder: Path) -> dict[str, str]:
    return dict(backup.manifest(folder).files)


def test_a_version_that_is_a_path_leads_nowhere(data: Path, saved: Path) -> None:
    reseal(saved, snapshot="../../etc")
    with pytest.raises(BadBackup, match="不是快照的版本号"):
        restore(data, saved, by=LATER, replace=True)
