"""What the reading model makes of the best passages: their order, and the spans that answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from kb.answer.emphasis import answering
from kb.answer.sentences import Candidate, logit
from kb.models.reading import Reading, ReadingModel
from kb.query import expect
from kb.query.parse import Query
from kb.search.hybrid import Found
from kb.store.protocol import SnapshotReader
from kb.types import Hit

SPANS = 5  # of each passage that compete
# Log-odds of relevance of the search's first passage below which none will answer.
HOPELESS = -6.5


def reread(
    query: Query,
    found: Found,
    reader: SnapshotReader,
    model: ReadingModel,
    *,
    read: int,
    hopeless: float = HOPELESS,
) -> Found:
    """``found`` with its first ``read`` hits read, the likeliest to answer first.

    How likely is told by the search, the relevance and the best span of each. The first alone is
    read where its relevance is at most ``hopeless`` (log-odds).
    """
    readings: dict[int, Reading] = {}
    for hit in found.hits[:read]:
        reading = model.read(query.text, reader.letter(hit.passage.letter_id), hit.passage)
        readings[hit.ordinal] = reading
        if len(readings) == 1 and reading.relevance <= hopeless:
            break
    hits, rest = found.hits[: len(readings)], found.hits[len(readings) :]
    made = passage_features(hits, readings)
    odds = {ordinal: logit(row, model.weights["passage"]) for ordinal, row in made.items()}
    ordered = sorted(hits, key=lambda hit: -odds[hit.ordinal])
    return replace(found, hits=(*ordered, *rest), readings=readings, weights=model.weights)


def passage_features(
    hits: Sequence[Hit], readings: Mapping[int, Reading]
) -> dict[int, dict[str, float]]:
    """By ordinal, what tells whether a passage that was read answers."""
    whole = _normaliser(readings)
    return {
        hit.ordinal: {
            "passage": hit.score,
            "relevance": readings[hit.ordinal].relevance,
            "span": max((score for _, score in readings[hit.ordinal].spans(1)), default=whole)
            - whole,
        }
        for hit in hits
    }


def span_candidates(query: Query, found: Found, reader: SnapshotReader) -> list[Candidate]:
    """The spans of the passages that were read, as whole clauses, best first.

    Each passage's spans are scored by start and end logits, which all passages of a question
    share one softmax over, its relevance and its place in the search, and by whether they are
    what the question asks for (a date, a figure), in its unit, and beside a sum where it asks for
    one.
    """
    whole = _normaliser(found.readings)
    made = []
    for hit in found.hits:
        reading = found.readings.get(hit.ordinal)
        if reading is None:
            continue
        letter = reader.letter(hit.passage.letter_id)
        for span, score in reading.spans(SPANS):
            part = answering(query, letter, hit.passage, span)
            if part is None:
                continue
            clauses, exact = part
            features = {
                "span": score - whole,
                "relevance": reading.relevance,
                "passage": hit.score,
                "unit": expect.in_unit(query.expected, exact.of(letter.text)),
                "sum": expect.totalled(query.expected, clauses.of(letter.text)),
                "fits": expect.shown(query.expected, exact.of(letter.text)),
            }
            made.append(
                Candidate(
                    letter=letter, hit=hit, span=clauses, exact=exact, features=features,
                    score=logit(features, found.weights["span"]),
                )
            )  # fmt: skip
    return sorted(
        made, key=lambda candidate: (-candidate.score, candidate.hit.ordinal, candidate.span.start)
    )


def _normaliser(readings: Mapping[int, Reading]) -> float:
    """The log of the sum that start and end probabilities are taken over."""
    starts = [reading.starts for reading in readings.values() if len(reading.starts)]
    ends = [reading.ends for reading in readings.values() if len(reading.ends)]
    if not starts:
        return 0.0
    return float(
        np.logaddexp.reduce(np.concatenate(starts)) + np.logaddexp.reduce(np.concatenate(ends))
    )
