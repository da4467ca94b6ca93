"""What is left of a letter that was taken down, on the disk of the snapshots, and its removal.

Looked at by itself and not by what the program believes: every version's database, the index of
words and the vectors of the current one, originals, the cache of vectors, drafts, shards.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from kb.errors import BadSnapshot
from kb.store import disk, snapshot, vector_cache
from kb.store.local import dense, originals, parts, takedown
from kb.store.local.lexical import Lexical
from kb.store.local.schema import OF_LETTERS
from kb.store.snapshot import Shelf

FIRST = "请先把它的文件移出文件夹（批量导入则删去那一行），再运行 fuwen index update"
Remedy = Literal["mend", "yours", "kept"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Something that is left of a letter: a stable code of where, and a sentence for people.

    ``remedy``: "mend", the program can take it away; "yours", somebody has to; "kept", it stays
    since it is a record of what staff did, and no citizen sees it.
    """

    where: str
    told: str
    remedy: Remedy = "mend"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """The letter in the versions on the shelf: which hold it, its texts and its files' digests."""

    versions: tuple[str, ...]
    texts: frozenset[str]
    files: frozenset[str]


def traces(data: Path, letter_id: str) -> list[Trace]:
    """What is left of the letter ``letter_id`` below the data folder, apart from ``staff.db``.

    Raises NoSnapshot where nothing was published, BadSnapshot where a version can't be read.
    """
    shelf = Shelf(data)
    current = snapshot.read_pointer(shelf).version
    known = _known(shelf, letter_id)
    return [
        *_in_current(shelf.of(current), letter_id, known),
        *(
            Trace(where="older_snapshot", told=f"旧快照 {version} 里还有它")
            for version in known.versions
            if version != current
        ),
        *_originals(shelf, current, known),
        *_beside(data, letter_id),
    ]


def mend(data: Path, letter_id: str) -> None:
    """Take away what ``traces`` finds with the remedy "mend".

    Versions that hold the letter are deleted, whatever they hold besides, but not the current
    one. Raises StoreBusy, NoSnapshot, BadSnapshot.
    """
    shelf = Shelf(data)
    with disk.lock(data):
        current = snapshot.read_pointer(shelf).version
        for version in _known(shelf, letter_id).versions:
            if version != current:
                snapshot.remove(shelf, version)
        originals.sweep(shelf)
        for unfinished in (shelf.drafts, shelf.shards):
            shutil.rmtree(unfinished, ignore_errors=True)
        vector_cache.forget(data / vector_cache.NAME, letter_id)


def _known(shelf: Shelf, letter_id: str) -> _Known:
    versions, texts, files = [], set[str](), set[str]()
    for version in shelf.versions():
        rows = _rows(
            shelf.of(version),
            "SELECT letters.sha256, sources.digest FROM letters LEFT JOIN sources"
            " ON sources.source = letters.source WHERE id = ?",
            letter_id,
        )
        if rows:
            versions.append(version)
            texts |= {row[0] for row in rows}
            files |= {row[1] for row in rows if row[1]}
    if noted := takedown.known(shelf.root).get(letter_id):
        texts.add(noted)
    return _Known(versions=tuple(versions), texts=frozenset(texts), files=frozenset(files))


def _in_current(folder: Path, letter_id: str, known: _Known) -> Iterator[Trace]:
    """What the version that is served has of the letter, each part of it asked by itself."""
    tables = [
        table
        for table in OF_LETTERS
        if _rows(folder, f"SELECT 1 FROM {table} WHERE id = ? LIMIT 1", letter_id)
    ]
    if tables:
        yield Trace(where="letters", told=f"当前快照里还有它；{FIRST}", remedy="yours")
    own = sorted((folder / parts.FOLDER).glob("*"))
    indexes = [path for part in own for path in part.glob(f"{parts.WORDS}*")]
    if any(Lexical([path], [np.zeros(0, np.int64)]).bears(f"id={letter_id}") for path in indexes):
        told = "当前快照的词面索引里还有它；请运行 fuwen index update … --rebuild"
        yield Trace(where="lexical", told=told, remedy="yours")
    passages = int(_rows(folder, "SELECT count(*) FROM passages")[0][0])
    vectors = [path for part in own for path in part.glob(parts.INDEX)]  # none: Milvus has them
    if vectors and passages != sum(map(dense.passages_in, vectors)):
        told = "当前快照的向量与段落数目不符；请运行 fuwen index update … --rebuild"
        yield Trace(where="vectors", told=told, remedy="yours")
    for text in sorted(known.texts):
        others = _rows(
            folder, "SELECT id FROM letters WHERE sha256 = ? AND id <> ?", text, letter_id
        )
        for (other,) in others:
            told = f"同样的文字还在，编号是 {other}；也要撤下的话，请一并移出它的文件"
            yield Trace(where="copy", told=told, remedy="yours")


def _originals(shelf: Shelf, current: str, known: _Known) -> Iterator[Trace]:
    """Kept files that the letter was read from, or that no version was made from."""
    if not shelf.originals.is_dir():
        return
    served = set(originals.named(shelf.of(current)))
    wanted = {
        digest for version in shelf.versions() for digest in originals.named(shelf.of(version))
    }
    for path in sorted(shelf.originals.iterdir()):
        if path.name in known.files and path.name in served:
            told = f"它的原件 {path.name[:12]}… 还由当前快照里的文件用着；请移出那个文件"
            yield Trace(where="original", told=told, remedy="yours")
        elif path.name in known.files or path.name not in wanted:
            yield Trace(where="original", told=f"原件 {path.name[:12]}… 还留着")


def _beside(data: Path, letter_id: str) -> Iterator[Trace]:
    if vector_cache.holds(data / vector_cache.NAME, letter_id):
        yield Trace(where="vector_cache", told=f"{vector_cache.NAME} 里还有它的向量")
    drafts = Shelf(data).drafts
    if drafts.is_dir() and any(drafts.iterdir()):
        yield Trace(where="draft", told="drafts 里有没有做完的快照")
    shards = Shelf(data).shards
    if shards.is_dir() and any(shards.iterdir()):
        yield Trace(where="shards", told="shards 里有没有做完的分片")


def _rows(folder: Path, query: str, *values: str) -> Sequence[tuple[str, ...]]:
    """Rows of a version's database. Raises BadSnapshot."""
    try:
        with closing(disk.open_sealed(folder / "letters.db")) as db:
            return db.execute(query, values).fetchall()
    except sqlite3.Error as error:
        raise BadSnapshot(
            f"快照 {folder.name} 的复文读不出来（{error}），说不清里面还有什么；"
            "请用 fuwen index prune --keep 1 删去旧快照后再核对"
        ) from error
