"""Questions that are a word or two and ask nothing of it: 电梯."""

from __future__ import annotations

import re

from kb.query.follow_up import lacks_subject
from kb.query.parse import Query
from kb.text.chars import HAN

MOST = 2  # words
_WORD = re.compile(rf"{HAN}{{2,8}}|[a-z]{{2,6}}")  # folded: ktv


def bare_subject(query: Query) -> tuple[str, ...]:
    """The one or two words that ``query`` is, each of which tells a subject; () for others.

    What names a letter, an organ, a place or a year, and what asks for a field, a list or a part
    of a letter, is no bare subject.
    """
    named = query.named
    if named.letter_ids or named.organs or named.missing or query.setting:
        return ()
    asks = (
        query.listing
        or query.field
        or query.promise
        or query.expected.kind
        or query.expected.sections
    )
    words = query.tokens
    if asks or query.guide or not 0 < len(words) <= MOST or words != query.words:
        return ()
    return words if all(_WORD.fullmatch(w) and not lacks_subject(w) for w in words) else ()
