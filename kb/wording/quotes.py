"""Which quotes of an answer a model may put in order: all of them, each whole."""

from __future__ import annotations

import re
from itertools import pairwise

from kb.replies import Answer
from kb.types import Quote

MOST = 4000  # code points of all quotes together that are handed to a model

# The head of a quote that leans on the words before it.
_LEANS = re.compile(
    r"^\s*(?:但|不过|然而|因此|因而|所以|为此|故|于是|从而|同时|此外|另|并|而|且|还|也|又|再|亦|则|即|如|若|例如|比如|具体"
    r"|上述|以上|以下|前述|该|其|此|这|那|他|她|它|对此|据此|届时|之后|随后|然后|接着|否则|除|相应|同样|一方面|目前|现|已|均|都|仍|只|才"
    r")"
)


def to_join(answer: Answer) -> tuple[Quote, ...]:
    """The quotes of ``answer``, letter by letter in the order of each; () if none are to be joined.

    That is so of one quote, if a field was asked for, if quotes overlap, if one that is not the
    first leans on words that are not quoted, or if they are more than ``MOST`` code points.
    """
    quotes = answer.quotes
    if len(quotes) < 2 or any(quote.about for quote in quotes):
        return ()
    if sum(len(quote.text) for quote in quotes) > MOST:
        return ()
    letters = [quote.letter_id for quote in quotes]
    told = sorted(quotes, key=lambda quote: (letters.index(quote.letter_id), quote.span.start))
    for one, other in pairwise(told):
        if one.letter_id == other.letter_id and other.span.start < one.span.end:
            return ()
        if _LEANS.match(other.text) and not goes_on(one, other):
            return ()
    return tuple(told)


def goes_on(one: Quote, other: Quote) -> bool:
    """True if ``other`` begins where ``one`` ends."""
    return one.letter_id == other.letter_id and one.span.end == other.span.start
