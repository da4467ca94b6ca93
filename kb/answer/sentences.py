"""Sentences of the best passages, scored for how likely each answers; no model reads them.

Every feature and every weight is in the open: ``kb/models/answer.json`` holds the weights and
how well they did, ``python -m eval.training.fit_answer`` makes it from questions with known
answers.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rank_bm25 import BM25Okapi

from kb.answer.emphasis import asks_contact
from kb.query.expect import Expected, shown
from kb.query.parse import Query
from kb.search.hybrid import Found
from kb.settings import BUNDLED_ANSWER
from kb.store.memo import memo
from kb.store.protocol import SnapshotReader
from kb.text.chars import bare
from kb.text.sentences import headings_over, quotable, trimmed, without_lead
from kb.text.tokens import tokens
from kb.types import Hit, Letter, Span

WEIGHTS = BUNDLED_ANSWER
Features = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Words that may be quoted, with the features they are scored by.

    ``exact`` is the part of ``span`` that answers, where a reading model found it.
    """

    letter: Letter
    hit: Hit
    span: Span
    exact: Span | None = None
    features: Features
    score: float


@lru_cache(maxsize=1)
def weights() -> Mapping[str, Mapping[str, float]]:
    """``sentence`` and ``decision`` weights of logistic models, by feature name."""
    content: Mapping[str, Mapping[str, float]] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return content


def logit(features: Features, model: Mapping[str, float]) -> float:
    """The log-odds of a logistic model: intercept plus weights times features."""
    return model["intercept"] + sum(model[name] * value for name, value in features.items())


def sentence_candidates(
    query: Query, found: Found, reader: SnapshotReader, *, read: int
) -> list[Candidate]:
    """The quotable sentences of the first ``read`` passages, best first."""
    places: list[tuple[Letter, Hit, Span, float]] = []
    for hit in found.hits[:read]:
        letter = reader.letter(hit.passage.letter_id)
        near = reader.sentence_vectors(hit.ordinal) @ found.vector
        for number, span in _quotable(reader, hit.ordinal, asks_contact(query)):
            places.append((letter, hit, span, float(near[number])))
    if not places:
        return []
    words = [tokens(span.of(letter.text)) for letter, _, span, _ in places]
    relevance = BM25Okapi([row or [""] for row in words]).get_scores(query.words)
    best = max(float(relevance.max()), 1e-9)
    ranked = []
    for (letter, hit, span, cosine), bm25 in zip(places, relevance, strict=True):
        features = _features(
            query.expected, letter, span, cosine=cosine, bm25=float(bm25), best=best
        )
        features["passage"] = hit.score
        score = logit(features, weights()["sentence"]) + _in_section(query.expected, letter, span)
        ranked.append(Candidate(letter=letter, hit=hit, span=span, features=features, score=score))
    return sorted(ranked, key=lambda c: (-c.score, c.hit.ordinal, c.span.start))


@memo(most=2048)
def _quotable(reader: SnapshotReader, ordinal: int, contact: bool) -> tuple[tuple[int, Span], ...]:
    """The sentences of passage ``ordinal`` that may be quoted, each with its number there."""
    passage = reader.passage(ordinal)
    letter = reader.letter(passage.letter_id)
    spans = [without_lead(letter.text, trimmed(letter.text, s)) for s in passage.sentences]
    return tuple(
        (number, span)
        for number, span in enumerate(spans)
        if quotable(letter, span, contact=contact)
    )


def _features(
    wanted: Expected, letter: Letter, span: Span, *, cosine: float, bm25: float, best: float
) -> dict[str, float]:
    words = span.of(letter.text)
    return {
        "cosine": cosine,
        "bm25_share": bm25 / best,
        "bm25": min(bm25, 30.0),
        "expected": shown(wanted, words),
        "log_length": math.log(max(len(bare(words)), 1)),
        "opens_list": float(words.endswith(("：", ":"))),
    }


SECTION_BONUS = 4.0  # log-odds; sets sentences of the section asked for above any other


def _in_section(wanted: Expected, letter: Letter, span: Span) -> float:
    if not span.of(letter.text).endswith(("。", "；")):
        return 0.0
    above = "".join(headings_over(letter, span.start))
    return SECTION_BONUS if any(row.shows.search(above) for row in wanted.sections) else 0.0
