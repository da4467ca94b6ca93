"""A suite's outcomes counted: all in all, and each group by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from eval.meant.judge import Judged, LeadOutcome
from eval.meant.questions import GROUPS
from eval.measures.intervals import Estimate, wilson
from eval.measures.latency import quantiles
from eval.measures.outcome import OF_ANSWERABLE, OF_UNANSWERABLE
from kb.replies import Answer, Listing, Notice, Refusal, Reply, Several, quotes_of

# What is aimed at, of the answerable questions and of those to be refused.
LEAST: Mapping[str, float] = {"right": 0.60}
MOST: Mapping[str, float] = {"wrong": 0.08, "wrongly_answered": 0.03}


def figures(found: Sequence[Judged]) -> dict[str, Any]:
    """Shares with their Wilson intervals, of all and of each group; leads; seconds."""
    groups = {
        name: [one for one in found if one.replied.asked.group == name]
        for name in GROUPS
        if any(one.replied.asked.group == name for one in found)
    }
    return {
        "questions": len(found),
        "all": shares(found),
        "reached": reached(found),
        "groups": {name: shares(members) for name, members in groups.items()},
        "leads": leads(found),
        "seconds": quantiles([one.replied.seconds for one in found]),
    }


def shares(found: Sequence[Judged]) -> dict[str, Any]:
    """Questions, and for each outcome that they can have its count and share: {n, right…}."""
    counts = Counter(one.outcome for one in found)
    kinds = {
        OF_ANSWERABLE: sum(one.replied.asked.answerable for one in found),
        OF_UNANSWERABLE: sum(not one.replied.asked.answerable for one in found),
    }
    return {"n": len(found)} | {
        name: {"count": counts[name], "share": wilson(counts[name], whole)}
        for names, whole in kinds.items()
        if whole
        for name in names
    }


def reached(found: Sequence[Judged]) -> dict[str, bool]:
    """For each aim that can be measured, whether it is reached."""
    told = shares(found)
    return {
        name: value >= aim if name in LEAST else value <= aim
        for name, aim in {**LEAST, **MOST}.items()
        if name in told
        for value in [told[name]["share"].value]
    }


def leads(found: Sequence[Judged]) -> dict[str, Any]:
    """Counts of the leads of yes-no questions, and the share that is right of those given."""
    counts: Counter[LeadOutcome] = Counter(one.lead for one in found if one.lead)
    precision: Estimate | None = wilson(counts["right"], counts["right"] + counts["wrong"])
    return {
        "right": counts["right"],
        "absent": counts["absent"],
        "wrong": counts["wrong"],
        "precision": precision,
    }


def row(one: Judged) -> dict[str, Any]:
    """What happened to one question, so that failures can be read."""
    asked, reply = one.replied.asked, one.replied.reply
    return {
        "id": asked.id,
        "group": asked.group,
        "before": list(asked.before),
        "question": asked.question,
        "resolved": one.replied.resolved,
        "outcome": one.outcome,
        "lead": one.lead,
        "seconds": round(one.replied.seconds, 3),
        **_told(reply),
        **({"code": one.replied.untaken} if one.replied.untaken else {}),
    }


def _told(reply: Reply | None) -> dict[str, Any]:
    """The reply: its status, its code where it has one, its quotes, and the same of its parts."""
    told: dict[str, Any] = {"status": type(reply).__name__.lower() if reply else "error"}
    told["confidence"] = round(reply.confidence, 3) if reply else 0.0
    if isinstance(reply, Several):
        parts = [{"label": part.label, **_told(part.reply)} for part in reply.parts]
        return {**told, "kind": reply.kind, "parts": parts}
    if isinstance(reply, Refusal | Notice):
        told["code"] = reply.code
    if isinstance(reply, Notice):
        told["options"] = list(reply.options)
    if isinstance(reply, Listing):
        told["count"] = reply.count
    if isinstance(reply, Answer) and reply.lead:
        told["lead_text"] = reply.lead.text
    quotes = quotes_of(reply) if reply else ()
    return {**told, "quotes": [{"letter": q.letter_id, "text": q.text} for q in quotes]}
