"""Text as rules and searches compare it, with where each character stood; quotes found again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kb.text.chars import bare, fold, narrow
from kb.text.traditional import simplified
from kb.types import Span

# One for one, so that offsets stay true: marks as Chinese has them.
_MARKS = str.maketrans("％－—–～．〇○［＼］＾＿｀,;:!?()", "%----.零零[\\]^_`，；：！？（）")


@dataclass(frozen=True, slots=True, kw_only=True)
class Normalized:
    """``words`` is what is compared; ``offsets[n]`` is where ``words[n]`` stands in the text."""

    words: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """Where ``words[start:end]`` (at least one character) stands in the text."""
        return Span(start=self.offsets[start], end=self.offsets[end - 1] + 1)

    def each(self, wanted: str) -> Iterator[Span]:
        """Every place in the text where ``wanted`` stands among the words; "" stands nowhere."""
        start = self.words.find(wanted) if wanted else -1
        while start >= 0:
            yield self.span(start, start + len(wanted))
            start = self.words.find(wanted, start + 1)


def normalized(text: str, span: Span | None = None) -> Normalized:
    """``text`` (or ``span`` of it) without white space and as ``narrowed``.

    Offsets count code points of the whole ``text``.
    """
    offsets = _without_space(text, span)
    return Normalized(words=narrowed("".join(text[n] for n in offsets)), offsets=offsets)


def folded(text: str, span: Span | None = None, *, lines: bool = False) -> Normalized:
    """``text`` (or ``span`` of it) folded and without white space, character by character.

    ``lines`` keeps the line ends, so that no word runs from one line into the next.
    """
    start, end = (span.start, span.end) if span else (0, len(text))
    characters: list[str] = []
    offsets: list[int] = []
    for offset, char in enumerate(simplified(text[start:end]), start):
        same = "\u4e00" <= char <= "\u9fff"  # as most are: faster than to fold them
        for character in char if same else fold(char):
            if not character.isspace() or (lines and character == "\n"):
                characters.append(character)
                offsets.append(offset)
    return Normalized(words="".join(characters), offsets=tuple(offsets))


def narrowed(words: str) -> str:
    """``words`` with each character in its usual form, one for one."""
    return narrow(words).translate(_MARKS)


def standing_in(text: str, words: str) -> Iterator[Span]:
    """Every place where ``words`` stand in ``text``, white space aside."""
    return _bare(text).each(bare(words))


@lru_cache(maxsize=1)
def _bare(text: str) -> Normalized:
    """``text`` without white space, kept for the next words that are looked for in it."""
    offsets = _without_space(text, None)
    return Normalized(words="".join(text[n] for n in offsets), offsets=offsets)


def _without_space(text: str, span: Span | None) -> tuple[int, ...]:
    start, end = (span.start, span.end) if span else (0, len(text))
    return tuple(n for n in range(start, end) if not text[n].isspace())
