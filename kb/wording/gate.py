"""What a model made of an answer's quotes, let through whole or not at all.

It names sentences by their numbers, every one of them, since any may say when another does not
hold; and we put in their words: no word of a letter is retyped.
Its own words must be phrases of ``phrases.txt``, to the letter, where each may stand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

from kb.replies import Answer
from kb.text.sentences import trimmed, whole
from kb.types import Quote, Span
from kb.wording.units import Unit

PHRASES = Path(__file__).with_name("phrases.txt")
Position = Literal["first", "other", "further"]
POSITIONS: tuple[Position, ...] = ("first", "other", "further")
# Why nothing was let through, the first that holds.
Reason = Literal[
    "malformed", "unknown_sentence", "repeated", "words", "order", "dropped", "leaning"
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A phrase of the model's, which is no word of any letter."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Quotes of an answer and a model's words between them, in the order in which they are read.

    Each quote is verbatim like any other: all of one of the answer's, or whole sentences of it.
    """

    parts: tuple[Words | Quote, ...]


def worded(content: str, answer: Answer, units: Sequence[Unit]) -> Wording | Reason:
    """What a model wrote of ``answer``, whose ``units`` it was shown numbered from 1."""
    parts = _parsed(content, most=len(units))
    if parts is None:
        return "malformed"
    numbers = [part for part in parts if isinstance(part, int)]
    if not all(1 <= number <= len(units) for number in numbers):
        return "unknown_sentence"
    if len(set(numbers)) < len(numbers):
        return "repeated"
    chosen = [units[number - 1] for number in numbers]
    if not _may_say(parts, units):
        return "words"
    if not _in_order(chosen, answer, units):
        return "order"
    if len(chosen) < len(units):
        return "dropped"
    if any(unit.leans and not unit.goes_on(chosen[:at]) for at, unit in enumerate(chosen) if at):
        return "leaning"
    return Wording(parts=tuple(_joined(parts, answer, units)))


def _parsed(content: str, *, most: int) -> list[int | str] | None:
    """The parts: a number for a sentence, a string for words; None for anything but these."""
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
            case {"sentence": number} if len(part) == 1 and type(number) is int:
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


def _may_say(parts: Sequence[int | str], units: Sequence[Unit]) -> bool:
    """True if all words stand before a sentence, where there is something to say, and may."""
    before: Unit | None = None
    for part, after in zip(parts, [*parts[1:], None], strict=True):
        if isinstance(part, int):
            before = units[part - 1]
        elif not isinstance(after, int) or not _fits(part, before, units[after - 1]):
            return False
    return True


def _fits(words: str, before: Unit | None, after: Unit) -> bool:
    if before is None:
        position: Position = "first"
    elif before.letter_id != after.letter_id:
        position = "other"
    elif after.follows(before):
        return False  # the letter goes on: there is nothing to say
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


def _in_order(chosen: Sequence[Unit], answer: Answer, units: Sequence[Unit]) -> bool:
    """True if each letter is told at one place, and what one organ wrote in the order of ``units``.

    The letter that answers best stays first.
    """
    letters = [letter for letter, _ in groupby(chosen, key=lambda unit: unit.letter_id)]
    if len(set(letters)) < len(letters):
        return False
    told = [(units.index(unit), unit.issuer) for unit in chosen]
    for number, (at, issuer) in enumerate(told):
        if any(later < at and issuer == other for later, other in told[number + 1 :]):
            return False
    return bool(letters[0] == answer.quotes[0].letter_id)


def _joined(
    parts: Sequence[int | str], answer: Answer, units: Sequence[Unit]
) -> list[Words | Quote]:
    """The parts, with sentences of a quote that go on from each other as one quote."""
    runs: list[str | list[Unit]] = []
    for part in parts:
        if isinstance(part, str):
            runs.append(part)
            continue
        unit, last = units[part - 1], runs[-1] if runs else ""
        if isinstance(last, list) and unit.follows(last[-1]) and unit.quote == last[-1].quote:
            last.append(unit)
        else:
            runs.append([unit])
    ends = {run[-1].quote: run for run in runs if isinstance(run, list)}  # the last of each quote
    return [
        Words(text=run)
        if isinstance(run, str)
        else _piece(answer.quotes[run[0].quote], run, last=ends[run[0].quote] is run)
        for run in runs
    ]


def _piece(quote: Quote, run: Sequence[Unit], *, last: bool) -> Quote:
    """The words of ``quote`` that ``run`` holds, without the white space at their ends.

    What is told behind a quote, older letters and how a promise stands, goes with the ``last``.
    """
    start = quote.span.start
    words = quote.text[run[0].span.start - start : run[-1].span.end - start]
    inner, start = trimmed(words, whole(words)), run[0].span.start
    span = Span(start=start + inner.start, end=start + inner.end)
    exact = [
        Span(start=max(part.start, span.start), end=min(part.end, span.end))
        for part in quote.exact
        if part.meets(span)
    ]
    piece = replace(quote, span=span, text=inner.of(words), exact=tuple(exact))
    return piece if last else replace(piece, earlier=(), standing=None)
