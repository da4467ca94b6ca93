"""Files are read and embedded ahead by a runner, in two passes; then they are put from the shards.

Everything that decides what becomes of a letter stays where it is, in ``indexer.update``: the
shards only spare it the work. What is not in them as it is to be is done here and now: a file
that changed meanwhile, a letter that staff corrected, a vector that was lost.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, groupby, islice
from pathlib import Path
from typing import Any

import numpy as np

from indexer.formats.raw import PASSING, Raw
from indexer.formats.table.items import item_in
from indexer.parsed import File, Here, Parsed, ParsedLetter
from indexer.shards import table
from indexer.shards.plan import Part, appeared, parts
from indexer.shards.runner import GO_ON, Runner
from indexer.shards.table import Row
from indexer.shards.work import Terms, embed_slice, heads, parse_files, shape
from indexer.worker import Prepared
from kb.errors import RunnerFailed, UnreadableFile
from kb.intake.corrections import Values
from kb.models.embedding import Embedder
from kb.store.codec import letter_from, passage_from
from kb.store.kin import Traits
from kb.store.modes import make_folder
from kb.store.vector_cache import key_of
from kb.types import Hidden, Letter, Passage, Vectors

Tick = Callable[[str, int], None]
Keys = frozenset[bytes]
# Of what was refused for these, the host may have been the reason: it is tried again here.
DOUBTFUL = ("unreadable_path", *PASSING)


class Ahead:
    """What a runner read and embedded: ``Reads`` of the files, ``Embedder`` of their passages.

    The shards lie in ``folder``. ``embedder`` embeds what is in none. Files below ``apart`` are
    left alone, since other hosts do not see them.
    """

    def __init__(
        self,
        runner: Runner,
        terms: Terms,
        *,
        folder: Path,
        embedder: Embedder,
        apart: Sequence[Path] = (),
    ) -> None:
        self._runner = runner
        self._terms = terms
        self._folder = folder
        self._embedder = embedder
        self._apart = [path.resolve() for path in apart]
        self._vectors: dict[bytes, bytes] = {}

    @property
    def name(self) -> str:
        return self._embedder.name

    def begin(
        self,
        files: Sequence[File],
        here: Here,
        *,
        known: Callable[[], Keys],
        tick: Tick,
    ) -> Ahead:
        """Do both passes over ``files``; ``known`` gives the keys of passages with vectors.

        What an earlier run did is not done again. Raises RunnerFailed, StoreFull.
        """
        make_folder(self._folder)
        keys = known()
        with self._terms.known.open("wb") as out:
            np.save(out, heads(keys))
        terms = replace(self._terms, shape=shape(self._terms))
        mine = [file for file in files if not self._is_apart(file)]
        planned = list(parts(mine, terms))
        with self._runner:
            self._parse(planned, terms, tick)
            shards = self._embed(planned, terms, keys=keys, tick=tick)
        self._here = here
        self._planned = {file.source.key for file in mine}
        rows = chain.from_iterable(map(self._load, shards))
        self._files = groupby(rows, key=lambda row: row.source)
        return self

    def _is_apart(self, file: File) -> bool:
        path = file.source.path.resolve()
        return any(path.is_relative_to(folder) for folder in self._apart)

    def _parse(self, planned: Sequence[Part], terms: Terms, tick: Tick) -> None:
        left = [part for part in planned if _groups(self._parsed(part)) is None]
        calls = [partial(parse_files, p.files, terms, out=self._parsed(p)) for p in left]
        done = len(planned) - len(left)
        for _ in self._runner.run(calls):
            done += 1
            tick(f"第一遍，读文件：{done}/{len(planned)} 组", 0)

    def _embed(
        self, planned: Sequence[Part], terms: Terms, *, keys: Keys, tick: Tick
    ) -> Sequence[Path]:
        """The shards, in the order of the files."""
        shards: dict[Path, int] = {}
        calls, left = [], []
        for part in planned:
            parsed = self._parsed(part)
            for number, letters in enumerate(_groups(appeared(parsed)) or ()):
                shard = self._folder / f"{part.name}-{number:05}.parquet"
                shards[shard] = letters
                if not _is_done(shard, keys):
                    calls.append(partial(embed_slice, parsed, number, terms, out=shard))
                    left.append(shard)
        finished = len(shards) - len(left)
        before = sum(shards.values()) - sum(shards[shard] for shard in left)
        tick(f"第二遍，算向量：{finished}/{len(shards)} 片", before)
        for at in self._runner.run(calls):
            finished += 1
            tick(f"第二遍，算向量：{finished}/{len(shards)} 片", shards[left[at]])
        return list(shards)

    def _parsed(self, part: Part) -> Path:
        return self._folder / f"{part.name}.parsed.parquet"

    def _load(self, shard: Path) -> Sequence[Row]:
        """The rows of a shard, whose vectors are at hand until the next is loaded."""
        try:
            rows = table.group(appeared(shard), 0)
        except (OSError, ValueError) as error:
            raise RunnerFailed(f"分片 {shard} 读不出来（{error}）；请把它删去。{GO_ON}") from error
        pairs = (pair for row in rows for pair in zip(row.keys, row.vectors, strict=True))
        self._vectors = {key: vectors for key, vectors in pairs if vectors is not None}
        return rows

    def items(self, file: File) -> Iterator[Parsed]:
        """As ``Reads.items``."""
        rows = self._rows_of(file)
        if rows is None:
            yield from self._here.items(file)
            return
        again = _Again(self._here.items(file))
        for number, row in enumerate(rows):
            told = json.loads(row.content)
            if row.kind == "broken":
                if told["code"] not in DOUBTFUL:
                    raise _error(told)
                yield from again.rest(number)
                return
            if row.kind == "item":
                item = item_in(told)
                assert not isinstance(item, Raw)
                doubtful = isinstance(item, UnreadableFile) and item.code in DOUBTFUL
                yield next(again.rest(number), item) if doubtful else item
                continue
            yield ParsedLetter(
                id=told["id"],
                place=told["place"],
                digest=told["digest"],
                read=partial(_read, row, told, again.letter, number),
                counted=row.kind != "same",
            )

    def _rows_of(self, file: File) -> Iterator[Row] | None:
        """The rows of a file as it is now, without the first; None where there are none."""
        if file.source.key not in self._planned:
            return None
        rows = next((rows for key, rows in self._files if key == file.source.key), iter(()))
        first = next(rows, None)
        if first is None or first.kind != "file" or first.content != file.digest:
            return None
        return rows

    def question(self, text: str) -> Vectors:
        """As ``Embedder.question``."""
        return self._embedder.question(text)

    def passages(
        self, letter: Letter, passages: Sequence[Passage]
    ) -> tuple[Vectors, list[Vectors]]:
        """As ``Embedder.passages``."""
        keys = [key_of(self.name, letter, passage) for passage in passages]
        if not passages or any(key not in self._vectors for key in keys):
            return self._embedder.passages(letter, passages)
        found = [_rows(self._vectors[k], p) for k, p in zip(keys, passages, strict=True)]
        return np.stack([rows[0] for rows in found]), [rows[1:] for rows in found]


class _Again:
    """The letters of a file, parsed here too for those that the shards do not have as needed."""

    def __init__(self, items: Iterator[Parsed]) -> None:
        self._items = items
        self._at = 0

    def rest(self, number: int) -> Iterator[Parsed]:
        """The items from ``number`` on; it never goes back."""
        ahead, self._at = number - self._at, number
        for item in islice(self._items, ahead, None):
            self._at += 1
            yield item

    def letter(self, number: int, digest: str) -> ParsedLetter:
        """The letter that is the item ``number``. Raises UnreadableFile."""
        item = next(self.rest(number), None)
        if not isinstance(item, ParsedLetter) or item.digest != digest:
            raise UnreadableFile("unreadable_path", "文件在编入的时候变了；请再编入一次")
        return item


def _read(
    row: Row,
    told: Mapping[str, Any],
    again: Callable[[int, str], ParsedLetter],
    number: int,
    *,
    letter_id: str,
    corrections: Values,
) -> Prepared:
    """As ``indexer.parsed.Read``."""
    if corrections or row.kind == "same" or told.get("code") in DOUBTFUL:
        letter = again(number, told["digest"])
        return letter.read(letter_id=letter_id, corrections=corrections)
    if row.kind == "refused":
        raise _error(told)
    return Prepared(
        letter=letter_from(told["letter"]),
        hidden=tuple(Hidden(start=start, text=text) for start, text in told["hidden"]),
        passages=tuple(passage_from(p, letter_id=letter_id) for p in told["passages"]),
        traits=Traits(taken_in="", record=told["record"], sketch=bytes.fromhex(told["sketch"])),
    )


def _error(told: Mapping[str, Any]) -> UnreadableFile:
    return UnreadableFile(told["code"], told["message"])


def _rows(content: bytes, passage: Passage) -> Vectors:
    values = np.frombuffer(content, dtype=np.float16).astype(np.float32)
    return values.reshape(1 + len(passage.sentences), -1)


def _groups(parsed: Path) -> Sequence[int] | None:
    """How many letters are in each slice of a parsed part; None if it is to be parsed (again)."""
    try:
        return table.groups(parsed)
    except (OSError, ValueError):
        return None


def _is_done(shard: Path, known: Keys) -> bool:
    """True if a shard is there and what it has no vectors of still has them elsewhere."""
    try:
        return table.left_out(shard) <= known
    except (OSError, ValueError):
        return False
