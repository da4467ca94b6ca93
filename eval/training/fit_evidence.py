"""Fits ``kb/analysis/evidence/weights.json``: what a later sentence says of a promise.

    python -m eval.training.fit_evidence --pairs pairs.jsonl --replies teddy.jsonl.gz \\
        --data DATA [--dry]

The pairs are those of PAIRS, whose promises stand in the replies, the project's own (``SETS``), and
what ``corpus/decisions.jsonl`` links of the sample letters, which DATA is the data folder of. To
them come pairs that are swapped: what became of a like promise says nothing of this one. So no
words of a sentence alone tell that it is evidence: each stands beside a promise of which it tells
and beside others. Folds by letter, and one for each of ``WRITERS``, who had not seen the rules: the
floor of 已兑现 is set on their pairs, judged by weights that learned nothing of that writer, and so
are the figures that are written with the weights. A linear model, since trees learned the writer:
trained on one writer's pairs, they fell behind on the other's.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate, chain
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from eval.evidence import ALL, OWN, Pair, pairs_of, scores, tables, told
from eval.training.evidence_examples import Example, asked_pairs, example, sample_examples
from eval.training.evidence_swaps import matters, swapped
from kb.analysis.evidence.features import grams
from kb.analysis.evidence.judge import (
    CLASSES,
    CLIP,
    COSINE,
    WEIGHTS,
    decided,
    probabilities,
    promising,
    weights_of,
)
from kb.models.embedding import Embedder, embedding_model
from kb.settings import Settings
from kb.store.open import open_store

SETS = {  # the project's own, each by another hand or for another end
    "own": OWN,
    "outside": OWN.with_name("evidence_outside.jsonl"),
    "outside2": OWN.with_name("evidence_outside2.jsonl"),
    "outside3": OWN.with_name("evidence_outside3.jsonl"),
    "varied": OWN.with_name("evidence_varied.jsonl"),
}
WRITERS = ("outside", "outside2", "outside3")
FOLDS = 5
PENALTY = 0.02  # C of the logistic regression
GRAM_WEIGHT = 1.0  # a run of characters beside a feature of deviation 1
LEAST_SENTENCES = 12  # that a run of characters stands in
PRECISION = 0.85  # of what is shown as 已兑现, of the pairs of WRITERS together
WEIGHTED = {
    "own": 2.0,
    "outside": 3.0,
    "outside2": 3.0,
    "outside3": 3.0,
    "varied": 2.0,
    "sample": 2.0,
}  # of which there are few, and which stand for more
FLOORS = {"related": 0.15, "progresses": 0.3, "contradicts": 0.3, "repeats": 0.3}


def examples(found: Sequence[tuple[str, Pair]]) -> list[Example]:
    """All pairs, swapped ones of each source behind."""
    every = list(found)
    for source in dict.fromkeys(pair.source for _, pair in found):
        every += swapped([row for row in found if row[1].source == source])
    return [made for group, pair in every if (made := example(group, pair))]


def with_cosines(every: Sequence[Example], embedder: Embedder) -> list[Example]:
    """The examples with how near their clauses are in meaning."""
    vector = lru_cache(maxsize=None)(embedder.question)
    return [
        replace(one, near={COSINE: float(vector(one.pair.promise) @ vector(one.words))})
        for one in every
    ]


def known_grams(learned: Sequence[Example]) -> tuple[str, ...]:
    """The runs of characters that stand in enough sentences."""
    counted: dict[str, int] = defaultdict(int)
    for words in dict.fromkeys(one.words for one in learned):
        anything = _Anything()
        for run in grams(words, anything):
            counted[run] += 1
    return tuple(sorted(run for run, count in counted.items() if count >= LEAST_SENTENCES))


class _Anything(dict[str, object]):
    """Holds every run."""

    def __contains__(self, key: object) -> bool:
        return True


def fitted(learned: Sequence[Example]) -> Mapping[str, Any]:
    """The weights, as ``kb.analysis.evidence.judge.weights`` reads them, without floors."""
    every = [{**one.told, **one.near} for one in learned]
    names = tuple(every[0])
    table = np.array([[told[name] for name in names] for told in every])
    shifts, scales = table.mean(axis=0), table.std(axis=0)
    kept = scales > 1e-6
    names = tuple(name for name, keep in zip(names, kept, strict=True) if keep)
    table, shifts, scales = table[:, kept], shifts[kept], scales[kept]
    runs = known_grams(learned)
    unit = np.clip((table - shifts) / scales, -CLIP, CLIP)
    model = LogisticRegression(C=PENALTY, max_iter=5000)
    model.fit(
        hstack([unit, GRAM_WEIGHT * _held(learned, runs)], format="csr"),
        [CLASSES.index(one.pair.relation) for one in learned],
        sample_weight=[WEIGHTED.get(one.pair.source, 1.0) for one in learned],
    )
    slopes = model.coef_.T
    rows = zip(names, shifts, scales, slopes[: len(names)], strict=True)
    return {
        "features": {
            name: [round(float(value), 4) for value in (shift, scale, *row)]
            for name, shift, scale, row in rows
        },
        "grams": {
            run: [round(float(GRAM_WEIGHT * value), 4) for value in row]
            for run, row in zip(runs, slopes[len(names) :], strict=True)
        },
        "intercepts": [round(float(value), 4) for value in model.intercept_],
    }


def _held(learned: Sequence[Example], runs: Sequence[str]) -> csr_matrix:
    """(examples, runs): 1 where the sentence holds the run."""
    place = {run: number for number, run in enumerate(runs)}
    columns = [sorted(place[run] for run in grams(one.words, place)) for one in learned]
    starts = [0, *accumulate(map(len, columns))]
    held = list(chain.from_iterable(columns))
    return csr_matrix((np.ones(len(held)), held, starts), shape=(len(learned), len(runs)))


Looks = tuple[Mapping[str, float], Mapping[str, float]]  # probabilities at either look


def held_out(every: Sequence[Example]) -> list[Looks]:
    """The probabilities of each example, by weights that saw none of its group."""
    groups = list(dict.fromkeys(one.group for one in every))
    random.Random(13).shuffle(groups)
    number_of = {group: number % FOLDS for number, group in enumerate(groups)}
    folds = [_writer(one) or number_of[one.group] for one in every]
    found: list[Looks] = [({}, {})] * len(every)
    for fold in dict.fromkeys(folds):
        learned = [one for one, own in zip(every, folds, strict=True) if own != fold]
        model = weights_of({**fitted(learned), "floors": {}, "embedder": ""})
        for at, one in enumerate(every):
            if folds[at] == fold and one.like:
                looks = (one.told, {**one.told, **one.near})
                first, second = (probabilities(told, one.words, model) for told in looks)
                found[at] = first, second
    return found


def _writer(one: Example) -> str:
    """Whose pair it is, swapped or not, "" unless of ``WRITERS``."""
    source = one.pair.source.partition(",")[0]
    return source if source in WRITERS else ""


def shown_as(one: Example, looks: Looks, floors: Mapping[str, float]) -> str:
    """What is shown of an example with these probabilities, as the program looks at it."""
    if not one.like:
        return told(None)
    likely, seen = looks[0], one.told
    if promising(likely, seen):
        likely, seen = looks[1], {**seen, **one.near}
    return told(decided(likely, seen, floors=floors, like=one.like))


def floor(every: Sequence[Example], looks: Sequence[Looks]) -> float:
    """The least floor from which on enough of what is shown as 已兑现 is so."""
    chosen = [pair for pair in zip(every, looks, strict=True) if pair[0].pair.source in WRITERS]
    for hundredths in range(20, 100):
        floors = {**FLOORS, "fulfils": hundredths / 100}
        shown = [
            one.pair.relation for one, own in chosen if shown_as(one, own, floors) == "fulfils"
        ]
        if shown.count("fulfils") >= PRECISION * len(shown):
            return hundredths / 100
    return 1.0


def figures(
    every: Sequence[Example], looks: Sequence[Looks], floors: Mapping[str, float]
) -> dict[str, Any]:
    """By source and relation, precision and recall of what is shown; "writers" are all of those."""
    shown = [shown_as(one, own, floors) for one, own in zip(every, looks, strict=True)]
    found = tables([one.pair for one in every], shown)
    found["writers"] = sum((found[writer] for writer in WRITERS), Counter())
    return {
        source: {
            relation: {"precision": round(score.precision, 3), "recall": round(score.recall, 3)}
            for relation, score in scores(table).items()
            if score.asked
        }
        | {"pairs": sum(table.values())}
        for source, table in found.items()
        if source != ALL
    }


def text_of(content: Mapping[str, Any]) -> str:
    """JSON with a line a feature, so that a change of weights can be read."""
    parts = []
    for key, value in content.items():
        if isinstance(value, dict) and key != "floors":
            rows = ",\n".join(f" {_json(name)}: {_json(row)}" for name, row in value.items())
            parts.append(f"{_json(key)}: {{\n{rows}\n}}")
        else:
            parts.append(f"{_json(key)}: {_json(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def main() -> None:
    """The main flow."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pairs", type=Path, required=True, help="promises by docid, start, end")
    parser.add_argument("--replies", type=Path, required=True, help="the replies, jsonl.gz")
    parser.add_argument("--data", type=Path, required=True, help="where the sample letters are")
    parser.add_argument("--dry", action="store_true", help="print the figures, write nothing")
    given = parser.parse_args()
    found = [*asked_pairs(given.pairs, given.replies)]
    for source, path in SETS.items():
        found += matters([replace(pair, source=source) for pair in pairs_of(path)])
    reader = open_store(replace(Settings(), data=given.data)).current()
    embedder = embedding_model(Settings().model)
    every = with_cosines([*examples(found), *sample_examples(reader)], embedder)
    looks = held_out(every)
    floors = {**FLOORS, "fulfils": floor(every, looks)}
    known = {"held_out": figures(every, looks, floors), "floors": floors}
    print(text_of(known))
    if not given.dry:
        content = {**known, "embedder": embedder.name, **fitted(every)}
        WEIGHTS.write_text(text_of(content), encoding="utf-8")


if __name__ == "__main__":
    main()
