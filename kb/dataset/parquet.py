"""Tables as Parquet; the only module of kb that knows pyarrow, of the extra ``fuwen[export]``."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from kb.dataset.tables import TABLES, Kind, Row
from kb.errors import WrongUse

GROUP = 4_096  # rows that are in memory at a time, and one row group of the file


def check_installed() -> None:
    """Raise WrongUse where the extra is not there."""
    if importlib.util.find_spec("pyarrow") is None:
        raise WrongUse(
            "写 Parquet 要用 pyarrow，这里没有装；请运行 pip install 'fuwen[export]'，"
            "或去掉 --parquet（JSON Lines 不用它）"
        )


def write(lines: Path, out: Path, *, table: str) -> None:
    """Write to ``out`` the rows that stand in the file ``lines`` as JSON Lines."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds: Mapping[Kind, Any] = {
        "text": pa.string(),
        "whole": pa.int64(),
        "number": pa.float64(),
        "flag": pa.bool_(),
        "texts": pa.list_(pa.string()),
        "wholes": pa.list_(pa.int64()),
    }
    columns = TABLES[table].columns
    schema = pa.schema(
        [pa.field(name, kinds[one.kind], nullable=one.empty) for name, one in columns.items()]
    )
    with closing(pq.ParquetWriter(out, schema, compression="zstd")) as writer:
        for group in _groups(lines):
            writer.write_table(pa.Table.from_pylist(group, schema=schema))


def _groups(lines: Path) -> Iterator[list[Row]]:
    with lines.open(encoding="utf-8", newline="\n") as file:
        rows = (json.loads(line) for line in file)
        while group := list(islice(rows, GROUP)):
            yield group
