"""From a draft's database and vectors to the files of a snapshot, in ordinal order.

Ordinals run from 0 through the letters by id and through each letter's passages by position.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from kb.store import codec
from kb.store.local import dense, lexical
from kb.store.local import vectors as local_vectors
from kb.store.local.letters import DATABASE, head_from
from kb.store.local.reader import PUBLIC_WORDS, WORDS
from kb.store.local.schema import HEAD
from kb.store.local.vectors import Stored

PASSAGE_VECTORS = "vectors.npy"
SENTENCE_VECTORS = "sentences.npy"
INDEX = "faiss.index"
WASTE = 0.25  # share of free pages from which on the database is rewritten without them


def vector_files(
    db: sqlite3.Connection, built: Path, *, base: Path | None, passages: Stored, sentences: Stored
) -> None:
    """Write both vector files into ``built`` and renumber the draft's places accordingly.

    ``passages`` and ``sentences`` are the draft's own rows, (n, dim) float16; places that are
    not fresh refer to the files in the folder ``base``.
    """
    places = db.execute(
        "SELECT id, fresh, first, passages, first_sentence, sentences FROM places ORDER BY id"
    ).fetchall()
    dim = passages.shape[1]
    for name, fresh, first, count in (
        (PASSAGE_VECTORS, passages, 2, 3),
        (SENTENCE_VECTORS, sentences, 4, 5),
    ):
        old = local_vectors.read(base / name) if base else fresh[:0]
        blocks = (
            (fresh if place[1] else old)[place[first] : place[first] + place[count]]
            for place in places
        )
        rows = sum(place[count] for place in places)
        local_vectors.write(built / name, blocks, rows=rows, dim=dim)
    with db:
        db.execute("DELETE FROM places")
        db.executemany("INSERT INTO places VALUES (?, 0, ?, ?, ?, ?)", _renumbered(places))


def _renumbered(
    places: Sequence[tuple[str, int, int, int, int, int]],
) -> Iterator[Sequence[object]]:
    first = first_sentence = 0
    for letter_id, _, _, passages, _, sentences in places:
        yield letter_id, first, passages, first_sentence, sentences
        first += passages
        first_sentence += sentences


def indexes(db: sqlite3.Connection, built: Path) -> tuple[int, int]:
    """Build the indexes from nothing; return the numbers of letters and of passages.

    The words of letters that are set aside are in none.

    Where not all letters are public, the public ones have an index of words of their own: in a
    common one the others would weigh in how rare a word is, and citizens' scores would tell.
    """
    private = db.execute("SELECT count(*) FROM letters WHERE publicity <> 'public'").fetchone()[0]
    for name in (WORDS, PUBLIC_WORDS) if private else (WORDS,):
        words = words_of(db, public_only=name == PUBLIC_WORDS)
        lexical.build_lexical(built / name, words, scratch=built.parent / name)
    vectors = local_vectors.read(built / PASSAGE_VECTORS)
    dense.build_dense(built / INDEX, vectors)
    letters = int(db.execute("SELECT count(*) FROM letters").fetchone()[0])
    return letters, len(vectors)


def words_of(db: sqlite3.Connection, *, public_only: bool = False) -> Iterator[lexical.Words]:
    """The words of every passage, in ordinal order, or of those of public letters."""
    letters = db.execute(
        f"SELECT {HEAD}, first, title_tokens FROM letters JOIN places USING (id)"
        " WHERE id NOT IN (SELECT id FROM aside) ORDER BY id"
    )
    for row in letters:
        head = head_from(row)
        if public_only and head.publicity != "public":
            continue
        labels, (first, title) = codec.labels(head), row[-2:]
        passages = db.execute(
            "SELECT heading_tokens, body_tokens FROM passages WHERE id = ? ORDER BY position",
            (row[0],),
        )
        for ordinal, (headings, body) in enumerate(passages, first):
            tokens = f"{title} {headings} {body}"
            yield lexical.Words(ordinal=ordinal, tokens=tokens, labels=labels)


def database(db: sqlite3.Connection, built: Path) -> None:
    """Put the draft's database, without much free space in it, into ``built``."""
    free = db.execute("PRAGMA freelist_count").fetchone()[0]
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    if free > WASTE * pages:
        db.execute("VACUUM")
    work = Path(db.execute("PRAGMA database_list").fetchone()[2])
    db.close()
    work.rename(built / DATABASE)
