"""What a model may put in order: the quotes of an answer in whole sentences, all of them.

A boundary stands only where the text may be left off: what leans on the sentence before it, the
items of a list, the rows of a table and what is inside quotation marks stay with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kb.replies import Answer
from kb.text.sentences import sentences, whole
from kb.types import Quote, Span

MOST = 4000  # code points of all quotes together that are handed to a model

_END = re.compile(r"[。！？!?][”’」』）》】)\"]*\s*$")
_ITEM = (
    r"[一二三四五六七八九十]+是|第[一二三四五六七八九十]+[，、是]?|[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]"
    r"|[①-⑳⑴-⒇]|首先|其次|再次|最后"
)
_LIST = re.compile(rf"^\s*(?:{_ITEM})|[：；，。](?:{_ITEM})")
# The head of a sentence that goes on from the one before it.
_LEANS = re.compile(
    r"^\s*(?:但|不过|然而|因此|因而|所以|为此|故|于是|从而|同时|此外|另|并|而|且|还|也|又|再|亦|则|即|如|若|例如|比如|具体"
    r"|上述|以上|以下|前述|该|其|此|这|那|他|她|它|对此|据此|届时|之后|随后|然后|接着|否则|除|相应|同样|一方面|目前|现|已|均|都|仍|只|才"
    r")"
)
_REFERS = re.compile(r"上述|前述|以上|(?<!应)该|此|这|(?<!尤)其(?![他它余实])")
_PAIRS = (("“", "”"), ("（", "）"), ("《", "》"), ("(", ")"), ("「", "」"), ("【", "】"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Whole sentences of an answer's quote number ``quote``, verbatim: ``span`` is of its letter.

    One that ``leans`` needs words that are not quoted.
    """

    quote: int
    letter_id: str
    issuer: str | None
    span: Span
    text: str
    leans: bool

    def follows(self, other: Unit) -> bool:
        """True if this goes on where ``other`` ends."""
        return self.letter_id == other.letter_id and self.span.start == other.span.end

    def goes_on(self, before: Sequence[Unit]) -> bool:
        """True if this goes on where the last of ``before`` ends."""
        return bool(before) and self.follows(before[-1])


def units_of(answer: Answer) -> tuple[Unit, ...]:
    """The units of ``answer``, letter by letter in the order of each; () if none are to be joined.

    That is so of one quote, if nothing may be put before another, if a field was asked for, if
    quotes overlap, or if they are more than ``MOST`` code points.
    """
    quotes = answer.quotes
    if sum(len(quote.text) for quote in quotes) > MOST or any(quote.about for quote in quotes):
        return ()
    letters = [quote.letter_id for quote in quotes]
    units = [unit for number, quote in enumerate(quotes) for unit in _cut(quote, number)]
    units.sort(key=lambda unit: (letters.index(unit.letter_id), unit.span.start))
    for one, other in pairwise(units):
        if one.letter_id == other.letter_id and other.span.start < one.span.end:
            return ()
    return tuple(units) if len(quotes) > 1 and _may_lead(units) else ()


def _may_lead(units: Sequence[Unit]) -> bool:
    """True if none leans on words that are not quoted, or one that may stand before all others."""
    leaning = [n for n, unit in enumerate(units) if unit.leans and not unit.goes_on(units[:n])]
    if len(leaning) > 1:
        return False
    organs = {unit.issuer for n in leaning for unit in units[:n]}
    return not any(units[n].issuer in organs for n in leaning)


def _cut(quote: Quote, number: int) -> Iterator[Unit]:
    for part in _parts(quote.text):
        span = Span(start=quote.span.start + part.start, end=quote.span.start + part.end)
        text = part.of(quote.text)
        yield Unit(
            quote=number,
            letter_id=quote.letter_id,
            issuer=quote.citation.issuer,
            span=span,
            text=text,
            leans=part.start == 0 and bool(_LEANS.match(text)),
        )


def _parts(text: str) -> Iterator[Span]:
    """The parts of a quote that partition it, each of whole sentences that stand together."""
    start, found = 0, list(sentences(text, whole(text)))
    for one, after in pairwise(found):
        if _may_part(text[start : one.end], after.of(text)):
            yield Span(start=start, end=one.end)
            start = one.end
    if start < len(text):
        yield Span(start=start, end=len(text))


def _may_part(before: str, after: str) -> bool:
    return (
        bool(after.strip())
        and "\t" not in before + after
        and bool(_END.search(before))
        and not _LIST.search(before)
        and not (_LEANS.match(after) or _LIST.match(after))
        and not _REFERS.search(after)
        and all(before.count(opened) == before.count(closed) for opened, closed in _PAIRS)
    )
