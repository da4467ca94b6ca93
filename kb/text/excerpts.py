"""Cutting a stretch out of a letter so that it begins and ends between words."""

from __future__ import annotations

import re

from kb.text.tokens import segmenter
from kb.types import Span

_REACH = 32  # code points around a cut that are segmented: words depend on their neighbours
_DIGITS = "0-9０-９〇零一二三四五六七八九十百千万亿两"
# A figure with its unit, a date, an ordinal: what would say something else if it were cut.
_ONE_PIECE = re.compile(
    rf"(?<=[{_DIGITS}%％‰])(?=[\w%％‰℃㎡])|(?<=\d[.．,，])(?=\d)|(?<=\d)(?=[.．,，]\d)"
    rf"|(?<=[第年月约近达超])(?=[{_DIGITS}])"
)
_LEADING = re.compile(r"[\s，、。；：！？,.;:!?）”》〉」』】)\]]*")
_TRAILING = re.compile(r"[\s，、；：,;:（“《〈「『【(\[]*\Z")


def whole_words(text: str, span: Span, *, within: Span, keep: Span | None = None) -> Span:
    """``span`` narrowed to the words that it holds whole; ends it shares with ``within`` stay.

    What lies in ``keep`` is never lost: for its sake ``span`` is widened to the word around it.
    """
    start, end = span.start, span.end
    if start > within.start:
        start = _begin(text, start, within=within, last=keep.start if keep else end)
    if end < within.end:
        end = _end(text, end, within=within, first=max(start, keep.end if keep else start))
    return Span(start=start, end=end) if start < end else span


def _begin(text: str, at: int, *, within: Span, last: int) -> int:
    places = _between(text, at, within=within)
    start = next((place for place in places if at <= place <= last), None)
    if start is None:
        return max((place for place in places if place <= last), default=min(at, last))
    skipped = _LEADING.match(text, start)
    return min(skipped.end() if skipped else start, last)


def _end(text: str, at: int, *, within: Span, first: int) -> int:
    places = _between(text, at, within=within)
    end = max((place for place in places if first <= place <= at), default=None)
    if end is None:
        return next((place for place in places if place >= first), max(at, first))
    cut = _TRAILING.search(text[max(first, end - _REACH) : end])
    return max(end - (len(cut[0]) if cut else 0), first)


def _between(text: str, at: int, *, within: Span) -> list[int]:
    """The places around ``at`` where one word ends and the next begins, in order."""
    start, end = max(within.start, at - _REACH), min(within.end, at + _REACH)
    places, place = [start] if start == within.start else [], start
    for word in segmenter().cut(text[start:end]):
        place += len(word)
        places.append(place)
    apart = [place for place in places if not _ONE_PIECE.match(text, place)]
    return apart if end == within.end else [place for place in apart if place < end]
