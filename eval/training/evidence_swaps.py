"""Promises beside what became of others, so that no words of a sentence alone tell of a promise."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from eval.evidence import Pair
from kb.analysis.evidence.things import things_in
from kb.text.similarity import jaccard
from kb.text.similarity import pairs as char_pairs

SAME = 0.6  # promises as like as that may be of one matter
SWAPPED, AT_RANDOM, LIKE = 4, 2, 12  # sentences a promise, promises that they are taken from
ALIKE = 0.5  # of the pairs of characters of promises that no fold parts


def swapped(found: Sequence[tuple[str, Pair]]) -> Iterator[tuple[str, Pair]]:
    """Each promise beside sentences of what became of the promises that are most like it."""
    rng = random.Random(13)
    own: dict[str, list[Pair]] = defaultdict(list)
    groups: dict[str, str] = {}
    for group, pair in found:
        own[pair.promise].append(pair)
        groups[pair.promise] = group
    promises = list(own)
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 2))
    of_promises = vectors.fit_transform(promises)
    likeness = (of_promises @ of_promises.T).toarray()
    for number, promise in enumerate(promises):
        nearest = [
            promises[other]
            for other in np.argsort(-likeness[number])
            if groups[promises[other]] != groups[promise] and likeness[number, other] < SAME
        ][:LIKE]
        pool = [pair for other in nearest for pair in own[other] if pair.relation != "none"]
        close = vectors.transform([pair.later for pair in pool]) @ of_promises[number].T
        order = np.argsort(-close.toarray()[:, 0])
        rest = list(order[SWAPPED:])
        chosen = [*order[:SWAPPED], *rng.sample(rest, min(AT_RANDOM, len(rest)))]
        first = own[promise][0]
        for at in chosen:
            pair = replace(first, later=pool[at].later, later_date=pool[at].later_date)
            pair = replace(pair, relation="none", source=f"{pair.source}, swapped")
            yield groups[promise], pair
            here = next((name for one in own[promise] if (name := _place(one))), "")
            if here and (there := _place(pool[at])) and here != there:
                yield groups[promise], replace(pair, later=pair.later.replace(there, here))


def _place(pair: Pair) -> str:
    """The longest name that both of ``pair`` name, "" where they name none in common."""
    names = [
        called[start:] + ending
        for called, ending in things_in(pair.promise).named
        for start in range(len(called) - 1)
    ]
    return max((name for name in names if name in pair.later), key=len, default="")


def matters(pairs: Sequence[Pair]) -> Iterator[tuple[str, Pair]]:
    """Each pair with the first promise that is about as worded: no fold parts these."""
    heads: dict[str, frozenset[str]] = {}
    for pair in pairs:
        ours = char_pairs(pair.promise)
        head = next(
            (
                name
                for name, theirs in heads.items()
                if jaccard(len(ours & theirs), len(ours), len(theirs)) >= ALIKE
            ),
            pair.promise,
        )
        heads.setdefault(head, ours)
        yield head, pair
