"""What was measured as Markdown for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eval.peers.table import REFERENCE

COLUMNS: Mapping[str, str] = {
    "index_processor_seconds": "建索引 处理器秒",
    "whole_processor_seconds": "连同编码 处理器秒",
    "index_seconds": "建索引 秒",
    "query_p50_ms": "提问 p50 毫秒",
    "query_p95_ms": "提问 p95 毫秒",
    "query_processor_ms": "提问 处理器毫秒",
    "own_megabytes": "内存 MB",
}


def peers_table(outcome: Mapping[str, Any]) -> str:
    """One row a system, each figure with its ratio to ours; and what the columns mean."""
    peers = [_with_sums(peer) for peer in outcome["peers"]]
    named = {peer["name"]: peer for peer in peers}
    ranking = named.get("fuwen-no-reading", {})  # the others only rank, too
    reference = named.get(REFERENCE, {}) | {
        name: ranking[name] for name in COLUMNS if name.startswith("query") and name in ranking
    }
    lines = [["系统", *COLUMNS.values()], ["---", *["---:"] * len(COLUMNS)]]
    lines += [
        [str(peer["label"]), *(_figure(peer[name], reference.get(name)) for name in COLUMNS)]
        for peer in peers
    ]
    absent = "".join(f"- {line}\n" for line in outcome["absent"].values())
    return (
        "\n".join("| " + " | ".join(line) + " |" for line in lines)
        + f"\n\n- {outcome['passages']} 个段落，{outcome['questions']} 问；括号里是与 fuwen 之比，"
        "提问是与只检索的“fuwen −阅读”之比：别的系统也不读。"
        "同样的段落，用向量的用同样的编码器算的同样的向量：“建索引”不含编码，“连同编码”含。\n"
        "- 各在自己的进程里；内存是进程的峰值（VmHWM）减去读入段落之后、建索引之前的，"
        "所以含它自己的库和模型。机器忙时看处理器时间（全部线程）。\n" + absent
    )


def _with_sums(peer: Mapping[str, Any]) -> dict[str, Any]:
    index, embedding = peer["index_processor_seconds"], peer["embedding_processor_seconds"]
    peak, baseline = peer["peak_megabytes"], peer["baseline_megabytes"]
    return {
        **peer,
        "whole_processor_seconds": None if index is None else index + (embedding or 0.0),
        "own_megabytes": peak - baseline if peak and baseline else None,
    }


def _figure(value: float | None, reference: float | None) -> str:
    if value is None:
        return "—"
    shown = f"{value:.3g}" if value < 100 else f"{value:.0f}"
    return f"{shown}（×{value / reference:.2g}）" if reference else shown


def rows_table(rows: Sequence[Sequence[str]], *, head: Sequence[str]) -> str:
    """``rows`` under ``head``."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
