"""A question that can be read in several ways is answered as it is answered most surely."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from kb.answer.refusal import refuse
from kb.answer.steps import Located, Quoted, Step, Verdict, verdict
from kb.query.parse import Query
from kb.replies import Answer, Notice, Refusal, Single
from kb.store.protocol import SnapshotReader
from kb.text.chars import searchable
from kb.text.synonyms import meanings

SURE = 0.8  # confidence from which no other reading is tried
AROUND = 300  # code points around a quote in which the nouns of the question are looked for

Once = Callable[[Query], Iterator[Step]]


def surest(query: Query, once: Once, reader: SnapshotReader) -> Sequence[Step]:
    """The steps of the reading of ``query`` that is answered most surely; a refusal if none is.

    ``once`` answers one reading. What is not sure enough of its reading is not shown.
    """
    first: Sequence[Step] = ()
    best: Sequence[Step] = ()
    for reading in (query, *query.otherwise):
        taken: Sequence[Step] = list(once(reading))
        first = first or taken
        reply = verdict(taken)
        if isinstance(reply, Refusal | Notice) or not _holds(reading, reply, reader):
            continue
        if reading.led and query.after:
            taken = _further(taken, verdict(list(once(query.after))))
        if taken and (not best or reply.confidence > verdict(best).confidence):
            best = taken
        if reply.confidence >= SURE:
            break
    return best or _refused(first, query, reader)


def _refused(taken: Sequence[Step], query: Query, reader: SnapshotReader) -> Sequence[Step]:
    """The steps of the first reading, its answer taken back if it has one."""
    reply = verdict(taken)
    if isinstance(reply, Refusal | Notice):
        return taken
    located = [step for step in taken if isinstance(step, Located)]
    return [*located, Verdict(reply=refuse("not_sure", query, reader, nearest=reply.nearest))]


def _further(taken: Sequence[Step], before: Single) -> Sequence[Step]:
    """The steps with what was told ``before`` as the last quote: who asks on wants another.

    Empty where there is no other and the very same words answered before; other words of the
    same sentence may answer.
    """
    reply = verdict(taken)
    if not isinstance(reply, Answer) or not isinstance(before, Answer):
        return taken
    (first, *rest), told = reply.quotes, before.quotes[0]
    again = any(one.meets(other) for one in first.exact for other in told.exact)
    if first.letter_id != told.letter_id or not (again or first.span.meets(told.span)):
        return taken
    if not rest:
        return () if again else taken
    quotes = (*rest, first)
    located = (step for step in taken if isinstance(step, Located))
    shown = (Quoted(quote=quote) for quote in quotes)
    return [*located, *shown, Verdict(reply=replace(reply, quotes=quotes, lead=None))]


def _holds(query: Query, reply: Single, reader: SnapshotReader) -> bool:
    """True if the reply is sure enough and, to a question that was led by a subject, to it.

    What is quoted must tell of one of the nouns that the question itself has.
    """
    if not isinstance(reply, Answer):
        return True
    if reply.confidence < query.least:
        return False
    if not query.own:
        return True
    first = reply.quotes[0]
    letter = reader.letter(first.letter_id)
    start = max(0, first.span.start - AROUND)
    near = searchable(letter.text[start : first.span.end + AROUND])
    return any(meaning in near for word in query.own for meaning in meanings(word))
