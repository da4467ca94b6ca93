"""The outcome of a whole run: shares, score, intervals, by type and by kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from statistics import median
from typing import Any

from eval.measures.baselines import baselines
from eval.measures.confidence import confidence_figures, forced, reliability
from eval.measures.intervals import Estimate, weighted_mean, wilson
from eval.measures.outcome import (
    BAD_SHOWN,
    OF_ANSWERABLE,
    OF_UNANSWERABLE,
    Outcome,
    gold,
    is_stale,
    outcomes,
    score,
    strata,
)
from eval.measures.refusal import auroc
from eval.record import Record, Texts
from eval.suite import Question
from kb.text.chars import bare

UNMARKED = "unmarked"  # unanswerable questions of which the suite does not say the kind


def headline(records: Sequence[Record], texts: Texts, *, seed: int) -> dict[str, Any]:
    """Everything about outcomes that a report shows, as JSON; empty if none is known.

    ``figures`` are plain numbers by name; ``estimates`` the shares and the score with their
    intervals; ``counts`` questions by outcome; ``types`` and ``ways`` the answerable
    questions apart by type and by what the suite calls their kind; ``kinds`` the unanswerable
    ones by kind; ``baselines`` the counts and the score of each; ``reliability`` the bins.
    """
    found = outcomes(records, texts)
    if not found:
        return {}
    judged = [record for record in records if record.id in found]
    without_refusing = forced(judged, texts)
    counts = Counter(found.values())
    return {
        "figures": {
            "score": score(found.values()),
            **{name: each.value for name, each in _shares(counts).items()},
            **_answers(judged, found, texts),
            **confidence_figures(judged, found, without_refusing),
        },
        "estimates": {
            "score": weighted_mean(strata(found.values()), seed=seed),
            **_shares(counts),
        },
        "counts": dict(counts),
        "types": _apart(judged, found, lambda question: question.group, seed=seed),
        "ways": _apart(judged, found, lambda question: question.kind, seed=seed),
        "kinds": _kinds(judged, found),
        "baselines": {
            name: {"score": score(own.values()), "counts": dict(Counter(own.values()))}
            for name, own in baselines(judged, texts).items()
        },
        "reliability": [asdict(each) for each in reliability(judged, without_refusing)],
    }


def _shares(counts: Mapping[Outcome, int]) -> dict[str, Estimate]:
    """Each outcome's share of the questions that could have it; and the wrong among answers."""
    shares: dict[str, Estimate | None] = {}
    for names in (OF_ANSWERABLE, OF_UNANSWERABLE):
        whole = sum(counts.get(name, 0) for name in names)
        shares |= {name: wilson(counts.get(name, 0), whole) for name in names}
    wrong = sum(counts.get(name, 0) for name in BAD_SHOWN)
    right = sum(counts.get(name, 0) for name in ("right", "partly"))
    shares["wrong_among_answered"] = wilson(wrong, wrong + right)
    return {name: share for name, share in shares.items() if share}


def _answers(
    records: Sequence[Record], found: Mapping[str, Outcome], texts: Texts
) -> dict[str, float | None]:
    """What the answers are like: how long, how often of an earlier year, at what cost."""
    ratios = [
        sum(len(bare(quote.text)) for quote in record.quotes)
        / len(bare(record.question.answers[0]))
        for record in records
        if record.question.answerable and record.status == "answer"
    ]
    dated = [record for record in records if record.question.stale]
    stale = [
        record.status == "answer"
        and found[record.id] != "right"
        and is_stale(record.quotes, gold(record.question, texts), texts=texts)
        for record in dated
    ]
    spent = [record.cpu for record in records if record.cpu]
    return {
        "length_ratio": median(ratios) if ratios else None,
        "stale_answers": sum(stale) / len(stale) if stale else None,
        "cpu_seconds": sum(spent) / len(spent) if spent else None,
    }


def _apart(
    records: Sequence[Record],
    found: Mapping[str, Outcome],
    name_of: Callable[[Question], str],
    *,
    seed: int,
) -> dict[str, Any]:
    """Name → counts and mean value of the answerable questions; nothing if all have one name."""
    parts: dict[str, list[Outcome]] = {}
    for record in records:
        if record.question.answerable:
            parts.setdefault(name_of(record.question), []).append(found[record.id])
    if len(parts) < 2:
        return {}
    return {
        name: {
            "counts": dict(Counter(own)),
            "value": weighted_mean(strata(own), seed=seed),
        }
        for name, own in sorted(parts.items())
    }


def _kinds(records: Sequence[Record], found: Mapping[str, Outcome]) -> dict[str, Any]:
    """Kind of unanswerable question → how many, the share refused, and the AUROC.

    The AUROC is of their confidence against that of all answerable questions.
    """
    answerable = [record.confidence for record in records if record.question.answerable]
    parts: dict[str, list[Record]] = {}
    for record in records:
        if not record.question.answerable:
            parts.setdefault(record.question.kind or UNMARKED, []).append(record)
    return {
        kind: {
            "count": len(own),
            "rightly_refused": wilson(
                sum(found[record.id] == "rightly_refused" for record in own), len(own)
            ),
            "auroc": auroc(answerable, [record.confidence for record in own]),
        }
        for kind, own in sorted(parts.items())
    }
