"""What is extracted from letters: commitments, due dates, targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kb.types import Span

Relation = Literal["fulfils", "progresses", "contradicts", "repeats"]
Strength = Literal["will", "plans", "strives", "studies", "under_way"]
# What a due expression is exact to; "holiday", "term" and "season": as the calendar of the place
# has them; "approximate": 年初, or working days where the holidays aren't known; "recurring"
# (每年3月) and "vague" (近期, 待验收后) name no day.
Precision = Literal[
    "day",
    "week",
    "ten_days",
    "month",
    "quarter",
    "half",
    "year",
    "years",
    "holiday",
    "term",
    "season",
    "approximate",
    "recurring",
    "vague",
]

# The same in words, on pages and in tables alike.
RELATIONS: Mapping[Relation, str] = {
    "fulfils": "已兑现",
    "progresses": "有进展",
    "contradicts": "说法不一",
    "repeats": "再次承诺",
}
STRENGTHS: Mapping[Strength, str] = {
    "will": "将",
    "plans": "拟、计划",
    "strives": "力争",
    "studies": "研究、探索",
    "under_way": "正在办",
}
PRECISIONS: Mapping[Precision, str] = {
    "day": "日",
    "week": "周",
    "ten_days": "旬",
    "month": "月",
    "quarter": "季",
    "half": "半年",
    "year": "年",
    "years": "多年",
    "holiday": "节日",
    "term": "学期",
    "season": "时节",
    "approximate": "约数",
    "recurring": "每年",
    "vague": "没有确定的日子",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A due as ``raw`` has it, with ISO days; none where it names none, 从…起 has no last."""

    raw: str
    first: str | None
    last: str | None
    precision: Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A figure as ``text`` of the letter has it; ``value`` in whole units (1.5万户: 15000 户)."""

    value: float
    unit: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """What a letter promises at ``span``; ``organ`` is to do it, None where nobody is named.

    ``vague``: nobody could ever check it; ``conditional``: it hangs on an event or a case.
    """

    letter_id: str
    span: Span
    organ: str | None
    co_organs: tuple[str, ...]
    action: str
    due: Due | None
    target: Target | None
    strength: Strength
    vague: bool = False
    conditional: bool = False
