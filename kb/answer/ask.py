"""The main flow of a question: search, answer or refuse, step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from kb.answer import card, compose, fields, listing, quotes
from kb.answer.choose import choice
from kb.answer.matter import without_opinions
from kb.answer.quotes import verify
from kb.answer.refusal import refuse
from kb.answer.rerank import reread
from kb.answer.several import settled, together
from kb.answer.steps import Located, Quoted, Step, Verdict, verdict
from kb.answer.surest import surest
from kb.answer.talk import said
from kb.models.embedding import Embedder
from kb.models.reading import ReadingModel
from kb.query.directory import directory_of
from kb.query.parse import Query, parse
from kb.replies import Answer, Listing, Notice, Refusal, Reply, Several, Single
from kb.search.hybrid import Found, search
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from kb.types import Nearest


def steps(
    query: Query,
    reader: SnapshotReader,
    embedder: Embedder,
    *,
    model: ReadingModel | None = None,
    settings: Settings,
) -> Iterator[Step]:
    """What is found, what is quoted, and the verdict, as they become known.

    A question for a list of letters is answered from their fields, without a search. With a
    reading ``model`` the first ``settings.read`` passages are read and put in order before they
    are shown. ``query`` was parsed with ``reader``. Raises NotVerbatim if a quote failed the
    last check before it is shown.
    """
    if query.talk:
        yield Verdict(reply=said(query, reader))
        return
    once = partial(_once, reader=reader, embedder=embedder, model=model, settings=settings)
    plain = not query.parts and not query.led
    chosen = _chosen(query, once, reader, settings=settings) if plain else None
    if chosen:
        yield Verdict(reply=chosen)
    elif query.parts:
        taken = [surest(part.query, once, reader) for part in query.parts]
        several = together(query, [verdict(part) for part in taken])
        whole = [] if several and settled(several) else surest(query, once, reader)
        if several and (not whole or isinstance(verdict(whole), Refusal)):
            yield from _shown(several, taken)
        else:
            yield from whole
    elif query.otherwise:
        yield from surest(query, once, reader)
    else:
        yield from once(query)


def _chosen(
    query: Query,
    once: Callable[[Query], Iterator[Step]],
    reader: SnapshotReader,
    *,
    settings: Settings,
) -> Notice | None:
    """Questions to choose from where ``query`` is a bare word; each is answered by ``once``."""

    def answered(question: str) -> bool:
        put = parse(question, directory_of(reader, query.scope), settings=settings)
        return isinstance(verdict(list(once(put))), Answer)

    return choice(query, reader, answered=answered)


def _shown(reply: Reply, taken: Sequence[Sequence[Step]]) -> Iterator[Step]:
    """The steps of the parts that are in ``reply``, which is of several or of all at once."""
    for number, part in enumerate(taken if isinstance(reply, Several) else taken[:1]):
        yield from (
            replace(step, part=number) if isinstance(step, Quoted) else step
            for step in part
            if not isinstance(step, Verdict)
        )
    yield Verdict(reply=reply)


def _once(
    query: Query,
    reader: SnapshotReader,
    embedder: Embedder,
    *,
    model: ReadingModel | None,
    settings: Settings,
) -> Iterator[Step]:
    """The steps of one question."""
    if query.scant:
        yield Verdict(reply=refuse("say_more", query, reader))
        return
    listed = listing.list_answer(query, reader)
    if listed:
        yield from _listed(listed, reader)
        return
    found = search(query, reader, embedder, settings=settings)
    found = without_opinions(query, found, reader)
    if model:
        found = reread(query, found, reader, model, read=settings.read)
    yield Located(letters=quotes.nearest_letters(found.hits, reader), hits=found.hits)
    reply = _reply(query, found, reader, model=model, settings=settings)
    if isinstance(reply, Answer):
        for quote in reply.quotes:
            for shown in (quote, *quote.earlier):
                verify(shown, reader)
            yield Quoted(quote=quote)
    yield Verdict(reply=reply)


def _listed(listed: Listing | Refusal, reader: SnapshotReader) -> Iterator[Step]:
    """The steps of a list, every row of which is verified before any is shown."""
    rows = listed.rows if isinstance(listed, Listing) else ()
    for row in rows:
        verify(row, reader)
    first = tuple(
        Nearest(citation=row.citation, title=row.title, score=row.score)
        for row in rows[: quotes.NEAREST]
    )
    yield Located(letters=first, hits=())
    yield Verdict(reply=listed)


def ask(
    query: Query,
    reader: SnapshotReader,
    embedder: Embedder,
    *,
    model: ReadingModel | None = None,
    settings: Settings,
) -> Reply:
    """The verdict alone."""
    *_, last = steps(query, reader, embedder, model=model, settings=settings)
    if not isinstance(last, Verdict):
        raise TypeError("steps() must end with its verdict")
    return last.reply


def _reply(
    query: Query,
    found: Found,
    reader: SnapshotReader,
    *,
    model: ReadingModel | None,
    settings: Settings,
) -> Single:
    if found.named.missing:
        nearest = quotes.nearest_letters(found.hits, reader)
        number, near = found.named.missing, found.named.mentioned[: quotes.NEAREST]
        if near:
            nearest = tuple(quotes.near(reader.letter(n), score=0.0) for n in near)
            return refuse("only_mentioned", query, reader, nearest=nearest, number=number)
        return refuse("no_such_letter", query, reader, nearest=nearest, number=number)
    by_field = card.card(query, found, reader) or fields.field_answer(query, found, reader)
    return by_field or compose.answer(query, found, reader, model=model, settings=settings)
