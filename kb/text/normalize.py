"""Text as it was meant to be typed: no white space, narrow digits, and where each stood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kb.text.chars import bare
from kb.types import Span

# One for one, so that offsets stay true: digits and letters narrow, marks as Chinese has them.
_ALIKE: dict[int, int | str] = {
    **{code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF5B))},
    **str.maketrans("％－—–～．〇○,;:!?()", "%----.零零，；：！？（）"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Normalized:
    """``words`` is what rules match; ``offsets[n]`` is where ``words[n]`` stands in the text."""

    words: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """Where ``words[start:end]`` (at least one character) stands in the text."""
        return Span(start=self.offsets[start], end=self.offsets[end - 1] + 1)


def normalized(text: str, span: Span | None = None) -> Normalized:
    """``text`` (or ``span`` of it) squeezed; offsets count code points of the whole ``text``."""
    start, end = (span.start, span.end) if span else (0, len(text))
    kept = [n for n in range(start, end) if not text[n].isspace()]
    return Normalized(words=narrowed("".join(text[n] for n in kept)), offsets=tuple(kept))


def narrowed(words: str) -> str:
    """``words`` with each character in its usual form, one for one."""
    return words.translate(_ALIKE)


def standing_in(text: str, words: str) -> Iterator[Span]:
    """Every place where ``words`` stand in ``text``, white space aside."""
    wanted = bare(words)
    places = [place for place, one in enumerate(text) if not one.isspace()]
    plain = "".join(text[place] for place in places)
    start = plain.find(wanted) if wanted else -1
    while start >= 0:
        yield Span(start=places[start], end=places[start + len(wanted) - 1] + 1)
        start = plain.find(wanted, start + 1)
