"""The comparison as a Markdown table for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eval.compare import LEVEL
from eval.peers.table import PEERS, REFERENCE

BETTER, WORSE = "▲", "▼"
QUALITY: Mapping[str, str] = {
    "R@1": "R@1",
    "R@5": "R@5",
    "R@10": "R@10",
    "nDCG@10": "nDCG@10",
    "RR@10": "RR@10",
    "passage@1": "首段含答案",
    "passage@5": "前五段含答案",
}
COSTS: Mapping[str, str] = {
    "index_seconds": "建索引 秒",
    "query_p50_ms": "提问 p50 毫秒",
    "query_p95_ms": "提问 p95 毫秒",
    "peak_megabytes": "内存 MB",
}
EMBEDDING = "嵌入 秒"


def as_page(outcome: Mapping[str, Any]) -> str:
    """``out/peers.json`` as a page: a table, who did not run, and what the marks mean."""
    peers: Sequence[Mapping[str, Any]] = outcome["peers"]
    reference = next((peer for peer in peers if peer["name"] == REFERENCE), {})
    head = ["系统", *QUALITY.values(), *COSTS.values(), EMBEDDING]
    rows = [head, ["---", *["---:"] * (len(head) - 1)]]
    rows += [_row(peer, reference) for peer in peers]
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    absent = "".join(f"- {line}\n" for line in outcome["absent"].values())
    return (
        f"# 同机比较：{outcome['suite']}\n\n"
        f"可答的题 {outcome['questions']} 道，文件 {outcome['documents']} 份，"
        f"段落 {outcome['passages']} 个；种子 {outcome['seed']}。\n\n"
        f"{table}\n\n" + (f"没有成绩的：\n\n{absent}\n" if absent else "") + _notes(outcome)
    )


def _row(peer: Mapping[str, Any], reference: Mapping[str, Any]) -> list[str]:
    marks = {comparison["measure"]: _mark(comparison) for comparison in peer["compared"]}
    figures: Mapping[str, float] = peer["figures"]
    quality = [
        f"{figures[name]:.3f}{marks.get(name, '')}" if name in figures else "—" for name in QUALITY
    ]
    costs = [_cost(peer[name], reference.get(name)) for name in COSTS]
    return [str(peer["label"]), *quality, *costs, _cost(peer["embedding_seconds"], None)]


def _mark(compared: Mapping[str, Any]) -> str:
    if compared["p_holm"] >= LEVEL:
        return ""
    return BETTER if compared["delta"] > 0 else WORSE


def _cost(value: float | None, reference: float | None) -> str:
    if value is None:
        return "—"
    shown = f"{value:.3g}" if value < 100 else f"{value:.0f}"
    return f"{shown}（×{value / reference:.2g}）" if reference else shown


def _notes(outcome: Mapping[str, Any]) -> str:
    embedding = outcome["embedding"]
    general = (
        f"{BETTER} 显著高于 fuwen，{WORSE} 显著低于 fuwen；没有记号的差别可能出于偶然。"
        "成对置换检验，全部系统的 nDCG@10、R@1、R@5、首段与前五段含答案一起按 Holm 校正，"
        f"p < {LEVEL}；R@10、RR@10 不检验。"
        "括号里是与 fuwen 之比。",
        "各系统依次在自己的进程里跑，拿到的是同样的段落（标题、小标题和正文）、"
        "同样的段落向量和同样的问题；过长的问题一律截短；只比检索，不比作答。"
        "除 fuwen 外都用 jieba 自带词典分词，去掉标点。",
        "建索引是嵌入之外自己的工作，消融用的是 fuwen 的同一个索引；"
        "提问包括算问题的向量，一次一问，第一问先热身不计；"
        "内存是整个进程的峰值（VmHWM），读入段落之后、建索引之前已有"
        f"约 {_baseline(outcome['peers'])} MB。",
        f"嵌入由 {embedding['sample']:.0f} 个段落的用时按比例估计，用向量的系统都一样，只算一次。",
    )
    given = (f"{peer['label']}：{_given(peer)}。" for peer in outcome["peers"])
    return "".join(f"- {line}\n" for line in (*general, *given))


def _given(peer: Mapping[str, Any]) -> str:
    versions = "，".join(f"{name} {number}" for name, number in peer["packages"].items())
    return PEERS[peer["name"]].given + (f"（{versions}）" if versions else "")


def _baseline(peers: Sequence[Mapping[str, Any]]) -> str:
    known = [peer["baseline_megabytes"] for peer in peers if peer["baseline_megabytes"]]
    return f"{sum(known) / len(known):.0f}" if known else "—"
