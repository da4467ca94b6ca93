"""From a draft's database and vectors to the files of a snapshot: its parts, then its database.

Ordinals run from 0 through the letters by id and through each letter's passages by position,
whichever parts they stand in.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from kb.store import codec
from kb.store.local import dense, lexical, parts
from kb.store.local import vectors as local_vectors
from kb.store.local.heads import head_from
from kb.store.local.lists import DATABASE
from kb.store.local.parts import (
    INDEX,
    PASSAGE_VECTORS,
    PUBLIC_WORDS,
    SENTENCE_VECTORS,
    WORDS,
    Piece,
)
from kb.store.local.schema import HEAD
from kb.store.local.vectors import Rows, Stored

TRAINED = "trained.faiss"
WASTE = 0.25  # share of free pages from which on the database is rewritten without them


IndexPart = Callable[[sqlite3.Connection, Path, Sequence[Piece], Path], None]


def parts_of(
    db: sqlite3.Connection,
    built: Path,
    *,
    base: Path | None,
    passages: Stored,
    sentences: Stored,
    index: IndexPart,
) -> tuple[list[int], list[str]]:
    """Put all parts of the draft's letters into ``built``; the parts and files of ``base`` taken.

    ``passages`` and ``sentences`` are the draft's own rows, (n, dim) float16. ``index`` is called
    with the folder of each new part, its letters, and a path where there is nothing yet.
    """
    kept, pieces = parts.loose(db)
    (last,) = db.execute("SELECT coalesce(max(part), 0) FROM parts").fetchone()
    with db:
        db.execute(f"DELETE FROM parts WHERE part NOT IN ({', '.join(map(str, kept))})")
        for part, group in enumerate(parts.groups(pieces), last + 1):
            folder = parts.folder_of(built, part)
            folder.mkdir(parents=True)
            _vectors(folder, group, base=base or built, passages=passages, sentences=sentences)
            index(db, folder, group, built.parent / str(part))
            parts.settle(db, part, group)
        parts.number(db)
    names = [name for part in kept for name in _files(base or built, part)]
    return kept, parts.take(base or built, built, names)


def _files(base: Path, part: int) -> Iterator[str]:
    """The files of a part that stay as they are; its FAISS index may have to be made anew."""
    for path in sorted(parts.folder_of(base, part).rglob("*")):
        if path.is_file() and path.name != INDEX:
            yield path.relative_to(base).as_posix()


def _vectors(
    folder: Path, group: Sequence[Piece], *, base: Path, passages: Stored, sentences: Stored
) -> None:
    """Write both vector files of a new part."""
    _gathered(
        folder / PASSAGE_VECTORS, base, passages, [(p.part, p.row, p.passages) for p in group]
    )
    runs = [(piece.part, piece.sentence_row, piece.sentences) for piece in group]
    _gathered(folder / SENTENCE_VECTORS, base, sentences, runs)


def _gathered(
    path: Path, base: Path, fresh: Stored, runs: Sequence[tuple[int | None, int, int]]
) -> None:
    """Write the ``runs`` of rows, (part, first, count) each, as one file."""
    sources: dict[int | None, Stored] = {None: fresh}
    for part in {part for part, _, count in runs if count and part is not None}:
        sources[part] = local_vectors.read(parts.folder_of(base, part) / path.name)
    blocks = (sources[part][first : first + count] for part, first, count in runs if count)
    rows = sum(count for _, _, count in runs)
    local_vectors.write(path, blocks, rows=rows, dim=fresh.shape[1])


def index_words(
    db: sqlite3.Connection, folder: Path, group: Sequence[Piece], scratch: Path
) -> None:
    """Write the indexes of the words of a new part.

    Where not all its letters are public, the public ones have an index of words of their own: in
    a common one the others would weigh in how rare a word is, and citizens' scores would tell.
    """
    heads = [
        head_from(db.execute(f"SELECT {HEAD} FROM letters WHERE id = ?", (piece.id,)).fetchone())
        for piece in group
    ]
    labels = {head.id: codec.labels(head) for head in heads}
    public = {head.id for head in heads if head.publicity == "public"}
    for name in (WORDS,) if len(public) == len(heads) else (WORDS, PUBLIC_WORDS):
        shown = labels if name == WORDS else {i: labels[i] for i in public}
        words = _words(db, group, shown)
        lexical.build_lexical(folder / name, words, scratch=scratch.with_suffix(f".{name}"))


def _words(
    db: sqlite3.Connection, group: Sequence[Piece], labels: Mapping[str, tuple[str, ...]]
) -> Iterator[lexical.Words]:
    """The words of the letters that have ``labels``, but of none that is set aside."""
    aside = {row[0] for row in db.execute("SELECT id FROM aside")}
    first = 0
    for piece in group:
        if piece.id in labels and piece.id not in aside:
            (title,) = db.execute(
                "SELECT title_tokens FROM texts WHERE id = ?", (piece.id,)
            ).fetchone()
            passages = db.execute(
                "SELECT heading_tokens, body_tokens FROM passages WHERE id = ? ORDER BY position",
                (piece.id,),
            )
            for row, (headings, body) in enumerate(passages, first):
                tokens = f"{title} {headings} {body}"
                yield lexical.Words(row=row, tokens=tokens, labels=labels[piece.id])
        first += piece.passages


def index_vectors(
    db: sqlite3.Connection, built: Path, *, base: Path | None, kept: Sequence[int]
) -> list[str]:
    """Index the vectors of all parts; the names of the files that were taken from ``base``."""
    every = parts.read(db, built)
    rows = Rows(every)
    known = db.execute("SELECT kind, passages FROM trained").fetchone()
    taken: list[str] = []
    if base and known and dense.still_trained(*known, now=len(rows)):
        there = {parts.folder_of(built, part) for part in kept}
        folders = [part.folder for part in every if part.folder in there]
        names = [(folder / INDEX).relative_to(built).as_posix() for folder in folders]
        taken = parts.take(base, built, names)
        shutil.copyfile(base / TRAINED, built / TRAINED)
    else:
        dense.train(built / TRAINED, rows)
        with db:
            db.execute("DELETE FROM trained")
            kind = dense.index_for(len(rows))
            db.execute("INSERT INTO trained VALUES (?, ?)", (kind, len(rows)))
    for part in every:
        if not (part.folder / INDEX).exists():
            vectors = local_vectors.read(part.folder / PASSAGE_VECTORS)
            dense.build_dense(part.folder / INDEX, vectors, trained=built / TRAINED)
    return taken


def counted(db: sqlite3.Connection) -> tuple[int, int]:
    """The numbers of letters and of passages."""
    letters, passages = db.execute(
        "SELECT count(*), coalesce(sum(passages), 0) FROM places"
    ).fetchone()
    return int(letters), int(passages)


def database(db: sqlite3.Connection, built: Path) -> None:
    """Put the draft's database, without much free space in it, into ``built``."""
    free = db.execute("PRAGMA freelist_count").fetchone()[0]
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    if free > WASTE * pages:
        db.execute("VACUUM")
    work = Path(db.execute("PRAGMA database_list").fetchone()[2])
    db.close()
    work.rename(built / DATABASE)
