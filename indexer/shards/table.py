"""A shard on the disk: rows of a Parquet file, which is there whole or not at all.

The only module that knows pyarrow, which is of the extra ``fuwen[ray]``.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from kb.errors import WrongUse
from kb.store import disk

# file: a file begins, content is the digest that it had; broken: nothing more of it can be read;
# letter: one to be read, or one that was; same: it is as last indexed; refused: it cannot be read;
# item: something else, as ``table.items.item_out`` has it.
Kind = Literal["file", "broken", "letter", "same", "refused", "item"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An item of the file whose key is ``source``; ``content`` is JSON by ``kind``.

    ``keys`` are those of the letter's passages (``vector_cache.key_of``) and ``vectors`` what was
    made of each: the bytes of (1 + sentences, dim) float16, None for one that is known already.
    """

    source: str
    kind: Kind
    content: str
    keys: tuple[bytes, ...] = ()
    vectors: tuple[bytes | None, ...] = ()


def check_installed() -> None:
    """Raise WrongUse where the extra is not there."""
    if importlib.util.find_spec("pyarrow") is None:
        raise WrongUse(
            "分片编入要用 pyarrow 存分片，这里没有装；请运行 pip install 'fuwen[ray]'，"
            "或不写 --runner（一个进程编入，不用它）"
        )


class Writer:
    """Takes groups of rows one after the other; each can be read by itself."""

    def __init__(self, path: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        text, several = pa.string(), pa.list_(pa.binary())
        types = {"source": text, "kind": text, "content": text, "keys": several, "vectors": several}
        self._schema = pa.schema(types)
        self._table = pa.Table
        self._out = pq.ParquetWriter(path, self._schema, compression="zstd")

    def put(self, rows: Sequence[Row]) -> None:
        """Write one group."""
        table = self._table.from_pylist([asdict(row) for row in rows], schema=self._schema)
        self._out.write_table(table, row_group_size=len(rows))

    def close(self) -> None:
        """End the file."""
        self._out.close()


@contextmanager
def written(path: Path) -> Iterator[Writer]:
    """A writer of the file ``path``, which is there once the context ends well.

    Raises StoreFull.
    """
    unfinished = path.with_name(f"{path.name}.{os.uname().nodename}.{os.getpid()}.tmp")
    try:
        with disk.room(path.parent):
            with closing(Writer(unfinished)) as writer:
                yield writer
            disk.sync(unfinished)
            unfinished.replace(path)
            disk.sync(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def groups(path: Path) -> Sequence[int]:
    """How many letters each group of rows has; raises OSError, ValueError for no such file."""
    with _opened(path) as file:
        return [_letters(file.read_row_group(n, ["kind"])) for n in range(file.num_row_groups)]


def group(path: Path, number: int) -> Sequence[Row]:
    """The rows of one group. Raises OSError, ValueError."""
    with _opened(path) as file:
        return list(_rows(file.read_row_group(number)))


def left_out(path: Path) -> frozenset[bytes]:
    """The keys of passages that have no vector in the shard. Raises OSError, ValueError."""
    with _opened(path) as file:
        columns = file.read(["keys", "vectors"]).to_pylist()
    pairs = (pair for row in columns for pair in zip(row["keys"], row["vectors"], strict=True))
    return frozenset(key for key, vector in pairs if vector is None)


def _letters(table: Any) -> int:
    return sum(kind in ("letter", "refused") for kind in table.column("kind").to_pylist())


def _rows(table: Any) -> Iterable[Row]:
    for raw in table.to_pylist():
        yield Row(**{**raw, "keys": tuple(raw["keys"]), "vectors": tuple(raw["vectors"])})


def _opened(path: Path) -> Any:
    import pyarrow.parquet as pq

    return pq.ParquetFile(path)
