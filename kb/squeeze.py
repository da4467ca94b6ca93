"""Text as it was meant to be typed: no white space, narrow digits, and where each stood."""

from __future__ import annotations

from dataclasses import dataclass

from kb.types import Span

# One for one, so that offsets stay true: digits and letters narrow, marks as Chinese has them.
_ALIKE: dict[int, int | str] = {
    **{code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF5B))},
    **str.maketrans("％－—–～．〇○,;:!?()", "%----.零零，；：！？（）"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Squeezed:
    """``words`` is what rules match; ``offsets[n]`` is where ``words[n]`` stands in the text."""

    words: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """Where ``words[start:end]`` (at least one character) stands in the text."""
        return Span(start=self.offsets[start], end=self.offsets[end - 1] + 1)


def squeezed(text: str, span: Span | None = None) -> Squeezed:
    """``text`` (or ``span`` of it) squeezed; offsets count code points of the whole ``text``."""
    start, end = (span.start, span.end) if span else (0, len(text))
    kept = [n for n in range(start, end) if not text[n].isspace()]
    return Squeezed(words=narrowed("".join(text[n] for n in kept)), offsets=tuple(kept))


def narrowed(words: str) -> str:
    """``words`` with each character in its usual form, one for one."""
    return words.translate(_ALIKE)
