"""Fit ``kb/models/answer.json``: which sentence answers, and when to refuse.

    python -m eval.training.fit_answer SUITE --work DIR

SUITE is a folder with docs.jsonl, qa.jsonl and refuse.jsonl (docs/measurements.md says which).
Two logistic models, five folds split by document: one says which sentence answers, the other
how probable it is that the base answers at all; its threshold 0.5 is then read as "more
probable than not" with answerable and unanswerable questions weighed the same.
It is written with the figures it reached. Needs ``pip install .[models]``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict

from eval.base import build
from eval.suites import load
from kb.answer import refusal, sentences
from kb.query.directory import directory_of
from kb.query.parse import Query, as_written
from kb.search.hybrid import Found, search
from kb.settings import Settings
from kb.text.chars import bare
from kb.types import EVERY_LETTER

SENTENCE = ("cosine", "bm25_share", "bm25", "expected", "log_length", "opens_list", "passage")
READ = Settings().read
DECISION = ("coverage", "first_coverage", "above_mean", "above_tenth")
Plain = Mapping[str, Any]


def rows(path: Path) -> list[Plain]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def holds(gold: str, words: str) -> bool:
    """True if a sentence and the gold span are one inside the other."""
    answer, sentence = bare(gold), bare(words)
    return answer in sentence or (len(sentence) > 5 and sentence.rstrip("。；，") in answer)


def fitted(x: Any, y: Any, names: Sequence[str]) -> dict[str, float]:
    """Weights by name of a logistic model with both classes weighed the same."""
    model = LogisticRegression(max_iter=5000, C=1000.0, class_weight="balanced").fit(x, y)
    pairs = zip(names, model.coef_[0], strict=True)
    return {"intercept": round(float(model.intercept_[0]), 4)} | {
        name: round(float(weight), 4) for name, weight in pairs
    }


def held_out(x: Any, y: Any, groups: Any) -> Any:
    model = LogisticRegression(max_iter=5000, C=1000.0, class_weight="balanced")
    return cross_val_predict(model, x, y, groups=groups, cv=GroupKFold(5), method="predict_proba")[
        :, 1
    ]


def with_weights(content: Mapping[str, Any]) -> None:
    """Write the weights and have ``kb.answer.compose`` read them."""
    text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    sentences.WEIGHTS.write_text(text, encoding="utf-8")
    sentences.weights.cache_clear()


def sentence_examples(
    questions: Sequence[Plain], look: Callable[[str], tuple[Query, Found]], reader: Any
) -> Any:
    x, y, groups, question = [], [], [], []
    for number, row in enumerate(questions):
        query, found = look(row["question"])
        ranked = sentences.sentence_candidates(query, found, reader, read=READ)
        for candidate in ranked:
            words = candidate.span.of(candidate.letter.text)
            x.append([candidate.features[name] for name in SENTENCE])
            y.append(candidate.letter.id == row["docid"] and holds(row["answer"], words))
            groups.append(row["docid"])
            question.append(number)
    return np.array(x), np.array(y), np.array(groups), np.array(question)


def first_right(probability: Any, y: Any, question: Any) -> float:
    """The share of questions whose most probable sentence answers."""
    right = [
        bool(y[question == n][probability[question == n].argmax()]) for n in np.unique(question)
    ]
    return float(np.mean(right))


def decision_examples(
    questions: Sequence[Plain], look: Callable[[str], tuple[Query, Found]], reader: Any
) -> Any:
    x = []
    for row in questions:
        query, found = look(row["question"])
        ranked = sentences.sentence_candidates(query, found, reader, read=READ)
        made = refusal.decision_features(query, found, ranked, reader)
        x.append([made[name] for name in DECISION])
    return np.array(x)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("suite", type=Path)
    parser.add_argument("--work", type=Path, required=True, help="folder for the index")
    given = parser.parse_args()
    base = build(load(given.suite), given.work, settings=Settings())
    reader = base.reader
    asked, refused = rows(given.suite / "qa.jsonl"), rows(given.suite / "refuse.jsonl")

    def look(question: str) -> tuple[Query, Found]:
        query = as_written(question, directory_of(reader, EVERY_LETTER))
        return query, search(query, reader, base.embedder, settings=base.settings)

    if not sentences.WEIGHTS.exists():
        zero = dict.fromkeys(("intercept", *SENTENCE), 0.0)
        with_weights({"sentence": zero, "decision": zero})
    x, y, groups, question = sentence_examples(asked, look, reader)
    right = first_right(held_out(x, y, groups), y, question)
    sentence = fitted(x, y, SENTENCE)
    with_weights({"sentence": sentence, "decision": sentences.weights()["decision"]})
    z = np.vstack(
        [decision_examples(asked, look, reader), decision_examples(refused, look, reader)]
    )
    t = np.array([True] * len(asked) + [False] * len(refused))
    ids = np.array([row["docid"] for row in asked] + [row["id"] for row in refused])
    p = held_out(z, t, ids)
    tenth = np.quantile(p[t], 0.1)
    figures = {
        "suite": given.suite.name,
        "questions": len(asked),
        "unanswerable": len(refused),
        "first_sentence_right": round(right, 3),
        "auroc": round(float(roc_auc_score(t, p)), 3),
        "refused_at_10_percent_false": round(float((p[~t] < tenth).mean()), 3),
        "threshold_at_10_percent_false": round(float(tenth), 3),
    }
    with_weights({"sentence": sentence, "decision": fitted(z, t, DECISION), "held_out": figures})
    sys.stdout.write(json.dumps(figures, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
