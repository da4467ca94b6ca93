"""Ask the shipped program, question by question, and keep what it did."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import assert_never

from eval.base import Base
from eval.record import Place, Record, Shown, Status
from eval.stages import Watch
from eval.suite import Question
from kb.answer.ask import ask, steps
from kb.answer.quotes import NotVerbatim
from kb.answer.steps import Located, Verdict
from kb.errors import WrongUse
from kb.models.reading import ReadingModel
from kb.query.directory import directory_of
from kb.query.parse import as_written
from kb.query.understand import understood
from kb.replies import Answer, Listing, Notice, Refusal, Reply, Several, quotes_of
from kb.search.hybrid import fuse
from kb.types import EVERY_LETTER, Hit, Scope

CITIZENS = Scope(public_only=True)  # what is asked sees of the letters
PLACES = 100  # documents in the ranking of a question
PASSAGES = 20  # passages kept of a question
DEEPER = 2  # times the shipped depth, to fill the places that its hits leave free


def record(question: Question, base: Base) -> Record:
    """Ask one question as every other way in does, through ``kb.answer.ask.steps``.

    A question longer than the program takes is cut to that length; one that it does not take
    at all (a blank one) counts as refused. A question that was refused is asked once more
    with refusing off, untimed, for ``forced``.
    """
    asked = question.question[: base.settings.question_length]
    watch, model = Watch(), base.readers(question.id)
    hits: tuple[Hit, ...] = ()
    reply: Reply | None = None
    started, cpu = time.perf_counter(), time.process_time()
    try:
        hits, reply = listened(asked, base, watch, model=model)
    except NotVerbatim:
        reply = None  # a fault that the run must report, and not stop at
    except WrongUse as error:
        reply = _untaken(asked, error, base)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    quotes = shown(reply)
    return Record(
        question=question,
        status=_status(reply),
        confidence=reply.confidence if reply else 0.0,
        seconds=seconds,
        stages=watch.stages,
        quotes=quotes,
        forced=quotes or _forced(asked, base, model=model),
        passages=tuple(_place(hit) for hit in hits[:PASSAGES]),
        ranking=_ranking(asked, hits, watch, base),
        code=reply.code if isinstance(reply, Refusal) else "",
        cpu=cpu,
    )


def _status(reply: Reply | None) -> Status:
    """A listing counts as an answer: its rows' quotes are what it shows."""
    match reply:
        case None:
            return "error"
        case Refusal() | Notice():
            return "refusal"
        case Several(parts=parts):
            return "answer" if any(_status(part.reply) == "answer" for part in parts) else "refusal"
        case Answer() | Listing():
            return "answer"
        case _:
            assert_never(reply)


def _untaken(asked: str, error: WrongUse, base: Base) -> Refusal:
    version = base.reader.snapshot.version
    return Refusal(
        question=asked,
        snapshot=version,
        code=error.code,
        reason=str(error),
        nearest=(),
        confidence=0.0,
    )


def listened(
    asked: str,
    base: Base,
    watch: Watch,
    *,
    model: ReadingModel | None,
    before: Sequence[str] = (),
) -> tuple[tuple[Hit, ...], Reply]:
    """The hits and the reply of one question, its stages timed by ``watch``.

    Raises NotVerbatim, WrongUse.
    """
    hits: tuple[Hit, ...] = ()
    known = directory_of(base.reader, CITIZENS)
    with watch.stage("search"):
        taken = steps(
            understood(
                asked, known, settings=base.settings, before=before, reader=base.reader
            ).query,
            watch.reader(base.reader),
            watch.embedder(base.embedder),
            model=watch.model(model),
            settings=base.settings,
        )
        located = next(taken)
    if isinstance(located, Located):
        hits = located.hits
    with watch.stage("answer"):
        *_, last = taken
    if not isinstance(last, Verdict):
        raise TypeError("steps() must end with its verdict")
    return hits, last.reply


def shown(reply: Reply | None) -> tuple[Shown, ...]:
    """The quotes of a reply as they are recorded."""
    return tuple(
        Shown(
            docid=quote.letter_id,
            start=quote.span.start,
            end=quote.span.end,
            text=quote.text,
            exact=tuple((part.start, part.end) for part in quote.exact),
        )
        for quote in (quotes_of(reply) if reply else ())
    )


def _forced(asked: str, base: Base, *, model: ReadingModel | None) -> tuple[Shown, ...]:
    settings = replace(base.settings, threshold=0.0)
    try:
        known = directory_of(base.reader, CITIZENS)
        query = understood(asked, known, settings=settings, reader=base.reader).query
        reply = ask(query, base.reader, base.embedder, model=model, settings=settings)
    except (NotVerbatim, WrongUse):
        return ()
    return shown(reply)


def _place(hit: Hit) -> Place:
    passage = hit.passage
    return Place(docid=passage.letter_id, start=passage.span.start, end=passage.span.end)


def _ranking(asked: str, hits: Sequence[Hit], watch: Watch, base: Base) -> tuple[str, ...]:
    """Documents by their best passage: those of the hits, then those of a deeper search.

    The shipped search stops at ``settings.hits`` passages, which may be of few documents;
    what follows them here only matters to recall beyond the hits.
    """
    ranked = dict.fromkeys(hit.passage.letter_id for hit in hits)
    if len(ranked) < min(PLACES, len(base.letter_ids)) and watch.vector is not None:
        ranked |= dict.fromkeys(_deeper(asked, watch, base))
    return tuple(ranked)[:PLACES]


def _deeper(asked: str, watch: Watch, base: Base) -> Iterator[str]:
    limit = base.settings.depth * DEEPER
    words = as_written(asked, directory_of(base.reader, EVERY_LETTER)).words
    lexical = base.reader.lexical(words, limit=limit, scope=EVERY_LETTER)
    dense = (
        base.reader.nearest(watch.vector, limit=limit, scope=EVERY_LETTER)
        if watch.vector is not None
        else []
    )
    for ordinal, _ in fuse(lexical, dense, weight=base.settings.lexical_weight):
        yield base.letter_ids[base.owner[ordinal]]
