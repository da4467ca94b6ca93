"""Backups: everything that cannot be made again, in one folder, while the server goes on.

A backup holds ``staff.db``, the files attached to commitments, the current snapshot, the originals
that it was made from, what was uploaded, the list of letters that were taken down, and a manifest
with the SHA-256 of each file.
``kb.backup.restore`` puts it back.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from kb.errors import BadSnapshot, KbError, NoSnapshot, WrongUse
from kb.intake.files import NAME as UPLOADS
from kb.ledger.files import NAME as EVIDENCE
from kb.staff import audit
from kb.staff.connection import Database
from kb.staff.copying import copy_rows
from kb.staff.database import NAME, PRIVATE, By, bring_up, opened, stamp, writing
from kb.staff.places import Place
from kb.staff.schema import STEPS
from kb.store import disk, modes, snapshot
from kb.store.local import originals, takedown
from kb.store.manifest import Unsound, files, read_sealed, sums, write_sealed
from kb.store.snapshot import Shelf

MANIFEST = "backup.json"
TRIES = 3  # at copying a snapshot that is pruned meanwhile
OWN = 0o700  # a folder for the account that serves


class BadBackup(KbError):
    """A backup that is damaged, incomplete or of another make."""

    status, code = 422, "bad_backup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What a backup says of itself. ``files`` maps a path inside it to the SHA-256 of its bytes.

    ``snapshot`` is the version of the snapshot, None where nothing was published yet; ``head``
    the last row of the audit log.
    """

    made_at: str
    snapshot: str | None
    parent: str | None
    head: audit.Head
    files: dict[str, str]


def backup(
    data: Path, to: Path, *, by: By, staff_only: bool = False, staff: Place | None = None
) -> Backup:
    """Write a backup of the data folder ``data`` into the new folder ``to``.

    What stands in PostgreSQL (``staff``) is written as a ``staff.db`` too.

    Raises WrongUse (``to`` is there), StaffUnusable, BadSnapshot, StoreFull.
    """
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise WrongUse(f"{to} 已经有内容；请换一个新的文件夹，旧备份不会被覆盖")
    to.parent.mkdir(parents=True, exist_ok=True)
    aside = to.with_name(f"{to.name}.part")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        with disk.room(to.parent):
            aside.mkdir(mode=OWN)
            head = _copy_staff(staff or data / NAME, aside / NAME, by=by)
            pointer = None if staff_only else _copy_snapshot(Shelf(data), aside)
            if (data / takedown.NAME).exists():
                shutil.copyfile(data / takedown.NAME, aside / takedown.NAME)
            copy_files(data, aside, EVIDENCE)  # after the database: all that it knows are there
            if not staff_only:
                copy_files(data, aside, UPLOADS)
            made = Backup(
                made_at=stamp(by.at),
                snapshot=pointer.version if pointer else None,
                parent=pointer.parent if pointer else None,
                head=head,
                files=_synced(aside),
            )
            _seal(aside, made)
            modes.close(aside)
            if to.exists():
                to.rmdir()
            aside.rename(to)
            disk.sync(to.parent)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return made


def checked(folder: Path) -> Backup:
    """The backup in ``folder``, every file hashed and the database read. Raises BadBackup."""
    made = manifest(folder)
    there = {path.relative_to(folder).as_posix() for path in files(folder)} - {MANIFEST}
    for name in sorted(made.files.keys() | there | {NAME}):
        if name not in there:
            raise bad(folder, f"缺少文件 {name}")
        if name not in made.files or (folder / name).is_symlink():
            raise bad(folder, f"多出文件 {name}")
        if disk.sha256_of(folder / name) != made.files[name]:
            raise bad(folder, f"文件 {name} 的校验和不符")
    if made.snapshot:
        try:
            check_snapshot(Shelf(folder).of(made.snapshot))
        except (BadSnapshot, NoSnapshot) as error:
            raise bad(folder, str(error)) from error
    _check_staff(folder, made)
    return made


def check_snapshot(version: Path) -> None:
    """Hash every file of a version. Raises BadSnapshot, NoSnapshot."""
    manifest = snapshot.read_manifest(version)
    snapshot.check_sizes(version, manifest)
    snapshot.check_sums(version, manifest)


@contextmanager
def copied(live: Database, to: Path) -> Iterator[sqlite3.Connection]:
    """A copy of the database as of one moment: one file, that can be hashed."""
    with closing(sqlite3.connect(to, isolation_level=None)) as copy:
        to.chmod(PRIVATE)
        if isinstance(live, sqlite3.Connection):
            live.backup(copy)
        else:
            bring_up(copy, to)
            live.execute("BEGIN")  # one moment of it
            with writing(copy):
                copy_rows(live, copy)
            live.execute("ROLLBACK")
        copy.execute("PRAGMA journal_mode = DELETE")
        yield copy


def bad(folder: Path, why: str) -> BadBackup:
    """The error for a backup that is not to be used."""
    return BadBackup(f"备份 {folder} 不能用：{why}；什么也没有改动，请换一份备份")


def _copy_staff(place: Place, to: Path, *, by: By) -> audit.Head:
    """A copy of the database as of one moment, without the sessions; the head of its log."""
    with opened(place) as live:
        with writing(live):
            audit.append(live, "backup", who=by.who, at=by.at)
        with copied(live, to) as copy:
            copy.executescript("DELETE FROM session; DELETE FROM pending; DELETE FROM failure")
            copy.execute("VACUUM")
            return audit.head(copy)


def _copy_snapshot(shelf: Shelf, aside: Path) -> snapshot.Pointer | None:
    """Copy the current snapshot and its originals; None where nothing is published.

    One that is pruned or replaced meanwhile fails, and the next one is tried.
    """
    for left in range(TRIES, 0, -1):
        try:
            return _copy_current(shelf, aside)
        except NoSnapshot:
            if not shelf.current.exists():
                return None
            trouble: Exception = bad(aside, f"{shelf.current} 指向的快照不在")
        except (BadSnapshot, OSError) as error:
            trouble = error
        shutil.rmtree(aside / "snapshots", ignore_errors=True)
        shutil.rmtree(aside / "originals", ignore_errors=True)
        if left == 1 or disk.is_full(trouble):
            raise trouble
    return None


def _copy_current(shelf: Shelf, aside: Path) -> snapshot.Pointer:
    pointer = snapshot.read_pointer(shelf)
    version = shelf.of(pointer.version)
    copy = Shelf(aside).of(pointer.version)
    if not version.is_dir():
        raise NoSnapshot(f"没有快照 {pointer.version}")
    shutil.copytree(version, copy)
    check_snapshot(copy)
    for digest in originals.named(version):
        if original := originals.find(shelf.originals, digest):
            originals.keep(aside / "originals", original, digest)
    return pointer


def copy_files(data: Path, to: Path, name: str) -> None:
    """Copy the folder ``name`` of what staff brought; what is moved meanwhile is left out."""
    for path in files(data / name):
        copy = to / path.relative_to(data)
        copy.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            shutil.copyfile(path, copy)


def _synced(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file, each of them on the disk by then."""
    for path in folder.rglob("*"):
        disk.sync(path)
    return sums(folder)


def _seal(folder: Path, made: Backup) -> None:
    manifest = folder / MANIFEST
    write_sealed(manifest, {**asdict(made), "head": str(made.head)})
    disk.sync(manifest)
    disk.sync(folder)


def manifest(folder: Path) -> Backup:
    """What the backup in ``folder`` says of itself, nothing else looked at. Raises BadBackup."""
    if not (folder / MANIFEST).is_file():
        raise bad(folder, f"没有 {MANIFEST}，不是完整的备份")
    try:
        body = read_sealed(folder / MANIFEST)
        return Backup(**{**body, "head": audit.Head.of(body["head"])})
    except Unsound as error:
        why = "由更新的程序写成，请先升级程序" if error.newer else f"{MANIFEST} {error}"
        raise bad(folder, why) from error
    except (KeyError, TypeError, AttributeError, WrongUse) as error:
        raise bad(folder, f"{MANIFEST} 读不出来（{error!r}）") from error


def _check_staff(folder: Path, made: Backup) -> None:
    """The database opens, is whole, is not of a newer program, and has the noted head."""
    try:
        with closing(disk.open_sealed(folder / NAME)) as copy:
            whole = copy.execute("PRAGMA integrity_check").fetchone()[0]
            version = copy.execute("SELECT version FROM schema").fetchone()[0]
            head = audit.head(copy)
    except (sqlite3.Error, TypeError) as error:
        raise bad(folder, f"{NAME} 读不出来（{error}）") from error
    if whole != "ok":
        raise bad(folder, f"{NAME} 已损坏（{whole}）")
    if version > len(STEPS):
        raise bad(folder, f"{NAME} 由更新的程序写成，请先升级程序")
    if head != made.head:
        raise bad(folder, f"{NAME} 的审计日志末行与 {MANIFEST} 所记不符")
