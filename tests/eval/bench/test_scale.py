"""One machine at several sizes, each measured in a process of its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from eval.base import Base, Indexing, Readers
from eval.bench.scale import ROWS, as_table, scale
from eval.bench.synthetic import made
from kb.models.embedding import embedding_model
from kb.settings import Settings
from kb.store.open import open_store
from kb.store.protocol import SnapshotReader


def test_each_size_is_measured_and_left_as_it_was(
    base: SnapshotReader, settings: Settings, tmp_path: Path
) -> None:
    data = made(base, tmp_path, passages=12, settings=settings, seed=3)
    store = open_store(replace(settings, data=data))
    before = store.current().snapshot.version
    whole = Base(
        data=data,
        reader=base,
        embedder=embedding_model(settings.model),
        settings=settings,
        indexing=Indexing(key="", snapshot="", seconds=0.0, peak_bytes=None, not_indexed=()),
        readers=Readers(settings),
    )
    found = scale(whole, [data], ["电梯补多少？", "谁来管？", "第3号建议的答复是什么？"])
    (one,) = found.values()
    assert one["passages"] == 12
    assert min(one["disk"], one["added"]) > 0  # so small a base shares no file
    assert 0 < one["opened"][1] < one["opened"][0]
    assert min(one["publish"]) > 0
    assert all(label in as_table(found) for label, _ in ROWS)
    assert store.current().snapshot.version == before
