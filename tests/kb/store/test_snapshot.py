"""Snapshot folders: names, the pointer, manifests, checks, lineage."""

from __future__ import annotations

import errno
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import BadSnapshot, NoSnapshot
from kb.store import manifest, snapshot
from kb.store.snapshot import Pointer, Shelf
from kb.types import Snapshot

NOW = datetime(2026, 6, 28, 10, 15, tzinfo=UTC)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    (tmp_path / "snapshots").mkdir()
    return Shelf(tmp_path)


def name(number: int) -> str:
    return f"20260101T0000{number:02}-00000abc"


def make(shelf: Shelf, number: int, *, parent: int | None = None) -> Snapshot:
    """A sealed snapshot of two files on the shelf."""
    folder = shelf.snapshots / name(number)
    (folder / "inner").mkdir(parents=True)
    (folder / "letters.db").write_bytes(b"letters" * 100)
    (folder / "inner" / "words").write_bytes(b"words")
    draft = Snapshot(
        version=folder.name,
        parent=None if parent is None else name(parent),
        fingerprint={"model": "e5", "schema": "1"},
        letters=3,
        passages=7,
        files={},
    )
    return snapshot.seal(folder, snapshot=draft)


def rewrite(path: Path, content: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(content)


# Names


def test_a_version_is_named_by_its_second_in_utc(shelf: Shelf) -> None:
    beijing = NOW.astimezone(timezone(timedelta(hours=8)))
    assert snapshot.next_version(shelf, now=beijing).startswith("20260628T101500-00000")


@given(
    st.lists(
        st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), min_size=2, max_size=6
    )  # any order: clocks go back
)
def test_names_rise_even_when_the_clock_goes_back(times: list[datetime]) -> None:
    names: list[str] = []

    class Growing(Shelf):
        def versions(self) -> list[str]:
            return names[::-1]

    for moment in times:
        names.append(snapshot.next_version(Growing(Path()), now=moment.replace(tzinfo=UTC)))
    assert names == sorted(names)
    assert len(set(names)) == len(names)


def test_two_names_of_the_same_instant_differ(shelf: Shelf) -> None:
    names = []
    for _ in range(5):
        names.append(snapshot.next_version(shelf, now=NOW))
        (shelf.snapshots / names[-1]).mkdir()
    assert shelf.versions() == names[::-1]
    assert len(set(names)) == 5


def test_other_folders_and_files_are_no_versions(shelf: Shelf) -> None:
    make(shelf, 1)
    (shelf.snapshots / "lost+found").mkdir()
    (shelf.snapshots / name(2)).write_text("a file")
    assert shelf.versions() == [name(1)]


@pytest.mark.parametrize("bad", ["", ".", "..", "../../etc", "20260101T000001", name(1) + "/x"])
def test_a_name_that_is_none_never_becomes_a_path(shelf: Shelf, bad: str) -> None:
    with pytest.raises(NoSnapshot):
        shelf.of(bad)


# The pointer


def test_the_pointer_names_the_version_and_its_parent(shelf: Shelf) -> None:
    snapshot.point(shelf, make(shelf, 2, parent=1))
    assert snapshot.read_pointer(shelf) == Pointer(name(2), name(1))
    assert shelf.current.read_text("utf-8") == f"{name(2)}\n{name(1)}\n"
    assert not (shelf.root / "CURRENT.tmp").exists()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (name(1), Pointer(name(1), None)),
        (f"{name(1)}\r\n\r\n", Pointer(name(1), None)),
        ("", Pointer("", None)),
    ],
)
def test_a_pointer_written_by_hand_is_read(shelf: Shelf, written: str, read: Pointer) -> None:
    shelf.current.write_text(written, "utf-8")
    assert snapshot.read_pointer(shelf) == read


def test_without_a_pointer_the_message_says_how_to_begin(shelf: Shelf) -> None:
    with pytest.raises(NoSnapshot, match="fuwen index update"):
        snapshot.read_pointer(shelf)


def test_a_pointer_that_cannot_be_swapped_stays_and_leaves_nothing(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot.point(shelf, make(shelf, 1))

    def fail(path: Path) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(snapshot, "sync", fail)
    with pytest.raises(OSError, match="full"):
        snapshot.point(shelf, replace(snapshot.read_manifest(shelf.of(name(1))).snapshot))
    assert snapshot.read_pointer(shelf).version == name(1)
    assert not (shelf.root / "CURRENT.tmp").exists()


# Manifests


def test_a_sealed_folder_tells_all_about_itself(shelf: Shelf) -> None:
    sealed = make(shelf, 1)
    folder = shelf.of(name(1))
    manifest = snapshot.read_manifest(folder)
    assert manifest.snapshot == sealed
    assert set(sealed.files) == {"letters.db", "inner/words"}
    assert manifest.sizes == {"letters.db": 700, "inner/words": 5}
    snapshot.check_sizes(folder, manifest)
    snapshot.check_sums(folder, manifest)


def test_sealed_files_are_write_protected_and_for_their_owner_alone(shelf: Shelf) -> None:
    folder = shelf.snapshots / name(1)
    folder.mkdir()
    (folder / "private").touch(mode=0o600)
    snapshot.seal(
        folder,
        snapshot=Snapshot(
            version=name(1), parent=None, fingerprint={}, letters=0, passages=0, files={}
        ),
    )
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o400}
    assert folder.stat().st_mode & 0o777 == 0o700


def test_every_file_and_folder_is_flushed_before_it_is_published(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[str] = []
    monkeypatch.setattr(snapshot, "sync", lambda path: flushed.append(path.name))
    make(shelf, 1)
    assert set(flushed) == {"letters.db", "words", "inner", "manifest.json", name(1)}
    assert flushed[-1] == name(1)


def test_a_changed_manifest_is_refused_wherever_it_was_changed(shelf: Shelf) -> None:
    make(shelf, 1)
    folder = shelf.of(name(1))
    path = folder / "manifest.json"
    whole = path.read_bytes()
    for place in range(0, len(whole), 3):
        for bit in (0, 6):
            flipped = bytearray(whole)
            flipped[place] ^= 1 << bit
            rewrite(path, bytes(flipped))
            if whole[place : place + 1].isspace():
                continue  # between values: carries nothing
            with pytest.raises(BadSnapshot, match=r"manifest\.json"):
                snapshot.read_manifest(folder)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"null", b"\xff\xfe", b'{"sum": 1}'])
def test_a_manifest_that_is_none_is_refused(shelf: Shelf, content: bytes) -> None:
    make(shelf, 1)
    rewrite(shelf.of(name(1)) / "manifest.json", content)
    with pytest.raises(BadSnapshot, match=r"manifest\.json"):
        snapshot.read_manifest(shelf.of(name(1)))


def test_a_newer_format_asks_for_an_upgrade(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "FORMAT", manifest.FORMAT + 1)
    make(shelf, 1)
    monkeypatch.undo()
    with pytest.raises(BadSnapshot, match="升级"):
        snapshot.read_manifest(shelf.of(name(1)))


def test_a_renamed_version_is_refused(shelf: Shelf) -> None:
    make(shelf, 1)
    shelf.of(name(1)).rename(shelf.of(name(2)))
    with pytest.raises(BadSnapshot, match=name(1)):
        snapshot.read_manifest(shelf.of(name(2)))


# Checks


def test_a_missing_file_and_a_truncated_one_are_named(shelf: Shelf) -> None:
    make(shelf, 1)
    folder = shelf.of(name(1))
    manifest = snapshot.read_manifest(folder)
    rewrite(folder / "letters.db", b"letters")
    with pytest.raises(BadSnapshot, match=r"letters\.db.*700.*7.*--rebuild"):
        snapshot.check_sizes(folder, manifest)
    (folder / "inner" / "words").unlink()
    (folder / "letters.db").unlink()
    with pytest.raises(BadSnapshot, match="不见了"):
        snapshot.check_sizes(folder, manifest)
    with pytest.raises(BadSnapshot, match="读不出来"):
        snapshot.check_sums(folder, manifest)


@pytest.mark.parametrize("file", ["letters.db", "inner/words"])
def test_a_single_flipped_bit_is_found_and_the_file_named(shelf: Shelf, file: str) -> None:
    make(shelf, 1)
    folder = shelf.of(name(1))
    content = bytearray((folder / file).read_bytes())
    content[3] ^= 1
    rewrite(folder / file, bytes(content))
    manifest = snapshot.read_manifest(folder)
    snapshot.check_sizes(folder, manifest)
    with pytest.raises(BadSnapshot, match=file):
        snapshot.check_sums(folder, manifest)


def test_another_make_is_refused_key_by_key_with_the_cure(shelf: Shelf) -> None:
    made = make(shelf, 1)
    snapshot.check_make(made, fingerprint={"schema": "1", "model": "e5"})
    with pytest.raises(BadSnapshot) as caught:
        snapshot.check_make(made, fingerprint={"schema": "1", "model": "bge", "rules": "2"})
    said = str(caught.value)
    assert "model（快照 e5，现在 bge）" in said
    assert "rules（快照 无，现在 2）" in said
    assert "schema" not in said
    assert "fuwen index update … --rebuild" in said


# Lineage


def test_lineage_follows_parents_and_not_the_order_of_names(shelf: Shelf) -> None:
    make(shelf, 1)
    make(shelf, 2, parent=1)
    make(shelf, 3, parent=1)
    assert [*snapshot.lineage(shelf, Pointer(name(3), name(1)))] == [name(3), name(1)]


def test_the_pointer_knows_the_parent_where_the_manifest_is_lost(shelf: Shelf) -> None:
    make(shelf, 1)
    make(shelf, 2, parent=1)
    make(shelf, 3, parent=1)
    (shelf.of(name(3)) / "manifest.json").unlink()
    assert [*snapshot.lineage(shelf, Pointer(name(3), name(1)))] == [name(3), name(1)]
    assert [*snapshot.lineage(shelf, Pointer(name(3), None))] == [name(3), name(2), name(1)]


@pytest.mark.parametrize("pointer", ["", "乱码", name(9)])
def test_a_pointer_to_nothing_is_followed_by_the_newest(shelf: Shelf, pointer: str) -> None:
    make(shelf, 1)
    make(shelf, 2, parent=1)
    assert [*snapshot.lineage(shelf, Pointer(pointer, None))] == [pointer, name(2), name(1)]


def test_a_lineage_that_bites_its_tail_ends(shelf: Shelf) -> None:
    make(shelf, 1, parent=2)
    make(shelf, 2, parent=1)
    assert [*snapshot.lineage(shelf, Pointer(name(2), name(1)))] == [name(2), name(1)]


# Installing and removing


def test_installing_moves_the_folder_and_then_the_pointer(tmp_path: Path) -> None:
    elsewhere = Shelf(tmp_path / "elsewhere")
    elsewhere.snapshots.mkdir(parents=True)
    sealed = make(elsewhere, 1)
    shelf = Shelf(tmp_path / "data")
    shelf.root.mkdir()
    snapshot.install(shelf, elsewhere.of(name(1)), snapshot=sealed)
    assert snapshot.read_manifest(shelf.of(name(1))).snapshot == sealed
    assert snapshot.read_pointer(shelf).version == name(1)
    assert elsewhere.versions() == []


def test_a_failed_publish_is_withdrawn_unless_it_became_current(shelf: Shelf) -> None:
    first = make(shelf, 1)
    snapshot.withdraw(shelf, name(5))
    make(shelf, 2)
    snapshot.withdraw(shelf, name(2))
    assert shelf.versions() == [name(1)]
    snapshot.point(shelf, first)
    snapshot.withdraw(shelf, name(1))
    assert shelf.versions() == [name(1)]
    assert list(shelf.drafts.iterdir()) == []
