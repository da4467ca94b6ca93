"""The lines of a text without white space, each character with the place it stands in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.publicity.words import LABEL, PARTED, SECRET_LABEL, plain
from kb.types import Span

SHORT = 40  # characters of a line or sentence that may be a mark
_PARTED_AT = 24  # characters of a line whose last word may go on in the next
_MOST = 6  # lines that are read as one
# Check boxes, also in brackets, and those of the fonts Wingdings and Symbol as files give them.
_ON = r"□√|[☑✓✔√■●◉◼⬛✅þ\uf052\uf0fe\uf0fc\uf06e\uf0d6]|r(?=[^\S\n]{0,4}(?:不|依|主|公|是|否))"
_WORD = r"[☒⊠]"  # a tick in Word, a cross beside a tick
_CROSS = r"[×✗✘✕╳]"
_OFF = r"[□☐○◯▢◻⬜◇◎£¨\uf0a3\uf06f\uf0a8\uf071\uf072]"
_GAP = r"[^\S\n]{0,4}"
_SIGN = re.compile(
    rf"(?P<on>\({_GAP}(?:{_ON}|{_WORD}|[vx✗✘]){_GAP}\)|{_ON})|(?P<word>{_WORD})"
    rf"|(?P<cross>\({_GAP}{_CROSS}{_GAP}\)|{_CROSS})|(?P<off>\([^\S\n]{{0,8}}_{{0,8}}\)|\((?:是/?否|y/n)\)|{_OFF})"
    r"|(?P<cell>\t)|(?P<white>[^\S\t]+)|(?P<other>.)"
)
_BOXES = {"on": "☑", "word": "☒", "cross": "×", "off": "□"}
_WIDE = re.compile(r"\u3000|[ \u00a0]{2}")
BOX = re.compile(r"[☑☒×□]")
_HAS_BOX = re.compile("|".join((_ON, _WORD, _CROSS, _OFF, r"\(\S?\)")))
_LAST = re.compile(r"[,。;()]")
_ENDS_LABEL = re.compile(rf"(?:{LABEL.pattern}|{SECRET_LABEL.pattern})[:=]?$")
_SPACES = re.compile(r"[^\S\t]+")
_NUMBERED = re.compile(r"第.{1,4}[章节条篇]|\(?[一二三四五六七八九十\d]{1,3}[)、.]")
_ANEW = re.compile(rf"[^:]{{1,12}}:|{_NUMBERED.pattern}")  # how a line begins that is another


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """``text`` is plain, without white space; a tab parts its cells, and ☑ ☒ × □ are its boxes.

    Its n-th character stands in the whole text from ``starts[n]`` to ``ends[n]``.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """The span in the whole text of the characters from ``start`` to ``end``."""
        return Span(start=self.starts[start], end=self.ends[end - 1])

    def gap(self, n: int) -> bool:
        """True if white space stands before the n-th character."""
        return 0 < n < len(self.text) and self.starts[n] > self.ends[n - 1]


def blocks(text: str) -> Iterator[Span]:
    """Where the lines of ``text`` stand; those whose last word goes on in the next are one."""
    start = at = 0
    whole, count = "", 0  # the block so far without white space, and its lines
    for words in plain(text).split("\n"):
        bare = _SPACES.sub("", words).strip()
        if bare and whole and not (count < _MOST and _goes_on(whole, bare)):
            yield Span(start=start, end=at - 1)
            whole, count = "", 0
        if bare and not whole:
            start = at
        whole, count = whole + bare, count + bool(bare)
        at += len(words) + 1
    if whole:
        yield Span(start=start, end=at - 1)


def _goes_on(above: str, below: str) -> bool:
    """True if the words at the end of a line go on in the line below it."""
    if len(below) == 1 and len(above) < _MOST:
        return True  # written from top to bottom
    if len(below) > SHORT or (len(above) > SHORT * 2 and above[-1] != ":"):
        return False
    if "\t" not in above and _ENDS_LABEL.match(_LAST.split(above)[-1]) and not _ANEW.match(below):
        return True
    if len(below) > _PARTED_AT or len(above) > SHORT * 2:
        return False
    if _HAS_BOX.search(above) and _HAS_BOX.search(below) and not _ANEW.match(below):
        return True
    around = above[-8:] + below[:8]
    edge = min(8, len(above))
    matches = (PARTED.match(around, start) for start in range(edge))
    return any(match and match.end() > edge for match in matches)


def line_at(text: str, block: Span) -> Line:
    """The line of ``block``; spaces between letter-spaced words part no cells."""
    original = block.of(text)
    words = plain(original)
    characters: list[str] = []
    places: list[tuple[int, int]] = []
    run = 0  # characters since the last white space
    for sign in _SIGN.finditer(words):
        kind = sign.lastgroup or ""
        character = _BOXES.get(kind, sign[0])
        if kind == "white":
            space = original[sign.start() : sign.end()]
            after = words[sign.end() : sign.end() + 2]
            cell = "\n" not in space and run > 1 and len(after.strip()) == 2
            cell = cell and bool(_WIDE.search(space))
            cell = cell and not (len(characters) < 8 and _NUMBERED.fullmatch("".join(characters)))
            run = 0
            if not cell:
                continue
            character = "\t"
        else:
            run += 1
        characters.append(character)
        places.append((block.start + sign.start(), block.start + sign.end()))
    return Line(
        text="".join(characters),
        starts=tuple(start for start, _ in places),
        ends=tuple(end for _, end in places),
    )
