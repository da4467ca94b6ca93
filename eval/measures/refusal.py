"""Refusing: whether it was right, and how well the confidence tells.

Selective prediction after El-Yaniv & Wiener 2010 ("On the Foundations of Noise-free Selective
Classification") and Geifman & El-Yaniv 2017 ("Selective Classification for Deep Neural
Networks").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, groupby

from sklearn.metrics import roc_auc_score

from eval.measures.per_question import PerQuestion
from eval.record import Record


def refusal(records: Iterable[Record]) -> PerQuestion:
    """``answered``: 1 if an answerable question was; ``rejected``: 1 if an unanswerable was.

    Two measures, since what answers everything would win one of them together.
    """
    asked = list(records)
    return {
        "answered": {o.id: float(o.status == "answer") for o in asked if o.question.answerable},
        "rejected": {
            o.id: float(o.status == "refusal") for o in asked if not o.question.answerable
        },
    }


def refusal_figures(
    records: Sequence[Record], correct: Mapping[str, bool]
) -> dict[str, float | None]:
    """Figures of the whole set; None where there is nothing to count.

    ``rejection_rate`` and ``false_refusal_rate`` are shares of the unanswerable and of the
    answerable questions that were refused; ``auroc`` the area under the curve of confidence
    against answerable; ``aurc`` the area under ``risk_coverage`` (lower is better),
    ``aurc_oracle`` the least it could be with the same answers. ``correct`` says of each
    question id whether its forced answer is right.
    """
    answerable = [record for record in records if record.question.answerable]
    unanswerable = [record for record in records if not record.question.answerable]
    confidence = [record.confidence for record in records]
    wrong = _wrong(records, correct)
    return {
        "rejection_rate": _refused(unanswerable),
        "false_refusal_rate": _refused(answerable),
        "auroc": auroc(
            [record.confidence for record in answerable],
            [record.confidence for record in unanswerable],
        ),
        "aurc": _mean(_risks(confidence, wrong)),
        "aurc_oracle": _mean(_risks([-float(bad) for bad in wrong], wrong)),
    }


def auroc(answerable: Sequence[float], unanswerable: Sequence[float]) -> float | None:
    """How likely the confidence of one is above that of the other; None without both."""
    if not (answerable and unanswerable):
        return None
    truth = [True] * len(answerable) + [False] * len(unanswerable)
    return float(roc_auc_score(truth, [*answerable, *unanswerable]))


def risk_coverage(
    records: Sequence[Record], correct: Mapping[str, bool]
) -> tuple[list[float], list[float]]:
    """Coverages k/n, k = 1 to n, and the share of errors among the k most confident answers.

    Over all questions: answering an unanswerable one is an error. Questions of equal
    confidence share their mean error, so that the curve does not depend on their order.
    """
    risks = _risks([record.confidence for record in records], _wrong(records, correct))
    return [k / len(risks) for k in range(1, len(risks) + 1)], risks


def _wrong(records: Iterable[Record], correct: Mapping[str, bool]) -> list[bool]:
    return [not (record.question.answerable and correct[record.id]) for record in records]


def _risks(confidence: Iterable[float], wrong: Iterable[bool]) -> list[float]:
    falling = sorted(zip(confidence, wrong, strict=True), reverse=True)
    errors: list[float] = []
    for _, equal in groupby(falling, key=lambda pair: pair[0]):
        group = [bad for _, bad in equal]
        errors += [sum(group) / len(group)] * len(group)
    return [total / k for k, total in enumerate(accumulate(errors), 1)]


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _refused(records: Sequence[Record]) -> float | None:
    return _mean([float(record.status == "refusal") for record in records])
