"""The main flow of a question: search, answer or refuse, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kb.answer import card, compose, fields, listing, quotes
from kb.answer.matter import without_opinions
from kb.answer.quotes import verify
from kb.answer.refusal import refuse
from kb.answer.rerank import reread
from kb.answer.several import together
from kb.answer.talk import said
from kb.models.embedding import Embedder
from kb.models.reading import ReadingModel
from kb.query.parse import Query
from kb.replies import Answer, Listing, Refusal, Reply, Several, Single, quotes_of
from kb.search.hybrid import Found, search
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from kb.types import Hit, Nearest, Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """What was found, before any of it is read: the nearest letters, and every hit."""

    letters: tuple[Nearest, ...]
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """One quote of the answer, strongest first; ``part`` is which of several it answers."""

    quote: Quote
    part: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The whole reply; the last step of every question."""

    reply: Reply


Step = Located | Quoted | Verdict


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
    if query.parts:
        taken = [
            list(_single(part.query, reader, embedder, model=model, settings=settings))
            for part in query.parts
        ]
        several = together(query, [_verdict(part) for part in taken])
        if several:
            yield from _shown(several, taken)
            return
    yield from _single(query, reader, embedder, model=model, settings=settings)


def _shown(reply: Reply, taken: Sequence[Sequence[Step]]) -> Iterator[Step]:
    """The steps of the parts that are in ``reply``, which is of several or of all at once."""
    for number, part in enumerate(taken if isinstance(reply, Several) else taken[:1]):
        yield from (
            replace(step, part=number) if isinstance(step, Quoted) else step
            for step in part
            if not isinstance(step, Verdict)
        )
    yield Verdict(reply=reply)


def _verdict(taken: Sequence[Step]) -> Single:
    last = taken[-1]
    if not isinstance(last, Verdict) or isinstance(last.reply, Several):
        raise TypeError("a single question must end with its verdict")
    return last.reply


def _single(
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


def _listed(listed: Listing | Answer | Refusal, reader: SnapshotReader) -> Iterator[Step]:
    """The steps of a list or a card, every quote of which is verified before any is shown."""
    rows = quotes_of(listed)
    for row in rows:
        verify(row, reader)
    first = tuple(
        Nearest(citation=row.citation, title=row.title, score=row.score)
        for row in rows[: quotes.NEAREST]
    )
    yield Located(letters=first, hits=())
    if isinstance(listed, Answer):
        yield from (Quoted(quote=quote) for quote in rows)
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
