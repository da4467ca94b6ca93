"""What is extracted from letters: commitments, due dates, targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kb.types import Span

# How a promise is put, in words for people.
STRENGTHS: Mapping[Strength, str] = {
    "will": "将",
    "plans": "拟、计划",
    "strives": "力争",
    "studies": "研究、探索",
    "under_way": "正在办",
}


Relation = Literal["fulfils", "progresses", "contradicts", "repeats"]


Strength = Literal["will", "plans", "strives", "studies", "under_way"]

# What a due expression is exact to; "approximate": working days where the holidays aren't known,
# "recurring" (每年3月) and "vague" (汛期前) name no day.
Precision = Literal[
    "day",
    "ten_days",
    "month",
    "quarter",
    "half",
    "year",
    "years",
    "approximate",
    "recurring",
    "vague",
]


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
    """What a letter promises at ``span``; ``organ`` is to do it, None where nobody is named."""

    letter_id: str
    span: Span
    organ: str | None
    co_organs: tuple[str, ...]
    action: str
    due: Due | None
    target: Target | None
    strength: Strength
