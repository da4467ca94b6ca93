"""The words of a snapshot, counted: what they weigh for Milvus, and exact scores of what it finds.

A server's own BM25 differs by version and counts by shard. Ours lies in the snapshot: a table of
the words with how many passages have each, and the words of every passage with how often. What a
passage's words weigh goes to Milvus as a sparse vector (the average length is that of this
snapshot); how rare a word is belongs to the question. The inner product of the two is BM25 as
tantivy has it: k1 1.2, b 0.75, lengths kept as one byte (Robertson and Zaragoza 2009; Lucene's
SmallFloat).
"""

from __future__ import annotations

import sqlite3
import threading
import weakref
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from kb.store import disk

K1, B = 1.2, 0.75
WORDS, TERMS, TIMES, FIRST = "words.db", "terms.u32", "times.u32", "first.i64"
SCHEMA = """
CREATE TABLE words (word TEXT PRIMARY KEY, number INTEGER NOT NULL, passages INTEGER NOT NULL,
    public INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE totals (public INTEGER PRIMARY KEY, passages INTEGER NOT NULL, words INTEGER NOT NULL);
"""
# The lengths that one byte tells apart: every one up to 40, then eight to each power of two.
LENGTHS = np.array(
    [*range(24), *(24 + (n if n < 8 else (n % 8 + 8) << (n // 8 - 1)) for n in range(232))],
    dtype=np.float64,
)
NOWHERE = 0  # a number that is no word's: what Milvus has of a passage without words

Ordinals = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]


class Words(NamedTuple):
    """The words of one passage with its title and headings, joined by spaces."""

    tokens: str
    public: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for: numbers of words in ascending order, how rare each is, the average length
    of the passages among which they are."""

    numbers: npt.NDArray[np.uint32]
    rarity: npt.NDArray[np.float64]
    average: float

    def sparse(self) -> dict[int, float]:
        """The question as a sparse vector."""
        return dict(zip(self.numbers.tolist(), self.rarity.tolist(), strict=True))


def write(folder: Path, passages: Iterable[Words | None]) -> None:
    """Count ``passages``, in ordinal order, into ``folder``; None is one that can't be found."""
    numbers: dict[str, int] = {}
    every, public = array("q", [0]), array("q", [0])  # passages with each word, by its number
    totals = {False: [0, 0], True: [0, 0]}
    first = array("q", [0])
    with (folder / TERMS).open("wb") as terms, (folder / TIMES).open("wb") as times:
        for passage in passages:
            counted = Counter(passage.tokens.split()) if passage else Counter[str]()
            for word in counted:
                if word not in numbers:
                    numbers[word] = len(every)
                    every.append(0)
                    public.append(0)
            own = sorted((numbers[word], count) for word, count in counted.items())
            array("I", [number for number, _ in own]).tofile(terms)
            array("I", [count for _, count in own]).tofile(times)
            first.append(first[-1] + len(own))
            if passage:
                for counts, among in ((every, True), (public, passage.public)):
                    for number, _ in own if among else ():
                        counts[number] += 1
                for among in {False, passage.public}:
                    totals[among][0] += 1
                    totals[among][1] += counted.total()
    with (folder / FIRST).open("wb") as out:
        first.tofile(out)
    with closing(sqlite3.connect(folder / WORDS)) as db, db:
        db.executescript(SCHEMA)
        db.executemany("INSERT INTO totals VALUES (?, ?, ?)", [(k, *v) for k, v in totals.items()])
        rows = ((word, at, every[at], public[at]) for word, at in sorted(numbers.items()))
        db.executemany("INSERT INTO words VALUES (?, ?, ?, ?)", rows)


class Counts:
    """What ``write`` counted. Raises sqlite3.Error, OSError where it cannot be read."""

    def __init__(self, folder: Path) -> None:
        self._lock = threading.Lock()
        self._db = disk.open_sealed(folder / WORDS)
        weakref.finalize(self, self._db.close)
        self._terms = _mapped(folder / TERMS, np.dtype(np.uint32))
        self._times = _mapped(folder / TIMES, np.dtype(np.uint32))
        self._first = _mapped(folder / FIRST, np.dtype(np.int64))
        rows = self._rows("SELECT public, passages, words FROM totals")
        self._totals: Mapping[bool, tuple[int, int]] = {bool(row[0]): row[1:] for row in rows}

    @property
    def passages(self) -> int:
        """How many passages there are, of those that can be found."""
        return self._totals[False][0]

    def asked(self, tokens: Sequence[str], *, public_only: bool) -> Asked | None:
        """The words of ``tokens`` that some passage has; None if there is none."""
        words = list(dict.fromkeys(tokens))
        marks = ", ".join("?" * len(words))
        column = "public" if public_only else "passages"
        rows = self._rows(
            f"SELECT number, {column} FROM words WHERE word IN ({marks}) AND {column} > 0"
            " ORDER BY number",
            *words,
        )
        if not rows:
            return None
        numbers, bearing = np.array(rows, dtype=np.int64).T
        passages, length = self._totals[public_only]
        return Asked(
            numbers=numbers.astype(np.uint32),
            rarity=np.log1p((passages - bearing + 0.5) / (bearing + 0.5)),
            average=length / passages,
        )

    def weights(self, ordinal: int) -> dict[int, float]:
        """What the words of a passage weigh among all that there are, by their numbers."""
        own = slice(self._first[ordinal], self._first[ordinal + 1])
        times = self._times[own].astype(np.float64)
        if not times.size:
            return {NOWHERE: 1.0}
        passages, length = self._totals[False]
        damping = _damping(times.sum(keepdims=True), average=length / passages)
        weights = _weight(times, damping)
        return dict(zip(self._terms[own].tolist(), weights.tolist(), strict=True))

    def scores(self, ordinals: Ordinals, asked: Asked) -> Scores:
        """The BM25 scores of passages, to float32: those of equal passages are equal."""
        begin, sizes = self._first[ordinals], self._first[ordinals + 1] - self._first[ordinals]
        owner = np.repeat(np.arange(len(ordinals)), sizes)
        at = np.arange(len(owner)) + np.repeat(begin - np.cumsum(sizes) + sizes, sizes)
        terms, times = self._terms[at], self._times[at].astype(np.float64)
        lengths = np.bincount(owner, weights=times, minlength=len(ordinals)).astype(np.float64)
        place = np.minimum(np.searchsorted(asked.numbers, terms), len(asked.numbers) - 1)
        meant = asked.numbers[place] == terms
        damping = _damping(lengths, average=asked.average)[owner[meant]]
        parts = asked.rarity[place[meant]] * _weight(times[meant], damping)
        found = np.bincount(owner[meant], weights=parts, minlength=len(ordinals))
        return found.astype(np.float32)

    def _rows(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._db.execute(query, values).fetchall()


def _damping(lengths: npt.NDArray[np.float64], *, average: float) -> npt.NDArray[np.float64]:
    """How much a passage's length takes from its words."""
    kept = LENGTHS[np.searchsorted(LENGTHS, lengths, side="right") - 1]
    damping: npt.NDArray[np.float64] = K1 * (1 - B + B * kept / average)
    return damping


def _weight(
    times: npt.NDArray[np.float64], damping: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    weight: npt.NDArray[np.float64] = (1 + K1) * times / (times + damping)
    return weight


def _mapped(path: Path, kind: np.dtype[Any]) -> npt.NDArray[Any]:
    if not path.stat().st_size:  # an empty file cannot be mapped
        return np.zeros(0, dtype=kind)
    return np.memmap(path, dtype=kind, mode="r")
