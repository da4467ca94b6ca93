"""Whether confidence says how likely an answer is to be right.

What would be shown with refusing off counts, so that there is something to judge at every
confidence; a question with nothing to show is left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from eval.measures.intervals import Estimate, wilson
from eval.measures.outcome import BAD_SHOWN, Outcome, judged
from eval.record import Record, Texts

SURE = 0.9  # from here on an answer is given without reserve
TOLERATED = 0.1  # of the answers given, wrong
BINS = 10  # of confidence, each 0.1 wide; a bin holds its lower edge, the last one 1.0 too


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """``count`` answers of confidence ``low`` to ``high``: what was said, and what was right."""

    low: float
    high: float
    count: int
    confidence: float
    right: Estimate


def forced(records: Sequence[Record], texts: Texts) -> dict[str, Outcome]:
    """Question id → outcome with refusing off, where the answer's words are known.

    A question with nothing to show is "refused" or "rightly_refused".
    """
    return {
        record.id: judged(record.question, record.forced, texts=texts, refused=not record.forced)
        for record in records
        if record.question.answers or not record.question.answerable
    }


def correct(records: Sequence[Record], found: Mapping[str, Outcome]) -> dict[str, bool]:
    """Question id → whether the answer with refusing off is right or partly right.

    Where only the right document is known, whether a quote is from it; never for an
    unanswerable question. ``found`` is what ``forced`` gives.
    """
    return {
        record.id: found[record.id] in ("right", "partly")
        if record.id in found
        else any(quote.docid in record.question.relevant for quote in record.forced)
        for record in records
    }


def reliability(records: Sequence[Record], found: Mapping[str, Outcome]) -> list[Bin]:
    """The bins that hold an answer, by rising confidence; ``found`` is what ``forced`` gives."""
    bins: dict[int, list[Record]] = {}
    for record in _answers(records, found):
        bins.setdefault(min(BINS - 1, int(record.confidence * BINS)), []).append(record)
    made = []
    for number, held in sorted(bins.items()):
        right = wilson(sum(found[record.id] == "right" for record in held), len(held))
        if right:
            made.append(
                Bin(
                    low=number / BINS,
                    high=(number + 1) / BINS,
                    count=len(held),
                    confidence=sum(record.confidence for record in held) / len(held),
                    right=right,
                )
            )
    return made


def confidence_figures(
    records: Sequence[Record], shown: Mapping[str, Outcome], found: Mapping[str, Outcome]
) -> dict[str, float | None]:
    """Figures of the whole set; None where there is nothing to count.

    ``right_when_sure``: the share of right among the answers shown (``shown``) with a
    confidence of SURE or more, wrong answers to unanswerable questions among them.
    ``coverage_at_10_percent_wrong``: the share of the answerable questions that are answered
    if as much is answered as TOLERATED allows, and ``wrong_at_that_coverage`` how many of the
    answers are wrong then. The threshold for each half of the questions (by a hash of their
    ids) is chosen on the other half. ``calibration_error``: the mean distance between
    confidence and the share of right in its bin (Naeini et al. 2015).
    """
    sure = [
        shown[record.id] == "right"
        for record in records
        if record.id in shown and record.status == "answer" and record.confidence >= SURE
    ]
    bins = reliability(records, found)
    total = sum(each.count for each in bins)
    coverage, wrong = _crossfitted(records, found)
    return {
        "right_when_sure": sum(sure) / len(sure) if sure else None,
        "coverage_at_10_percent_wrong": coverage,
        "wrong_at_that_coverage": wrong,
        "calibration_error": sum(
            each.count * abs(each.confidence - each.right.value) for each in bins
        )
        / total
        if total
        else None,
    }


def _answers(records: Sequence[Record], found: Mapping[str, Outcome]) -> list[Record]:
    nothing = ("refused", "rightly_refused")
    return [r for r in records if r.id in found and found[r.id] not in nothing]


def _crossfitted(
    records: Sequence[Record], found: Mapping[str, Outcome]
) -> tuple[float | None, float | None]:
    answerable = sum(r.question.answerable and r.id in found for r in records)
    answers = _answers(records, found)
    given: list[Record] = []
    for half in (0, 1):
        threshold = _threshold([r for r in answers if _half(r.id) != half], found)
        given += [r for r in answers if _half(r.id) == half and r.confidence >= threshold]
    if not answerable:
        return None, None
    wrong = sum(found[record.id] in BAD_SHOWN for record in given)
    covered = sum(record.question.answerable for record in given)
    return covered / answerable, wrong / len(given) if given else None


def _half(id_: str) -> int:
    return hashlib.sha256(id_.encode()).digest()[0] % 2


def _threshold(answers: Sequence[Record], found: Mapping[str, Outcome]) -> float:
    """The least confidence from which no more than TOLERATED are wrong; infinite if none is."""
    by_confidence = attrgetter("confidence")
    best, count, wrong = float("inf"), 0, 0
    falling = sorted(answers, key=by_confidence, reverse=True)
    for confidence, equal in groupby(falling, key=by_confidence):
        group = list(equal)
        count += len(group)
        wrong += sum(found[record.id] in BAD_SHOWN for record in group)
        if wrong <= TOLERATED * count:
            best = confidence
    return best
