"""The clauses of a letter, and their parts between commas, over squeezed text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.extract.promise_rules import BLANK, announces
from kb.text.normalize import Normalized, normalized
from kb.text.sentences import sentences
from kb.text.voices import formal
from kb.types import Heading, Letter, Span

_QUOTED = re.compile(r"“[^”。]{1,80}”|《[^》。]{1,80}》|「[^」。]{1,80}」")
# What a clause may begin with: 一、 （二） 3. ① 一是 首先.
_NUMBERED = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十\d]{1,3}）|\(?\d{1,2}[)）.、．](?!\d(?!\d{3}年))|[①-⑳]"
    r"|第[一二三四五六七八九十]，|[一二三四五六七八九十]{1,2}是|(?:首先|其次|再次|最后)，)+"
)
_COUNTS = re.compile(r"[一二三四五六七八九十]+|\d+")
_CUT = re.compile(
    r"；|(?<=[，。；])(?=[一二三四五六七八九十]{1,2}是|\d[、.．](?!\d)|[①-⑳]|（[一二三四五六七八九十\d]{1,2}）)"
    r"|(?<=：)(?=[二三四五六七八九]是|[2-9][、.．](?!\d))"
)
# A list's first number goes with the colon before it: 措施如下：1、更换路灯.
_COMMA = re.compile(r"，|：(?:(?:[1一][、.．]|一是|（一）)(?!\d))?(?!\d)")


# Who signed and when, whom to call, and words to the reader.
SIGNED = re.compile(
    r"^[^，。；：]{2,30}(?:局|委员会|办公室|政府|中心|厅|委|院)$|^[\d〇○零一二三四五六七八九]{4}年[^，。]{1,8}日$"
    r"|^（[^）]{2,40}）$|^联系(?:人|单位|方式|电话)|^[此本]件|请勿|谅解|致谢|歉意|感谢"
)
LINE = 25  # code points: a line that is shorter wasn't broken for its length


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A clause without its number; ``plain`` is its words, ``masked`` those without quotations.

    ``parts`` are the ranges of ``plain.words`` between commas. ``numbered`` is True where it
    had a number; ``path`` are the headings above it, itself included where it is one.
    """

    plain: Normalized
    masked: str
    parts: tuple[tuple[int, int], ...]
    numbered: bool
    sentence: Span
    path: tuple[Heading, ...]

    @property
    def span(self) -> Span:
        """Where it stands in its letter."""
        return self.plain.span(0, len(self.plain.words))

    def part(self, number: int) -> str:
        """The masked words of one part."""
        start, end = self.parts[number]
        return self.masked[start:end]


def clauses_of(letter: Letter) -> Iterator[Clause]:
    """The clauses of the letter's body, in order."""
    starts, paths = [heading.span.start for heading in letter.headings], _paths(letter.headings)
    for sentence in _whole(letter):
        plain = normalized(letter.text, sentence)
        masked = _QUOTED.sub(lambda match: BLANK * len(match[0]), plain.words)
        for start, end in _pieces(plain.words):
            start, numbered = _unnumbered(plain.words, start, end)
            end = start + len(plain.words[start:end].rstrip("。！？；，：、"))
            if end > start:
                words = Normalized(words=plain.words[start:end], offsets=plain.offsets[start:end])
                above = bisect_right(starts, plain.offsets[start])
                yield Clause(
                    plain=words,
                    masked=masked[start:end],
                    parts=tuple(_parts(words.words)),
                    numbered=numbered,
                    sentence=sentence,
                    path=paths[above],
                )


def stands_alone(letter: Letter, clause: Clause) -> bool:
    """True of an item of a list under 下步工作 and the like that only looks like a heading.

    Nothing stands below it but the next item, or the letter's thanks and signature.
    """
    heading = clause.path[-1]
    if not any(announces(above.text) for above in clause.path[:-1]) or announces(heading.text):
        return False
    later = bisect_right(letter.headings, heading.span.start, key=lambda one: one.span.start)
    following = letter.headings[later] if later < len(letter.headings) else None
    if following and following.level > heading.level:
        return False
    end = following.span.start if following else letter.body.end
    lines = letter.text[heading.span.end : end].split("\n")
    below = next((line.strip() for line in lines if line.strip("。；; \u3000\t\r")), "")
    return not below or _alike(heading.text, below) or formal(below) or bool(SIGNED.search(below))


def _alike(one: str, other: str) -> bool:
    """True if both lines are numbered in the same way: （一）… and （二）…."""
    kinds = [
        re.sub(r"[一二三四五六七八九十]+|\d+", "0", m[0])
        for m in map(_NUMBERED.match, (one.strip(), other))
        if m
    ]
    return len(kinds) == 2 and kinds[0] == kinds[1]


def _paths(headings: Sequence[Heading]) -> list[tuple[Heading, ...]]:
    """The path under no heading, under the first, the second, …"""
    paths: list[tuple[Heading, ...]] = [()]
    for heading in headings:
        above = tuple(outer for outer in paths[-1] if outer.level < heading.level)
        paths.append((*above, heading))
    return paths


def _unnumbered(words: str, start: int, end: int) -> tuple[int, bool]:
    """Where the clause begins after its number, and whether it has one."""
    number = _NUMBERED.match(words, start, end)
    return (number.end(), True) if number else (start, False)


def _whole(letter: Letter) -> Iterator[Span]:
    """The sentences of the body; one that a line break cut in two is one."""
    text, titles = letter.text, {heading.span.start for heading in letter.headings}
    held: Span | None = None
    for span in sentences(text, letter.body):
        if held and not (_broken(text, held) and _goes_on(text, span) and span.start not in titles):
            yield held
            held = None
        held = Span(start=held.start, end=span.end) if held else span
    if held:
        yield held


def _broken(text: str, span: Span) -> bool:
    """True if the line is long and ends in the middle of a sentence."""
    words = span.of(text).strip()
    return len(words) >= LINE and words[-1] not in "。！？；：!?;:”》）)"


def _goes_on(text: str, span: Span) -> bool:
    words = span.of(text).strip()
    return (
        words.endswith(("。", "；", "！")) and not _NUMBERED.match(words) and words[0] not in "（("
    )


def _pieces(words: str) -> Iterator[tuple[int, int]]:
    start = 0
    for cut in _CUT.finditer(words):
        yield start, cut.start()
        start = cut.end()
    yield start, len(words)


def _parts(words: str) -> Iterator[tuple[int, int]]:
    start = 0
    for comma in _COMMA.finditer(words):
        if comma.start() > start:
            yield start, comma.start()
        start = comma.end()
    if start < len(words):
        yield start, len(words)
