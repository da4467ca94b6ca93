"""The main figures of a run, as lines for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# What the terminal shows of a run: section and figure of results.json, name for people.
SHOWN = (
    ("ranking", "R@1", "第一份文件就对"),
    ("ranking", "R@5", "前五份文件里有对的"),
    ("ranking", "nDCG@10", "nDCG@10"),
    ("passage", "passage@1", "第一段里有答案"),
    ("passage", "passage@5", "前五段里有答案"),
    ("reading", "rouge_l", "第一条摘录 ROUGE-L"),
    ("reading", "f1", "第一条摘录 F1"),
    ("reading", "exact_match", "第一条摘录完全一致"),
    ("citation", "validity", "摘录逐字可核对"),
    ("citation", "citation_recall", "摘录支持答案"),
    ("refusal", "false_refusal_rate", "误拒"),
    ("refusal", "rejection_rate", "答不了的被拒"),
    ("refusal", "wrong_among_answered", "答出来却错的"),
    ("refusal", "auroc", "拒答 AUROC"),
    ("commitments", "precision", "承诺精确率"),
    ("commitments", "recall", "承诺召回率"),
    ("commitments", "due_exact", "承诺期限一致"),
)


def summary(results: Mapping[str, Any]) -> str:
    """The lines for the content of ``results.json``; what was not measured is left out."""
    about, figures = results["suite"], results["figures"]
    lines = [
        f"题集 {about['name']}：文件 {about['documents']} 份（背景 {about['background']}），"
        f"可答 {about['questions']} 题，不可答 {about['unanswerable']} 题"
    ]
    if about["not_indexed"]:
        lines.append(
            f"  没有编入 {len(about['not_indexed'])} 份，"
            f"{about['questions_without_document']} 题因此找不到文件（照样计分，见报告）"
        )
    for section, figure, name in SHOWN:
        value = (figures.get(section) or {}).get(figure)
        if value is not None:
            lines.append(f"  {value:6.3f}  {name}")
    if figures["fields"]:
        lines.append(f"  {figures['fields']['all']['f1']:6.3f}  要素 F1")
    total = figures["latency"]["total"]
    lines.append("  延迟    " + "，".join(f"{name} {total[name]:.0f} 毫秒" for name in total))
    lines += [f"不是原文：{fault}" for fault in results["broken"]]
    return "\n".join(lines) + "\n"
