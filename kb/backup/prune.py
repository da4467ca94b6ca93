"""What may go by the settings: old snapshots and copies, never what is used or the last way back.

A plan is made whole, shown, and only then carried out; each of its items goes by itself.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Literal

from kb.backup.backup import BadBackup, checked, manifest
from kb.backup.filling import size_of
from kb.errors import BadSnapshot, NoSnapshot
from kb.intake import files, uploads
from kb.settings import Settings
from kb.staff.database import NAME, By, opened, staff_of
from kb.store import disk, snapshot
from kb.store.local import originals
from kb.store.protocol import Store
from kb.store.snapshot import Shelf

Kind = Literal["snapshot", "original", "copy", "upload", "backup"]
KINDS: dict[Kind, str] = {
    "snapshot": "旧快照",
    "original": "哪个快照也不用的原件",
    "copy": "恢复、升级时留下的旧数据",
    "upload": "拒收了的上传",
    "backup": "旧备份",
}
BEFORE = ".before-"
_STAMP = re.compile(r"\.before-(\d{8}T\d{6})")
EVERY = 2**62  # more than there can be


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something that may go; ``size`` in bytes. ``remove`` deletes it."""

    kind: Kind
    name: str
    size: int
    remove: Callable[[], object]


def prune(settings: Settings, store: Store, *, by: By, delete: bool) -> list[Item]:
    """What may go of the data folder and the backups, deleted if ``delete``.

    Raises StoreBusy (an indexer is writing), StaffUnusable.
    """
    with disk.lock(settings.data):
        items = [
            *_snapshots(settings, store),
            *_copies(settings, now=by.at),
            *_uploads(settings, by=by),
            *_backups(settings),
        ]
        for item in items if delete else ():
            item.remove()
    return items


def _snapshots(settings: Settings, store: Store) -> Iterator[Item]:
    """All but the newest, the one that is served and a sound one to go back to; and originals."""
    shelf = Shelf(settings.data)
    try:
        kept = _kept(store, keep=settings.keep_snapshots)
    except (NoSnapshot, BadSnapshot):
        return  # nothing can be served: everything may be needed
    gone = [name for name in shelf.versions() if name not in kept]
    for name in gone:
        remove = partial(snapshot.remove, shelf, name)
        yield Item(kind="snapshot", name=name, size=size_of(shelf.of(name)), remove=remove)
    for path in originals.unwanted(shelf, without=gone):
        yield Item(kind="original", name=path.name, size=size_of(path), remove=path.unlink)


def _kept(store: Store, *, keep: int) -> set[str]:
    versions = store.versions()
    served = store.current().snapshot.version
    kept = {version.version for version in versions[:keep]}
    kept |= {served, *(version.version for version in versions if version.current)}
    # Those that are kept anyway are tried first as what one can go back to.
    others = [version.version for version in versions if version.version != served]
    way_back = filter(partial(_sound, store), sorted(others, key=lambda name: name not in kept))
    return kept | {*([first] if (first := next(way_back, None)) else ())}


def _sound(store: Store, version: str) -> bool:
    try:
        store.verify(version)
    except (NoSnapshot, BadSnapshot):
        return False
    return True


def _copies(settings: Settings, *, now: datetime) -> Iterator[Item]:
    """What stood in its place before a restore or an upgrade: all but the last, once it is old."""
    oldest = now - timedelta(days=settings.keep_days)
    for name in (NAME, files.NAME):
        # Beside a database may lie its journal, which goes with it.
        found = [
            path
            for path in settings.data.glob(f"{name}{BEFORE}*")
            if not path.name.endswith(("-wal", "-shm"))
        ]
        for path in sorted(found, key=_since)[:-1]:
            if _since(path) < oldest:
                parts = [path, *path.parent.glob(f"{path.name}-*[lm]")]
                size = sum(map(size_of, parts))
                yield Item(kind="copy", name=path.name, size=size, remove=partial(_delete, *parts))


def _since(path: Path) -> datetime:
    """Since when ``path`` is out of its place, as its name says, else its file."""
    if match := _STAMP.search(path.name):
        return datetime.strptime(match[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _uploads(settings: Settings, *, by: By) -> Iterator[Item]:
    """Files that were refused long ago and that nobody took up again."""
    path = staff_of(settings)
    if not path.exists():
        return
    oldest = by.at - timedelta(days=settings.keep_days)
    with opened(path) as database:
        refused = uploads.listed(database, states=["refused"], limit=EVERY)
    for upload in refused:
        if upload.changed_at < oldest and upload.folder:
            remove = partial(_discard, settings, upload, by=by)
            yield Item(kind="upload", name=upload.name, size=upload.bytes, remove=remove)


def _discard(settings: Settings, upload: uploads.Upload, *, by: By) -> None:
    with opened(staff_of(settings)) as database:
        uploads.act(database, upload.id, "discard", by=by)
    files.discard(settings.data, upload.folder)


def _backups(settings: Settings) -> Iterator[Item]:
    """All but the newest, and never all that are sound."""
    if not settings.backups:
        return
    folder = Path(settings.backups)
    there = folder.iterdir() if folder.is_dir() else ()
    found = {path: at for path in there if (at := _made_at(path))}
    newest = sorted(found, key=found.__getitem__, reverse=True)
    kept = {*newest[: settings.keep_backups]}
    if len(kept) < len(newest) and (sound := next(filter(_restores, newest), None)):
        for path in newest:
            if path not in kept | {sound}:
                remove = partial(_delete, path)
                yield Item(kind="backup", name=path.name, size=size_of(path), remove=remove)


def _made_at(folder: Path) -> str | None:
    """When a backup was made; None of what is none, or says nothing that can be read."""
    try:
        return manifest(folder).made_at
    except BadBackup:
        return None


def _restores(backup: Path) -> bool:
    try:
        checked(backup)
    except BadBackup:
        return False
    return True


def _delete(*paths: Path) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
