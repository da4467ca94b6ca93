"""Fakes that keep the contracts: a store in memory, an embedder that needs no model.

``MemoryStore`` passes the same ``tests/kb/store/test_contract.py`` as the real stores. It filters
by comparing a letter's facts one by one, and so is also the oracle for the stores' filters.
"""

from __future__ import annotations

import math
import shutil
import tempfile
import weakref
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import mkdtemp
from types import TracebackType
from typing import Self

import numpy as np

from kb.errors import LetterNotFound, ModelUnusable, NoSnapshot, StoreBusy, WrongUse
from kb.privacy.redact import restored
from kb.store.codec import check_put, check_source, head_of
from kb.store.kin import Came, Reason, SetAside, Traits
from kb.store.lists import Bearer, Key, Trait
from kb.store.outline import Outline, outline_of
from kb.store.protocol import Version
from kb.store.register import Outcome, Registered, RegisterRow
from kb.text.chars import searchable
from kb.text.own_numbers import numbers_of, plain_number
from kb.text.places import known_places, place_record
from kb.text.tokens import number_key
from kb.types import (
    EVERY_LETTER,
    Hidden,
    Letter,
    LetterHead,
    Original,
    Passage,
    Scope,
    Snapshot,
    Vectors,
)
from tests.support.letters import DIM, FakeEmbedder, cut, make_letter, tokenize

__all__ = ["DIM", "FakeEmbedder", "MemoryStore", "admits", "cut", "make_letter", "tokenize"]

Hits = list[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Record:
    """A letter as a fake store keeps it."""

    letter: Letter
    passages: tuple[Passage, ...]
    source: str
    digest: str
    vectors: Vectors
    sentence_vectors: tuple[Vectors, ...]
    hidden: tuple[Hidden, ...] = ()
    traits: Traits | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """All that one version holds."""

    records: Mapping[str, Record] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    aside: Mapping[str, tuple[str, Reason]] = field(default_factory=dict)
    registered: tuple[Registered, ...] = ()
    filled: frozenset[str] = frozenset()


class MemoryReader:
    """``kb.store.protocol.SnapshotReader`` over ``Contents``."""

    def __init__(
        self,
        snapshot: Snapshot,
        contents: Contents,
        *,
        files: Mapping[str, Path],
        tokenize: Callable[[str], list[str]],
    ) -> None:
        self.snapshot = snapshot
        self._files = files
        self._tokenize = tokenize
        self._sources = contents.sources
        self._registered = contents.registered
        self._records = {key: contents.records[key] for key in sorted(contents.records)}
        self._passages = [p for one in self._records.values() for p in one.passages]
        self._rows = [row for one in self._records.values() for row in one.vectors]
        self._aside = {
            key: SetAside(
                head=head_of(self._records[key].letter),
                served=served,
                reason=reason,
                taken_in=traits.taken_in if (traits := self._records[key].traits) else "",
            )
            for key, (served, reason) in contents.aside.items()
            if key in self._records
        }
        self._sentences = [s for one in self._records.values() for s in one.sentence_vectors]

    def letter(self, letter_id: str) -> Letter:
        return self._record(letter_id).letter

    def unmasked(self, letter_id: str) -> Letter:
        record = self._record(letter_id)
        return restored(record.letter, record.hidden)

    def original(self, letter_id: str) -> Original | None:
        source = self._record(letter_id).source
        digest = self._sources.get(source, "")
        path = self._files.get(digest)
        return Original(name=Path(source).name, path=path, sha256=digest) if path else None

    def letters(
        self,
        scope: Scope = EVERY_LETTER,
        *,
        issuers: Collection[str] = (),
        days: Sequence[tuple[str, str]] = (),
    ) -> Sequence[LetterHead]:
        meant = tuple(self._aside[i].served if i in self._aside else i for i in scope.letter_ids)
        scope = replace(scope, letter_ids=meant)
        found = tuple(
            head_of(one.letter)
            for key, one in self._records.items()
            if key not in self._aside and admits(scope, one.letter)
        )
        return tuple(
            head
            for head in found
            if (not issuers or head.issuer in issuers)
            and (not days or any(first <= (head.issued_on or "") <= last for first, last in days))
        )

    def ordinals(self, scope: Scope) -> Iterator[tuple[str, range]]:
        for head in self.letters(scope):
            yield head.id, self.passages_of(head.id)

    def head(self, letter_id: str) -> LetterHead:
        return head_of(self.letter(letter_id))

    def newest(self, most: int, scope: Scope) -> Sequence[LetterHead]:
        latest = sorted(self.letters(scope), key=lambda head: head.issued_on or "", reverse=True)
        return latest[:most]

    def tally(self, what: Trait, scope: Scope) -> Mapping[str, int]:
        counts = Counter[str]()
        for head in self.letters(scope):
            counts.update(traits_of(head, what))
        return counts

    def bearing(self, what: Key, keys: Sequence[str]) -> Sequence[Bearer]:
        return [
            Bearer(head=head_of(one.letter), key=key, served=self._served(letter_id))
            for letter_id, one in self._records.items()
            for key in sorted(keys_of(one.letter, what) & {*keys})
        ]

    def key_lengths(self, what: Key) -> Sequence[int]:
        every = (keys_of(one.letter, what) for one in self._records.values())
        return sorted({len(key) for keys in every for key in keys})

    def outlines(
        self,
        scope: Scope,
        *,
        issuers: Collection[str] = (),
        days: Sequence[tuple[str, str]] = (),
        words: Sequence[Collection[str]] = (),
    ) -> Iterator[tuple[LetterHead, Outline]]:
        for head in self.letters(scope, issuers=issuers, days=days):
            outline = outline_of(self.letter(head.id))
            if all(any(searchable(one) in outline.words for one in group) for group in words):
                yield head, outline

    def set_aside(self) -> Mapping[str, SetAside]:
        return self._aside

    def registered(self) -> Sequence[Registered]:
        return self._registered

    def passage(self, ordinal: int) -> Passage:
        return self._passages[self._known(ordinal)]

    def passages_of(self, letter_id: str) -> range:
        self._record(letter_id)
        own = [o for o, p in enumerate(self._passages) if p.letter_id == letter_id]
        return range(own[0], own[-1] + 1) if own else range(0)

    def lexical(self, tokens: Sequence[str], *, limit: int, scope: Scope) -> Hits:
        counts = [self._words(passage, scope) for passage in self._passages]
        every = sum(bool(words) for words in counts)
        scores: dict[int, float] = {}
        for token in dict.fromkeys(tokens):
            bearing = [o for o, words in enumerate(counts) if words[token]]
            rarity = math.log(1 + (every - len(bearing) + 0.5) / (len(bearing) + 0.5))
            for ordinal in bearing:
                times = counts[ordinal][token]
                score = rarity * times / (times + 1)
                scores[ordinal] = scores.get(ordinal, 0.0) + score
        return self._best(scores, limit=limit, scope=scope, above=0.0)

    def nearest(self, vector: Vectors, *, limit: int, scope: Scope) -> Hits:
        if self._rows and (vector.shape != self._rows[0].shape or not np.isfinite(vector).all()):
            raise ModelUnusable(f"向量的形状 {vector.shape} 不符；请用建库时的模型")
        length = float(np.linalg.norm(vector))
        if length == 0:
            return []
        cosines = {o: float(row @ vector) / length for o, row in enumerate(self._rows)}
        return self._best(cosines, limit=limit, scope=scope, above=-2.0)

    def vectors(self, ordinals: Sequence[int]) -> Vectors:
        rows = [self._rows[self._known(one)] for one in ordinals]
        return np.array(rows, dtype=np.float32).reshape(len(rows), -1 if rows else DIM)

    def sentence_vectors(self, ordinal: int) -> Vectors:
        return self._sentences[self._known(ordinal)]

    def _best(self, scores: Mapping[int, float], *, limit: int, scope: Scope, above: float) -> Hits:
        admitted = {one.id for one in self.letters(scope)}
        hits = [
            (ordinal, score)
            for ordinal, score in scores.items()
            if score > above and self._passages[ordinal].letter_id in admitted
        ]
        return sorted(hits, key=lambda hit: (-hit[1], hit[0]))[: max(limit, 0)]

    def _words(self, passage: Passage, scope: Scope) -> Counter[str]:
        letter = self._records[passage.letter_id].letter
        if letter.id in self._aside:
            return Counter()
        if scope.public_only and letter.publicity != "public":
            return Counter()
        title = letter.title.value if letter.title else ""
        return Counter(
            self._tokenize("\n".join((title, *passage.headings, passage.span.of(letter.text))))
        )

    def _served(self, letter_id: str) -> str:
        aside = self._aside.get(letter_id)
        return aside.served if aside else letter_id

    def _record(self, letter_id: str) -> Record:
        if letter_id not in self._records:
            raise LetterNotFound(f"没有编号为“{letter_id}”的复文；请核对编号")
        return self._records[letter_id]

    def _known(self, ordinal: int) -> int:
        if not 0 <= ordinal < len(self._passages):
            raise IndexError(f"no passage {ordinal}")
        return ordinal


def traits_of(head: LetterHead, what: Trait) -> set[str]:
    """The values that the letter has of a trait."""
    if what == "place":
        places = known_places(filter(None, [head.issuer]), filter(None, [head.title]))
        return {place_record(place) for place in places}
    value = (head.issued_on or "")[:4].lstrip("0") if what == "year" else getattr(head, what)
    return {value} - {None, ""}


def keys_of(letter: Letter, what: Key) -> set[str]:
    """What the letter can be looked up by."""
    if what == "own_number":
        return {*numbers_of(letter)}
    value = letter.value(what)
    as_key = number_key if what == "number" else plain_number
    return {as_key(value)} if value else set()


def admits(scope: Scope, letter: Letter) -> bool:
    """True if ``letter`` lies in ``scope``."""
    issued = letter.issued_on
    return (
        (not scope.letter_ids or letter.id in scope.letter_ids)
        and (scope.issuer is None or letter.value("issuer") == scope.issuer)
        and (scope.year is None or (issued is not None and issued.year == scope.year))
        and (scope.result_class is None or letter.value("result_class") == scope.result_class)
        and (scope.proposal_no is None or letter.value("proposal_no") == scope.proposal_no)
        and (not scope.public_only or letter.publicity == "public")
    )


class MemoryDraft:
    """``kb.store.protocol.Draft`` that hands its contents to a ``MemoryStore``."""

    def __init__(self, store: MemoryStore, base: Snapshot | None, contents: Contents) -> None:
        self._store = store
        self._before = contents
        self._records = dict(contents.records)
        self._sources = dict(contents.sources)
        self._aside = dict(contents.aside)
        self.registers = MemoryRegisters(self, contents)
        self._changed = base is None
        self._open = True
        self.base = base

    @property
    def changed(self) -> bool:
        return self._changed

    def scratch(self) -> Path:
        return Path(tempfile.mkdtemp())

    def touched(self, *letters: Letter) -> None:
        """Note a change: ``letters`` in place of those of their ids."""
        for letter in letters:
            self._records[letter.id] = replace(self._records[letter.id], letter=letter)
        self._changed = True

    def letters(self) -> Iterator[Letter]:
        """Every letter, by id."""
        return iter([self._records[key].letter for key in sorted(self._records)])

    def aside(self) -> Collection[str]:
        """The letters that are set aside."""
        return frozenset(self._aside)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.discard()

    def sources(self) -> Mapping[str, str]:
        self._still_open()
        return dict(self._sources)

    def letters_from(self, source: str) -> Mapping[str, str]:
        self._still_open()
        return {key: one.digest for key, one in self._records.items() if one.source == source}

    def source_of(self, letter_id: str) -> str | None:
        self._still_open()
        found = self._records.get(letter_id)
        return found.source if found else None

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
        self._still_open()
        check_put(
            letter,
            passages,
            source=source,
            vectors=vectors,
            sentence_vectors=sentence_vectors,
        )
        known = next((one.vectors for one in self._records.values() if len(one.vectors)), vectors)
        if len(vectors) and known.shape[1] != vectors.shape[1]:
            raise WrongUse(f"向量是 {vectors.shape[1]} 维，其余的是 {known.shape[1]} 维")
        self._records[letter.id] = Record(
            letter,
            tuple(passages),
            source,
            digest,
            vectors,
            tuple(sentence_vectors),
            tuple(hidden),
            traits,
        )
        self._changed = True

    def letter(self, letter_id: str) -> tuple[Letter, tuple[Hidden, ...]]:
        self._still_open()
        if letter_id not in self._records:
            raise LetterNotFound(f"没有编号为“{letter_id}”的复文；请核对编号")
        return self._records[letter_id].letter, self._records[letter_id].hidden

    def traits(self) -> Mapping[str, Traits]:
        self._still_open()
        return {key: one.traits for key, one in self._records.items() if one.traits}

    def came(self) -> Mapping[str, Came]:
        self._still_open()
        return {
            key: Came(
                taken_in=one.traits.taken_in,
                digests=frozenset((one.digest, one.letter.sha256, self._file(one.source))),
            )
            for key, one in self._before.records.items()
            if one.traits
        }

    def _file(self, source: str) -> str:
        return self._before.sources.get(source, "")

    def set_aside(self, served: Mapping[str, tuple[str, Reason]]) -> None:
        self._still_open()
        self._changed |= self._aside != dict(served)
        self._aside = dict(served)

    def drop(self, letter_id: str) -> None:
        self._still_open()
        self._changed |= self._records.pop(letter_id, None) is not None

    def keep(self, file: Path, digest: str) -> None:
        self._store.keep(file, digest)

    def seen(self, source: str, digest: str) -> None:
        self._still_open()
        check_source(source)
        self._changed |= self._sources.get(source) != digest
        self._sources[source] = digest

    def forget(self, source: str) -> None:
        for letter_id in self.letters_from(source):
            self.drop(letter_id)
        self.registers.put(source, ())
        self._changed |= self._sources.pop(source, None) is not None

    def publish(self) -> Snapshot:
        self._still_open()
        try:
            if self.base and not self._changed:
                return self.base
            registers = self.registers
            contents = Contents(
                records=self._records,
                sources=self._sources,
                aside=self._aside,
                registered=tuple(registers.rows()),
                filled=registers.filled(),
            )
            return self._store.take(contents, base=self.base)
        finally:
            self.discard()

    def discard(self) -> None:
        if self._open:
            self._open = False
            self._store.release()

    def _still_open(self) -> None:
        if not self._open:
            raise WrongUse("草稿已经发布或放弃；请另起一份草稿")


class MemoryRegisters:
    """``kb.store.register.Registers`` of a ``MemoryDraft``."""

    def __init__(self, draft: MemoryDraft, contents: Contents) -> None:
        self._draft = draft
        self._rows = list(contents.registered)
        self._filled = set(contents.filled)

    def put(self, source: str, rows: Sequence[RegisterRow]) -> None:
        if [found.row for found in self._rows if found.source == source] == list(rows):
            return
        others = [found for found in self._rows if found.source != source]
        none = Outcome(standing="unanswered")
        new = [Registered(source=source, row=row, outcome=none) for row in rows]
        self._rows = sorted([*others, *new], key=lambda found: found.source)
        self._draft.touched()

    def rows(self) -> Sequence[Registered]:
        return tuple(self._rows)

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        told = zip(self._rows, outcomes, strict=True)
        self._rows = [replace(found, outcome=outcome) for found, outcome in told]
        self._draft.touched()

    def letters(self) -> Iterator[Letter]:
        return self._draft.letters()

    def set_aside(self) -> Collection[str]:
        return self._draft.aside()

    def filled(self) -> frozenset[str]:
        return frozenset(self._filled & {letter.id for letter in self._draft.letters()})

    def amend(self, letter: Letter) -> None:
        self._draft.touched(letter)
        self._filled.add(letter.id)


class MemoryStore:
    """``kb.store.protocol.Store`` in memory; by default every character is a word."""

    degraded: str | None = None

    def __init__(
        self,
        *,
        fingerprint: Mapping[str, str] | None = None,
        tokenize: Callable[[str], list[str]] = tokenize,
    ) -> None:
        self._tokenize = tokenize
        self._fingerprint = dict(fingerprint or {})
        self._kept: dict[str, MemoryReader] = {}
        self._contents: dict[str, Contents] = {}
        self._current: str | None = None
        self._count = 0
        self._busy = False
        self._folder = Path(mkdtemp())
        weakref.finalize(self, shutil.rmtree, self._folder)
        self._files: dict[str, Path] = {}

    def current(self) -> MemoryReader:
        return self._kept[self._name(None)]

    def draft(self) -> MemoryDraft:
        if self._busy:
            raise StoreBusy("正由另一个索引进程写入；请等它结束后再试")
        self._busy = True
        if self._current is None:
            return MemoryDraft(self, None, Contents())
        return MemoryDraft(self, self.current().snapshot, self._contents[self._current])

    def versions(self) -> list[Version]:
        return [
            Version(
                version=name,
                snapshot=self._kept[name].snapshot,
                current=name == self._current,
                trouble=None,
            )
            for name in sorted(self._kept, reverse=True)
        ]

    def verify(self, version: str | None = None) -> Snapshot:
        return self._kept[self._name(version)].snapshot

    def prune(self, keep: int) -> list[str]:
        if keep < 1:
            raise WrongUse("至少要保留 1 个快照")
        self._idle()
        gone = [n for n in sorted(self._kept, reverse=True)[keep:] if n != self._current]
        for name in gone:
            del self._kept[name], self._contents[name]
        self._sweep()
        return gone

    def tidy(self) -> None:
        self._idle()

    def rollback(self, version: str | None = None, *, republish: bool = False) -> Snapshot:
        self._idle()
        target = version or self.current().snapshot.parent
        if target is None:
            raise WrongUse("没有更早的版本可以回退；请指明要用的版本")
        self._current = self._name(target)
        return self.current().snapshot

    def take(self, contents: Contents, *, base: Snapshot | None) -> Snapshot:
        """Publish the contents of a draft."""
        self._count += 1
        snapshot = Snapshot(
            version=f"20260101T000000-{self._count:08x}",
            parent=base.version if base else None,
            fingerprint=self._fingerprint,
            letters=len(contents.records),
            passages=sum(len(one.passages) for one in contents.records.values()),
            files={},
        )
        self._kept[snapshot.version] = MemoryReader(
            snapshot, contents, files=self._files, tokenize=self._tokenize
        )
        self._contents[snapshot.version] = replace(contents)
        self._current = snapshot.version
        self._sweep()
        return snapshot

    def keep(self, file: Path, digest: str) -> None:
        """Copy ``file`` unless a file with this digest is kept."""
        if digest not in self._files:
            self._files[digest] = self._folder / digest
            shutil.copyfile(file, self._files[digest])

    def _sweep(self) -> None:
        wanted = {one for kept in self._contents.values() for one in kept.sources.values()}
        for digest in self._files.keys() - wanted:
            self._files.pop(digest).unlink()

    def release(self) -> None:
        """Let the next draft begin."""
        self._busy = False

    def _idle(self) -> None:
        if self._busy:
            raise StoreBusy("正由另一个索引进程写入；请等它结束后再试")

    def _name(self, version: str | None) -> str:
        name = version or self._current
        if name is None or name not in self._kept:
            raise NoSnapshot(f"没有快照 {name or ''}；请先建库，或用 versions 列出的版本号")
        return name
