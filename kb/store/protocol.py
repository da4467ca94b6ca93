"""What a store must do, in terms of our own types; no engine is named here.

A store holds snapshots. One of them is current; a reader is an immutable view of one
snapshot; a draft is the next one being built. Every store passes
``tests/kb/store/test_contract.py``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from kb.store.kin import Came, Reason, SetAside, Traits
from kb.store.lists import Lists
from kb.store.register import Registered, Registers
from kb.types import (
    Hidden,
    Letter,
    Original,
    Passage,
    Scope,
    Snapshot,
    Vectors,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One published version as the store finds it now.

    ``snapshot`` is None where the manifest itself cannot be read; ``trouble`` is a Chinese
    sentence saying what is wrong, or None where nothing is (contents are not re-hashed
    here, that is ``Store.verify``).
    """

    version: str
    snapshot: Snapshot | None
    current: bool
    trouble: str | None


class SnapshotReader(Lists, Protocol):
    """An immutable view of one snapshot.

    Letters that are set aside have their text, their original and nothing else: they are in no
    list and in neither ranking, and a scope that names one means the letter served for it.

    Safe to use from several threads; goes on working after another version was published
    and after its own was pruned.
    """

    @property
    def snapshot(self) -> Snapshot:
        """The manifest of the version that this reader shows."""
        ...

    def letter(self, letter_id: str) -> Letter:
        """The whole letter, as citizens may see it. Raises LetterNotFound."""
        ...

    def unmasked(self, letter_id: str) -> Letter:
        """The letter as it was read, at the same offsets; for staff only.

        The only way to what is hidden: no module that serves citizens calls it, which a test
        makes sure of. Raises LetterNotFound.
        """
        ...

    def original(self, letter_id: str) -> Original | None:
        """The file that the letter was read from; None where it is not kept or is damaged.

        Raises LetterNotFound.
        """
        ...

    def set_aside(self) -> Mapping[str, SetAside]:
        """The letters that others stand for, by id."""
        ...

    def registered(self) -> Sequence[Registered]:
        """The rows of every register of proposals and what became of them; for staff only.

        In the order of files and of their rows. No module that serves citizens calls it.
        """
        ...

    def passage(self, ordinal: int) -> Passage:
        """The passage numbered ``ordinal``, ``0 <= ordinal < snapshot.passages``.

        Raises IndexError: an ordinal means something only in the snapshot it came from.
        """
        ...

    def passages_of(self, letter_id: str) -> range:
        """The ordinals of a letter's passages, in reading order. Raises LetterNotFound."""
        ...

    def lexical(
        self, tokens: Sequence[str], *, limit: int, scope: Scope
    ) -> list[tuple[int, float]]:
        """BM25 over title, headings and body as one text: (ordinal, score > 0), best first.

        Tokens are taken literally and counted once each; equal scores stand in ordinal
        order; at most ``limit`` pairs.
        """
        ...

    def nearest(self, vector: Vectors, *, limit: int, scope: Scope) -> list[tuple[int, float]]:
        """The passages nearest to ``vector``, shape (dim,): (ordinal, cosine), best first.

        Raises ModelUnusable where ``dim`` is not that of the snapshot or a value is not
        finite.
        """
        ...

    def vectors(self, ordinals: Sequence[int]) -> Vectors:
        """Passage vectors, (n, dim) float32, rows of unit length within 1e-3."""
        ...

    def sentence_vectors(self, ordinal: int) -> Vectors:
        """(len(passage.sentences), dim) float32, in sentence order."""
        ...


class Draft(Protocol):
    """The next snapshot, being built. Use as a context manager: leaving discards it."""

    @property
    def base(self) -> Snapshot | None:
        """The snapshot it starts from; None where everything has to be put anew."""
        ...

    @property
    def changed(self) -> bool:
        """True once there is something to publish."""
        ...

    @property
    def registers(self) -> Registers:
        """The registers of proposals in this draft."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def sources(self) -> Mapping[str, str]:
        """Source key → digest of that file as last indexed."""
        ...

    def letters_from(self, source: str) -> Mapping[str, str]:
        """Letter id → digest of its raw record, for the letters put from ``source``."""
        ...

    def source_of(self, letter_id: str) -> str | None:
        """The source that the letter was put from; None if there is no such letter."""
        ...

    def put(
        self,
        letter: Letter,
        passages: Sequence[Passage],
        *,
        source: str,
        digest: str,
        vectors: Vectors,
        sentence_vectors: Sequence[Vectors],
        hidden: Sequence[Hidden] = (),
        traits: Traits | None = None,
    ) -> None:
        """Add a letter, replacing an older one of that id.

        ``hidden`` are the characters that are hidden in its text; they are kept apart.
        ``traits`` are kept with it.

        ``vectors`` is (len(passages), dim), rows of unit length; ``sentence_vectors`` has
        for each passage an array (len(passage.sentences), dim).
        Raises WrongUse (shapes), UnreadableFile ``bad_text`` (lone surrogates), StoreFull.
        """
        ...

    def letter(self, letter_id: str) -> tuple[Letter, tuple[Hidden, ...]]:
        """A letter of this draft and what is hidden of it. Raises LetterNotFound."""
        ...

    def traits(self) -> Mapping[str, Traits]:
        """The traits of the letters in this draft that have any, by id."""
        ...

    def came(self) -> Mapping[str, Came]:
        """When the letters of the version before came, by id; of those that have traits.

        Also where nothing is built upon that version.
        """
        ...

    def set_aside(self, served: Mapping[str, tuple[str, Reason]]) -> None:
        """Say which letters are set aside, by id: for which other, and why. It holds for all."""
        ...

    def drop(self, letter_id: str) -> None:
        """Remove a letter; nothing happens if it is not there."""
        ...

    def keep(self, file: Path, digest: str) -> None:
        """Keep the bytes of a source file, whose SHA-256 is ``digest``, as an original.

        Nothing happens if they are kept already. They go once no published version has a
        source with that digest. Raises StoreFull.
        """
        ...

    def scratch(self) -> Path:
        """A folder for files that are needed until the draft ends; not even kill -9 leaves them
        there for longer than until the next draft begins."""
        ...

    def seen(self, source: str, digest: str) -> None:
        """Record the digest of a source file as indexed."""
        ...

    def forget(self, source: str) -> None:
        """Remove a source's record, all letters put from it and all rows of its registers."""
        ...

    def publish(self) -> Snapshot:
        """Make this the current snapshot and end the draft.

        Returns ``base`` itself where nothing has changed. Raises StoreFull; the served
        snapshot is then as it was and nothing is left behind.
        """
        ...

    def discard(self) -> None:
        """End the draft without a trace; may be called twice, and after publish."""
        ...


class Store(Protocol):
    """Snapshots in one place, one of them current."""

    @property
    def degraded(self) -> str | None:
        """A Chinese sentence while an older version is served in place of a bad one."""
        ...

    def current(self) -> SnapshotReader:
        """A reader of the current snapshot, the same one until the version changes.

        Raises NoSnapshot (nothing published), BadSnapshot (no good version to fall back on).
        """
        ...

    def draft(self) -> Draft:
        """Start the next snapshot. Raises StoreBusy while another draft is open anywhere."""
        ...

    def versions(self) -> list[Version]:
        """Every published version, newest first, bad ones with their ``trouble``."""
        ...

    def verify(self, version: str | None = None) -> Snapshot:
        """Hash every file of ``version`` (default: current) again.

        Raises BadSnapshot, naming the file and what to do; NoSnapshot.
        """
        ...

    def prune(self, keep: int) -> list[str]:
        """Delete all but the newest ``keep`` versions; never the current or served one.

        Returns the names of the deleted versions, newest first. Raises StoreBusy, WrongUse.
        """
        ...

    def tidy(self) -> None:
        """Take away at once what an engine has of versions that are gone. Raises StoreBusy."""
        ...

    def rollback(self, version: str | None = None, *, republish: bool = False) -> Snapshot:
        """Make ``version`` (default: the parent of the current one) current, after verifying.

        Raises BadSnapshot, also where it would show letters that were taken down since, unless
        they are to be published again; NoSnapshot, StoreBusy, WrongUse (no parent).
        """
        ...
