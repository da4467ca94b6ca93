"""Everything that is measured of a run, gathered into the content of ``results.json``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from eval.annotated import promised
from eval.base import Base
from eval.cards import seen
from eval.measures.citation import broken, citation, validity
from eval.measures.confidence import correct, forced
from eval.measures.headline import headline
from eval.measures.known import gold_places
from eval.measures.latency import latency
from eval.measures.letters import commitment_scores, field_scores
from eval.measures.outcome import by_question, outcomes
from eval.measures.passage import passage
from eval.measures.per_question import PerQuestion, means
from eval.measures.ranking import judged, write_qrels, write_run
from eval.measures.reading import reading
from eval.measures.refusal import refusal, refusal_figures, risk_coverage
from eval.open_loop import open_loop
from eval.plan import Plan
from eval.provenance import answering, provenance
from eval.record import Record, Texts
from eval.seen import seen_documents
from eval.suite import ALL_GROUPS, Suite
from kb.types import Letter

MEGABYTE = 1024 * 1024
TAG = "fuwen"


def scored(
    suite: Suite,
    records: Sequence[Record],
    base: Base,
    out: Path,
    *,
    plan: Plan,
    asking: int | None,
) -> dict[str, Any]:
    """Write the run and the qrels to ``out``, measure, and return ``results.json``.

    ``asking`` is the peak memory, in bytes, of the process that asked.
    """
    parts = _measured(suite, records, base.texts, out)
    right = correct(records, forced(records, base.texts))
    coverage, risk = risk_coverage(records, right)
    outcome = headline(records, base.texts, seed=plan.seed)
    figures: dict[str, Any] = {"outcome": outcome.pop("figures", None)}
    figures |= {name: means(values) for name, values in parts.items()}
    figures["citation"]["validity"] = validity(records, base.texts)
    figures["refusal"] = refusal_figures(records, right)
    figures |= _costs(suite, records, base, plan=plan, asking=asking)
    figures |= _letters(suite, base, plan)
    per_question: dict[str, Mapping[str, float]] = dict(by_question(outcomes(records, base.texts)))
    for part in (*parts.values(), refusal(records)):
        per_question |= part
    return {
        "suite": _about(suite, base, plan),
        "config": _config(base, plan),
        **provenance(),
        "snapshot": base.reader.snapshot.version,
        "model": base.reader.snapshot.fingerprint.get("model"),
        "fingerprint": dict(base.reader.snapshot.fingerprint),
        "outcome": outcome,
        "figures": figures,
        "groups": by_group(suite, per_question),
        "risk_coverage": {"coverage": coverage, "risk": risk},
        "broken": broken(records, base.texts),
        "per_question": per_question,
    }


def _measured(
    suite: Suite, records: Sequence[Record], texts: Texts, out: Path
) -> dict[str, PerQuestion]:
    """The measures of each question, by section; the ranking's from the files it writes."""
    write_run(out / "run.trec", records, tag=TAG)
    write_qrels(out / "qrels.trec", suite.questions)
    return {
        "ranking": judged(out / "qrels.trec", out / "run.trec"),
        "passage": passage(records, texts),
        "reading": reading(records),
        "citation": citation(records, texts),
    }


def by_group(suite: Suite, per_question: PerQuestion) -> dict[str, dict[str, float]]:
    """The mean of each measure over each kind of question; nothing if there is one kind."""
    kinds = {question.id: question.group for question in suite.questions}
    names = sorted(set(kinds.values()) - {ALL_GROUPS})
    return {
        group: means(
            {
                measure: {id_: value for id_, value in row.items() if kinds[id_] == group}
                for measure, row in per_question.items()
            }
        )
        for group in names
    }


def _config(base: Base, plan: Plan) -> dict[str, Any]:
    return {
        "command": plan.command,
        "seed": plan.seed,
        "limit": plan.limit,
        "rate": plan.rate,
        "settings": answering(base.settings),
    }


def _about(suite: Suite, base: Base, plan: Plan) -> dict[str, Any]:
    answerable = sum(question.answerable for question in suite.questions)
    return {
        "name": suite.name,
        "digest": plan.digest,
        "documents": len(base.letter_ids),
        "background": suite.background,
        "equal_texts": dict(suite.equal),
        "cut": asdict(suite.cut) if suite.cut else None,
        "card": asdict(plan.card) if plan.card else None,
        "seen_in_training": seen(
            plan.card,
            reader=answering(base.settings)["reader"],
            folds=bool(base.readers.names),
        ),
        "documents_seen": _documents_seen(suite, base),
        "questions": answerable,
        "unanswerable": len(suite.questions) - answerable,
        "not_indexed": [dict(refused) for refused in base.indexing.not_indexed],
        "questions_without_document": sum(
            question.answerable and not set(question.relevant) & set(base.letter_ids)
            for question in suite.questions
        ),
        "answers_that_stand_nowhere": sum(
            bool(question.answers) and not gold_places(question, base.texts)
            for question in suite.questions
        ),
        "questions_with_several_places": sum(
            len(gold_places(question, base.texts)) > 1 for question in suite.questions
        ),
    }


def _documents_seen(suite: Suite, base: Base) -> int:
    """How many documents, background aside, the model in use was trained on."""
    if base.readers.names:
        return 0  # of each fold, none that it is asked about
    own = suite.documents[: len(suite.documents) - suite.background]
    return seen_documents(base.texts.values() if suite.letters else (each.text for each in own))


def _costs(
    suite: Suite, records: Sequence[Record], base: Base, *, plan: Plan, asking: int | None
) -> dict[str, Any]:
    return {
        "latency": latency(records),
        "open_loop": _open_loop(suite, base, plan),
        "index": _index(base),
        "asking": {"peak_megabytes": _megabytes(asking)},
    }


def _open_loop(suite: Suite, base: Base, plan: Plan) -> dict[str, Any] | None:
    if not plan.rate:
        return None
    return open_loop(suite.questions, base, rate=plan.rate, seed=plan.seed)


def _index(base: Base) -> dict[str, Any]:
    passages = base.reader.snapshot.passages
    return {
        "seconds": base.indexing.seconds,
        "peak_megabytes": _megabytes(base.indexing.peak_bytes),
        "passages": passages,
        "bytes_per_passage": round(base.bytes_on_disk / passages) if passages else None,
    }


def _letters(suite: Suite, base: Base, plan: Plan) -> dict[str, Any]:
    """What was read from the letters themselves, where the suite knows what is right."""
    if not (suite.fields or suite.commitments):
        return {"fields": None, "commitments": None}
    letters: dict[str, Letter] = {
        letter_id: base.reader.letter(letter_id) for letter_id in base.letter_ids
    }
    commitments = plan.commitments
    if commitments is None and suite.commitments:
        commitments = [row for letter in letters.values() for row in promised(letter)]
    return {
        "fields": field_scores(suite.fields, letters) if suite.fields else None,
        "commitments": commitment_scores(suite.commitments, commitments or (), base.texts)
        if suite.commitments
        else None,
    }


def _megabytes(count: int | None) -> float | None:
    return None if count is None else round(count / MEGABYTE, 1)
