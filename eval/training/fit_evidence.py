"""Fits ``kb/analysis/evidence/weights.json``: what a later sentence says of a promise.

    python -m eval.training.fit_evidence --pairs pairs.jsonl --replies teddy.jsonl.gz \\
        --data DATA [--dry]

The pairs are those of PAIRS, whose promises stand in the replies, the project's own (``SETS``), and
what ``corpus/decisions.jsonl`` links of the sample letters, which DATA is the data folder of. To
them come pairs that are swapped: what became of a like promise says nothing of this one. So no
words of a sentence alone tell that it is evidence: each stands beside a promise of which it tells
and beside others. Folds by letter, and one for each writer who had not seen the rules; the floors
are set on what no fold saw, and so are the figures that are written with the weights as
``held_out``. ``unseen`` are those of pairs that are never learned from nor chosen by (``UNSEEN``),
judged last, as the program shows them. A linear model, since trees learned the writer: trained on
one writer's pairs, they fell behind on the other's.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from eval.evidence import ALL, OWN, Pair, pairs_of, scores, sought, tables, told, verdict
from eval.training.evidence_examples import Example, asked_pairs, example, sample_examples
from eval.training.evidence_swaps import matters, swapped
from kb.analysis.evidence.features import grams
from kb.analysis.evidence.judge import (
    CLASSES,
    CLIP,
    WEIGHTS,
    decided,
    probabilities,
    surely,
    weights,
    weights_of,
)
from kb.analysis.evidence.meaning import Meaning
from kb.models.embedding import Embedder, embedding_model
from kb.settings import Settings
from kb.store.open import open_local

SETS = {  # the project's own, each by another hand or for another end
    "own": OWN,
    "outside": OWN.with_name("evidence_outside.jsonl"),
    "outside2": OWN.with_name("evidence_outside2.jsonl"),
    "varied": OWN.with_name("evidence_varied.jsonl"),
}
UNSEEN = {"outside3": OWN.with_name("evidence_outside3.jsonl")}
WRITERS = ("outside", "outside2")  # who had not seen the rules
FOLDS = 5
PENALTY = 0.02  # C of the logistic regression
GRAM_WEIGHT = 1.0  # a run of characters beside a feature of deviation 1
LEAST_SENTENCES = 12  # that a run of characters stands in
PRECISION = 0.87  # of what is shown as 已兑现, of their pairs and of the project's own together
WEIGHTED = {
    "own": 2.0,
    "outside": 3.0,
    "outside2": 3.0,
    "varied": 2.0,
    "sample": 2.0,
}  # of which there are few, and which stand for more
FLOORS = {"related": 0.25, "progresses": 0.3, "contradicts": 0.3, "repeats": 0.3, "unlike": 0.75}
Numbers = npt.NDArray[np.float64]


def examples(found: Sequence[tuple[str, Pair]]) -> list[Example]:
    """All pairs, swapped ones of each source behind."""
    every = list(found)
    for source in dict.fromkeys(pair.source for _, pair in found):
        every += swapped([row for row in found if row[1].source == source])
    return [made for group, pair in every if (made := example(group, pair))]


class _Kept:
    """An embedder that embeds each text once."""

    def __init__(self, embedder: Embedder) -> None:
        self.name = embedder.name
        self.passages = embedder.passages
        self.question = lru_cache(maxsize=None)(embedder.question)


def with_cosines(every: Sequence[Example], embedder: Embedder) -> list[Example]:
    """The examples with how near their clauses are in meaning."""
    kept = _Kept(embedder)
    means = {one.pair: Meaning(sought(one.pair), kept) for one in every}
    return [replace(one, told={**one.told, **means[one.pair].told(one.words)}) for one in every]


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
    names = tuple(learned[0].told)
    table = np.array([[one.told[name] for name in names] for one in learned])
    shifts, scales = table.mean(axis=0), table.std(axis=0)
    kept = scales > 1e-6
    names = tuple(name for name, keep in zip(names, kept, strict=True) if keep)
    table, shifts, scales = table[:, kept], shifts[kept], scales[kept]
    runs = known_grams(learned)
    unit = np.clip((table - shifts) / scales, -CLIP, CLIP)
    model = LogisticRegression(C=PENALTY, max_iter=5000)
    model.fit(
        np.hstack([unit, GRAM_WEIGHT * _held(learned, runs)]),
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


def _held(learned: Sequence[Example], runs: Sequence[str]) -> Numbers:
    """(examples, runs): 1 where the sentence holds the run."""
    place = {run: number for number, run in enumerate(runs)}
    held = np.zeros((len(learned), len(runs)))
    for row, one in zip(held, learned, strict=True):
        row[[place[run] for run in grams(one.words, place)]] = 1.0
    return held


Likely = Mapping[str, float]


def held_out(every: Sequence[Example]) -> list[Likely]:
    """The probabilities of each example, by weights that saw none of its group."""
    groups = list(dict.fromkeys(one.group for one in every))
    random.Random(13).shuffle(groups)
    number_of = {group: number % FOLDS for number, group in enumerate(groups)}
    folds = [_writer(one) or number_of[one.group] for one in every]
    found: list[Likely] = [{}] * len(every)
    for fold in dict.fromkeys(folds):
        learned = [one for one, own in zip(every, folds, strict=True) if own != fold]
        model = weights_of({**fitted(learned), "floors": {}, "embedder": ""})
        for at, one in enumerate(every):
            if folds[at] == fold:
                found[at] = probabilities(one.told, one.words, model)
    return found


def _writer(one: Example) -> str:
    """Whose pair it is, swapped or not, "" unless of ``WRITERS``."""
    source = one.pair.source.partition(",")[0]
    return source if source in WRITERS else ""


def shown_as(one: Example, likely: Likely, floors: Mapping[str, float]) -> str:
    """What is shown of an example with these probabilities."""
    if one.like:
        return told(decided(likely, one.told, floors=floors, like=one.like))
    return told(surely(likely, one.told, floors=floors))


def floor(every: Sequence[Example], likely: Sequence[Likely]) -> float:
    """The least floor from which on enough of what is shown as 已兑现 is so."""
    chosen = [
        (one, chances)
        for one, chances in zip(every, likely, strict=True)
        if one.pair.source in ("own", *WRITERS)
    ]
    for hundredths in range(20, 100):
        floors = {**FLOORS, "fulfils": hundredths / 100}
        right = [
            one.pair.relation == "fulfils"
            for one, chances in chosen
            if shown_as(one, chances, floors) == "fulfils"
        ]
        if sum(right) >= PRECISION * len(right):
            return hundredths / 100
    return 1.0


def figures(
    every: Sequence[Example], likely: Sequence[Likely], floors: Mapping[str, float]
) -> dict[str, Any]:
    """By source and relation, precision and recall of what is shown."""
    shown = [shown_as(one, chances, floors) for one, chances in zip(every, likely, strict=True)]
    return reached([one.pair for one in every], shown)


def unseen(embedder: Embedder) -> dict[str, Any]:
    """What ``WEIGHTS`` reach on pairs that they did not learn from, as the program shows them."""
    weights.cache_clear()
    every = [
        replace(pair, source=source) for source, path in UNSEEN.items() for pair in pairs_of(path)
    ]
    return reached(every, [told(verdict(pair, embedder)) for pair in every])


def reached(every: Sequence[Pair], shown: Sequence[str]) -> dict[str, Any]:
    """By source and relation, precision and recall of what is shown."""
    found = tables(every, shown)
    if len(found) == 1:
        found = {every[0].source: found[ALL]}
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
    reader = open_local(replace(Settings(), data=given.data)).current()
    embedder = embedding_model(Settings().model)
    every = with_cosines([*examples(found), *sample_examples(reader)], embedder)
    likely = held_out(every)
    floors = {**FLOORS, "fulfils": floor(every, likely)}
    known = figures(every, likely, floors)
    print(text_of({"floors": floors, "held_out": known}))
    if given.dry:
        return
    made = {"floors": floors, "embedder": embedder.name, **fitted(every)}
    WEIGHTS.write_text(text_of({"held_out": known, **made}), encoding="utf-8")
    judged = unseen(embedder)
    print(text_of({"unseen": judged}))
    WEIGHTS.write_text(text_of({"unseen": judged, "held_out": known, **made}), encoding="utf-8")


if __name__ == "__main__":
    main()
