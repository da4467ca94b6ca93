"""Fits the weights by which promises are found, and judges them on what they were not fitted on.

    python -m indexer update corpus/letters --data BASE
    python -m eval.training.fit_promises ASKED REPLIES BASE [--out FILE]

ASKED is the folder with ``promises.jsonl`` and ``promises_replies.json``, REPLIES the replies'
texts (``teddy.jsonl.gz``), BASE a data folder with the sample letters. A conditional random field
over the features of ``kb.extract.promise_features`` (``eval.training.chain``); what is weighed
little is left out. Judged by folds by reply, and each source by the others. ``--last`` judges
the weights on the replies that are kept aside for that.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from eval.measures.promises import Read, promise_scores
from eval.promise_examples import Example, letters, mailbox, sealed, sentences
from eval.promised import as_text, read_of
from eval.training.chain import ACROSS, FIRST, UNKNOWN, WITHIN, Chain, fitted
from eval.training.folds import FOLDS, fold_of
from kb.extract.commitments import parts_read
from kb.extract.due import Dated, dues
from kb.extract.promise_features import Part, features
from kb.extract.tagger import BEGINS, GOES_ON, OUT, WEIGHTS, weights_of
from kb.extract.vagueness import features as kind_features
from kb.profile import profile
from kb.text.normalize import normalized
from kb.types import Span

SEEN = 4  # parts that a feature has to be seen in
STRICTNESS = 1.0
EAGER = 1.0  # chosen for the best F1 on the folds of the mailbox
KINDS = 0.5  # of the logistic regressions: the inverse of how strict they are
SMALLEST = 0.05  # a feature of which both weights are less is left out
TEACHING = ("mailbox", "letters")
INSIDE = 0.5  # share of a part that a promise has to cover
Content = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An example with the parts of its letter, their features and labels."""

    example: Example
    parts: Sequence[Part]
    rows: Sequence[Sequence[str]]
    labels: Sequence[int]


def prepared(example: Example) -> Prepared:
    """``example`` as it is learned from."""
    parts = parts_read(example.letter, profile())
    rows = list(features(example.letter, parts))
    return Prepared(example=example, parts=parts, rows=rows, labels=_labels(example, parts))


def _labels(example: Example, parts: Sequence[Part]) -> list[int]:
    """What each part is; ``UNKNOWN`` where nobody read it, or nobody could tell."""
    spans = [part.span for part in parts]
    found = [OUT] * len(parts)
    for number, span in enumerate(spans):
        outside = example.within is not None and not example.within.meets(span)
        if outside or any(_in(span, ignored) for ignored in example.ignored):
            found[number] = UNKNOWN
    for promise in example.marked:
        inside = [number for number, span in enumerate(spans) if _in(span, promise.span)]
        for number in inside:
            found[number] = GOES_ON if number > inside[0] else BEGINS
    for number in range(len(parts)):  # what goes on in another clause begins there
        same = number and parts[number].said is parts[number - 1].said
        if found[number] == GOES_ON and not (same and found[number - 1] in (BEGINS, GOES_ON)):
            found[number] = BEGINS
    return found


def _in(part: Span, promise: Span) -> bool:
    shared = min(part.end, promise.end) - max(part.start, promise.start)
    shorter = min(part.end - part.start, promise.end - promise.start)
    return shared > INSIDE * shorter


def learned(given: Sequence[Prepared]) -> Content:
    """The weights of a chain, fitted on ``given``."""
    seen = Counter(name for one in given for row in one.rows for name in set(row))
    names = sorted(name for name, count in seen.items() if count >= SEEN)
    number = {name: n for n, name in enumerate(names)}
    chains = [
        Chain(
            rows=[sorted({number[name] for name in row if name in number}) for row in one.rows],
            places=_places(one.parts),
            labels=one.labels,
        )
        for one in given
    ]
    weights, moves = fitted(chains, len(names), strictness=STRICTNESS)
    odds = weights[:, [BEGINS, GOES_ON]] - weights[:, [OUT]]
    return {
        "eager": EAGER,
        "within": moves[0].round(3).tolist(),
        "across": moves[1].round(3).tolist(),
        "parts": {
            name: [round(float(begins), 2), round(float(goes_on), 2)]
            for name, (begins, goes_on) in zip(names, odds, strict=True)
            if max(abs(begins), abs(goes_on)) >= SMALLEST
        },
    }


def kinds_learned(examples: Iterable[Example]) -> Content:
    """Log-odds that a promise is vague, and conditional, of those where people told."""
    rows: list[dict[str, int]] = []
    told: dict[str, list[bool]] = {"vague": [], "conditional": []}
    for example in examples:
        if example.source == "mailbox":
            for promise in example.marked:
                plain = normalized(example.letter.text, promise.span).words
                dated = any(time.due.last and not time.past for time in _times(example, plain))
                rows.append(dict.fromkeys(kind_features(plain, dated=dated), 1))
                told["vague"].append(promise.vague)
                told["conditional"].append(promise.conditional)
    return {kind: _logistic(rows, wanted) for kind, wanted in told.items()}


def _times(example: Example, words: str) -> Sequence[Dated]:
    signed = example.letter.issued_on
    return tuple(dues(words, signed=signed, calendar=profile().calendar))


def _logistic(rows: Sequence[Mapping[str, int]], wanted: Sequence[bool]) -> dict[str, float]:
    """Log-odds of the features; none where all are alike."""
    if len(set(wanted)) < 2:
        return {}
    turned = DictVectorizer()
    matrix = turned.fit_transform(rows)
    model = LogisticRegression(C=KINDS, fit_intercept=False, max_iter=500).fit(matrix, wanted)
    return {
        name: round(float(weight), 2)
        for name, weight in zip(turned.feature_names_, model.coef_[0], strict=True)
        if abs(weight) >= SMALLEST
    }


def _places(parts: Sequence[Part]) -> list[int]:
    return [
        FIRST if not n else WITHIN if part.said is parts[n - 1].said else ACROSS
        for n, part in enumerate(parts)
    ]


def by_folds(given: Sequence[Prepared]) -> list[tuple[Example, Read]]:
    """What weights fitted on the other folds find in each of ``given``."""
    reads = []
    for fold in range(FOLDS):
        taught = [one for one in given if fold_of(one.example.id) != fold]
        own = [one for one in given if fold_of(one.example.id) == fold]
        reads += judged(own, learned(taught), kinds_learned(one.example for one in taught))
    return reads


def judged(given: Sequence[Prepared], chain: Content, kinds: Content) -> list[tuple[Example, Read]]:
    """What the weights of ``chain`` find in each of ``given``."""
    weights = weights_of({"letters": chain, **kinds}, whole=True)
    return [(one.example, read_of(one.example, one.parts, by=weights)) for one in given]


def figures(reads: Sequence[tuple[Example, Read]]) -> dict[str, dict[str, float]]:
    """The scores of each source."""
    sources = dict.fromkeys(example.source for example, _ in reads)
    return {
        source: promise_scores(read for example, read in reads if example.source == source)
        for source in sources
    }


def held_out(given: Sequence[Prepared], kinds: Content) -> dict[str, dict[str, float]]:
    """The scores by folds, and of each source by weights that were fitted on another alone.

    These part a sentence as they learned it: where it is parted otherwise, look at ``joined_f1``.
    """
    found: dict[str, dict[str, float]] = {}
    for name in TEACHING:
        own = [one for one in given if one.example.source == name]
        found |= figures(by_folds(own))
        ids = {one.example.id for one in own}
        others = [one for one in given if one.example.id not in ids]
        scores = figures(judged(others, learned(own), kinds))
        found |= {f"{source}, learned from {name}": row for source, row in scores.items()}
    return found


def main() -> None:
    """The main flow."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("asked", type=Path)
    parser.add_argument("replies", type=Path)
    parser.add_argument("base", type=Path)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    given = parser.parse_args()
    everything = [
        *mailbox(given.asked, given.replies),
        *letters(given.base),
        *sentences(given.replies),
    ]
    aside = sealed(everything)
    known = [prepared(example) for example in everything if example.id not in aside]
    content: Content = kinds_learned(one.example for one in known)
    kinds = dict(content)
    for name in TEACHING:
        content[name] = learned([one for one in known if one.example.source == name])
    given.out.write_text(as_json(content), encoding="utf-8")
    content["held_out"] = held_out(known, kinds)
    given.out.write_text(as_json(content), encoding="utf-8")
    print(as_text(content["held_out"]))


def as_json(content: Content) -> str:
    """A line a feature, so that a change shows what changed."""
    lines = json.dumps(content, ensure_ascii=False, indent=0, sort_keys=True)
    return re.sub(r"\[\s+(-?[\d.]+),\s+(-?[\d.]+)(?:,\s+(-?[\d.]+))?\s+\]", _row, lines) + "\n"


def _row(match: re.Match[str]) -> str:
    return "[" + ", ".join(number for number in match.groups() if number) + "]"


if __name__ == "__main__":
    main()
