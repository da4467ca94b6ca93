"""A backup put back: checked whole, then swapped in, while the server goes on."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from kb.backup.backup import Backup, check_snapshot, checked, copied
from kb.errors import BadSnapshot, NoSnapshot, WrongUse
from kb.intake.files import NAME as UPLOADS
from kb.ledger import files as evidence
from kb.staff import audit
from kb.staff.connection import Database
from kb.staff.copying import copy_rows, occupied
from kb.staff.database import (
    NAME,
    By,
    StaffUnusable,
    bring_up,
    opened,
    replaced,
    writing,
)
from kb.staff.places import Place, Server
from kb.store import disk, modes, snapshot
from kb.store.local import originals, takedown
from kb.store.manifest import files
from kb.store.snapshot import Shelf


def restore(
    data: Path, folder: Path, *, by: By, replace: bool = False, staff: Place | None = None
) -> Path | str | None:
    """Put the backup in ``folder`` in the place of what is in ``data``, once all of it is sound.

    The database (``staff``, or the file in ``data``) is swapped in one transaction, the snapshot by
    one rename. Returns where the database that stood there is kept, in PostgreSQL a schema, None
    where there was none; snapshots stay on the shelf.
    What was taken down since stays noted. Every session ends. Raises BadSnapshot (its snapshot
    shows a letter that was ordered to be taken down), BadBackup, WrongUse (there is something, and
    ``replace`` was not given), StoreBusy (an indexer is writing), StaffUnusable, StoreFull.
    """
    shelf = Shelf(data)
    made = checked(folder)
    place = staff or data / NAME
    if not replace and (_there(place) or (made.snapshot and shelf.current.exists())):
        raise WrongUse(f"{data} 里已有数据；确定要用备份换掉它，请加上 --replace（原来的会留一份）")
    with disk.lock(data), disk.room(data):
        if made.snapshot:
            takedown.check_orders(data, Shelf(folder).of(made.snapshot))
        takedown.merge(data, folder)
        if made.snapshot:
            _put_snapshot(shelf, folder, made.snapshot)
        if made.snapshot or (folder / UPLOADS).is_dir():
            _put_uploads(data, folder, by=by)
        _put_evidence(data, folder)
        aside: Path | str | None
        if isinstance(place, Server):
            aside = _put_rows(place, folder / NAME, by=by, made=made)
        else:
            aside = _set_aside(place, by=by)
            _put_staff(place, folder / NAME, by=by, made=made)
        if made.snapshot:
            version = snapshot.read_manifest(shelf.of(made.snapshot)).snapshot
            snapshot.point(shelf, version)
    return aside


def _put_snapshot(shelf: Shelf, folder: Path, version: str) -> None:
    """Bring a version onto the shelf, unless it is there and sound."""
    there, source = shelf.of(version), Shelf(folder)
    for original in source.originals.glob("*"):
        originals.keep(shelf.originals, original, original.name)
    try:
        check_snapshot(there)
    except NoSnapshot:
        pass
    except BadSnapshot:
        snapshot.remove(shelf, version)
    else:
        return
    shelf.snapshots.mkdir(exist_ok=True)
    shelf.drafts.mkdir(exist_ok=True)
    aside = shelf.drafts / version
    shutil.rmtree(aside, ignore_errors=True)
    try:
        shutil.copytree(source.of(version), aside)
        check_snapshot(aside)
        modes.close(aside)
        for path in (*aside.rglob("*"), aside):
            disk.sync(path)
        aside.rename(there)
        disk.sync(shelf.snapshots)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _put_uploads(data: Path, folder: Path, *, by: By) -> None:
    """Put the uploads of a backup in the place of those that are there, which are kept."""
    there, aside = data / UPLOADS, data / f"{UPLOADS}.part"
    shutil.rmtree(aside, ignore_errors=True)
    if (folder / UPLOADS).is_dir():
        shutil.copytree(folder / UPLOADS, aside)
        modes.close(aside)
        for path in (*aside.rglob("*"), aside):
            disk.sync(path)
    if there.exists():
        there.rename(_free(there, by=by))
    if aside.exists():
        aside.rename(there)
    disk.sync(data)


def _put_evidence(data: Path, folder: Path) -> None:
    """Put back the files attached to commitments; others that are there stay.

    Each is known by the sum of its content, so that one that is there and sound is the same.
    """
    for source in files(folder / evidence.NAME):
        there = data / source.relative_to(folder)
        if there.is_file() and disk.sha256_of(there) == source.name:
            continue
        there.parent.mkdir(parents=True, exist_ok=True)
        aside = there.with_name(f"{there.name}.part")
        shutil.copyfile(source, aside)
        disk.sync(aside)
        aside.replace(there)
        disk.sync(there.parent)
    if (data / evidence.NAME).is_dir():
        modes.close(data / evidence.NAME)
        disk.sync(data)


def _set_aside(path: Path, *, by: By) -> Path | None:
    """Keep what is there: a copy of a sound database, the very files of one that is not."""
    if not path.exists():
        return None
    aside = _free(path, by=by)
    try:
        with opened(path) as live, copied(live, aside):
            pass
    except StaffUnusable:
        aside.unlink(missing_ok=True)
        for ending in ("", "-wal", "-shm"):
            part = path.with_name(path.name + ending)
            if part.exists():
                part.rename(aside.with_name(aside.name + ending))
    disk.sync(path.parent)
    return aside


def _free(path: Path, *, by: By) -> Path:
    """A name beside ``path`` that says since when it is no longer in its place."""
    aside = path.with_name(f"{path.name}.before-{by.at:%Y%m%dT%H%M%S}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.before-{by.at:%Y%m%dT%H%M%S}-{number}")
    return aside


def _put_staff(path: Path, source: Path, *, by: By, made: Backup) -> None:
    """Write the backup over the live database, as one transaction for all who have it open."""
    with opened(path) as live:
        was = audit.head(live)
        with closing(disk.open_sealed(source)) as copy:
            copy.backup(cast(sqlite3.Connection, live))
    with opened(path) as live, writing(live):  # opened anew: it may lack steps of the schema
        live.execute("DELETE FROM session")
        _tell(live, was, by=by, made=made)


def _there(place: Place) -> bool:
    """True if something would be replaced."""
    if not isinstance(place, Server):
        return place.exists()
    with opened(place) as live:
        return occupied(live) is not None


def _put_rows(server: Server, source: Path, *, by: By, made: Backup) -> str | None:
    """The rows of a backup in a new schema, that of before under another name; its name.

    All of it is one transaction: who reads meanwhile sees one or the other.
    """
    with opened(server) as live:
        was, there = audit.head(live), occupied(live)
    aside = f"fuwen_before_{by.at:%Y%m%dt%H%M%S_%f}" if there else None
    with TemporaryDirectory(dir=server.parent) as folder:  # a backup of earlier lacks steps
        copy = Path(folder) / NAME
        shutil.copyfile(source, copy)
        with (
            closing(sqlite3.connect(copy, isolation_level=None)) as rows,
            replaced(server, aside) as live,
        ):
            bring_up(rows, copy)
            copy_rows(rows, live)
            live.execute("DELETE FROM session")
            _tell(live, was, by=by, made=made)
    return aside


def _tell(live: Database, was: audit.Head, *, by: By, made: Backup) -> None:
    detail = {"made_at": made.made_at, "head": str(made.head), "replaced": str(was)}
    audit.append(live, "restore", who=by.who, at=by.at, detail=detail)
