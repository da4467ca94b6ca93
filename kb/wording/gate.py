"""What a model made of an answer's quotes, let through whole or not at all.

It names quotes by their numbers, every one of them and whole, since any sentence may say when
another does not hold; we put in their words: no word of a letter is retyped. Its own words must
be phrases of ``phrases.txt``, to the letter, where each may stand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, groupby
from pathlib import Path
from typing import Any, Literal

from kb.types import Quote
from kb.wording.quotes import goes_on

PHRASES = Path(__file__).with_name("phrases.txt")
Position = Literal["first", "other", "further"]
POSITIONS: tuple[Position, ...] = ("first", "other", "further")
# Why nothing was let through, the first that holds.
Reason = Literal["malformed", "unknown_quote", "repeated", "words", "order", "dropped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A phrase of the model's, which is no word of any letter."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Quotes of an answer, and a model's words between them, in the order of reading."""

    parts: tuple[Words | Quote, ...]


def worded(content: str, quotes: Sequence[Quote]) -> Wording | Reason:
    """What a model wrote of ``quotes``, as ``to_join`` gives them, which it was shown numbered
    from 1."""
    parts = _parsed(content, most=len(quotes))
    if parts is None:
        return "malformed"
    numbers = [part for part in parts if isinstance(part, int)]
    if not all(1 <= number <= len(quotes) for number in numbers):
        return "unknown_quote"
    if len(set(numbers)) < len(numbers):
        return "repeated"
    if not _may_say(parts, quotes):
        return "words"
    if not _in_order(numbers, quotes):
        return "order"
    if len(numbers) < len(quotes):
        return "dropped"
    told = (Words(text=part) if isinstance(part, str) else quotes[part - 1] for part in parts)
    return Wording(parts=tuple(told))


def _parsed(content: str, *, most: int) -> list[int | str] | None:
    """The parts: a number for a quote, a string for words; None for anything but these."""
    try:
        made = json.loads(content, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return None
    if not isinstance(made, dict) or made.keys() != {"parts"} or type(made["parts"]) is not list:
        return None
    if not 0 < len(made["parts"]) <= 2 * most:
        return None
    parts: list[int | str] = []
    for part in made["parts"]:
        match part:
            case {"quote": number} if len(part) == 1 and type(number) is int:
                parts.append(number)
            case {"words": words} if len(part) == 1 and type(words) is str:
                parts.append(words)
            case _:
                return None
    return parts if any(type(part) is int for part in parts) else None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object none of whose keys stands twice. Raises ValueError."""
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a key stands twice")
    return made


def _may_say(parts: Sequence[int | str], quotes: Sequence[Quote]) -> bool:
    """True if all words stand before a quote, where there is something to say, and may."""
    before: Quote | None = None
    for part, after in zip(parts, [*parts[1:], None], strict=True):
        if isinstance(part, int):
            before = quotes[part - 1]
        elif not isinstance(after, int) or not _fits(part, before, quotes[after - 1]):
            return False
    return True


def _fits(words: str, before: Quote | None, after: Quote) -> bool:
    if before is None:
        position: Position = "first"
    elif before.letter_id != after.letter_id:
        position = "other"
    elif goes_on(before, after):
        return False  # there is nothing to say
    else:
        position = "further"
    return bool(words) and bool(_grammar()[position].fullmatch(words))


def phrases() -> Mapping[Position, tuple[str, ...]]:
    """All that may be said, by the place for it."""
    lines = PHRASES.read_text(encoding="utf-8").splitlines()
    rows = [line.split(" ") for line in lines if line and not line.startswith("#")]
    return {place: tuple(words for at, words in rows if at == place) for place in POSITIONS}


@cache
def _grammar() -> Mapping[Position, re.Pattern[str]]:
    return {
        place: re.compile(
            f"(?:{_any(words, '，')})?(?:{_any(words, '：')})?"  # both empty is no words
        )
        for place, words in phrases().items()
    }


def _any(words: Sequence[str], end: str) -> str:
    return "|".join(re.escape(one) for one in words if one.endswith(end)) or "(?!)"


def _in_order(numbers: Sequence[int], quotes: Sequence[Quote]) -> bool:
    """True if each letter is told at one place, what one organ wrote in the order of ``quotes``,
    and the letter that answers best first.
    """
    chosen = [quotes[number - 1] for number in numbers]
    letters = [letter for letter, _ in groupby(quote.letter_id for quote in chosen)]
    if letters[0] != quotes[0].letter_id or len(set(letters)) < len(letters):
        return False
    told = [(number, quotes[number - 1].citation.issuer) for number in numbers]
    return not any(
        later < number and issuer == other
        for (number, issuer), (later, other) in combinations(told, 2)
    )
