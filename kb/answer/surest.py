"""A question that can be read in several ways is answered as it is answered most surely."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from kb.answer.steps import Located, Quoted, Step, Verdict, verdict
from kb.query.parse import Query
from kb.replies import Answer, Notice, Refusal, Single
from kb.store.protocol import SnapshotReader
from kb.text.chars import searchable
from kb.text.synonyms import meanings
from kb.types import Quote

SURE = 0.8  # confidence from which no other reading is tried
AROUND = 300  # code points around a quote in which the nouns of the question are looked for

Once = Callable[[Query], Iterator[Step]]


def surest(query: Query, once: Once, reader: SnapshotReader) -> Sequence[Step]:
    """The steps of the reading of ``query`` that is answered most surely; of the first if none.

    ``once`` answers one reading.
    """
    tried, told = list[Sequence[Step]](), _told(query, once)
    best: tuple[float, Sequence[Step]] | None = None
    for reading in (query, *query.otherwise):
        taken: Sequence[Step] = list(once(reading))
        tried.append(taken)
        reply = verdict(taken)
        if isinstance(reply, Refusal | Notice) or not _holds(reading, reply, reader):
            continue
        further = _further(taken, told) if reading.led else taken
        if further and (best is None or reply.confidence > best[0]):
            best = (reply.confidence, further)
        if reply.confidence >= SURE:
            break
    return best[1] if best else tried[0]


def _told(query: Query, once: Once) -> Quote | None:
    """What the question before ``query`` is answered by, if it may be read as one after it."""
    if query.after is None or not any(reading.led for reading in (query, *query.otherwise)):
        return None
    reply = verdict(list(once(query.after)))
    return reply.quotes[0] if isinstance(reply, Answer) else None


def _further(taken: Sequence[Step], told: Quote | None) -> Sequence[Step]:
    """The steps with what was ``told`` before as the last quote: who asks on wants another.

    None where there is no other.
    """
    reply = verdict(taken)
    if told is None or not isinstance(reply, Answer):
        return taken
    first, *rest = reply.quotes
    if first.letter_id != told.letter_id or not first.span.meets(told.span):
        return taken
    if not rest:
        return ()
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
