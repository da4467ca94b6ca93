"""What the settings let go, and what stays whatever they say."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kb.backup import backup
from kb.backup.filling import filling
from kb.backup.prune import Item, Kind, prune
from kb.errors import StoreBusy
from kb.intake import files, uploads
from kb.settings import Settings
from kb.staff.database import NAME, By, opened
from kb.store import disk
from tests.support.letters import make_letter
from tests.support.promises import NOON, WANG
from tests.support.stores import local, put

LATER = By(who="程序", at=NOON + timedelta(days=100))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(
        Settings(), data=tmp_path / "data", keep_snapshots=2, backups=str(tmp_path / "b")
    )


def publish(tmp_path: Path, *texts: str) -> list[str]:
    """A snapshot of each text, with the file that it was read from; their versions."""
    versions = []
    for text in texts:
        file = tmp_path / "甲.txt"
        file.write_text(text, encoding="utf-8")
        digest = disk.sha256_of(file)
        with local(tmp_path).draft() as draft:
            put(draft, make_letter("甲", text), source="甲.txt", digest=digest)
            draft.keep(file, digest)
            draft.seen("甲.txt", digest)
            versions.append(draft.publish().version)
    return versions


def names(items: list[Item], kind: Kind) -> set[str]:
    return {item.name for item in items if item.kind == kind}


def pruned(settings: Settings, tmp_path: Path, *, delete: bool = True) -> list[Item]:
    return prune(settings, local(tmp_path), by=LATER, delete=delete)


def there(settings: Settings, folder: str) -> set[str]:
    return {path.name for path in (settings.data / folder).iterdir()}


def spoil(settings: Settings, version: str) -> None:
    """Make a version unusable, its size as it was."""
    path = settings.data / "snapshots" / version / "letters.db"
    path.chmod(0o600)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def test_old_snapshots_go_with_their_originals_and_nothing_before_it_is_asked_for(
    settings: Settings, tmp_path: Path
) -> None:
    first, second, third = publish(tmp_path, "一，甲。", "二，乙。", "三，丙。")
    planned = pruned(settings, tmp_path, delete=False)
    assert names(planned, "snapshot") == {first}
    assert len(names(planned, "original")) == 1
    assert len(there(settings, "originals")) == len(there(settings, "snapshots")) == 3
    assert all(item.size > 0 for item in planned)
    assert names(pruned(settings, tmp_path), "snapshot") == {first}
    assert there(settings, "snapshots") == {second, third}
    assert len(there(settings, "originals")) == 2
    assert not pruned(settings, tmp_path)


def test_the_one_that_is_served_stays_after_a_rollback(settings: Settings, tmp_path: Path) -> None:
    first, second, third, fourth = publish(tmp_path, "一。", "二。", "三。", "四。")
    local(tmp_path).rollback(first)
    assert names(pruned(settings, tmp_path), "snapshot") == {second}
    assert there(settings, "snapshots") == {first, third, fourth}


def test_a_sound_one_to_go_back_to_stays_even_if_it_is_old(
    settings: Settings, tmp_path: Path
) -> None:
    first, second, third, fourth = publish(tmp_path, "一。", "二。", "三。", "四。")
    spoil(settings, third)
    spoil(settings, second)
    assert names(pruned(settings, tmp_path), "snapshot") == {second}
    assert there(settings, "snapshots") == {first, third, fourth}
    one = replace(settings, keep_snapshots=1)
    pruned(one, tmp_path)
    assert first in there(settings, "snapshots")


def test_where_nothing_can_be_served_nothing_goes(settings: Settings, tmp_path: Path) -> None:
    versions = publish(tmp_path, "一。", "二。", "三。")
    for version in versions:
        spoil(settings, version)
    assert not pruned(settings, tmp_path)


def test_originals_stay_while_a_version_cannot_say_which_are_its_own(
    settings: Settings, tmp_path: Path
) -> None:
    _, second, _ = publish(tmp_path, "一。", "二。", "三。")
    path = settings.data / "snapshots" / second / "letters.db"
    path.chmod(0o600)
    path.write_bytes(b"no database" * 1000)
    replaced = replace(settings, keep_snapshots=3)
    (settings.data / "originals" / ("0" * 64)).write_bytes(b"of nothing")
    assert not names(pruned(replaced, tmp_path), "original")
    assert len(there(settings, "originals")) == 4


def test_old_copies_go_but_the_last(settings: Settings, tmp_path: Path) -> None:
    settings.data.mkdir()
    for stamp in ("20240101T000000", "20240201T000000", "20240301T000000"):
        copy = settings.data / f"{NAME}.before-{stamp}"
        copy.write_bytes(b"1")
        copy.with_name(f"{copy.name}-wal").write_bytes(b"22")
    found = pruned(settings, tmp_path)
    assert names(found, "copy") == {
        f"{NAME}.before-20240101T000000",
        f"{NAME}.before-20240201T000000",
    }
    assert {item.size for item in found} == {3}
    left = {f"{NAME}.before-20240301T000000", f"{NAME}.before-20240301T000000-wal"}
    assert {path.name for path in settings.data.glob(f"{NAME}.*")} == left


def test_young_copies_stay(settings: Settings, tmp_path: Path) -> None:
    settings.data.mkdir()
    for name in ("a", "b"):  # without a time in their names, the file says
        copy = settings.data / f"{NAME}.before-{name}"
        copy.write_bytes(b"1")
        os.utime(copy, (LATER.at.timestamp() - 3600,) * 2)
    assert not pruned(settings, tmp_path)


@pytest.fixture
def refused(settings: Settings) -> Iterator[tuple[int, Path]]:
    """An upload that was refused long ago: its number and its draft's folder."""
    settings.data.mkdir()
    with opened(settings.data / NAME) as database, (settings.data / NAME).open("rb") as content:
        token, digest = files.keep(settings.data, "甲.txt", content)
        number = uploads.add(database, name="甲.txt", size=1, sha256=digest, folder=token, by=WANG)
        yield number, settings.data / "uploads" / "drafts" / token


def test_refused_uploads_go_when_they_are_old(
    settings: Settings, tmp_path: Path, refused: tuple[int, Path]
) -> None:
    number, folder = refused
    with opened(settings.data / NAME) as database:
        assert not pruned(settings, tmp_path), "it is still to be read"
        settled = {"by": WANG, "code": "empty_file", "message": "空的"}
        uploads.settle(database, number, "refused", **settled)  # type: ignore[arg-type]
        young = replace(settings, keep_days=101)
        assert not pruned(young, tmp_path)
        assert names(pruned(settings, tmp_path), "upload") == {"甲.txt"}
        assert not uploads.listed(database, states=["refused"], limit=9)
    assert not folder.exists()


def test_old_backups_go_but_never_the_last_sound_one(settings: Settings, tmp_path: Path) -> None:
    publish(tmp_path, "一。")
    for day in range(4):
        by = By(who="王芳", at=NOON + timedelta(days=day))
        backup.backup(settings.data, tmp_path / "b" / str(day), by=by)
    (tmp_path / "b" / "别的").mkdir()
    for day in (2, 3):
        (tmp_path / "b" / str(day) / NAME).write_bytes(b"damaged")
    kept = replace(settings, keep_backups=2)
    assert names(pruned(kept, tmp_path), "backup") == {"0"}
    assert {path.name for path in (tmp_path / "b").iterdir()} == {"1", "2", "3", "别的"}


def test_while_an_indexer_writes_nothing_goes(settings: Settings, tmp_path: Path) -> None:
    publish(tmp_path, "一。", "二。", "三。")
    with disk.lock(settings.data), pytest.raises(StoreBusy):
        pruned(settings, tmp_path)


def test_what_fills_the_disk_is_told_by_parts(settings: Settings, tmp_path: Path) -> None:
    publish(tmp_path, "一。", "二。")
    (settings.data / f"{NAME}.before-20240101T000000").write_bytes(b"1" * 1000)
    backup.backup(settings.data, tmp_path / "b" / "0", by=WANG)
    parts = {part.what: part for part in filling(settings)}
    assert parts["snapshots"].count == 2
    assert parts["originals"].count == 2
    assert (parts["copies"].count, parts["copies"].size) == (1, 1000)
    assert parts["backups"].count == 1
    assert sum(part.size for part in parts.values()) == sum(
        path.lstat().st_size
        for folder in (settings.data, tmp_path / "b")
        for path in folder.rglob("*")
        if not path.is_dir()
    )
