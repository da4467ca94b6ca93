"""What a question is replied with; the quotes in it are checked before any is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kb.types import Nearest, Quote, Span

# All that is said before a quote in our own words.
LEADS = ("是", "不是", "还没有", "可以", "不可以", "有", "没有")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A word or two before the first quote: one of ``LEADS``, or of that quote at ``span``."""

    text: str
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One to three quotes or a letter's card; ``confidence`` is the probability of being right."""

    question: str
    snapshot: str
    quotes: tuple[Quote, ...]
    nearest: tuple[Nearest, ...]
    confidence: float
    lead: Lead | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody to turn to: who, the number or address as it is shown, and the link that reaches it.

    ``href`` begins with ``tel:``, ``https://``, ``http://`` or ``mailto:``.
    """

    label: str
    value: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """No answer: a stable ``code``, the reason in Chinese, the nearest letters, whom to turn to."""

    question: str
    snapshot: str
    code: str
    reason: str
    nearest: tuple[Nearest, ...]
    confidence: float
    way_out: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Every letter that meets a question's conditions, newest first.

    ``rows`` holds one quote of each letter: the place that puts it on the list. ``count`` is
    exact; ``rows`` may stop short of it, and ``caption`` then says so.
    """

    question: str
    snapshot: str
    caption: str
    count: int
    rows: tuple[Quote, ...]
    nearest: tuple[Nearest, ...]
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A fixed sentence where nothing is to be looked up, by a stable ``code``; never a quote.

    ``options`` are questions to choose from, which the letters answer; ``lang`` is the language
    of ``text``.
    """

    question: str
    snapshot: str
    code: str
    text: str
    options: tuple[str, ...] = ()
    lang: Literal["zh-CN", "en"] = "zh-CN"
    nearest: tuple[Nearest, ...] = ()
    confidence: float = 1.0


Single = Answer | Refusal | Listing | Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The reply to one of several questions, or of what is compared; ``label`` says to which."""

    label: str
    reply: Single


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """Replies to several questions at once, or to one that compares years, organs, places."""

    question: str
    snapshot: str
    kind: Literal["questions", "comparison"]
    parts: tuple[Part, ...]
    nearest: tuple[Nearest, ...] = ()

    @property
    def confidence(self) -> float:
        """That of the part that is least sure."""
        return min(part.reply.confidence for part in self.parts)


Reply = Single | Several


def quotes_of(reply: Reply) -> tuple[Quote, ...]:
    """Every quote that the reply shows, those of a list's rows included, in order."""
    match reply:
        case Answer(quotes=quotes):
            return quotes
        case Listing(rows=rows):
            return rows
        case Several(parts=parts):
            return tuple(quote for part in parts for quote in quotes_of(part.reply))
        case _:
            return ()
