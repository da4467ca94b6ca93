"""Snapshots as folders: named, sealed with checksums, published by one rename, verified.

``data/snapshots/<version>/`` holds the files of a version and its ``manifest.json``;
``data/CURRENT`` names the version that is served (first line) and its parent (second line,
so that a fallback is known even where the manifest is damaged). This module knows nothing of
what the files mean; that is the business of the store that fills them.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kb.errors import BadSnapshot, NoSnapshot
from kb.store.disk import sha256_of, sync
from kb.store.manifest import Unsound, files, read_sealed, sums, write_sealed
from kb.store.modes import FOLDER, SEALED
from kb.types import Snapshot

MANIFEST = "manifest.json"
REBUILD = "fuwen index update … --rebuild"
_VERSION = re.compile(r"(\d{8}T\d{6})-([0-9a-f]{5})([0-9a-f]{3})")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The data folder: where snapshots stand, where drafts are built, which is current."""

    root: Path

    @property
    def snapshots(self) -> Path:
        return self.root / "snapshots"

    @property
    def drafts(self) -> Path:
        return self.root / "drafts"

    @property
    def originals(self) -> Path:
        return self.root / "originals"

    @property
    def shards(self) -> Path:
        """What several processes read and embedded ahead, until it is published."""
        return self.root / "shards"

    @property
    def current(self) -> Path:
        return self.root / "CURRENT"

    def of(self, version: str) -> Path:
        """The folder of ``version``. Raises NoSnapshot if that is no version's name."""
        if not _VERSION.fullmatch(version):
            raise NoSnapshot(f"“{version}”不是快照的版本号；请用 fuwen index list 列出的版本号")
        return self.snapshots / version

    def versions(self) -> list[str]:
        """The names of all version folders, newest first."""
        if not self.snapshots.is_dir():
            return []
        found = (path.name for path in self.snapshots.iterdir() if path.is_dir())
        return sorted((name for name in found if _VERSION.fullmatch(name)), reverse=True)


@dataclass(frozen=True, slots=True)
class Pointer:
    """What ``CURRENT`` says."""

    version: str
    parent: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A snapshot's manifest; ``sizes`` maps each of its files to a number of bytes."""

    snapshot: Snapshot
    sizes: Mapping[str, int]


def next_version(shelf: Shelf, *, now: datetime) -> str:
    """A name that sorts after every name on the shelf, even if the clock went back.

    The second in UTC, then five hex digits of microseconds and three of chance.
    """
    stamp = now.astimezone(UTC)
    newest = max(shelf.versions(), default="")
    if match := _VERSION.fullmatch(newest):
        stamp = max(stamp, published_at(newest) + timedelta(microseconds=int(match[2], 16) + 1))
    return f"{stamp:%Y%m%dT%H%M%S}-{stamp.microsecond:05x}{os.urandom(2).hex()[:3]}"


def published_at(version: str) -> datetime:
    """When a version was made, by its name. Raises NoSnapshot if it is no version's."""
    if not (match := _VERSION.fullmatch(version)):
        raise NoSnapshot(f"“{version}”不是快照的版本号；请用 fuwen index list 列出的版本号")
    return datetime.strptime(match[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def read_pointer(shelf: Shelf) -> Pointer:
    """What ``CURRENT`` says, be it a version or not. Raises NoSnapshot if there is none."""
    try:
        lines = shelf.current.read_text("utf-8", "replace").split()
    except FileNotFoundError:
        raise NoSnapshot(
            f"{shelf.root} 中还没有发布过快照；请先运行 fuwen index update 建库"
        ) from None
    return Pointer(lines[0] if lines else "", lines[1] if len(lines) > 1 else None)


def point(shelf: Shelf, snapshot: Snapshot) -> None:
    """Make ``snapshot`` current, in one atomic step that survives a power cut."""
    aside = shelf.root / "CURRENT.tmp"
    try:
        aside.write_text(f"{snapshot.version}\n{snapshot.parent or ''}\n", "utf-8")
        sync(aside)
        aside.replace(shelf.current)
    finally:
        aside.unlink(missing_ok=True)
    sync(shelf.root)


def seal(folder: Path, *, snapshot: Snapshot, taken: Mapping[str, str] | None = None) -> Snapshot:
    """Hash, write-protect and fsync all files of ``folder``, and write its manifest.

    ``snapshot`` comes with ``files`` empty and goes back with them filled in. ``taken`` are the
    sums of files that are those of another version, which were verified and are on the disk.
    """
    known = taken or {}
    sealed = replace(snapshot, files=sums(folder, known=known))
    sizes = {name: (folder / name).stat().st_size for name in sealed.files}
    manifest = folder / MANIFEST
    write_sealed(manifest, {"sizes": sizes, **asdict(sealed)})
    for path in files(folder):
        if path.relative_to(folder).as_posix() not in known:
            path.chmod(SEALED)
            sync(path)
    for path in (*folder.rglob("*"), folder):
        if path.is_dir():
            path.chmod(FOLDER)
            sync(path)
    return sealed


def install(shelf: Shelf, built: Path, *, snapshot: Snapshot) -> None:
    """Move a sealed folder in among the snapshots and make it current."""
    shelf.snapshots.mkdir(exist_ok=True)
    built.rename(shelf.of(snapshot.version))
    sync(shelf.snapshots)
    sync(shelf.root)
    point(shelf, snapshot)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a version's folder, its own checksum and format checked.

    Raises NoSnapshot (no such folder), BadSnapshot.
    """
    if not folder.is_dir():
        raise NoSnapshot(f"没有快照 {folder.name}；请用 fuwen index list 列出的版本号")
    try:
        raw = read_sealed(folder / MANIFEST)
        sizes = raw["sizes"]
        snapshot = Snapshot(**{name: raw[name] for name in Snapshot.__dataclass_fields__})
    except Unsound as error:
        upgrade = "请升级 fuwen，" if error.newer else ""
        raise _bad(folder, MANIFEST, str(error), upgrade) from error
    except (KeyError, TypeError) as error:
        raise _bad(folder, MANIFEST, f"读不出来（{error!r}）") from error
    if snapshot.version != folder.name:
        raise _bad(folder, MANIFEST, f"写的是另一个版本 {snapshot.version}")
    return Manifest(snapshot=snapshot, sizes=sizes)


def check_make(snapshot: Snapshot, *, fingerprint: Mapping[str, str]) -> None:
    """Raise BadSnapshot, naming the keys, unless it was made with these very settings."""
    ours, theirs = dict(fingerprint), dict(snapshot.fingerprint)
    differing = [
        f"{key}（快照 {theirs.get(key, '无')}，现在 {ours.get(key, '无')}）"
        for key in sorted(ours.keys() | theirs.keys())
        if ours.get(key) != theirs.get(key)
    ]
    if differing:
        raise BadSnapshot(
            f"快照 {snapshot.version} 是用另一套设置建的，不同之处："
            f"{'、'.join(differing)}；请改回设置，或运行 {REBUILD} 重建"
        )


def check_sizes(folder: Path, manifest: Manifest) -> None:
    """Raise BadSnapshot if a file is missing or has another size than stated."""
    for name, size in manifest.sizes.items():
        try:
            found = (folder / name).stat().st_size
        except OSError as error:
            raise _bad(folder, name, "不见了") from error
        if found != size:
            raise _bad(folder, name, f"大小不对（应为 {size} 字节，实为 {found} 字节）")


def check_sums(folder: Path, manifest: Manifest) -> None:
    """Hash every file; raise BadSnapshot for the first that is not what was published."""
    for name, stated in manifest.snapshot.files.items():
        try:
            found = sha256_of(folder / name)
        except OSError as error:
            raise _bad(folder, name, f"读不出来（{error}）") from error
        if found != stated:
            raise _bad(folder, name, "校验和不符，内容已被改动或损坏")


def withdraw(shelf: Shelf, version: str) -> None:
    """Delete a version whose publishing failed, unless it got as far as being current."""
    if not shelf.of(version).exists():
        return
    try:
        arrived = read_pointer(shelf).version == version
    except NoSnapshot:
        arrived = False
    if not arrived:
        remove(shelf, version)


def clear(shelf: Shelf) -> bool:
    """Take away what a run that was killed left behind, under the lock; False if there was nothing.

    A version whose draft is there still was never current, unless CURRENT names it.
    """
    left = [path.name for path in shelf.drafts.iterdir()] if shelf.drafts.is_dir() else []
    versions = shelf.versions()
    try:
        known = read_pointer(shelf).version in versions
    except NoSnapshot:
        known = True
    for version in set(left).intersection(versions) if known else ():
        withdraw(shelf, version)
    shutil.rmtree(shelf.drafts, ignore_errors=True)
    for aside in shelf.root.glob("*.tmp"):
        aside.unlink()
    return bool(left)


def lineage(shelf: Shelf, pointer: Pointer) -> Iterator[str]:
    """The current version, its parent, its parent's parent, …, as far as they are known.

    Where a manifest does not tell, the next older name stands in for the parent.
    """
    version, parent = pointer.version, pointer.parent
    yielded: set[str] = set()
    while version not in yielded:
        yielded.add(version)
        yield version
        try:
            follows = read_manifest(shelf.of(version)).snapshot.parent
        except (BadSnapshot, NoSnapshot):
            known = _VERSION.fullmatch(version)
            older = [name for name in shelf.versions() if not known or name < version]
            follows = parent or next(iter(older), None)
        if follows is None:
            return
        version, parent = follows, None


def remove(shelf: Shelf, version: str) -> None:
    """Delete a version: out of sight in one rename, then file by file."""
    shelf.drafts.mkdir(exist_ok=True)
    gone = shelf.drafts / f"{version}.gone"
    shelf.of(version).rename(gone)
    shutil.rmtree(gone)


def _bad(folder: Path, name: str, why: str, first: str = "") -> BadSnapshot:
    return BadSnapshot(
        f"快照 {folder.name} 的文件 {name} {why}；{first}请从备份恢复 {folder}，"
        f"或回退到上一个版本，或运行 {REBUILD} 重建"
    )
