"""The table beside the peers."""

from __future__ import annotations

from eval.bench.table import peers_table


def test_each_figure_has_its_ratio_and_embedding_is_told_apart() -> None:
    ours = {
        "name": "fuwen",
        "label": "fuwen",
        "index_seconds": 2.0,
        "index_processor_seconds": 2.0,
        "embedding_processor_seconds": 30.0,
        "query_p50_ms": 10.0,
        "query_p95_ms": 20.0,
        "query_processor_ms": 12.0,
        "peak_megabytes": 500.0,
        "baseline_megabytes": 100.0,
    }
    bm25 = ours | {
        "name": "bm25",
        "label": "BM25",
        "index_processor_seconds": 1.0,
        "embedding_processor_seconds": None,
        "peak_megabytes": 300.0,
    }
    outcome = {
        "passages": 99,
        "questions": 8,
        "peers": [ours, bm25],
        "absent": {"txtai": "txtai没有跑"},
    }
    lines = peers_table(outcome).splitlines()
    row = next(line for line in lines if line.startswith("| BM25"))
    assert row.startswith("| BM25 | 1（×0.5） | 1（×0.031） | 2（×1） |")
    assert row.endswith("| 200（×0.5） |")
    assert "- txtai没有跑" in lines
