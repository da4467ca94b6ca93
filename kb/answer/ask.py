"""The main flow of a question: search, answer or refuse, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from kb.answer import card, compose, fields, listing, promised, quotes
from kb.answer.choose import choice
from kb.answer.lead import led
from kb.answer.matter import without_opinions
from kb.answer.quotes import verify
from kb.answer.refusal import refuse
from kb.answer.related import related
from kb.answer.rerank import reread
from kb.answer.several import leaning, settled, tells_all, together
from kb.answer.steps import Located, Quoted, Step, Verdict, verdict
from kb.answer.surest import Once, surest, within
from kb.answer.talk import said
from kb.models.embedding import Embedder
from kb.models.reading import ReadingModel
from kb.promises import NO_PROMISES, Confirmations
from kb.query.directory import directory_of
from kb.query.parse import Query, parse
from kb.replies import Answer, Notice, Refusal, Reply, Several, Single, quotes_of
from kb.search.hybrid import Found, search
from kb.settings import Settings
from kb.stages import stage
from kb.store.protocol import SnapshotReader
from kb.types import Nearest


def steps(
    query: Query,
    reader: SnapshotReader,
    embedder: Embedder,
    *,
    model: ReadingModel | None = None,
    settings: Settings,
    promises: Confirmations = NO_PROMISES,
) -> Iterator[Step]:
    """What is found, what is quoted, and the verdict, as they become known.

    A question for a list of letters is answered from their fields, without a search. With a
    reading ``model`` the first ``settings.read`` passages are read and put in order before they
    are shown. ``query`` was parsed with ``reader``; ``promises`` are those in its letters that
    staff confirmed, by which questions about promises are answered. Raises NotVerbatim if a quote
    failed the last check before it is shown.
    """
    if query.talk:
        yield Verdict(reply=said(query, reader))
        return
    once = partial(
        _once, reader=reader, embedder=embedder, model=model, settings=settings, promises=promises
    )
    plain = not query.parts and not query.led
    chosen = _chosen(query, once, reader, settings=settings) if plain else None
    if chosen:
        yield Verdict(reply=chosen)
    elif query.parts:
        yield from _of_parts(query, once, reader)
    elif query.otherwise or query.least or query.own or query.after:
        yield from surest(query, once, reader)
    else:
        yield from once(query)


def _of_parts(query: Query, once: Once, reader: SnapshotReader) -> Iterator[Step]:
    """The steps of every part of ``query``; of it as a whole where not all are answered, if it is.

    A part that leans on one that is not answered is not answered either.
    """
    taken = [surest(part.query, once, reader) for part in query.parts]
    for at, (part, before) in enumerate(zip(query.parts[1:], taken, strict=False), 1):
        if not query.compares and isinstance(verdict(taken[at]), Refusal):
            taken[at] = within(part.query, verdict(before), once, reader) or taken[at]
    for at in leaning(query, [verdict(part) for part in taken]):
        taken[at] = [Verdict(reply=refuse("not_sure", query.parts[at].query, reader))]
    several = together(query, [verdict(part) for part in taken])
    if not several and query.compares:  # what no side is answered of cannot be compared
        yield Verdict(reply=refuse("not_sure", query, reader))
        return
    whole = [] if several and settled(several) else surest(query, once, reader)
    if several and not (whole and tells_all(verdict(whole), several)):
        yield from _shown(several, taken)
    else:
        yield from whole


def _chosen(
    query: Query,
    once: Once,
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
    *,
    reader: SnapshotReader,
    embedder: Embedder,
    model: ReadingModel | None,
    settings: Settings,
    promises: Confirmations,
) -> Iterator[Step]:
    """The steps of one question."""
    if query.scant:
        yield Verdict(reply=refuse("say_more", query, reader))
        return
    listed = listing.list_answer(query, reader)
    if listed:
        yield from _known(listed, reader)
        return
    with stage("search"):
        found = search(query, reader, embedder, settings=settings)
    told = promised.reply(query, found, reader, promises, settings=settings)
    if told:
        yield from _known(told, reader)
        return
    found = without_opinions(query, found, reader)
    if model:
        with stage("read"):
            found = reread(query, found, reader, model, read=settings.read)
    yield Located(letters=related(query, found, reader), hits=found.hits)
    with stage("compose"):
        reply = _reply(query, found, reader, model=model, settings=settings)
    if isinstance(reply, Answer):
        reply = promised.with_standing(led(query, reply, reader), reader, promises)
    yield from _checked(reply, reader)


def _known(reply: Single, reader: SnapshotReader) -> Iterator[Step]:
    """The steps of a reply that no passage had to be read for."""
    letters = {shown.letter_id: shown for shown in quotes_of(reply)}
    first = tuple(
        Nearest(citation=shown.citation, title=shown.title, score=shown.score)
        for shown in list(letters.values())[: quotes.NEAREST]
    )
    yield Located(letters=first, hits=())
    yield from _checked(reply, reader)


def _checked(reply: Single, reader: SnapshotReader) -> Iterator[Step]:
    """The quotes of an answer and the verdict; every word that is shown is verified before."""
    if isinstance(reply, Answer):
        verify(reply.quotes[0], reader, lead=reply.lead)
    for quote in quotes_of(reply):
        proofs = quote.standing.evidence if quote.standing else ()
        for shown in (quote, *quote.earlier, *proofs):
            verify(shown, reader)
        if isinstance(reply, Answer):
            yield Quoted(quote=quote)
    yield Verdict(reply=reply)


def ask(
    query: Query,
    reader: SnapshotReader,
    embedder: Embedder,
    *,
    model: ReadingModel | None = None,
    settings: Settings,
    promises: Confirmations = NO_PROMISES,
) -> Reply:
    """The verdict alone."""
    *_, last = steps(query, reader, embedder, model=model, settings=settings, promises=promises)
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
        nearest = related(query, found, reader)
        number, near = found.named.missing, found.named.mentioned[: quotes.NEAREST]
        if near:
            nearest = tuple(quotes.near(reader.letter(n), score=0.0) for n in near)
            return refuse("only_mentioned", query, reader, nearest=nearest, number=number)
        return refuse("no_such_letter", query, reader, nearest=nearest, number=number)
    by_field = card.card(query, found, reader) or fields.field_answer(query, found, reader)
    return by_field or compose.answer(query, found, reader, model=model, settings=settings)
