"""The figures of a suite of what citizens mean, as lines for the terminal and for Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eval.legend import OUTCOMES
from eval.meant.figures import LEAST, MOST
from eval.meant.questions import GROUPS
from eval.measures.outcome import OF_ANSWERABLE, OF_UNANSWERABLE

# Column → the outcome of answerable questions and of those to be refused that stand in it.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "对": ("right", "rightly_refused"),
    "部分对": ("partly",),
    "拒答": ("refused",),
    "错": ("wrong", "wrongly_answered"),
}


def as_text(figures: Mapping[str, Any], *, name: str) -> str:
    """A line of the questions, one of each kind's outcomes, the aims, and a table of groups."""
    told = figures["all"]
    lines = [f"题集 {name}：{figures['questions']} 题"]
    for names in (OF_ANSWERABLE, OF_UNANSWERABLE):
        shares = [f"{OUTCOMES[each].label} {_share(told[each])}" for each in names if each in told]
        lines += ["  " + "，".join(shares)] if shares else []
    lines += ["  目标：" + "；".join(_aim(each, figures) for each in figures["reached"])]
    lines += _leads(figures["leads"])
    lines += ["  延迟 " + "，".join(f"{p} {ms:.0f} 毫秒" for p, ms in figures["seconds"].items())]
    head = ["组", "题", *COLUMNS]
    rows = [
        [GROUPS[group], str(row["n"]), *(_cell(row, names) for names in COLUMNS.values())]
        for group, row in figures["groups"].items()
    ]
    ruled = [head, ["---", "---:", *("---:" for _ in COLUMNS)], *rows]
    return "\n".join([*lines, "", *("| " + " | ".join(row) + " |" for row in ruled), ""])


def _share(row: Mapping[str, Any]) -> str:
    value, low, high = row["share"]
    return f"{value:.1%}（{low:.1%}～{high:.1%}）"


def _cell(row: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """Count and share with its interval in per cent; empty where the column is not for it."""
    return "；".join(
        "{} · {:.0%}（{:.0f}～{:.0f}）".format(
            row[each]["count"], row[each]["share"][0], *(100 * v for v in row[each]["share"][1:])
        )
        for each in names
        if each in row
    )


def _aim(name: str, figures: Mapping[str, Any]) -> str:
    sign, aim = ("≥", LEAST[name]) if name in LEAST else ("≤", MOST[name])
    done = "达到" if figures["reached"][name] else "没有达到"
    return f"{OUTCOMES[name].label} {sign} {aim:.0%} {done}"


def _leads(leads: Mapping[str, Any]) -> list[str]:
    if not (asked := leads["right"] + leads["absent"] + leads["wrong"]):
        return []
    told = f"  引语（是、不是、还没有）{asked} 题：对 {leads['right']}，没有 {leads['absent']}"
    precise = f"，说了的里对 {_share({'share': leads['precision']})}" if leads["precision"] else ""
    return [f"{told}，错 {leads['wrong']}{precise}"]
