"""Refusals: the text for every code, and how sure an answer must be."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kb.answer.quotes import nearest_letters
from kb.answer.sentences import Candidate, logit, weights
from kb.query.expect import shown
from kb.query.parse import Query
from kb.search.boosts import passage_words
from kb.search.hybrid import Found
from kb.store.protocol import SnapshotReader
from kb.text.synonyms import coverage
from kb.types import Nearest, Refusal


class Reason(NamedTuple):
    """Why a question is refused: in short for lists, and in full, with blanks to fill."""

    label: str
    told: str


# By code; a code that was published never changes.
REASONS: Mapping[str, Reason] = {
    "no_such_letter": Reason(
        "没有这个编号的复文", "没有找到{number}的复文，可能尚未收录；请核对编号"
    ),
    "which_letter": Reason(
        "没说明是哪一份", "要答“{field}”，请说明是哪一份复文，例如写上文号、提案号或题目"
    ),
    "field_absent": Reason("复文里没有这一项", "这份复文没有写明{field}"),
    "none_listed": Reason("没有符合条件的复文", "已收录的复文中没有{listed}"),
    "nothing_found": Reason("什么也没找到", "现有复文中没有找到与这个问题有关的内容"),
    "not_sure": Reason("把握不够", "没有哪份复文明确回答了这个问题，以下只是内容相近的复文"),
}
FAR_AHEAD = 4.0
READ_FOR_COVERAGE = 5  # passages in which the question's words are looked for


def refuse(
    code: str,
    query: Query,
    reader: SnapshotReader,
    *,
    nearest: Sequence[Nearest] = (),
    confidence: float = 0.0,
    **words: str,
) -> Refusal:
    """The refusal of ``query`` for the reason ``code``, whose blanks ``words`` fill."""
    return Refusal(
        question=query.typed,
        snapshot=reader.snapshot.version,
        code=code,
        reason=REASONS[code].told.format(**words),
        nearest=tuple(nearest),
        confidence=confidence,
    )


def unsure(
    query: Query, found: Found, reader: SnapshotReader, *, confidence: float, quotable: bool
) -> Refusal:
    """The refusal of what no letter surely answers; ``quotable`` if there was anything to quote."""
    nearest = nearest_letters(found.hits, reader)
    code = "not_sure" if quotable or nearest else "nothing_found"
    return refuse(code, query, reader, nearest=nearest, confidence=confidence)


def probability(
    query: Query, found: Found, ranked: Sequence[Candidate], reader: SnapshotReader
) -> float:
    """The calibrated probability that the best of ``ranked`` answers the question.

    By the reading model's own weights where it found the span; sentences, of a whole section too,
    are judged as they are without it.
    """
    fitted = found.weights if _is_span(ranked) else weights()
    odds = logit(decision_features(query, found, ranked, reader), fitted["decision"])
    return 1 / (1 + math.exp(-odds))


def decision_features(
    query: Query, found: Found, ranked: Sequence[Candidate], reader: SnapshotReader
) -> dict[str, float]:
    """What the refusal is decided by; all of it means the same in a base of any size.

    How much of the question's words the best passages hold (of the first five, and of the one
    quoted from), and how far the nearest passage stands out in cosine from the mean of the
    fifty nearest and from the tenth. Where a reading model found the spans, see ``span_features``.
    """
    covered = [
        coverage(query.words, passage_words(h, reader)) for h in found.hits[:READ_FOR_COVERAGE]
    ]
    near = found.near
    made = {
        "coverage": max(covered, default=0.0),
        "first_coverage": coverage(query.words, passage_words(ranked[0].hit, reader)),
        "above_mean": near[0] - sum(near) / len(near) if near else 0.0,
        "above_tenth": near[0] - near[min(9, len(near) - 1)] if near else 0.0,
    }
    return made | span_features(query, found, ranked) if _is_span(ranked) else made


def span_features(query: Query, found: Found, ranked: Sequence[Candidate]) -> dict[str, float]:
    """What the span that was put first, and those beside it, tell of whether it answers.

    How relevant the model finds its passage, and the most relevant one; how sure it is of the
    span, and of the surest; by how much (log-odds, ``FAR_AHEAD`` at most) it is ahead of the best
    that stands elsewhere; whether its sentence has what the question asks for.
    """
    best = ranked[0]
    rival = next((c.score for c in ranked if not _same(c, best)), best.score - FAR_AHEAD)
    return {
        "relevance": best.features["relevance"],
        "most_relevant": max(reading.relevance for reading in found.readings.values()),
        "span": best.features["span"],
        "surest": max(candidate.features["span"] for candidate in ranked),
        "ahead": min(best.score - rival, FAR_AHEAD),
        "fits": shown(query.expected, best.span.of(best.letter.text)),
        "passage": best.hit.score,
    }


def _same(one: Candidate, other: Candidate) -> bool:
    """True if two candidates are of the same sentence."""
    return one.letter.id == other.letter.id and one.span == other.span


def _is_span(ranked: Sequence[Candidate]) -> bool:
    """True if the best of them is a span that a reading model found, not a sentence."""
    return ranked[0].exact is not None
