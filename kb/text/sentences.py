"""Sentences, clauses and heading paths: spans, never rewritten text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from kb.text.asked import asked_parts, receipt_end
from kb.text.chars import bare
from kb.text.tables import is_head_row
from kb.text.traditional import simplified
from kb.text.voices import contact as whom_to_call
from kb.text.voices import formal, own_words
from kb.types import Heading, Letter, Span

SHORTEST = 6  # code points; less is a heading's number or a stray mark
REACH = 500  # headings before a place that are looked at; a letter has a few dozen in all

# Formal parts that state nothing: the receipt, and dates of signing and printing.
_FORMAL = re.compile(
    r"收悉。?$|(?:答复|函复|回复|报告|复函|意见|情况|说明|反馈)如下[：:。，]?$"
    r"|^[^。，；：]{0,30}\d{4}年\d{1,2}月\d{1,2}日(?:印发)?$"
)
# What opens the reply, where the facts follow in the same sentence: 现答复如下：全市共有…
_LEAD = re.compile(r"(?:收悉|如下)[：:。，]\s*(?!$)")
_LEAD_REACH = 200  # code points in which the facts begin


def quotable(letter: Letter, span: Span, *, contact: bool = True) -> bool:
    """False for what answers nothing: headings, the title, formal lines, scraps, heads of tables.

    So are sentences that are nothing but somebody's wish or claim; without ``contact`` the lines
    that say whom to call are too.
    """
    words = simplified(span.of(letter.text))
    if "\t" in words and is_head_row(letter.text, span):
        return False
    if len(bare(words)) < SHORTEST or _FORMAL.search(words) or formal(words):
        return False
    if not contact and whom_to_call(words):
        return False
    if words.endswith(("委员：", "代表：")) or own_words(words, whole(words)) is None:
        return False
    if any(part.meets(span) for part in asked_parts(letter.text)):
        return False
    at = _headings_before(letter.headings, span.start)
    named = [heading.span for heading in letter.headings[max(0, at - REACH) : at]]
    named += [letter.title.span] if letter.title and letter.title.span else []
    named += [field.span for field in letter.lists.get("addressees", ()) if field.span]
    return not any(part.start <= span.start and span.end <= part.end + 1 for part in named)


def answers_from(letter: Letter) -> int:
    """Where the answer of ``letter`` begins: behind its receipt, else behind its title."""
    title = letter.title.span if letter.title else None
    start = title.end if title and letter.body.holds(title) else letter.body.start
    return receipt_end(letter.text, Span(start=start, end=letter.body.end)) or start


def whole(words: str) -> Span:
    """All of ``words``."""
    return Span(start=0, end=len(words))


def without_lead(text: str, span: Span, *, keep: Span | None = None) -> Span:
    """``span`` from where its facts begin: without 您的来信收悉，现答复如下： before them.

    What lies in ``keep`` is never cut off.
    """
    most = min(span.end, span.start + _LEAD_REACH, keep.start if keep else span.end)
    ends = [match.end() for match in _LEAD.finditer(text, span.start, most)]
    return Span(start=ends[-1], end=span.end) if ends else span


def headings_over(letter: Letter, offset: int) -> tuple[str, ...]:
    """The heading path above ``offset``, outermost first."""
    return tuple(heading.text for heading in heading_path(letter.headings, offset))


_END = re.compile(r"[。！？!?]+[”’」』）》】)\"]*[ \t]*\n?|\n")

LONGEST = 2000  # code points of a sentence; the longest of real letters have some hundred
_PAUSE = re.compile(r"[，,；;、\s]")

_CLAUSE = re.compile(r"；[”’」』）》】)\"]*[ \t]*")

# After a closing quotation mark these continue the sentence: “先民生后提升。”的原则.
_GOES_ON = "的地得，、；：。及和与等"


def sentences(text: str, span: Span) -> Iterator[Span]:
    """Sentences that partition ``span``: each ends with its 。！？ or line end, if any.

    One of more than ``LONGEST`` code points is cut behind its last comma or space before that,
    or there: it is quoted whole, and nobody reads a quote of a million characters.
    """
    start = span.start
    for match in _END.finditer(text, span.start, span.end):
        end = match.end()
        closed = match[0].rstrip()[-1:] not in "。！？!?\n"
        if closed and end < span.end and text[end] in _GOES_ON:
            continue
        yield from _bounded(text, start=start, end=end)
        start = end
    if start < span.end:
        yield from _bounded(text, start=start, end=span.end)


def sentences_at(text: str, place: Span) -> Span:
    """The whole sentences of their lines that ``place`` is in, white space at the ends aside."""
    end = text.find("\n", place.end)
    line = Span(start=text.rfind("\n", 0, place.start) + 1, end=end if end >= 0 else len(text))
    held = [part for part in sentences(text, line) if part.meets(place)]
    return trimmed(text, Span(start=held[0].start, end=held[-1].end)) if held else place


def _bounded(text: str, *, start: int, end: int) -> Iterator[Span]:
    while end - start > LONGEST:
        rest = _PAUSE.search(text[start : start + LONGEST][::-1])
        cut = start + LONGEST - (rest.start() if rest else 0)
        yield Span(start=start, end=cut)
        start = cut
    yield Span(start=start, end=end)


def clauses(text: str, span: Span) -> Iterator[Span]:
    """The parts of a sentence between its ；, partitioning ``span``."""
    start = span.start
    for match in _CLAUSE.finditer(text, span.start, span.end):
        yield Span(start=start, end=match.end())
        start = match.end()
    if start < span.end:
        yield Span(start=start, end=span.end)


def trimmed(text: str, span: Span) -> Span:
    """``span`` without the white space at its ends."""
    words = span.of(text)
    left = len(words) - len(words.lstrip())
    return Span(
        start=span.start + left,
        end=max(span.start + left, span.end - len(words) + len(words.rstrip())),
    )


def heading_path(tree: Sequence[Heading], offset: int) -> tuple[Heading, ...]:
    """The headings that ``offset`` stands under, outermost first."""
    above: list[Heading] = []
    at = _headings_before(tree, offset)
    for heading in tree[max(0, at - REACH) : at][::-1]:
        if not above or heading.level < above[-1].level:
            above.append(heading)
            if heading.level <= 1:
                break
    return tuple(reversed(above))


def _headings_before(tree: Sequence[Heading], offset: int) -> int:
    """How many headings begin at ``offset`` or before it; they stand in the order of the text."""
    return bisect_right(tree, offset, key=lambda heading: heading.span.start)
