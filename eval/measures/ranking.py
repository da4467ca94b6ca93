"""Documents found, in TREC's formats and by the ir-measures library.

nDCG and recall come from the library's pytrec_eval provider (NIST's trec_eval: the gain is
the grade, the discount log2(rank + 1), Järvelin & Kekäläinen 2002); RR@10 from its msmarco
provider, since trec_eval's reciprocal rank has no cut-off. The ``ir_measures`` command line
chooses the same providers, so it gives the same figures for the same two files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote, unquote

from ir_measures import RR, R, iter_calc, nDCG, read_trec_qrels, read_trec_run

from eval.measures.per_question import PerQuestion
from eval.record import Record, write_lines
from eval.suite import Question

MEASURES = (nDCG @ 10, R @ 1, R @ 5, R @ 10, R @ 20, R @ 100, RR @ 10)


def trec_id(name: str) -> str:
    """``name`` fit for a TREC file: white space and ``%`` percent-encoded, the rest as it is."""
    return re.sub(r"[\s%]", lambda match: quote(match[0], safe=""), name)


def write_run(path: Path, records: Iterable[Record], *, tag: str) -> None:
    """Write ``qid Q0 docid rank score tag`` for every document of every ranking.

    The score is the number of places left, so it falls strictly with the rank and no
    evaluator can reorder ties.
    """
    write_lines(
        path,
        (
            f"{trec_id(record.id)} Q0 {trec_id(docid)} {rank} {len(record.ranking) + 1 - rank} "
            f"{trec_id(tag)}"
            for record in records
            for rank, docid in enumerate(record.ranking, 1)
        ),
    )


def write_qrels(path: Path, questions: Iterable[Question]) -> None:
    """Write ``qid 0 docid grade`` for the answerable questions."""
    write_lines(
        path,
        (
            f"{trec_id(question.id)} 0 {trec_id(docid)} {grade}"
            for question in questions
            for docid, grade in question.relevant.items()
        ),
    )


def judged(qrels: Path, run: Path) -> PerQuestion:
    """``MEASURES`` of the two files by question, 0 to 1, named as the library spells them.

    Every question of the qrels counts; one that is absent from the run has 0.
    """
    values: dict[str, dict[str, float]] = {str(measure): {} for measure in MEASURES}
    with qrels.open(encoding="utf-8") as judgements, run.open(encoding="utf-8") as ranked:
        wanted = read_trec_qrels(judgements)  # type: ignore[no-untyped-call]
        given = read_trec_run(ranked)  # type: ignore[no-untyped-call]
        for metric in iter_calc(MEASURES, wanted, given):
            values[str(metric.measure)][unquote(metric.query_id)] = float(metric.value)
    return values
