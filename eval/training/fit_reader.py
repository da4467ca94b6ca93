"""Fit the weights that turn a reading model's logits into answers and refusals.

    python -m eval.training.fit_reader MODEL mail=DATA:SUITE policy=DATA:SUITE … [--without mail]

Of each source DATA is the snapshot that is searched and SUITE the questions (folders as
``eval.training.asked_suites --cut`` writes them), none of which the model in the folder MODEL has
learned from. Three logistic models: which passage holds the answer, which span it is, and how
probable it is that what would be shown is right (``eval.measures.outcome``). Every source counts
the same. Writes
MODEL/weights.json, with the threshold that gives the best score on all of them, and, as
``held_out``, what each source scores when the weights and the threshold are fitted on the others.
Needs ``pip install .[models]``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from eval.measures.outcome import (
    OF_ANSWERABLE,
    Gold,
    Outcome,
    outcome,
    score,
)
from eval.record import Shown
from eval.suite import KINDS
from eval.training.readings import Read, held, read_all, share
from kb.answer import compose, refusal, rerank
from kb.answer.sentences import Candidate, logit
from kb.models.reading import OnnxReader, Weights
from kb.settings import Settings

SURE = 0.9
# Of scikit-learn's C on features of unit deviation: from 100 to .01 the sources that are left out
# score the same, and small weights mislead less on what is like neither.
STRENGTH = 0.1
NAMES = {
    "passage": ("passage", "relevance", "span"),
    "span": ("span", "relevance", "passage", "unit", "fits"),
    "decision": (
        "first_coverage", "relevance", "span", "ahead", "fits", "passage", "letter_ahead",
    ),
}  # fmt: skip
# Few questions ask for a sum, too few to fit on. In official letters 累计 and 共 mark one, however
# likely another figure of the passage looks to the model.
SUM = 3.0
Numbers = npt.NDArray[np.float64]

Row = tuple[list[float], float, str]  # features in the order of NAMES, how right, whose source


def _row(model: str, features: Mapping[str, float], right: float, source: str) -> Row:
    return [float(features[name]) for name in NAMES[model]], right, source


def passage_rows(asked: Read) -> Iterator[Row]:
    """What an answerable question tells of the passages that were read."""
    found = asked.found
    hits = [hit for hit in found.hits if hit.ordinal in found.readings]
    made = rerank.passage_features(hits, found.readings)
    for hit in hits if asked.gold else ():
        right = float(held(hit.passage.span, asked.gold_in(hit.passage.letter_id)) > 0.5)
        yield _row("passage", made[hit.ordinal], right, asked.source)


def span_rows(asked: Read) -> Iterator[Row]:
    """What an answerable question tells of the spans of its passages."""
    for candidate in asked.candidates if asked.gold else ():
        if candidate.exact:
            right = share(candidate.exact, asked.gold_in(candidate.letter.id))
            yield _row("span", candidate.features, right, asked.source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What would be shown of a question, what it would be, and by what to decide whether.

    ``astray`` says where it went wrong, if it did (``ASTRAY``).
    """

    source: str
    kind: str
    features: list[float]
    answered: Outcome
    astray: str = ""


def decided(asked: Read, weights: Weights) -> Decided | None:
    """How a question comes out if it is answered; None where nothing can be quoted."""
    ranked = sorted(
        (replace(c, score=logit(c.features, weights["span"])) for c in asked.candidates),
        key=lambda candidate: -candidate.score,
    )
    if not ranked:
        return None
    features = refusal.decision_features(asked.query, asked.found, ranked, asked.reader)
    return Decided(
        source=asked.source,
        kind=asked.kind,
        features=[features[name] for name in NAMES["decision"]],
        answered=(answered := _answered(asked, ranked)),
        astray="" if answered == "right" else _astray(asked, ranked[0]),
    )


# No passage that was read holds the answer; one does, and another letter's or another place of
# the right letter was put first.
ASTRAY = ("not_read", "other_letter", "other_place")


def _astray(asked: Read, best: Candidate) -> str:
    read = [hit.passage for hit in asked.found.hits if hit.ordinal in asked.found.readings]
    if not any(held(passage.span, asked.gold_in(passage.letter_id)) > 0.5 for passage in read):
        return ASTRAY[0]
    return ASTRAY[2] if asked.gold_in(best.letter.id) else ASTRAY[1]


def _answered(asked: Read, ranked: Sequence[Candidate]) -> Outcome:
    if not asked.gold:
        return "wrongly_answered"
    runs = compose.runs(ranked, margin=compose.RUN_MARGIN)[: Settings().quotes]
    quotes = [compose.quoted(run, score=run[0].score) for run in runs]
    shown = [
        Shown(docid=q.letter_id, start=q.span.start, end=q.span.end, text=q.text) for q in quotes
    ]
    texts = {place.docid: asked.reader.letter(place.docid).text for place in asked.gold}
    return outcome(shown, Gold(places=tuple(asked.gold)), texts=texts)


def fitted(made: Sequence[Row], names: Sequence[str]) -> dict[str, float]:
    """A logistic model by feature name; a half right row counts half on either side.

    Every source counts the same.
    """
    x = np.array([features for features, _, _ in made] * 2)
    right = np.array([right for _, right, _ in made])
    sources = np.array([source for _, _, source in made])
    weight = np.concatenate([right, 1 - right])
    for source in set(sources):
        own = np.tile(sources == source, 2)
        weight[own] *= len(made) / own.sum()
    y = np.repeat([1, 0], len(made))
    scale = x.std(axis=0) + 1e-9
    model = LogisticRegression(max_iter=5000, C=STRENGTH).fit(x / scale, y, sample_weight=weight)
    pairs = zip(names, model.coef_[0] / scale, strict=True)
    return {"intercept": round(float(model.intercept_[0]), 4)} | {
        name: round(float(value), 4) for name, value in pairs
    }


def fit(asked: Sequence[Read]) -> tuple[dict[str, dict[str, float]], list[Decided]]:
    """The three models, and the questions that the last was fitted on."""
    models = {
        "passage": fitted([r for a in asked for r in passage_rows(a)], NAMES["passage"]),
        "span": fitted([r for a in asked for r in span_rows(a)], NAMES["span"]) | {"sum": SUM},
    }
    made = [each for each in (decided(a, models) for a in asked) if each]
    rights = [(d.features, float(d.answered == "right"), d.source) for d in made]
    return models | {"decision": fitted(rights, NAMES["decision"])}, made


def probabilities(made: Sequence[Decided], model: Mapping[str, float]) -> Numbers:
    """(questions,) the probability that what would be shown is right."""
    odds = [logit(dict(zip(NAMES["decision"], d.features, strict=True)), model) for d in made]
    p: Numbers = 1 / (1 + np.exp(-np.array(odds)))
    return p


def outcomes(made: Sequence[Decided], p: Numbers, threshold: float) -> list[Outcome]:
    """What every question comes to."""
    refused: dict[bool, Outcome] = {True: "refused", False: "rightly_refused"}
    return [
        each.answered if sure >= threshold else refused[each.kind == "answerable"]
        for each, sure in zip(made, p, strict=True)
    ]


def best_threshold(made: Sequence[Decided], p: Numbers) -> float:
    """The threshold with the best mean score of the sources."""
    sources = sorted({each.source for each in made})

    def mean(threshold: float) -> float:
        found = list(zip(made, outcomes(made, p, threshold), strict=True))
        return float(np.mean([score([o for d, o in found if d.source == s]) for s in sources]))

    return float(max(np.arange(0.1, 0.8, 0.01), key=mean))


def figures(made: Sequence[Decided], p: Numbers, threshold: float) -> dict[str, float]:
    """What is reported of one source."""
    found = outcomes(made, p, threshold)
    able = [o for d, o in zip(made, found, strict=True) if d.kind == "answerable"]
    answered = [o for o in able if o != "refused"]
    sure = [d.answered == "right" for d, each in zip(made, p, strict=True) if each >= SURE]
    told: dict[str, Any] = {name: np.mean([o == name for o in able]) for name in OF_ANSWERABLE} | {
        "questions": len(made),
        "wrong_among_answered": np.mean([o == "wrong" for o in answered] or [False]),
        "right_if_all_answered": np.mean(
            [d.answered == "right" for d in made if d.kind == "answerable"]
        ),
        "score": score(found),
        "sure": len(sure),
        "right_among_sure": np.mean(sure or [False]),
    }
    told["refused_though_right"] = np.mean(
        [
            o == "refused" and d.answered == "right"
            for d, o in zip(made, found, strict=True)
            if d.kind == "answerable"
        ]
    )
    for where in ASTRAY:
        told[where] = np.mean([d.astray == where for d in made if d.kind == "answerable"])
    for kind in KINDS:
        pairs = [
            (float(d.kind == "answerable"), each)
            for d, each in zip(made, p, strict=True)
            if d.kind in ("answerable", kind)
        ]
        refusals = [each < threshold for able, each in pairs if not able]
        if refusals:
            told[f"auroc_{kind}"] = roc_auc_score(*zip(*pairs, strict=True))
            told[f"rejected_{kind}"] = np.mean(refusals)
    return {name: round(float(value), 3) for name, value in told.items()}


def write(folder: Path, content: Any) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    (folder / "weights.json").write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("model", type=Path)
    parser.add_argument("sources", nargs="+", metavar="NAME=DATA:SUITE")
    parser.add_argument("--without", help="judged only")
    given = parser.parse_args()
    zero = {name: dict.fromkeys(("intercept", "sum", *of), 0.0) for name, of in NAMES.items()}
    write(given.model, zero)  # whatever an earlier run wrote shall not decide what is fitted
    model = OnnxReader(str(given.model))
    asked: dict[str, list[Read]] = {}
    for each in given.sources:
        source, _, places = each.partition("=")
        data, _, suite = places.partition(":")
        asked[source] = list(read_all(source, Path(data), Path(suite), model))
    reached = {}
    for left_out in asked:
        names = [n for n in asked if n != left_out and n != given.without] or [left_out]
        models, made = fit([a for name in names for a in asked[name]])
        threshold = best_threshold(made, probabilities(made, models["decision"]))
        own = [d for d in (decided(a, models) for a in asked[left_out]) if d]
        reached[left_out] = figures(own, probabilities(own, models["decision"]), threshold)
        sys.stdout.write(f"{left_out} {json.dumps(reached[left_out])}\n")
    models, made = fit([a for name, own in asked.items() if name != given.without for a in own])
    p = probabilities(made, models["decision"])
    write(
        given.model, models | {"threshold": round(best_threshold(made, p), 2), "held_out": reached}
    )


if __name__ == "__main__":
    main()
