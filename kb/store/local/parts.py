"""The parts of a local snapshot: some letters' vectors, words and FAISS codes, made once.

A part never changes. A version takes over, as links to the same files, every part whose letters
are all as they were, and makes new ones of what is left: what publishing costs depends upon what
has changed. A part of which a letter was dropped is made anew, so that nothing of it stays.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

FOLDER = "parts"
PASSAGE_VECTORS, SENTENCE_VECTORS = "vectors.npy", "sentences.npy"
# The words of every letter; and of the public ones alone, where that is not the same.
WORDS, PUBLIC_WORDS = "tantivy", "tantivy-public"
INDEX = "faiss.index"
# Passages of a part at most, but for a longer letter: to drop one letter costs as many at most.
ROWS = 65_536
# Parts of so many are made anew each time: it costs nothing, and small bases then share no file
# between versions, so that damage to the one leaves the other.
SMALL = 2_048
# What says that a file cannot be linked but may be copied: another disk, one that knows no links,
# files of another user, or too many links.
_NO_LINK = frozenset({errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS})

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part in a version's folder; ``ordinals`` are its passages' ordinals, in its own order."""

    folder: Path
    ordinals: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A letter that goes into a new part: where its rows are now; ``part`` None: in this draft."""

    id: str
    part: int | None
    row: int
    passages: int
    sentence_row: int
    sentences: int


def folder_of(version: Path, part: int) -> Path:
    """Where a part lies in a version's folder."""
    return version / FOLDER / str(part)


def read(db: sqlite3.Connection, version: Path) -> list[Part]:
    """The parts of a version by number, its places being numbered."""
    rows = np.fromiter(
        (number for row in db.execute(_ROWS) for number in row), dtype=np.int64
    ).reshape(-1, 4)
    parts = []
    for number in np.unique(rows[:, 0]).tolist():
        own = rows[rows[:, 0] == number]
        own = own[np.argsort(own[:, 1])]
        within = np.arange(int(own[:, 2].sum())) - np.repeat(
            np.cumsum(own[:, 2]) - own[:, 2], own[:, 2]
        )
        ordinals = np.repeat(own[:, 3], own[:, 2]) + within
        parts.append(Part(folder=folder_of(version, number), ordinals=ordinals))
    return parts


_ROWS = "SELECT part, row, passages, first FROM places WHERE passages > 0"


def dim_in(version: Path) -> int:
    """How many numbers each vector of a version has that is not empty."""
    some = next((version / FOLDER).glob(f"*/{PASSAGE_VECTORS}"))
    return int(np.load(some, mmap_mode="r").shape[1])


def loose(db: sqlite3.Connection) -> tuple[list[int], list[Piece]]:
    """The parts that are taken over, and the letters, by id, that new parts are made of.

    As with the sizes of a log-structured merge: small parts are made anew together with as many
    new passages, so that there are never many of them, and no passage is written often.
    """
    sizes = dict(
        db.execute(
            "SELECT part, sum(passages) FROM places WHERE part IN"
            " (SELECT part FROM parts WHERE NOT dirty) GROUP BY part"
        ).fetchall()
    )
    (count,) = db.execute("SELECT coalesce(sum(passages), 0) FROM places").fetchone()
    count -= sum(sizes.values())
    for part, size in sorted(sizes.items(), key=lambda item: item[::-1]):
        if size <= max(count, SMALL) and size + count <= ROWS:
            count += size
            del sizes[part]
    kept = ", ".join(map(str, sizes))
    rows = db.execute(
        "SELECT id, part, row, passages, sentence_row, sentences FROM places"
        f" WHERE part IS NULL OR part NOT IN ({kept}) ORDER BY id"
    )
    names = ("id", "part", "row", "passages", "sentence_row", "sentences")
    return sorted(sizes), [Piece(**dict(zip(names, row, strict=True))) for row in rows]


def groups(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """``pieces`` in order, as many together as a part may hold."""
    group: list[Piece] = []
    count = 0
    for piece in pieces:
        if group and count + piece.passages > ROWS:
            yield group
            group, count = [], 0
        group.append(piece)
        count += piece.passages
    if group:
        yield group


def settle(db: sqlite3.Connection, part: int, group: Iterable[Piece]) -> None:
    """Note that the letters of ``group`` stand in ``part`` now, one behind the other."""
    row = sentence_row = 0
    db.execute("INSERT INTO parts VALUES (?, 0)", (part,))
    for piece in group:
        db.execute(
            "UPDATE places SET part = ?, row = ?, sentence_row = ? WHERE id = ?",
            (part, row, sentence_row, piece.id),
        )
        row += piece.passages
        sentence_row += piece.sentences


def number(db: sqlite3.Connection) -> None:
    """Give every place its first ordinals: through the letters by id, without a gap."""
    db.execute(
        "UPDATE places SET first = its.first, first_sentence = its.first_sentence FROM"
        " (SELECT id, sum(passages) OVER before - passages AS first,"
        " sum(sentences) OVER before - sentences AS first_sentence FROM places"
        " WINDOW before AS (ORDER BY id)) AS its WHERE places.id = its.id"
        " AND (places.first IS NOT its.first OR places.first_sentence IS NOT its.first_sentence)"
    )


def take(base: Path, built: Path, names: Iterable[str]) -> list[str]:
    """Make files of ``base`` files of ``built`` too; the names of those that are the same now.

    The others are copies, where the disk knows no links.
    """
    same = []
    for name in names:
        (built / name).parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(base / name, built / name)
            same.append(name)
        except OSError as error:
            if error.errno not in _NO_LINK:
                raise
            shutil.copyfile(base / name, built / name)
    return same
