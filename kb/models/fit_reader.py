"""Fit the weights that turn a reading model's logits into decisions, on held-out folds.

    python -m kb.models.fit_reader SUITE --data DATA --readers DIR

SUITE has qa.jsonl and refuse.jsonl, DATA is the snapshot that is searched, DIR holds the five
models of kb.models.train_reader (``ncp0`` … ``ncp4``), each of which reads only the questions
that it never saw, and ``ncp-1``, which saw all. Three logistic models: which passage holds the
answer, which span it is, and how probable it is that the base answers at all, with answerable
and unanswerable questions weighed the same. ``ncp0/weights.json`` is fitted on the readings of
the other four folds and so on; that of ``ncp-1`` on all. Also writes ``folds.json``, which
``python -m eval SUITE --folds DIR`` takes. Needs ``pip install .[models]``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from tqdm import tqdm

from kb import answer, spans
from kb.embed import SentenceModel
from kb.models.reader_examples import equal_texts, fold_of, places, rows
from kb.reader import OnnxReader
from kb.search import search
from kb.settings import Settings
from kb.store import EVERY_LETTER, Reader
from kb.stores import open_local
from kb.types import Span

FOLDS = 5
NAMES = {
    "passage": ("passage", "relevance"),
    "span": ("span", "relevance", "passage"),
    "decision": (
        "coverage", "first_coverage", "above_mean", "above_tenth", "relevance", "span",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One row of a logistic model: features in the order of NAMES, how right, whose fold."""

    model: str
    features: list[float]
    right: float
    fold: int


def share(span: Span, gold: Sequence[Span]) -> float:
    """Dice's coefficient of the characters of ``span`` with the likest of ``gold``: 0 to 1."""
    return max(
        (
            2 * max(0, min(span.end, one.end) - max(span.start, one.start))
            / (span.end - span.start + one.end - one.start)
            for one in gold
        ),
        default=0.0,
    )  # fmt: skip


def examples(
    question: str, gold: dict[str, list[Span]], fold: int, *, reader: Reader, found: Any
) -> Iterator[Example]:
    """What one question tells each of the three models; ``gold`` is empty where unanswerable."""

    def of(model: str, features: Any, right: float) -> Example:
        return Example(
            model=model, features=[float(features[name]) for name in NAMES[model]],
            right=right, fold=fold,
        )  # fmt: skip

    ranked = spans.candidates(found, reader)
    if gold:
        for hit in found.hits:
            if hit.ordinal in found.readings:
                held = (
                    min(hit.passage.span.end, one.end) - max(hit.passage.span.start, one.start)
                    > (one.end - one.start) / 2
                    for one in gold.get(hit.passage.letter_id, ())
                )
                relevance = found.readings[hit.ordinal].relevance
                features = {"passage": hit.score, "relevance": relevance}
                yield of("passage", features, float(any(held)))
        for one in ranked:
            if one.exact:
                right = share(one.exact, gold.get(one.letter.id, ()))
                yield of("span", one.features, right)
    if ranked:
        features = answer.decision_features(question, found, ranked, reader)
        yield of("decision", features, float(bool(gold)))


def fitted(rows: Sequence[Example], names: Sequence[str], *, balanced: bool) -> dict[str, float]:
    """A logistic model by feature name; a half right example counts half on either side."""
    x = np.array([row.features for row in rows] * 2)
    right = np.array([row.right for row in rows])
    y = np.repeat([1, 0], len(rows))
    weight = np.concatenate([right, 1 - right])
    if balanced:
        weight[y == 1] *= (1 - right).sum() / right.sum()
    model = LogisticRegression(max_iter=5000, C=1000.0).fit(x, y, sample_weight=weight)
    pairs = zip(names, model.coef_[0], strict=True)
    return {"intercept": round(float(model.intercept_[0]), 4)} | {
        name: round(float(value), 4) for name, value in pairs
    }


def weights(made: Sequence[Example]) -> dict[str, dict[str, float]]:
    """The three models."""
    return {
        name: fitted([r for r in made if r.model == name], NAMES[name], balanced=name == "decision")
        for name in NAMES
    }


def write(folder: Path, content: Any) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    (folder / "weights.json").write_text(text, encoding="utf-8")


def figures(made: Sequence[Example], folds: Sequence[dict[str, dict[str, float]]]) -> Any:
    """How well the decision does on questions that neither model nor weights have seen."""
    own = [row for row in made if row.model == "decision"]
    score = [
        folds[row.fold]["decision"]["intercept"]
        + sum(
            folds[row.fold]["decision"][name] * value
            for name, value in zip(NAMES["decision"], row.features, strict=True)
        )
        for row in own
    ]
    p = 1 / (1 + np.exp(-np.array(score)))
    right = np.array([row.right for row in own]) > 0
    tenth = float(np.quantile(p[right], 0.1))
    return {
        "questions": int(right.sum()), "unanswerable": int((~right).sum()),
        "auroc": round(float(roc_auc_score(right, p)), 3),
        "refused_at_10_percent_false": round(float((p[~right] < tenth).mean()), 3),
        "threshold_at_10_percent_false": round(tenth, 3),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("suite", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--readers", type=Path, required=True)
    given = parser.parse_args()
    settings = replace(Settings(), data=given.data)
    reader, embedder = open_local(settings).current(), SentenceModel(settings.model)
    zero = {name: dict.fromkeys(("intercept", *of), 0.0) for name, of in NAMES.items()}
    for fold in (*range(FOLDS), -1):
        if not (given.readers / f"ncp{fold}" / "weights.json").exists():
            write(given.readers / f"ncp{fold}", zero)
    models = [OnnxReader(str(given.readers / f"ncp{fold}")) for fold in range(FOLDS)]
    asked = [(row, row["docid"]) for row in rows(given.suite / "qa.jsonl")]
    asked += [(row, "") for row in rows(given.suite / "refuse.jsonl")]
    same = equal_texts(given.suite, {head.id for head in reader.letters()})
    made: list[Example] = []
    folds: dict[str, str] = {}
    for row, docid in tqdm(asked, desc="reading", disable=None):
        home = same.get(docid, docid)
        fold = fold_of(home or row["id"])
        folds[row["id"]] = f"ncp{fold}"
        gold = {home: list(places(row["answer"], reader.letter(home).text))} if home else {}
        found = search(row["question"], reader, embedder, scope=EVERY_LETTER, settings=settings)
        found = spans.reread(row["question"], found, reader, models[fold], read=settings.read)
        made += examples(row["question"], gold, fold, reader=reader, found=found)
    by_fold = [weights([row for row in made if row.fold != fold]) for fold in range(FOLDS)]
    reached = figures(made, by_fold)
    for fold, content in enumerate(by_fold):
        write(given.readers / f"ncp{fold}", content)
    write(given.readers / "ncp-1", weights(made) | {"held_out": reached})
    text = json.dumps(folds, indent=0, sort_keys=True) + "\n"
    (given.readers / "folds.json").write_text(text, encoding="utf-8")
    sys.stdout.write(json.dumps(reached, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
