"""The next local snapshot, built aside in ``data/drafts/<version>/``.

Letters live in a copy of the base's database; vectors of letters put now go to two plain
files beside it, those of unchanged letters are taken from the base at publish.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import astuple
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from kb.errors import LetterNotFound, NoSnapshot, StoreFull, WrongUse
from kb.store import codec, disk, snapshot
from kb.store.codec import check_dim, check_put, check_source
from kb.store.kin import Came, Reason, Traits
from kb.store.local import build, former, originals, parts, takedown
from kb.store.local.insert import dirty, insert_letter, insert_passages
from kb.store.local.plan import Plan
from kb.store.local.registers import LocalRegisters
from kb.store.local.schema import OF_LETTERS, SCHEMA
from kb.store.local.vectors import Scratch
from kb.types import Hidden, Letter, Passage, Snapshot, Vectors


class LocalDraft:
    """``kb.store.protocol.Draft``; holds the writer's lock until it is published or discarded.

    To be used from the thread that made it.
    """

    def __init__(
        self, plan: Plan, *, lock: disk.WriterLock, published: Callable[[Snapshot], None]
    ) -> None:
        self._plan = plan
        self._published = published
        self._folder = plan.shelf.drafts / plan.version
        # A base that is not current was fallen back on; publishing it again mends CURRENT, and
        # the index where it is that which the base has lost.
        self._changed = not plan.base or plan.base.version != plan.current or plan.index_lost
        self._dim: int | None = None
        self._open = True
        self._ending = ExitStack()
        self._ending.callback(lock.close)
        self._ending.callback(shutil.rmtree, self._folder, ignore_errors=True)
        try:
            with self._room():
                self._folder.mkdir(parents=True)
                self._start()
        except BaseException:
            self.discard()
            raise

    @property
    def base(self) -> Snapshot | None:
        return self._plan.base

    @property
    def changed(self) -> bool:
        return self._changed

    @property
    def registers(self) -> LocalRegisters:
        self._still_open()
        return LocalRegisters(self._db, self._writing)

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
        return dict(self._rows("SELECT source, digest FROM sources"))

    def letters_from(self, source: str) -> Mapping[str, str]:
        return dict(self._rows("SELECT id, digest FROM letters WHERE source = ?", source))

    def source_of(self, letter_id: str) -> str | None:
        found = self._rows("SELECT source FROM letters WHERE id = ?", letter_id)
        return found[0][0] if found else None

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
            letter, passages, source=source, vectors=vectors, sentence_vectors=sentence_vectors
        )
        if len(vectors):
            self._dim = self._dim or vectors.shape[1]
            check_dim(letter, vectors, dim=self._dim)
        with self._writing():
            self._delete(letter.id)
            tokenize = self._plan.tokenize
            insert_letter(self._db, letter, source=source, digest=digest, tokenize=tokenize)
            sentences = insert_passages(self._db, letter, passages, tokenize=tokenize)
            apart = [(letter.id, run.start, run.text) for run in hidden]
            self._db.executemany("INSERT INTO hidden VALUES (?, ?, ?)", apart)
            if traits:
                known = (letter.id, *astuple(traits))
                self._db.execute("INSERT INTO traits VALUES (?, ?, ?, ?)", known)
            first = self._passage_rows.append(vectors)
            first_sentence = self._sentence_rows.rows
            for rows in sentence_vectors:
                self._sentence_rows.append(rows)
            self._db.execute(
                "INSERT INTO places VALUES (?, NULL, ?, ?, ?, ?, NULL, NULL)",
                (letter.id, first, len(passages), first_sentence, sentences),
            )

    def letter(self, letter_id: str) -> tuple[Letter, tuple[Hidden, ...]]:
        found = self._rows("SELECT record FROM texts WHERE id = ?", letter_id)
        if not found:
            raise LetterNotFound(f"草稿 {self._plan.version} 中没有复文 {letter_id}；请核对编号")
        apart = self._rows(
            "SELECT start, characters FROM hidden WHERE id = ? ORDER BY start", letter_id
        )
        hidden = tuple(Hidden(start=start, text=text) for start, text in apart)
        return codec.letter_from(found[0][0]), hidden

    def traits(self) -> Mapping[str, Traits]:
        rows = self._rows("SELECT id, taken_in, record, sketch FROM traits")
        return {row[0]: Traits(taken_in=row[1], record=row[2], sketch=row[3]) for row in rows}

    def came(self) -> Mapping[str, Came]:
        plan = self._plan
        served = plan.base.version if plan.base else plan.current
        return former.came(plan.shelf.of(served)) if served else {}

    def set_aside(self, served: Mapping[str, tuple[str, Reason]]) -> None:
        before = {row[0]: row[1:] for row in self._rows("SELECT id, served, reason FROM aside")}
        if before != dict(served):
            with self._writing():
                self._db.execute("DELETE FROM aside")
                rows = [(letter_id, *why) for letter_id, why in served.items()]
                self._db.executemany("INSERT INTO aside VALUES (?, ?, ?)", rows)
                for letter_id in before.keys() ^ served.keys():  # in the rankings or no more
                    dirty(self._db, letter_id)

    def drop(self, letter_id: str) -> None:
        if self.source_of(letter_id) is not None:
            with self._writing():
                self._delete(letter_id)

    def keep(self, file: Path, digest: str) -> None:
        with self._room():
            originals.keep(self._plan.shelf.originals, file, digest)

    def scratch(self) -> Path:
        folder = self._folder / "scratch"
        folder.mkdir(exist_ok=True)
        return folder

    def seen(self, source: str, digest: str) -> None:
        check_source(source)
        if self._digest_of(source) != digest:
            with self._writing():
                self._db.execute("REPLACE INTO sources VALUES (?, ?)", (source, digest))

    def forget(self, source: str) -> None:
        for letter_id in self.letters_from(source):
            self.drop(letter_id)
        self.registers.put(source, ())
        if self._digest_of(source) is not None:
            with self._writing():
                self._db.execute("DELETE FROM sources WHERE source = ?", (source,))

    def publish(self) -> Snapshot:
        self._still_open()
        if self._plan.base and not self._changed:
            self.discard()
            return self._plan.base
        try:
            with disk.room(self._plan.shelf.root):
                sealed = self._build()
                self._note_taken_down()
                self._plan.engine.point(sealed.version)
                snapshot.install(self._plan.shelf, self._folder / "built", snapshot=sealed)
                originals.sweep(self._plan.shelf)
        except BaseException:
            snapshot.withdraw(self._plan.shelf, self._plan.version)
            self._plan.take_back()
            raise
        finally:
            self.discard()
        self._published(sealed)
        return sealed

    def discard(self) -> None:
        self._open = False
        self._ending.close()

    def _start(self) -> None:
        """Open the database, a copy of the base's, and the files for new vectors."""
        base, work = self._plan.base, self._folder / "work.db"
        if base:
            self._base_folder = self._plan.shelf.of(base.version)
            shutil.copyfile(self._base_folder / "letters.db", work)
        self._db = sqlite3.connect(work)
        self._ending.callback(self._db.close)
        # Nobody reads a draft after a crash, so its journal need not survive one. What is
        # dropped is overwritten: a withdrawn letter must not linger in free pages.
        self._db.executescript(
            "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA secure_delete = ON;"
        )
        if not base:
            self._db.executescript(SCHEMA)
        elif base.passages:
            self._dim = parts.dim_in(self._base_folder)
        self._passage_rows = Scratch(self._folder / "passages.f16")
        self._ending.callback(self._passage_rows.close)
        self._sentence_rows = Scratch(self._folder / "sentences.f16")
        self._ending.callback(self._sentence_rows.close)

    def _note_taken_down(self) -> None:
        # Also where nothing is built upon what was served until now, as by new rules: it may
        # be gone back to.
        plan, before = self._plan, takedown.Public()
        if served := plan.base.version if plan.base else plan.current:
            with suppress(sqlite3.Error, NoSnapshot):  # damaged: nobody can go back to it
                before = takedown.public_of(plan.shelf.of(served))
        now = takedown.public_of(self._folder / "built")
        takedown.note(self._plan.shelf.root, before=before, now=now)

    def _build(self) -> Snapshot:
        plan, built, dim = self._plan, self._folder / "built", self._dim or 0
        built.mkdir()
        base, engine = self._base_folder if plan.base else None, plan.engine
        own = {"passages": self._passage_rows.view(dim), "sentences": self._sentence_rows.view(dim)}
        kept, taken = build.parts_of(self._db, built, base=base, index=engine.index_part, **own)
        taken += engine.build(self._db, built, base=base, kept=kept, version=plan.version)
        letters, count = build.counted(self._db)
        build.database(self._db, built)
        return snapshot.seal(
            built,
            snapshot=Snapshot(
                version=plan.version,
                parent=plan.base.version if plan.base else plan.current,
                fingerprint=dict(plan.fingerprint),
                letters=letters,
                passages=count,
                files={},
            ),
            taken={name: plan.base.files[name] for name in taken} if plan.base else {},
        )

    def _delete(self, letter_id: str) -> None:
        dirty(self._db, letter_id)
        for table in OF_LETTERS:
            self._db.execute(f"DELETE FROM {table} WHERE id = ?", (letter_id,))

    def _rows(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        self._still_open()
        return self._db.execute(query, values).fetchall()

    def _digest_of(self, source: str) -> str | None:
        """The digest of ``source`` as last indexed, or None."""
        found = self._rows("SELECT digest FROM sources WHERE source = ?", source)
        return found[0][0] if found else None

    def _still_open(self) -> None:
        if not self._open:
            raise WrongUse(f"草稿 {self._plan.version} 已经发布或放弃；请另起一份草稿")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One change of the database, after which there is something to publish."""
        with self._room(), self._db:
            yield
        self._changed = True

    @contextmanager
    def _room(self) -> Iterator[None]:
        """A full disk ends the draft: what was half written is of no use."""
        try:
            with disk.room(self._plan.shelf.root):
                yield
        except StoreFull:
            self.discard()
            raise
