"""The steps in which a reply becomes known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.replies import Reply, Several, Single
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


def verdict(taken: Sequence[Step]) -> Single:
    """The reply that the steps of one question end with."""
    last = taken[-1]
    if not isinstance(last, Verdict) or isinstance(last.reply, Several):
        raise TypeError("a single question must end with its verdict")
    return last.reply
