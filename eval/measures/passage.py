"""Passages found: whether the words of the answer stand in the first k of them."""

from __future__ import annotations

from collections.abc import Iterable

from eval.measures.known import best_share, by_measure, gold_places, known
from eval.measures.per_question import PerQuestion
from eval.record import Record, Texts

CUTOFFS = (1, 3, 5, 10)


def passage(records: Iterable[Record], texts: Texts) -> PerQuestion:
    """``passage@k``: 1 if the first k passages together hold a whole place of an answer.

    Only places in relevant documents count, whichever of the alternative answers it is; an
    answer may run across passages that were both found. Success at k (trec_eval's
    ``success_k``) with passages as units. Over answerable questions with answers; one whose
    answer stands nowhere in its documents has 0.
    """
    return by_measure({record.id: _row(record, texts) for record in known(records)})


def _row(record: Record, texts: Texts) -> dict[str, float]:
    places = gold_places(record.question, texts)
    return {
        f"passage@{k}": float(best_share(places, record.passages[:k], texts=texts) == 1)
        for k in CUTOFFS
    }
