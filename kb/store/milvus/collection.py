"""The collection of one snapshot: its schema, how it is filled, checked, searched and dropped.

A row is a passage: its vector, what its words weigh, and a number for each fact of its letter that
a scope may name. No text of a letter, nor anything that a citizen typed, ever goes there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from kb.errors import BadSnapshot
from kb.store.milvus.client import Milvus, library
from kb.store.milvus.words import Ordinals, Scores
from kb.types import Vectors

ORDINAL, DENSE, SPARSE = "ordinal", "dense", "words"
FACTS = ("id", "issuer", "year", "result_class", "proposal_no", "publicity")
COUNT = "count(*)"
MOST = 16_384  # hits that Milvus gives at once
BATCH = 500  # rows that are sent at once, 2 MB
SLOWEST = 200  # passages a second that a cluster takes in, at the least
PATIENCE = 120.0  # seconds for a step of building, on top of that
Sparse = Mapping[int, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A passage as it is sent; ``labels`` as in ``kb.store.codec.labels``."""

    ordinal: int
    vector: Vectors
    words: Sparse
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """The collection ``name``; ``index`` is what Milvus finds near vectors by."""

    milvus: Milvus
    name: str
    index: str

    def fill(self, rows: Iterable[Row], *, dim: int, count: int) -> None:
        """Make it anew of ``count`` rows with vectors of ``dim``, ready to be searched.

        Raises StoreUnreachable, BadSnapshot (it does not hold what was sent).
        """
        patience = PATIENCE + count / SLOWEST
        self.milvus("drop_collection", self.name)
        self.milvus("create_collection", self.name, schema=_schema(dim))
        sent = map(_sent, rows)
        while some := list(islice(sent, BATCH)):
            self.milvus("upsert", self.name, some, timeout=PATIENCE)
        self.milvus("flush", self.name, timeout=patience)
        # Building goes on while it is loaded, which ends when all rows can be searched.
        self.milvus("create_index", self.name, self._indexes(), timeout=patience, sync=False)
        self.milvus("load_collection", self.name, timeout=patience)
        self.check(dim=dim, count=count)

    def check(self, *, dim: int, count: int) -> None:
        """Load it, and raise BadSnapshot unless it holds so many rows of that shape."""
        told = self.milvus("describe_collection", self.name)
        found = next((f["params"].get("dim") for f in told["fields"] if f["name"] == DENSE), None)
        if found is None or int(found) != dim:
            raise BadSnapshot(
                f"Milvus 的集合 {self.name} 是 {found} 维的，快照是 {dim} 维的；"
                "请核对 KB_MILVUS_URI，或运行 fuwen index update … 重建集合"
            )
        self.load()
        (row,) = self.milvus(
            "query", self.name, filter="", output_fields=[COUNT], consistency_level="Strong"
        )
        if row[COUNT] != count:
            raise BadSnapshot(
                f"Milvus 的集合 {self.name} 有 {row[COUNT]} 段，快照有 {count} 段；"
                "请运行 fuwen index update … 重建集合"
            )

    def search(
        self, field: str, asked: Sparse | Vectors, *, limit: int, where: str
    ) -> tuple[Ordinals, Scores]:
        """The ``limit`` (up to ``MOST``) passages of greatest product, and the products, falling.

        Raises BadSnapshot (no such collection any more), StoreUnreachable.
        """
        found = self.milvus(
            "search",
            self.name,
            data=[asked],
            anns_field=field,
            limit=limit,
            filter=where,
            search_params={"metric_type": "IP", "params": self._effort(field, limit)},
            output_fields=[ORDINAL],
            consistency_level="Eventually",  # it never changes
        )[0]
        return np.array(found.ids, dtype=np.int64), np.array(found.distances, dtype=np.float32)

    def load(self) -> None:
        """Have it in the memory of Milvus, where it is searched."""
        self.milvus("load_collection", self.name, timeout=PATIENCE)

    def release(self) -> None:
        """Give that memory back."""
        self.milvus("release_collection", self.name)

    def drop(self) -> None:
        """Take it away; nothing happens if it is not there."""
        self.milvus("drop_collection", self.name)

    def _effort(self, field: str, limit: int) -> dict[str, int]:
        """How hard Milvus is to look: an HNSW index wants room for all that is asked for."""
        return {"ef": max(limit, 64)} if (field, self.index) == (DENSE, "HNSW") else {}

    def _indexes(self) -> Any:
        indexes = library().MilvusClient.prepare_index_params()
        shape = {"M": 32, "efConstruction": 200} if self.index == "HNSW" else {}
        indexes.add_index(DENSE, index_type=self.index, metric_type="IP", params=shape)
        exact = {"quant_type": "fp32"}
        indexes.add_index(
            SPARSE, index_type="SPARSE_INVERTED_INDEX", metric_type="IP", params=exact
        )
        for fact in FACTS:
            indexes.add_index(fact, index_type="INVERTED")
        return indexes


def condition(groups: Sequence[Sequence[str]]) -> str:
    """Milvus's filter for passages bearing a label of each of ``groups``."""
    return " and ".join(
        f"{group[0].partition('=')[0]} in [{', '.join(str(_number(label)) for label in group)}]"
        for group in groups
    )


def _number(label: str) -> int:
    """A label as a number: there is nothing in it to escape, and nothing to be read from it."""
    digest = hashlib.sha256(label.encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _sent(row: Row) -> dict[str, Any]:
    facts = dict.fromkeys(FACTS, 0)
    facts |= {label.partition("=")[0]: _number(label) for label in row.labels}
    return {ORDINAL: row.ordinal, DENSE: row.vector, SPARSE: row.words, **facts}


def _schema(dim: int) -> Any:
    engine = library()
    kinds = engine.DataType
    schema = engine.MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field(ORDINAL, kinds.INT64, is_primary=True)
    schema.add_field(DENSE, kinds.FLOAT_VECTOR, dim=dim)
    schema.add_field(SPARSE, kinds.SPARSE_FLOAT_VECTOR)
    for fact in FACTS:
        schema.add_field(fact, kinds.INT64)
    return schema
