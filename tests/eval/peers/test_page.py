"""The page of a comparison."""

from __future__ import annotations

from eval.peers.page import as_page


def test_only_significant_differences_are_marked() -> None:
    compared = [
        {"measure": "R@1", "p_holm": 0.01, "delta": 0.1},
        {"measure": "R@5", "p_holm": 0.01, "delta": -0.1},
        {"measure": "nDCG@10", "p_holm": 0.2, "delta": -0.1},
    ]
    costs = {
        "index_seconds": 2.0,
        "embedding_seconds": 30.0,
        "query_p50_ms": 10.0,
        "query_p95_ms": 20.0,
        "peak_megabytes": 500.0,
        "baseline_megabytes": 60.0,
        "packages": {},
    }
    figures = {"R@1": 0.5, "R@5": 0.25, "nDCG@10": 0.125}
    fuwen = {"name": "fuwen", "label": "fuwen", "figures": figures, "compared": [], **costs}
    dense = {
        **fuwen,
        "name": "dense",
        "label": "向量",
        "compared": compared,
        "index_seconds": None,
        "query_p50_ms": 5.0,
    }
    told = {
        "suite": "题",
        "seed": 1,
        "questions": 8,
        "documents": 2,
        "passages": 9,
        "embedding": {"seconds": 30.0, "sample": 9},
        "peers": [fuwen, dense],
        "absent": {},
    }
    row = next(line for line in as_page(told).splitlines() if line.startswith("| 向量 "))
    assert "| 0.500▲ | 0.250▼ | — | 0.125 |" in row
    assert "| — | 5（×0.5） | 20（×1） | 500（×1） | 30 |" in row
