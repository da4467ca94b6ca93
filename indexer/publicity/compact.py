"""Text without its white space, to look for words that spaces and line ends part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.publicity.words import LABELS, TICKS, TOKEN, level_of, plain
from kb.types import Publicity, Span

VALUES = frozenset((*TICKS, "answer"))
MOST = 64  # words that one mark may take
WORD, CELL, LINE = (
    1,
    2,
    3,
)  # what stood before a character: a space, a tab or wide space, a line end
_WHITE = re.compile(r"\s+")
_WIDE = re.compile(r"[\t\u3000]|[ \u00a0]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word of TOKEN in compact text, from ``start`` to ``end``; ``level`` is what it says."""

    kind: str
    start: int
    end: int
    text: str
    level: Publicity | None

    @property
    def says(self) -> bool:
        """True if it is a word of publicity, or the tick of one."""
        return self.level is not None or self.kind in TICKS


@dataclass(frozen=True, slots=True, kw_only=True)
class Compact:
    """``text`` is plain and without white space; ``at[i]`` is where its i-th character stands.

    ``gap[i]`` is what parted it from the one before: 0 nothing, else WORD, CELL or LINE. Both
    have one entry more, for the end.
    """

    text: str
    at: tuple[int, ...]
    gap: bytes

    def lines(self) -> Iterator[tuple[int, int]]:
        """Where each line begins and ends."""
        start = 0
        for end in range(1, len(self.gap)):
            if self.gap[end] == LINE:
                yield start, end
                start = end

    def span(self, start: int, end: int) -> Span:
        """The span in the whole text of the compact characters from ``start`` to ``end``."""
        return Span(start=self.at[start], end=self.at[end - 1] + 1)

    def scan(self, start: int, stop: int) -> list[Token]:
        """The words of TOKEN from ``start`` on, one next to the other, as far as they go.

        They end before an answer that no label asked for, and before a label that follows one
        without a value: neither belongs to a mark.
        """
        tokens: list[Token] = []
        asked = valued = False
        while (
            start < stop and len(tokens) < MOST and (match := TOKEN.match(self.text, start, stop))
        ):
            kind = match.lastgroup or ""
            if (kind == "answer" and not asked) or (kind in LABELS and asked and not valued):
                break
            if kind in LABELS:
                asked, valued = True, False
            valued = valued or kind in VALUES or kind[0] == "v"
            tokens.append(
                Token(kind=kind, start=start, end=match.end(), text=match[0], level=level_of(kind))
            )
            start = match.end()
        return tokens


def compact(text: str) -> Compact:
    """``text`` without its white space."""
    characters: list[str] = []
    at: list[int] = []
    gap = bytearray()
    before = LINE
    end = 0
    whole = plain(text)
    for white in _WHITE.finditer(whole):
        _append(whole, end, white.start(), before=before, to=(characters, at, gap))
        space = text[white.start() : white.end()]
        if white.start():
            ended = "\n" in space or "\f" in space
            before = LINE if ended else CELL if _WIDE.search(space) else WORD
        end = white.end()
    _append(whole, end, len(whole), before=before, to=(characters, at, gap))
    return Compact(text="".join(characters), at=(*at, len(text)), gap=bytes((*gap, LINE)))


def _append(
    whole: str,
    start: int,
    end: int,
    *,
    before: int,
    to: tuple[list[str], list[int], bytearray],
) -> None:
    characters, at, gap = to
    if start < end:
        characters.append(whole[start:end])
        at.extend(range(start, end))
        gap.extend((before, *bytes(end - start - 1)))
