"""The main flow of a question: search, answer or refuse, step by step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from kb.answer import compose, fields, listing, quotes
from kb.answer.quotes import verify
from kb.answer.rerank import reread
from kb.errors import WrongUse
from kb.models.embedding import Embedder
from kb.models.reading import ReadingModel
from kb.query import field_question
from kb.search.hybrid import Found, search
from kb.settings import Settings
from kb.store.protocol import SnapshotReader
from kb.text.chars import encodable
from kb.types import Answer, Hit, Listing, Nearest, Quote, Refusal, Reply, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """What was found, before any of it is read: the nearest letters, and every hit."""

    letters: tuple[Nearest, ...]
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """One quote of the answer, strongest first."""

    quote: Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The whole reply; the last step of every question."""

    reply: Reply


Step = Located | Quoted | Verdict


_POLITE = re.compile(
    r"^(?:\s|[，,、。！!]|你好|您好|请问|(?:我?想|麻烦)(?:请?问|咨询|了解)(?:一下|下)?)+"
)
_MARKS = re.compile(r"[\s？?。.！!～~…]+$")


def steps(
    question: str,
    reader: SnapshotReader,
    embedder: Embedder,
    *,
    model: ReadingModel | None = None,
    settings: Settings,
    scope: Scope,
    today: date | None = None,
) -> Iterator[Step]:
    """What is found, what is quoted, and the verdict, as they become known.

    A question for a list of letters is answered from their fields, without a search; in one
    for the letters of 去年 the year is counted from ``today``.
    With a reading ``model`` the first ``settings.read`` passages are read and put in order
    before they are shown.
    Raises WrongUse for an empty, too long or unencodable question, NotVerbatim if a quote
    failed the last check before it is shown.
    """
    question = checked(question, settings=settings)
    listed = listing.list_answer(question, reader, scope=scope, today=today)
    if listed:
        yield from _listed(listed, reader)
        return
    asked = plainly(question)
    found = search(asked, reader, embedder, scope=scope, settings=settings)
    if model:
        found = reread(asked, found, reader, model, read=settings.read)
    yield Located(letters=quotes.nearest_letters(found.hits, reader), hits=found.hits)
    reply = _reply(question, found, reader, settings=settings, scope=scope)
    if isinstance(reply, Answer):
        for quote in reply.quotes:
            verify(quote, reader)
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
    question: str,
    reader: SnapshotReader,
    embedder: Embedder,
    *,
    model: ReadingModel | None = None,
    settings: Settings,
    scope: Scope,
    today: date | None = None,
) -> Reply:
    """The verdict alone."""
    taken = steps(
        question, reader, embedder, model=model, settings=settings, scope=scope, today=today
    )
    *_, last = taken
    if not isinstance(last, Verdict):
        raise TypeError("steps() must end with its verdict")
    return last.reply


def checked(question: str, *, settings: Settings) -> str:
    """``question`` without white space at its ends. Raises WrongUse."""
    asked = question.strip()
    if not asked:
        raise WrongUse("问题是空的；请写下要问的内容")
    if len(asked) > settings.question_length:
        raise WrongUse(f"问题有 {len(asked)} 个字，超过 {settings.question_length} 个字；请缩短")
    if not encodable([asked]) or "\x00" in asked:
        raise WrongUse("问题中含有无法识别的字符；请重新输入")
    return asked


def plainly(question: str) -> str:
    """``question`` as it is searched and read: without 请问, and with one question mark.

    The reading model learned on questions that end in one; with and without, they are the same.
    """
    bare = _MARKS.sub("", _POLITE.sub("", question))
    return f"{bare}？" if bare else question


def _reply(
    question: str, found: Found, reader: SnapshotReader, *, settings: Settings, scope: Scope
) -> Reply:
    if found.named.missing:
        return Refusal(
            question=question,
            snapshot=reader.snapshot.version,
            code="no_such_letter",
            reason=f"没有找到{found.named.missing}的复文，可能尚未收录；请核对编号",
            nearest=quotes.nearest_letters(found.hits, reader),
            confidence=0.0,
        )
    asked = field_question.field_question(question)
    told = fields.field_answer(question, asked, found, reader, scope=scope) if asked else None
    if told:
        return told
    reply = compose.answer(plainly(question), found, reader, settings=settings)
    return replace(reply, question=question)
