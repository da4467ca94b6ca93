"""Two runs side by side: what rose, what fell, and which of it is more than chance."""

from __future__ import annotations

import csv
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval import significance
from eval.gate import GATE, MARGIN, SCORE, gated
from eval.legend import label
from eval.significance import Comparison, Delta, deltas
from kb.errors import WrongUse

Results = Mapping[str, Any]  # a results.json, as it was parsed

# What is shown beside the gate and fails nothing; Holm's correction is over all of them.
DIAGNOSTICS = (
    "nDCG@10",
    "R@1",
    "R@5",
    "RR@10",
    "passage@1",
    "passage@5",
    "exact_match",
    "f1",
    "rouge_l",
    "support",
    "answered",
    "rejected",
)
LEVEL = 0.05  # of p after Holm's correction
FALLS = ("显著下降", "下降过多")
NO_OUTCOME = "有一次是旧的评测，没有逐题的结果；请用现在的程序重跑（基线用 make baseline）"
HEAD = ("指标", "题数", "基线", "本次", "差", "95% 区间", "p", "p（Holm）", "判断")


class BadResults(WrongUse):
    """Results that can't be read or compared; the message says which, why, what to do."""

    status, code = 422, "bad_results"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The questions that gained and lost most by ``measure``, largest first."""

    measure: str
    gains: tuple[Delta, ...]
    losses: tuple[Delta, ...]


def read_results(path: Path) -> dict[str, Any]:
    """The results in ``path``: a run's folder, or a results.json or baseline file itself."""
    file = path / "results.json" if path.is_dir() else path
    remedy = "请指向一次评测的输出目录，或其中的 results.json"
    try:
        content: Any = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadResults(f"评测结果 {file} 打不开（{error.strerror}）；{remedy}") from error
    except ValueError as error:
        raise BadResults(f"评测结果 {file} 不是 UTF-8 的 JSON；{remedy}") from error
    results: dict[str, Any] = content if isinstance(content, dict) else {}
    for key in ("suite", "per_question"):
        if not isinstance(results.get(key), dict):
            raise BadResults(f"评测结果 {file} 里没有 {key}，不是一次完整的评测；{remedy}")
    return results


def comparable(a: Results, b: Results) -> str:
    """A warning in Chinese where the two didn't ask the same; "" where they did.

    Raises BadResults where they have no question in common.
    """
    mine, other = _asked(a), _asked(b)
    shared = len(mine & other)
    names = [f"{run['suite'].get('name')} {run['suite'].get('digest')}" for run in (a, b)]
    if not shared:
        raise BadResults(
            f"基线（{names[0]}）与本次（{names[1]}）没有相同的题，无法比较；请改用同一题集的基线"
        )
    if a["suite"].get("digest") != b["suite"].get("digest"):
        return (
            f"两次用的题集不同：基线 {names[0]}，本次 {names[1]}。"
            f"只比较题号相同的 {shared} 题，同一题号的文件和答案也可能不同，差别要小心解读。"
        )
    note = f"两次问的题不全相同，只比较两次都问了的 {shared} 题。" if mine != other else ""
    before, after = ((run.get("config") or {}).get("settings") or {} for run in (a, b))
    changed = [name for name in after if name in before and before[name] != after[name]]
    if changed:
        settings = "、".join(f"{name} {before[name]} → {after[name]}" for name in changed)
        note += f"两次的设置不同（{settings}）。"
    return note


def compared(a: Results, b: Results, *, seed: int) -> list[Comparison]:
    """The gate, then each diagnostic that both have, over the questions that both have.

    ``a`` is the baseline: a rise is above 0. ``seed`` draws the resamples. Raises BadResults
    where only one of them knows the outcomes of its questions.
    """
    before, after = a["per_question"], b["per_question"]
    gate = significance.compare(*gated(before, after), measures=GATE, seed=seed)
    if not gate and bool(before.get("outcome")) != bool(after.get("outcome")):
        raise BadResults(NO_OUTCOME)
    return gate + significance.compare(before, after, measures=DIAGNOSTICS, seed=seed)


def losses(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """What fails: a fall of the gate; of anything, in a suite without known answers."""
    has_gate = any(comparison.measure in GATE for comparison in comparisons)
    return [
        comparison
        for comparison in comparisons
        if (comparison.measure in GATE or not has_gate) and verdict(comparison) in FALLS
    ]


def verdict(comparison: Comparison) -> str:
    """What the difference is: significant, or of the score more than MARGIN, or neither."""
    if comparison.p_holm < LEVEL and comparison.delta != 0:
        return "显著提高" if comparison.delta > 0 else "显著下降"
    if comparison.measure == SCORE and comparison.delta < -MARGIN:
        return "下降过多"
    return "无显著差异"


def cells(comparison: Comparison) -> tuple[str, ...]:
    """A row under HEAD."""
    return (
        label(comparison.measure),
        str(comparison.questions),
        f"{comparison.mean_a:.3f}",
        f"{comparison.mean_b:.3f}",
        f"{comparison.delta:+.3f}",
        f"{comparison.low:+.3f} ～ {comparison.high:+.3f}",
        f"{comparison.p:.4f}",
        f"{comparison.p_holm:.4f}",
        verdict(comparison),
    )


def as_text(comparisons: Sequence[Comparison]) -> str:
    """A table for the terminal, in which a Chinese character is two columns wide."""
    rows = [HEAD, *map(cells, comparisons)]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return "".join(_aligned(row, widths) + "\n" for row in rows)


def write_deltas(path: Path, a: Results, b: Results) -> None:
    """Every shared question and measure, tab-separated: id, measure, a, b, delta."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter="\t", lineterminator="\n")
        rows.writerow(("id", "measure", "a", "b", "delta"))
        rows.writerows(deltas(a["per_question"], b["per_question"], measures=[*a["per_question"]]))


def changes(a: Results, b: Results, *, most: int = 10) -> Changes:
    """The ``most`` largest gains and losses by outcome; by RR@10 in a suite without answers."""
    before, after = a["per_question"], b["per_question"]
    measure = "outcome" if before.get("outcome") and after.get("outcome") else "RR@10"
    rows = sorted(
        deltas(before, after, measures=[measure]), key=lambda row: (-abs(row.delta), row.question)
    )
    return Changes(
        measure=measure,
        gains=tuple(row for row in rows if row.delta > 0)[:most],
        losses=tuple(row for row in rows if row.delta < 0)[:most],
    )


def _asked(results: Results) -> set[str]:
    return {question for row in results["per_question"].values() for question in row}


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    """Words to the left, figures to the right."""
    words = {0, len(row) - 1}
    padded = [
        text + " " * (width - _width(text)) if n in words else " " * (width - _width(text)) + text
        for n, (text, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(padded).rstrip()
