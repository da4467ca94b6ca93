"""Replies to several questions at once, and to one that compares, made of those to each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kb.query.parse import Query
from kb.query.readings import own_nouns
from kb.replies import Answer, Listing, Part, Several, Single
from kb.types import Quote


def together(query: Query, replies: Sequence[Single]) -> Several | Answer | None:
    """The replies to the parts of ``query`` as one; None where no part is answered.

    Where every part is answered by the same words, that is the answer to them all; a lead that
    is not that of all is left out.
    """
    answered = [reply for reply in replies if isinstance(reply, Answer | Listing)]
    if not answered:
        return None
    first = answered[0]
    if isinstance(first, Answer) and all(_same(reply, first) for reply in replies):
        same = all(isinstance(reply, Answer) and reply.lead == first.lead for reply in replies)
        return first if same else replace(first, lead=None)
    return Several(
        question=query.typed if query.compares else "；".join(p.query.typed for p in query.parts),
        snapshot=first.snapshot,
        kind="comparison" if query.compares else "questions",
        parts=tuple(
            Part(label=part.label, reply=reply)
            for part, reply in zip(query.parts, replies, strict=True)
        ),
    )


def _same(one: Single, other: Answer) -> bool:
    """True if the first quotes of both are in the same place."""
    if not isinstance(one, Answer):
        return False
    return _meets(one.quotes[0], other.quotes[0])


def _meets(one: Quote, other: Quote) -> bool:
    return one.letter_id == other.letter_id and one.span.meets(other.span)


def settled(reply: Several | Answer) -> bool:
    """True if no other reading is to be tried: every part is answered, or sides are compared."""
    if isinstance(reply, Answer) or reply.kind == "comparison":
        return True
    return all(isinstance(part.reply, Answer | Listing) for part in reply.parts)


def tells_all(whole: Single, reply: Several | Answer) -> bool:
    """True if ``whole`` has what answers each part of ``reply``, and more: no part is dropped."""
    if isinstance(reply, Answer) or not isinstance(whole, Answer):
        return False
    told = [part.reply for part in reply.parts if isinstance(part.reply, Answer)]
    held = all(any(_meets(quote, one.quotes[0]) for quote in whole.quotes) for one in told)
    return held and len(whole.quotes) > len(told)


def leaning(query: Query, replies: Sequence[Single]) -> tuple[int, ...]:
    """Which parts name nothing themselves, and follow one that is not answered."""
    found = list[int]()
    for at, (part, reply) in enumerate(zip(query.parts, replies, strict=True)):
        ways = (part.query, *part.query.otherwise)
        led = any(way.led and way.typed == reply.question for way in ways)
        vague = not own_nouns(part.query.typed)
        if at and (led or vague) and not isinstance(replies[at - 1], Answer | Listing):
            found.append(at)
    return tuple(found)
