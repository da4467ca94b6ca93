"""What a change may not make worse: the score, and the share of answers that are wrong.

Answering more is no gain if it is answered wrongly, so neither the share of questions answered
nor the share refused is judged by itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from eval.measures.outcome import ANSWERABLE, UNANSWERABLE
from eval.measures.per_question import PerQuestion

SCORE, NOT_WRONG = "score", "not_wrong"
GATE = (SCORE, NOT_WRONG)
MARGIN = 0.02  # a fall of the score that fails whatever its p; chosen, not measured


def gated(a: PerQuestion, b: PerQuestion) -> tuple[PerQuestion, PerQuestion]:
    """GATE's measures by question, of the questions whose outcome both runs have.

    ``score``: values so weighted that their mean is the score. ``not_wrong``: 1 for an
    answerable question that wasn't answered wrongly, else 0. Nothing if they share none.
    """
    first, second = (
        {name: run.get(name, {}) for name in ("outcome", "refusal_outcome")} for run in (a, b)
    )
    shared = {
        name: [id_ for id_ in values if id_ in second[name]] for name, values in first.items()
    }
    return _measures(first, shared), _measures(second, shared)


def _measures(run: PerQuestion, shared: Mapping[str, list[str]]) -> PerQuestion:
    answerable, others = shared["outcome"], shared["refusal_outcome"]
    total = len(answerable) + len(others)
    both = bool(answerable and others)
    score: dict[str, float] = {}
    for name, ids, part in (
        ("outcome", answerable, ANSWERABLE),
        ("refusal_outcome", others, UNANSWERABLE),
    ):
        weight = part * total / len(ids) if both else 1.0
        score |= {id_: weight * run[name][id_] for id_ in ids}
    return {
        SCORE: score,
        NOT_WRONG: {id_: float(run["outcome"][id_] >= 0) for id_ in answerable},
    }
