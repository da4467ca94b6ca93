"""A question that can be read in several ways is answered as it is answered most surely."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache

from kb.answer.refusal import refuse
from kb.answer.steps import Located, Quoted, Step, Verdict, verdict
from kb.query.parse import Query
from kb.query.readings import own_nouns
from kb.replies import Answer, Notice, Refusal, Single
from kb.store.protocol import SnapshotReader
from kb.text.chars import searchable
from kb.text.synonyms import meanings

SURE = 0.8  # confidence from which no other reading is tried
WITHIN = 0.5  # least confidence in what the letter that answered before says of the next question
AROUND = 300  # code points around a quote in which the nouns of the question are looked for

Once = Callable[[Query], Iterator[Step]]


def surest(query: Query, once: Once, reader: SnapshotReader) -> Sequence[Step]:
    """The steps of the reading of ``query`` that is answered most surely; a refusal if none is.

    ``once`` answers one reading. What is not sure enough of its reading is not shown. What no
    reading answers may stand in the letter that answered the question before.
    """
    first: Sequence[Step] = ()
    best: Sequence[Step] = ()
    told = cache(lambda: verdict(list(once(query.after))) if query.after else None)
    for reading in (query, *query.otherwise):
        taken: Sequence[Step] = list(once(reading))
        first = first or taken
        reply = verdict(taken)
        if not _holds(reading, reply, reader):
            continue
        if reading.led and query.after:
            taken = _further(reading, taken, told())
        if taken and (not best or reply.confidence > verdict(best).confidence):
            best = taken
        if reply.confidence >= SURE:
            break
    return best or within(query, told(), once, reader) or _refused(first, query, reader)


def within(query: Query, told: Single | None, once: Once, reader: SnapshotReader) -> Sequence[Step]:
    """The steps of ``query`` as the letter that ``told`` quotes answers it; none if it does not.

    No other letter competes there, so it must be surer than it would be among all, and what is
    quoted must itself tell of one of the question's nouns. Only readings that are led by what was
    said are put to it, since people are told of those.
    """
    best: Sequence[Step] = ()
    if not isinstance(told, Answer):
        return best
    scope = replace(query.scope, letter_ids=(told.quotes[0].letter_id,))
    for reading in (query, *query.otherwise):
        if not reading.led or reading.named.letter_ids:
            continue
        own, least = own_words(reading), max(reading.least, WITHIN)
        put = replace(reading, scope=scope, own=own, least=least)
        taken: Sequence[Step] = list(once(put))
        if not _holds(put, verdict(taken), reader, around=0):
            continue
        taken = _further(put, taken, told)
        if taken and (not best or verdict(taken).confidence > verdict(best).confidence):
            best = taken
    return best


def own_words(query: Query) -> tuple[str, ...]:
    """The nouns that ``query`` itself has, without the subject that it is led by."""
    return query.own or own_nouns(query.typed.split("：")[-1])


def _refused(taken: Sequence[Step], query: Query, reader: SnapshotReader) -> Sequence[Step]:
    """The steps of the first reading, its answer taken back if it has one."""
    reply = verdict(taken)
    if isinstance(reply, Refusal | Notice):
        return taken
    located = [step for step in taken if isinstance(step, Located)]
    return [*located, Verdict(reply=refuse("not_sure", query, reader, nearest=reply.nearest))]


def _further(query: Query, taken: Sequence[Step], before: Single | None) -> Sequence[Step]:
    """The steps with what was told ``before`` as the last quote: who asks on wants another.

    Empty where there is no other and the very same words answered before; other words of the
    same sentence may answer, and the same that tell what ``query`` asks anew.
    """
    reply = verdict(taken)
    if not isinstance(reply, Answer) or not isinstance(before, Answer):
        return taken
    (first, *rest), told = reply.quotes, before.quotes[0]
    again = any(one.meets(other) for one in first.exact for other in told.exact)
    if first.letter_id != told.letter_id or not (again or first.span.meets(told.span)):
        return taken
    if _tells_anew(query, first.text):
        return taken
    if not rest:
        return () if again else taken
    quotes = (*rest, first)
    located = (step for step in taken if isinstance(step, Located))
    shown = (Quoted(quote=quote) for quote in quotes)
    return [*located, *shown, Verdict(reply=replace(reply, quotes=quotes, lead=None))]


def _tells_anew(query: Query, words: str) -> bool:
    """True if ``words`` have all that ``query`` brings itself (门面的呢), or the cause it asks."""
    own = own_words(query)
    if own:
        near = searchable(words)
        return all(any(meaning in near for meaning in meanings(word)) for word in own)
    kind = query.expected.kind
    return kind is not None and kind.name == "why" and bool(kind.shows.search(words))


def _holds(query: Query, reply: Single, reader: SnapshotReader, *, around: int = AROUND) -> bool:
    """True if the reply is sure enough and, to a question that was led by a subject, to it.

    What is quoted, or the text ``around`` it, must tell of one of the nouns that the question
    itself has.
    """
    if not isinstance(reply, Answer):
        return not isinstance(reply, Refusal | Notice)
    if reply.confidence < query.least:
        return False
    if not query.own:
        return True
    first = reply.quotes[0]
    letter = reader.letter(first.letter_id)
    start = max(0, first.span.start - around)
    near = searchable(letter.text[start : first.span.end + around])
    return any(meaning in near for word in query.own for meaning in meanings(word))
