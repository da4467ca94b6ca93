"""Refusals: the text for every code, and how sure an answer must be."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kb.answer.related import related
from kb.answer.sentences import Candidate, logit, weights
from kb.answer.way_out import way_out
from kb.query.expect import shown
from kb.query.parse import Query
from kb.replies import Refusal
from kb.search.boosts import passage_words
from kb.search.hybrid import Found
from kb.store.protocol import SnapshotReader
from kb.text.synonyms import coverage
from kb.types import Nearest


class Reason(NamedTuple):
    """Why a question is refused: in short for lists, and in full, with blanks to fill."""

    label: str
    told: str


# By code; a code that was published never changes.
REASONS: Mapping[str, Reason] = {
    "no_such_letter": Reason(
        "没有这个编号的复文", "没有找到{number}的复文，可能尚未收录；请核对编号"
    ),
    "only_mentioned": Reason(
        "只在别的复文里提到", "没有读到{number}的复文，只有下列复文提到它；请打开核对"
    ),
    "say_more": Reason("问题太短", "问题太短，不知道要找什么；请多写几个字，例如哪里的什么事"),
    "which_letter": Reason(
        "没说明是哪一份", "要答“{field}”，请说明是哪一份复文，例如写上文号、提案号或题目"
    ),
    "field_absent": Reason("复文里没有这一项", "这份复文没有写明{field}"),
    "none_listed": Reason("没有符合条件的复文", "已收录的复文中没有{listed}"),
    "none_promised": Reason(
        "没有这样的承诺", "据本单位自己的记录，截至{day}，{listed}；没有核实的承诺不在记录里"
    ),
    "nothing_found": Reason("什么也没找到", "现有复文中没有找到与这个问题有关的内容"),
    "not_a_guide": Reason(
        "问的是怎么办手续",
        "没有找到说明这件事怎么办的答复。这里只有各单位公开答复的原话，不是办事指南；"
        "办手续请打 12345，或者看当地政务服务网",
    ),
    "not_sure": Reason("把握不够", "没有哪份复文明确回答了这个问题，以下只是内容相近的复文"),
}
FAR_AHEAD = 4.0
LETTER_AHEAD = 0.5
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
        way_out=way_out(query, nearest, reader),
    )


def unsure(query: Query, found: Found, reader: SnapshotReader, *, confidence: float) -> Refusal:
    """The refusal of what no letter surely answers."""
    nearest = related(query, found, reader)
    code = "not_sure" if nearest else "nothing_found"
    if query.guide:
        code = "not_a_guide"
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

    Where a reading model found the spans, ``span_features`` beside how much of the question's
    words the passage quoted from holds. Else how much of them the best five passages and the one
    quoted from hold, and how far the nearest passage stands out in cosine from the mean of the
    fifty nearest and from the tenth.
    """
    first = coverage(query.words, passage_words(ranked[0].hit, reader))
    if _is_span(ranked):
        return {"first_coverage": first} | span_features(query, found, ranked)
    covered = [
        coverage(query.words, passage_words(h, reader)) for h in found.hits[:READ_FOR_COVERAGE]
    ]
    near = found.near
    return {
        "coverage": max(covered, default=0.0),
        "first_coverage": first,
        "above_mean": near[0] - sum(near) / len(near) if near else 0.0,
        "above_tenth": near[0] - near[min(9, len(near) - 1)] if near else 0.0,
    }


def span_features(query: Query, found: Found, ranked: Sequence[Candidate]) -> dict[str, float]:
    """What the span that was put first, and those beside it, tell of whether it answers.

    How relevant the model finds its passage; how sure it is of the span; by how much (log-odds,
    ``FAR_AHEAD`` at most) it is ahead of the best that stands elsewhere; whether its sentence has
    what the question asks for; its passage's score in the search, and by how much that is ahead
    of every other letter's (``LETTER_AHEAD`` at most, either way).
    """
    best = ranked[0]
    rival = next((c.score for c in ranked if not _same(c, best)), best.score - FAR_AHEAD)
    others = [hit.score for hit in found.hits if hit.passage.letter_id != best.letter.id]
    lead = best.hit.score - max(others, default=-math.inf)
    return {
        "relevance": best.features["relevance"],
        "span": best.features["span"],
        "ahead": min(best.score - rival, FAR_AHEAD),
        "fits": shown(query.expected, best.span.of(best.letter.text)),
        "passage": best.hit.score,
        "letter_ahead": max(-LETTER_AHEAD, min(lead, LETTER_AHEAD)),
    }


def _same(one: Candidate, other: Candidate) -> bool:
    """True if two candidates are of the same sentence."""
    return one.letter.id == other.letter.id and one.span == other.span


def _is_span(ranked: Sequence[Candidate]) -> bool:
    """True if the best of them is a span that a reading model found, not a sentence."""
    return ranked[0].exact is not None
