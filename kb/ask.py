"""The main flow of a question: search, answer or refuse, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kb import about, answer
from kb.codec import encodable
from kb.embed import Embedder
from kb.errors import KbError, WrongUse
from kb.reader import ReadingModel
from kb.search import Found, search
from kb.settings import Settings
from kb.spans import reread
from kb.store import Reader
from kb.types import Answer, Hit, Nearest, Quote, Refusal, Reply, Scope


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


class NotVerbatim(KbError):
    """A quote that is not the text at its offsets: a fault of ours, never shown."""

    status, code = 500, "not_verbatim"


def steps(
    question: str,
    reader: Reader,
    embedder: Embedder,
    *,
    model: ReadingModel | None = None,
    settings: Settings,
    scope: Scope,
) -> Iterator[Step]:
    """What is found, what is quoted, and the verdict, as they become known.

    With a reading ``model`` the first ``settings.read`` passages are read and put in order
    before they are shown.
    Raises WrongUse for an empty, too long or unencodable question, NotVerbatim if a quote
    failed the last check before it is shown.
    """
    question = checked(question, settings=settings)
    found = search(question, reader, embedder, scope=scope, settings=settings)
    if model:
        found = reread(question, found, reader, model, read=settings.read)
    yield Located(letters=answer.nearest_letters(found.hits, reader), hits=found.hits)
    reply = _reply(question, found, reader, settings=settings, scope=scope)
    if isinstance(reply, Answer):
        for quote in reply.quotes:
            verify(quote, reader)
            yield Quoted(quote=quote)
    yield Verdict(reply=reply)


def ask(
    question: str,
    reader: Reader,
    embedder: Embedder,
    *,
    model: ReadingModel | None = None,
    settings: Settings,
    scope: Scope,
) -> Reply:
    """The verdict alone."""
    taken = steps(question, reader, embedder, model=model, settings=settings, scope=scope)
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


def verify(quote: Quote, reader: Reader) -> None:
    """The promise of this program: every quote is a span of its letter's text."""
    text = reader.letter(quote.letter_id).text
    whole = bool(quote.text) and quote.span.of(text) == quote.text
    if not whole or not all(quote.span.holds(one) for one in quote.exact):
        raise NotVerbatim(f"复文 {quote.letter_id} 的摘录与原文不符，已停止显示；请报告此问题")


def _reply(
    question: str, found: Found, reader: Reader, *, settings: Settings, scope: Scope
) -> Reply:
    if found.named.missing:
        return Refusal(
            question=question, snapshot=reader.snapshot.version, code="no_such_letter",
            reason=f"没有找到{found.named.missing}的复文，可能尚未收录；请核对编号",
            nearest=answer.nearest_letters(found.hits, reader), confidence=0.0,
        )  # fmt: skip
    asked = about.read(question)
    if asked:
        reply = about.answer(question, asked, found, reader, scope=scope)
        if reply:
            return reply
    return answer.answer(question, found, reader, settings=settings)
