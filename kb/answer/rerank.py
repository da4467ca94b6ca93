"""What the reading model makes of the best passages: their order, and the spans that answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from kb.answer.sentences import Candidate, logit
from kb.models.reading import Reading, ReadingModel
from kb.query import expect
from kb.query.parse import Query
from kb.search.hybrid import Found
from kb.store.protocol import SnapshotReader
from kb.text.sentences import quotable, trimmed
from kb.types import Hit, Letter, Passage, Span

SPANS = 5  # of each passage that compete
READABLE = 200  # code points of a quote that a person reads for its answer
_PAUSE = re.compile(r"[，；：,;:。！？!?][”’」』）》】)\"]*")
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
            exact = trimmed(letter.text, span)
            clauses = clauses_around(letter, hit.passage, exact)
            if exact.end == exact.start or not quotable(letter, clauses):
                continue
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
                    letter=letter,
                    hit=hit,
                    span=clauses,
                    exact=exact,
                    features=features,
                    score=logit(features, found.weights["span"]),
                )
            )
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


def clauses_around(letter: Letter, passage: Passage, exact: Span) -> Span:
    """The run of whole sentences, or clauses of a long one, that holds ``exact``.

    One longer than ``READABLE`` gives way to as many of its parts between commas, around
    ``exact``, as stay within that.
    """
    touched = [s for s in passage.sentences if s.start < exact.end and s.end > exact.start]
    if not touched:
        return exact
    run = trimmed(letter.text, Span(start=touched[0].start, end=touched[-1].end))
    return run if run.end - run.start <= READABLE else _parts_around(letter.text, run, exact)


def _parts_around(text: str, run: Span, exact: Span) -> Span:
    """What stands between commas of ``run`` around ``exact``, the part before it first."""
    pauses = [match.end() for match in _PAUSE.finditer(text, run.start, run.end)]
    before = [at for at in (run.start, *pauses) if at <= exact.start]
    behind = [at for at in (*pauses, run.end) if at >= exact.end]
    low, high = len(before) - 1, 0
    while True:
        length = behind[high] - before[low]
        if low and length + before[low] - before[low - 1] <= READABLE:
            low -= 1
        elif high + 1 < len(behind) and behind[high + 1] - before[low] <= READABLE:
            high += 1
        else:
            return trimmed(text, Span(start=before[low], end=behind[high]))
