"""A message as it was typed, understood once: small talk, one question or several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from kb.query import follow_up
from kb.query.asked import asked_in
from kb.query.directory import Directory
from kb.query.follow_up import Mended, Resolved
from kb.query.parse import Query, QueryPart, checked, parse
from kb.query.talk import talk
from kb.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """``query`` is what is looked for; ``resolved`` says what was done to the words typed.

    It is None where they are looked for as they stand.
    """

    query: Query
    resolved: Resolved | None = None


def understood(
    question: str,
    known: Directory,
    *,
    settings: Settings,
    before: Sequence[str] = (),
    as_typed: bool = False,
    today: date | None = None,
) -> Understood:
    """What ``question`` asks of the letters in ``known``, after the questions ``before`` it.

    With ``as_typed`` nothing is taken over, left out or mended: the way out of all of that.
    Raises WrongUse for an empty, too long or unencodable question.
    """
    typed = checked(question, settings=settings)
    put = partial(parse, known=known, settings=settings, today=today)
    if as_typed:
        return Understood(query=put(typed))
    code = talk(typed)
    if code:
        return Understood(query=replace(put(typed), talk=code))
    asked = asked_in(typed)
    resolved, earlier = [], list(before)
    for one in asked.questions:
        context = (*earlier, asked.story) if asked.story else tuple(earlier)
        found = follow_up.resolved(put(one), context, known) if context else Resolved(question=one)
        resolved.append(found)
        earlier.append(found.question)
    carried = tuple(dict.fromkeys(taken for one in resolved for taken in one.carried))
    whole = "；".join(one.question for one in resolved)
    mended = (Mended(kind=asked.kind, was=typed, now=whole),) if asked.kind else ()
    seen = Resolved(question=whole, carried=carried, mended=mended) if carried or mended else None
    if len(resolved) == 1:
        return Understood(query=put(resolved[0].question), resolved=seen)
    parts = tuple(
        QueryPart(label=one.question.rstrip("？?。"), query=put(one.question)) for one in resolved
    )
    return Understood(query=replace(put(typed), parts=parts), resolved=seen)
