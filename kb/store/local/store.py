"""Snapshots on this machine's disk: the store for anything that fits one machine.

Letters in SQLite, words in tantivy, vectors in NumPy files and FAISS, all in one folder for
each version; ``kb.store.snapshot`` says how a folder becomes the current version.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from kb.errors import BadSnapshot, KbError, NoSnapshot, WrongUse
from kb.store import disk, snapshot
from kb.store.local import originals, takedown
from kb.store.local.draft import LocalDraft
from kb.store.local.engine import Engine, LocalEngine, OpenReader
from kb.store.local.insert import Tokenize
from kb.store.local.plan import Plan
from kb.store.local.served import Served
from kb.store.protocol import SnapshotReader, Version
from kb.store.snapshot import Pointer, Shelf
from kb.types import Snapshot


class LocalStore:
    """``kb.store.protocol.Store`` in the folder ``folder`` (created when first written to).

    ``fingerprint`` holds the settings that shape a snapshot; a snapshot with another one is
    refused. ``tokenize`` gives the words of a text, none with white space in it. With ``warm``, a
    newer version is opened in a thread of its own and served once ``warm`` was called with its
    reader: nobody waits for it. Without, whoever first asks for it opens it.
    """

    def __init__(
        self,
        folder: Path,
        *,
        fingerprint: Mapping[str, str],
        tokenize: Tokenize,
        engine: Engine | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        warm: Callable[[SnapshotReader], object] | None = None,
    ) -> None:
        self._shelf = Shelf(folder)
        self._fingerprint = dict(fingerprint)
        self._tokenize = tokenize
        self._engine = engine or LocalEngine()
        self._clock = clock
        self._warm = warm
        self._unusable: Pointer | None = None
        self._served: Served | None = None
        self._opening = threading.Lock()
        self._verified: set[str] = set()
        self._faults: dict[str, tuple[disk.Stamp, str]] = {}

    @property
    def degraded(self) -> str | None:
        served = self._served
        if served is None or served.fault is None:
            return None
        return (
            f"当前快照 {served.pointer.version or '（无名）'} 不可用，"
            f"正在使用 {served.reader.snapshot.version}：{served.fault}"
        )

    def current(self) -> OpenReader:
        pointer = snapshot.read_pointer(self._shelf)
        served = self._served
        if served and self._up_to_date(served, pointer):
            return served.reader
        # Opening a large version takes seconds. Whoever has an older reader goes on with it
        # meanwhile; only the very first reader has to be waited for.
        if served and not self._opening.acquire(blocking=False):
            return served.reader
        if not served:
            self._opening.acquire()
        elif self._warm and served.reader.untouched() and pointer != self._unusable:
            threading.Thread(target=self._open_aside, args=(pointer, self._warm)).start()
            return served.reader
        try:
            served = self._served
            if served is None or not self._up_to_date(served, pointer):
                served = self._served = self._serve(pointer)
            return served.reader
        finally:
            self._opening.release()

    def _open_aside(self, pointer: Pointer, warm: Callable[[SnapshotReader], object]) -> None:
        """Serve what ``pointer`` names and let go of ``_opening``, which whoever calls holds."""
        self._unusable = pointer  # unless it goes well: whoever asks next tries, and is told why
        try:
            served = self._serve(pointer)
            warm(served.reader)
            self._served, self._unusable = served, None
        except KbError:
            pass
        finally:
            self._opening.release()

    def draft(self) -> LocalDraft:
        lock = disk.lock(self._shelf.root)
        try:
            self._clear()
            pointer = self._pointer()
            plan = Plan(
                shelf=self._shelf,
                version=snapshot.next_version(self._shelf, now=self._clock()),
                current=pointer.version if pointer else None,
                base=self._sound(pointer) if pointer else None,
                fingerprint=self._fingerprint,
                tokenize=self._tokenize,
                engine=self._engine,
            )
        except BaseException:
            lock.close()
            raise
        return LocalDraft(plan, lock=lock, published=self._remember)

    def versions(self) -> list[Version]:
        pointer = self._pointer()
        return [
            self._version(name, current=pointer is not None and pointer.version == name)
            for name in self._shelf.versions()
        ]

    def verify(self, version: str | None = None) -> Snapshot:
        name = version or snapshot.read_pointer(self._shelf).version
        self._faults.pop(name, None)
        found = self._check(name, again=True)
        self._engine.check(self._shelf.of(name), found)
        return found

    def prune(self, keep: int) -> list[str]:
        if keep < 1:
            raise WrongUse(f"至少要保留 1 个快照（给的是 {keep}）；请改用更大的数")
        with disk.lock(self._shelf.root):
            self._clear()
            names = self._shelf.versions()
            pointer = self._pointer()
            kept = set(names[:keep])
            if pointer:
                kept |= {pointer.version, self.current().snapshot.version}
            gone = [name for name in names if name not in kept]
            for name in gone:
                snapshot.remove(self._shelf, name)
            originals.sweep(self._shelf)
        return gone

    def rollback(self, version: str | None = None, *, republish: bool = False) -> Snapshot:
        root = self._shelf.root
        with disk.lock(root):
            self._clear()
            target = self._check(version or self._parent(), again=True)
            folder = self._shelf.of(target.version)
            with disk.room(root):
                if republish:
                    takedown.republish(root, folder)
                else:
                    takedown.check(root, folder)
                self._engine.check(folder, target)
                self._engine.point(target.version)
                snapshot.point(self._shelf, target)
        return target

    def tidy(self) -> None:
        with disk.lock(self._shelf.root):
            self._clear(at_once=True)

    def _clear(self, *, at_once: bool = False) -> None:
        if snapshot.clear(self._shelf):
            originals.sweep(self._shelf)
        pointer, versions = self._pointer(), self._shelf.versions()
        current = pointer.version if pointer else None
        self._engine.tidy(versions, current=current, at_once=at_once)

    def _serve(self, pointer: Pointer) -> Served:
        """The first good version of the lineage; failing that, the reader already in use."""
        fault: BadSnapshot | NoSnapshot | None = None
        last = fault
        for name in snapshot.lineage(self._shelf, pointer):
            try:
                reader = self._open(name)
                if name != pointer.version:
                    takedown.check(self._shelf.root, self._shelf.of(name))
            except (BadSnapshot, NoSnapshot) as error:
                fault, last = fault or error, error
                continue
            return self._standing_in(pointer, reader, fault)
        if served := self._served:
            if (version := served.reader.snapshot.version) != pointer.version:
                takedown.check(self._shelf.root, self._shelf.of(version))
            return self._standing_in(pointer, served.reader, fault)
        raise BadSnapshot(str(fault) if last is fault else f"{fault}；{last}") from fault

    def _standing_in(self, pointer: Pointer, reader: OpenReader, fault: Exception | None) -> Served:
        if fault is None:
            return Served(pointer=pointer, reader=reader)
        # Sound files that would not open may open the next time (too many open files, say).
        sound = pointer.version in self._verified
        stamp = None if sound else self._stamp(pointer.version)
        return Served(pointer=pointer, reader=reader, fault=str(fault), stamp=stamp)

    def _open(self, version: str) -> OpenReader:
        if self._served and self._served.reader.snapshot.version == version:
            if self._served.reader.untouched():
                return self._served.reader
            self._verified.discard(version)
        stamp, find = self._stamp(version), partial(originals.find, self._shelf.originals)
        found, folder = self._check(version), self._shelf.of(version)
        try:
            return self._engine.open(folder, snapshot=found, stamp=stamp, find=find)
        except OSError as error:
            raise BadSnapshot(
                f"快照 {version} 的文件完好但打不开（{error}）；"
                "请检查磁盘空间、临时文件夹（TMPDIR）、打开文件数的上限，再试一次"
            ) from error
        except (ValueError, RuntimeError, sqlite3.Error) as error:
            raise BadSnapshot(
                f"快照 {version} 的文件完好但打不开（{error}），可能由另一版本的检索引擎写成；"
                f"请装回原来的版本，或运行 {snapshot.REBUILD} 重建"
            ) from error

    def _check(self, version: str, *, again: bool = False) -> Snapshot:
        """Manifest, settings, sizes and, once a process or ``again``, all checksums."""
        folder = self._shelf.of(version)
        known = self._faults.get(version)
        if known and known[0] == self._stamp(version):
            raise BadSnapshot(known[1])
        manifest = snapshot.read_manifest(folder)
        snapshot.check_make(manifest.snapshot, fingerprint=self._fingerprint)
        try:
            snapshot.check_sizes(folder, manifest)
            if again or version not in self._verified:
                snapshot.check_sums(folder, manifest)
        except BadSnapshot as error:
            self._verified.discard(version)
            self._faults[version] = (self._stamp(version), str(error))
            raise
        self._verified.add(version)
        return manifest.snapshot

    def _sound(self, pointer: Pointer) -> Snapshot | None:
        """What to base a draft on: the first good version of the lineage, hashed just now.

        Hashed even if it was before: a draft must not seal damage into a new version.
        """
        for name in snapshot.lineage(self._shelf, pointer):
            try:
                return self._check(name, again=True)
            except (BadSnapshot, NoSnapshot):
                continue
        return None

    def _version(self, name: str, *, current: bool) -> Version:
        found, trouble = None, None
        try:
            manifest = snapshot.read_manifest(self._shelf.of(name))
            found = manifest.snapshot
            snapshot.check_make(found, fingerprint=self._fingerprint)
            snapshot.check_sizes(self._shelf.of(name), manifest)
        except (BadSnapshot, NoSnapshot) as error:
            trouble = str(error)
        known = self._faults.get(name)
        if known and trouble is None and known[0] == self._stamp(name):
            trouble = known[1]
        return Version(version=name, snapshot=found, current=current, trouble=trouble)

    def _parent(self) -> str:
        lineage = snapshot.lineage(self._shelf, snapshot.read_pointer(self._shelf))
        current = next(lineage)
        parent = next(lineage, None)
        if parent is None:
            raise WrongUse(f"快照 {current} 没有更早的版本可以回退；请指明要用的版本")
        return parent

    def _pointer(self) -> Pointer | None:
        try:
            return snapshot.read_pointer(self._shelf)
        except NoSnapshot:
            return None

    def _stamp(self, version: str) -> disk.Stamp:
        try:
            return disk.stamp(self._shelf.of(version))
        except NoSnapshot:
            return ()

    def _up_to_date(self, served: Served, pointer: Pointer) -> bool:
        """True unless CURRENT moved, or somebody touched what is served or the bad one it names."""
        if served.pointer != pointer or not served.reader.untouched():
            return False
        return served.fault is None or served.stamp == self._stamp(pointer.version)

    def _remember(self, published: Snapshot) -> None:
        self._verified.add(published.version)
