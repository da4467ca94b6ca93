"""Questions as the server notes them: refused, answered, and what was said of the answers."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

from kb.feedback.questions import Location, Noted, note
from kb.types import Span

NOON = datetime(2026, 6, 30, 12, tzinfo=UTC)
LIFT = ("加装电梯补贴多少钱？", "加装电梯能补贴多少钱", "请问加装电梯补贴多少")
MOBILE = "13812345678"


def refused(question: str, *nearest: str, minute: int = 0, code: str = "not_sure") -> Noted:
    return Noted(
        at=NOON + timedelta(minutes=minute),
        question=question,
        snapshot="s",
        verdict="refusal",
        code=code,
        nearest=nearest,
    )


def answered(question: str) -> Noted:
    return Noted(at=NOON, question=question, snapshot="s", verdict="answer")


def judged(question: str, *, useful: bool, reason: str | None = None) -> Noted:
    return Noted(
        at=NOON,
        question=question,
        snapshot="s",
        verdict="answer",
        useful=useful,
        reason=reason,
        quote=Location(letter_id="甲", span=Span(start=3, end=9)),
    )


def put(database: sqlite3.Connection, *all_noted: Noted, log: str = "masked") -> None:
    note(database, all_noted, log=log)
