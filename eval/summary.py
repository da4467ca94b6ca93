"""The main figures of a run, as lines for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eval.legend import KINDS, OUTCOMES
from eval.measures.outcome import OF_ANSWERABLE, OF_UNANSWERABLE
from eval.outcome_section import BASELINES

# Beside the headline: section and figure of results.json, name for people.
SHOWN = (
    ("outcome", "wrong_among_answered", "答出来却错的"),
    ("outcome", "right_when_sure", "把握不低于 0.9 的，答对的"),
    ("outcome", "coverage_at_10_percent_wrong", "容许一成错时能答的"),
    ("outcome", "stale_answers", "摘了往年的"),
    ("outcome", "length_ratio", "显示的长度是标准答案的几倍"),
    ("outcome", "cpu_seconds", "每题处理器秒数"),
    ("ranking", "R@1", "第一份文件就对"),
    ("ranking", "R@5", "前五份文件里有对的"),
    ("ranking", "nDCG@10", "nDCG@10"),
    ("passage", "passage@5", "前五段里有答案"),
    ("citation", "validity", "摘录逐字可核对"),
    ("refusal", "auroc", "能答与答不了分得开（AUROC）"),
    ("commitments", "precision", "承诺精确率"),
    ("commitments", "recall", "承诺召回率"),
    ("commitments", "due_exact", "承诺期限一致"),
)


def summary(results: Mapping[str, Any]) -> str:
    """The lines for the content of ``results.json``; what was not measured is left out."""
    about, figures = results["suite"], results["figures"]
    lines = [
        f"题集 {about['name']}{_trained(about)}："
        f"文件 {about['documents']} 份（背景 {about['background']}），"
        f"可答 {about['questions']} 题，不可答 {about['unanswerable']} 题"
    ]
    if about["not_indexed"]:
        lines.append(
            f"  没有编入 {len(about['not_indexed'])} 份，"
            f"{about['questions_without_document']} 题因此找不到文件（照样计分，见报告）"
        )
    lines += [*headline(results.get("outcome") or {}), *_shown(figures)]
    if figures["fields"]:
        lines.append(f"  {figures['fields']['all']['f1']:6.3f}  要素 F1")
    total = figures["latency"]["total"]
    lines.append("  延迟    " + "，".join(f"{name} {total[name]:.0f} 毫秒" for name in total))
    lines += [f"不是原文：{fault}" for fault in results["broken"]]
    return "\n".join(lines) + "\n"


def answers_summary(results: Mapping[str, Any]) -> str:
    """The lines for what ``eval.score_answers`` measured of a file of answers."""
    about = results["suite"]
    lines = [
        f"题集 {about['name']}：可答 {about['questions']} 题，不可答 {about['unanswerable']} 题",
        *(headline(results["outcome"]) or ["题集里没有标准答案，无从打分"]),
        *_shown(results["figures"]),
        *(f"不是原文：{fault}" for fault in results["broken"]),
    ]
    return "\n".join(lines) + "\n"


def _trained(about: Mapping[str, Any]) -> str:
    """Beside the name of the suite: whether the model was trained on it."""
    if about["seen_in_training"]:
        return "（训练时见过，分数偏高）"
    if about["documents_seen"]:
        return f"（文件有 {about['documents_seen']} 份训练时见过，分数偏高）"
    return "" if about["card"] else "（没有题集说明）"


def _shown(figures: Mapping[str, Any]) -> list[str]:
    return [
        f"  {value:6.3f}  {name}"
        for section, figure, name in SHOWN
        for value in [(figures.get(section) or {}).get(figure)]
        if value is not None
    ]


def headline(outcome: Mapping[str, Any]) -> list[str]:
    """Score, outcomes, kinds and baselines, each on a line; none without known answers."""
    estimates = outcome.get("estimates") or {}
    if not estimates.get("score"):
        return []
    value, low, high = estimates["score"]
    lines = [f"得分 {value:+.3f}（95% 区间 {low:+.3f} ～ {high:+.3f}）"]
    for names in (OF_ANSWERABLE, OF_UNANSWERABLE):
        shares = [
            f"{OUTCOMES[name].label} {estimates[name][0]:.1%}"
            f"（{estimates[name][1]:.1%}～{estimates[name][2]:.1%}）"
            for name in names
            if name in estimates
        ]
        lines += ["  " + "，".join(shares)] if shares else []
    kinds = [
        f"{KINDS.get(kind, kind)} {row['rightly_refused'][0]:.1%}（{row['count']} 题）"
        for kind, row in outcome["kinds"].items()
    ]
    lines += ["  拒了：" + "，".join(kinds)] if len(kinds) > 1 else []
    lines += [
        f"  对照：{BASELINES[name]} {row['score']:+.3f}"
        for name, row in outcome["baselines"].items()
    ]
    return lines
