"""What questions and checks are answered with, as frozen data named as in the OpenAPI document.

Every ``start`` and ``end`` counts code points of a letter's ``text``, half open, as Python does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fuwen.errors import NotVerbatim
from fuwen.letters import Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some code points of a letter."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gloss(Part):
    """The year that 今年, 去年 and the like mean: not a word of the letter."""

    year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """``text`` is what stands in the letter from ``start`` to ``end``, character for character."""

    text: str
    letter_id: str
    start: int
    end: int
    exact: tuple[Part, ...]
    title: str | None
    number: str | None
    issuer: str | None
    date: str | None
    result_class: str | None
    headings: tuple[str, ...]
    about: str | None
    doubtful: bool
    glosses: tuple[Gloss, ...]
    score: float

    def verify(self, letter: Letter) -> None:
        """Raises NotVerbatim unless this is ``letter.text[start:end]`` of the letter it names."""
        where = f"{self.letter_id} 的第 {self.start} 到第 {self.end} 个字"
        if letter.id != self.letter_id:
            raise NotVerbatim(f"摘录出自 {where}，给的却是 {letter.id}；请取对应的复文")
        if not self.start < self.end or letter.text[self.start : self.end] != self.text:
            raise NotVerbatim(f"摘录与 {where}不一样，可能已有新的版本；请重新问一次")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far the commitment in a quote has come, as staff have confirmed it."""

    state: str
    told: str
    due: str | None
    overdue: bool
    evidence: tuple[Excerpt, ...]
    record: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote(Excerpt):
    """An excerpt, and what older letters of the same organ answered to the same."""

    earlier: tuple[Excerpt, ...]
    standing: Standing | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A word or two before the first quote: 是, 不是, or words of the quote itself."""

    text: str
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """A letter that is near, and no answer."""

    letter_id: str
    title: str | None
    number: str | None
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A letter in a list; ``quote`` is why it is there."""

    letter_id: str
    name: str
    issuer: str | None
    number: str | None
    date: str | None
    result_class: str | None
    quote: Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom to turn to."""

    label: str
    value: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A word taken over from an earlier question."""

    kind: Literal["organ", "number", "place", "year", "subject"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """What was changed in the question."""

    kind: Literal["story", "spelling", "script", "split", "model"]
    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """The question that was really looked for."""

    question: str
    carried: tuple[Carried, ...]
    mended: tuple[Mended, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer, a refusal, a list, a fixed sentence, or the answers to several questions."""

    status: Literal["answer", "refusal", "listing", "notice", "several"]
    question: str
    snapshot: str
    quotes: tuple[Quote, ...]
    code: str | None
    reason: str | None
    way_out: tuple[Contact, ...]
    caption: str | None
    count: int
    rows: tuple[Row, ...]
    lead: Lead | None
    text: str | None
    lang: Literal["zh-CN", "en"]
    options: tuple[str, ...]
    kind: Literal["questions", "comparison"] | None
    parts: tuple[ReplyPart, ...]
    nearest: tuple[Nearest, ...]
    confidence: float
    resolved: Resolved | None
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyPart:
    """One of several questions, or one side of a comparison."""

    label: str
    reply: Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where a sentence differs from the letter: ``given`` was sent, ``stands`` is the letter's."""

    kind: Literal["number", "negation", "hidden", "form", "marks", "words"]
    given: str
    given_start: int
    given_end: int
    stands: str
    stands_start: int
    stands_end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of a checked text, and what it is."""

    start: int
    end: int
    text: str
    verdict: Literal["verbatim", "nearly", "absent", "unchecked"]
    quote: Quote | None
    partly: bool
    others: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """A checked text, sentence by sentence."""

    snapshot: str
    sentences: tuple[Sentence, ...]
