"""How things stand now is told by what was done, not by what is planned or was said before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kb.answer.matter import same_organ
from kb.answer.sentences import Candidate
from kb.query.parse import Query
from kb.types import Letter

MARGIN = 2.5  # log-odds below the best within which what was done stands before a plan

_PLANNED = re.compile(
    r"[将拟]|计划|力争|打算|确保|争取|下一?步|(?:年|月|底|日|季度|半年)前(?:全[面部]|基本)?"
    r"(?:完成|建成|实现|达到|开工|开通|出台|投用|更新|新[增建]|再)|余下|剩余|还要"
)
_TODAY = re.compile(r"今年|目前|现[在已有]|截至|至今|已[经达有增]")


def standing_first(query: Query, ranked: Sequence[Candidate]) -> list[Candidate]:
    """``ranked`` with what was done before a plan, where a question asks how things stand now.

    Of a sentence that tells a year's course, its word of today answers: 去年263个，今年351个.
    """
    if not query.now or not ranked:
        return list(ranked)
    best = ranked[0]
    close = [c for c in ranked if c.letter.id == best.letter.id and c.score >= best.score - MARGIN]
    done = next((c for c in close if not _planned(c)), best) if _planned(best) else best
    first = next((c for c in ranked if _of_today(c, done)), done)
    if first is best:
        return list(ranked)
    rest = (candidate for candidate in ranked if candidate is not first)
    return [replace(first, score=best.score), *rest]


def _of_today(candidate: Candidate, done: Candidate) -> bool:
    """True if ``candidate`` is what the sentence of ``done`` tells of the day it was written."""
    if candidate.exact is None or done.exact is None or candidate.span != done.span:
        return False
    if candidate.letter.id != done.letter.id or candidate.exact.start < done.exact.end:
        return False
    return bool(_TODAY.search(candidate.exact.of(candidate.letter.text)))


def superseded(query: Query, letter: Letter, by: Letter) -> bool:
    """True if ``letter`` says of what is asked only how it once stood: ``by`` says it since."""
    if not query.now or letter.issued_on is None or by.issued_on is None:
        return False
    return letter.issued_on < by.issued_on and same_organ(by, letter)


def _planned(candidate: Candidate) -> bool:
    return bool(_PLANNED.search(candidate.span.of(candidate.letter.text)))
