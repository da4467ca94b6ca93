"""Links that land on a quote in the page that it was published on (text fragments).

https://wicg.github.io/scroll-to-text-fragment/: ``#:~:text=[prefix-,]start[,end][,-suffix]``. Each
part is looked for within one block of the page, the first place that fits is taken, so what we
name fits one place alone. Our own pages have ``?start=&end=`` for that, and need no browser's help.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit

from kb.privacy import pii
from kb.text.excerpts import whole_words
from kb.types import Letter, Span
from server.present import views

LONGEST = 60  # code points that are named whole; of more the opening and the ending
OPENING = 24  # code points of those, at most
CONTEXT = 80  # code points before or after that are looked at
CLAUSES = 4  # that are tried of those
MOST_PLACES = 100  # of an opening; one that stands more often names nothing
# What is read from these is not the page itself.
_NO_PAGE = re.compile(
    r"\.(?:pdf|docx?|wps|ofd|rtf|xlsx?|et|csv|zip|rar|png|jpe?g|tiff?|bmp|gif|webp)\Z", re.I
)
_BLOCK = re.compile(r"[\n\t]")  # what lines and cells of tables end with
_PAUSE = re.compile(r"[，。；：、！？,;:!?]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Directive:
    """The parts of a text fragment, not yet encoded; "" for those that it does without."""

    start: str
    end: str = ""
    prefix: str = ""
    suffix: str = ""

    def __str__(self) -> str:
        """``text=…`` with what has a meaning of its own encoded."""
        parts = (
            f"{_encoded(self.prefix)}-" if self.prefix else "",
            _encoded(self.start),
            _encoded(self.end),
            f"-{_encoded(self.suffix)}" if self.suffix else "",
        )
        return "text=" + ",".join(part for part in parts if part)

    def places(self, text: str) -> Iterator[Span]:
        """Where in ``text`` a browser would find it, were it to go on looking."""
        start = text.find(self.start)
        while start >= 0:
            end = start + len(self.start)
            if self.end:
                last = text.find(self.end, end)
                if last < 0:
                    return
                end = last + len(self.end)
            if self._fits(text, Span(start=start, end=end)):
                yield Span(start=start, end=end)
            start = text.find(self.start, start + 1)

    def _fits(self, text: str, span: Span) -> bool:
        """True if prefix and suffix stand around ``span``, white space between aside."""
        before, after = span.start, span.end
        while self.prefix and before and text[before - 1].isspace():
            before -= 1
        while self.suffix and after < len(text) and text[after].isspace():
            after += 1
        at = before - len(self.prefix)
        return at >= 0 and text.startswith(self.prefix, at) and text.startswith(self.suffix, after)


def published_at(letter: Letter, mark: Span | None) -> str | None:
    """The address that the letter was published at, on the words at ``mark`` where it can be.

    None where the letter has none. No words are named of files that are no web pages, nor such as
    are hidden here; nor where they stand more than once and cannot be told apart.
    """
    address = views.web_address(letter.url)
    if not address or not mark or _NO_PAGE.search(urlsplit(address).path):
        return address
    if _NO_PAGE.search(letter.source) or not (found := directive(letter.text, mark)):
        return address
    return f"{address}{'' if '#' in address else '#'}:~:{found}"


def directive(text: str, span: Span) -> Directive | None:
    """What names the words of ``text`` at ``span`` and none other; None where nothing does."""
    lines = [*_lines(text, span)]
    if not lines or pii.HIDDEN in span.of(text):
        return None
    first, last = lines[0], lines[-1]
    if first == last and first.end - first.start <= LONGEST:
        return _alone(text, first, Directive(start=first.of(text)))
    start, end = _opening(text, first), _ending(text, last)
    if start.end > end.start:  # they overlap: the opening leads there too
        return _alone(text, start, Directive(start=start.of(text)))
    whole = Span(start=start.start, end=end.end)
    ranged = Directive(start=start.of(text), end=end.of(text))
    return _alone(text, whole, ranged) or _alone(text, start, Directive(start=start.of(text)))


def _alone(text: str, span: Span, bare: Directive) -> Directive | None:
    """``bare`` with as much before or after it as makes ``span`` its one place."""
    if text.count(bare.start) > MOST_PLACES:
        return None
    before, after = _before(text, span.start), _after(text, span.end)
    tried = [bare, *(replace(bare, prefix=one) for one in before)]
    tried += [replace(bare, suffix=one) for one in after]
    if before and after:
        tried.append(replace(bare, prefix=before[-1], suffix=after[-1]))
    return next((one for one in tried if [*one.places(text)] == [span]), None)


def _before(text: str, end: int) -> list[str]:
    """The clauses that lead up to ``end`` in its line, else in the one before, the last first."""
    line = _BLOCK.split(text[max(end - CONTEXT, 0) : end].rstrip())[-1]
    starts = [0, *(one.end() for one in _PAUSE.finditer(line))]
    return _usable(line[start:] for start in reversed(starts))


def _after(text: str, start: int) -> list[str]:
    """The same of what follows ``start``, the next clause first."""
    line = _BLOCK.split(text[start : start + CONTEXT].lstrip())[0]
    ends = [*(one.end() for one in _PAUSE.finditer(line)), len(line)]
    return _usable(line[:end] for end in ends)


def _usable(found: Iterable[str]) -> list[str]:
    bare = (one.strip() for one in found)
    return [one for one in dict.fromkeys(bare) if one and pii.HIDDEN not in one][:CLAUSES]


def _lines(text: str, span: Span) -> Iterator[Span]:
    """The lines, or cells, of the words at ``span``, without white space at their ends."""
    start = span.start
    for part in _BLOCK.split(span.of(text)):
        if bare := part.strip():
            begin = start + part.index(bare)
            yield Span(start=begin, end=begin + len(bare))
        start += len(part) + 1


def _opening(text: str, line: Span) -> Span:
    """The first words of a line, up to a pause where there is one: browsers take whole words."""
    if line.end - line.start <= OPENING:
        return line
    pauses = [one.end() for one in _PAUSE.finditer(text, line.start, line.start + OPENING)]
    if pauses:
        return Span(start=line.start, end=pauses[-1])
    return whole_words(text, Span(start=line.start, end=line.start + OPENING), within=line)


def _ending(text: str, line: Span) -> Span:
    """The last words of a line, after a pause where there is one."""
    if line.end - line.start <= OPENING:
        return line
    pauses = [one.end() for one in _PAUSE.finditer(text, line.end - OPENING, line.end - 1)]
    if pauses:
        return Span(start=pauses[0], end=line.end)
    return whole_words(text, Span(start=line.end - OPENING, end=line.end), within=line)


def _encoded(words: str) -> str:
    return quote(words, safe="").replace("-", "%2D")
