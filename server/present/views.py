"""What pages show, worked out before any template sees it: marks, ages, links, examples."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from urllib.parse import quote, urlencode

from kb.privacy.redact import MASKED
from kb.profile import profile
from kb.store.register import RULE
from kb.text.labels import LABELS
from kb.text.recognised import doubts, is_doubtful
from kb.types import SINGLE_FIELDS, Heading, Letter, Quote, Span

JUMPS = 3  # levels of headings in the jump list: 一、 （一） 1.
Kind = Literal["title", "heading", "text"]
# Shape and word, never colour alone (look.md).
SHAPES: Mapping[str, str] = {
    "proposed": "?",
    "not_started": "○",
    "under_way": "◐",
    "done": "●",
    "unverifiable": "–",
    "dropped": "×",
    "rejected": "✕",
    "replaced": "⇄",
    "withdrawn": "↩",
    "overdue": "▲",
}


_HIDDEN_CONTACT = re.compile(
    r"\W{0,6}(?:(?:联系|经办|承办|填报|负责)(?:人|电话|方式)|电话|手机)[^\n*]{0,20}\*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of one line: marked, or a ``hit`` of the words that are looked for.

    ``anchor`` is true of the first marked piece of a letter.
    """

    text: str
    marked: bool = False
    hit: bool = False
    anchor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a letter in pieces that join to it exactly, and what kind of line it is.

    ``anchor`` is its address where a heading of the jump list begins in it, else empty;
    ``doubtful`` if it was read from a scan, and not surely; ``contact`` if it says whom to call,
    with the name or number hidden.
    """

    kind: Kind
    pieces: tuple[Piece, ...]
    anchor: str = ""
    doubtful: bool = False
    contact: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Jump:
    """An entry of a letter's jump list; ``level`` is 1 for the outermost."""

    text: str
    level: int
    anchor: str


def span_of(start: str, end: str, *, length: int) -> Span | None:
    """The span that two query parameters name; None unless it lies within ``length``."""
    if not (re.fullmatch(r"[0-9]{1,9}", start) and re.fullmatch(r"[0-9]{1,9}", end)):
        return None
    span = Span(start=int(start), end=int(end))
    return span if span.start < span.end <= length else None


def lines(
    letter: Letter,
    *,
    mark: Span | None,
    hits: Sequence[Span] = (),
    within: Span | None = None,
) -> list[Line]:
    """The letter line by line, with ``mark`` on exactly the code points that it names.

    ``hits``, in the order of the text, are pointed out besides, where the mark is not.
    ``within`` is the part of the letter that is wanted, where not all of it is.
    """
    wanted = within or Span(start=0, end=len(letter.text))
    title = letter.title.span if letter.title else None
    headings = {(heading.span.start, heading.span.end) for heading in letter.headings}
    anchors = {
        heading.span.start: _anchor(heading)
        for heading in letter.headings
        if heading.level <= JUMPS
    }
    marks, unsure = _marks(mark, hits), deque(doubts(letter))
    shown, start, anchored = [], wanted.start, False
    for text in wanted.of(letter.text).split("\n"):
        span = Span(start=start, end=start + len(text))
        while marks and marks[0][0].end <= span.start:
            marks.pop(0)
        pieces = tuple(_pieces(letter.text, span, marks=marks, anchored=anchored))
        anchored = anchored or any(piece.anchor for piece in pieces)
        kind = _kind_of(span, title=title, headings=headings)
        begun = (anchors[offset] for offset in range(span.start, span.end) if offset in anchors)
        while unsure and unsure[0].end <= span.start:
            unsure.popleft()
        doubtful = bool(unsure) and unsure[0].start < span.end
        contact = MASKED in letter.flags and bool(_HIDDEN_CONTACT.match(text))
        anchor = next(begun, "")
        shown.append(
            Line(kind=kind, pieces=pieces, anchor=anchor, doubtful=doubtful, contact=contact)
        )
        start = span.end + 1
    return shown


def _kind_of(line: Span, *, title: Span | None, headings: set[tuple[int, int]]) -> Kind:
    if title and title.holds(line) and line.start < line.end:
        return "title"
    return "heading" if (line.start, line.end) in headings else "text"


def jumps(letter: Letter) -> list[Jump]:
    """The headings to jump to; of those that begin in one line only the first."""
    listed, taken = list[Jump](), -1
    for heading in letter.headings:
        if heading.level <= JUMPS and heading.span.start > taken:
            listed.append(Jump(text=heading.text, level=heading.level, anchor=_anchor(heading)))
            end = letter.text.find("\n", heading.span.start)
            taken = end if end >= 0 else len(letter.text)
    return listed


def _anchor(heading: Heading) -> str:
    return f"h{heading.span.start}"


def _marks(mark: Span | None, hits: Sequence[Span]) -> list[tuple[Span, bool]]:
    """The mark and the hits beside it, in order, each with whether it is the mark."""
    beside = [h for h in hits if not mark or h.end <= mark.start or mark.end <= h.start]
    placed = [(hit, False) for hit in beside] + ([(mark, True)] if mark else [])
    return sorted(placed, key=lambda pair: pair[0].start)


def _pieces(
    text: str, line: Span, *, marks: Sequence[tuple[Span, bool]], anchored: bool
) -> Iterator[Piece]:
    at = line.start
    for span, marked in marks:
        first, last = max(span.start, at), min(span.end, line.end)
        if span.start >= line.end:
            break
        if first >= last:
            continue
        if at < first:
            yield Piece(text=text[at:first])
        yield Piece(
            text=text[first:last], marked=marked, hit=not marked, anchor=marked and not anchored
        )
        at = last
    if at < line.end:
        yield Piece(text=text[at : line.end])


def pieces(text: str, span: Span, *, marks: Sequence[Span]) -> list[Piece]:
    """The words at ``span`` in pieces that join to them, with ``marks`` marked."""
    return list(_pieces(text, span, marks=[(mark, True) for mark in marks], anchored=True))


def emphasised(quote: Quote) -> list[Piece]:
    """The quote in pieces that join to it exactly; what answers is marked."""
    pieces, at = [], quote.span.start
    for part in quote.exact:
        start, end = max(part.start, at), min(part.end, quote.span.end)
        if start < end:
            pieces += [Piece(text=quote.text[at - quote.span.start : start - quote.span.start])]
            pieces += [
                Piece(
                    text=quote.text[start - quote.span.start : end - quote.span.start], marked=True
                )
            ]
            at = end
    pieces.append(Piece(text=quote.text[at - quote.span.start :]))
    return [piece for piece in pieces if piece.text]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A row of a letter's table; ``span`` links to the place where it stands.

    ``doubtful`` if it was read from a scan, and not surely.
    """

    label: str
    value: str
    span: Span | None
    doubtful: bool = False


def facts(letter: Letter, *, today: date) -> list[Fact]:
    """What is known of a letter, in the order in which citizens look for it."""
    rows = []
    for name, label in LABELS.items():
        single = name in SINGLE_FIELDS
        fields = [letter.fields.get(name)] if single else list(letter.lists.get(name, ()))
        for field in fields:
            if field:
                value = field.value
                if name == "issued_on":
                    value = dated(value, today=today)
                elif name == "result_class":
                    value = graded(value)
                if field.rule == RULE:
                    value = f"{value}（据交办表）"
                unsure = field.span is not None and is_doubtful(letter, field.span)
                rows.append(Fact(label=label, value=value, span=field.span, doubtful=unsure))
    return rows


def graded(result_class: str | None) -> str:
    """A result class with its meaning in plain words: B 所提问题正在解决."""
    return " ".join(filter(None, (result_class, profile().meaning(result_class))))


def dated(iso: str | None, *, today: date, aged: bool = True) -> str:
    """2024年6月28日（2 年前）, or without its age; what is no date is shown as it is."""
    try:
        day = date.fromisoformat(iso or "")
    except ValueError:
        return iso or ""
    age = ago(day, today=today) if aged else ""
    return f"{day.year}年{day.month}月{day.day}日" + (f"（{age}）" if age else "")


def ago(day: date, *, today: date) -> str:
    """How long ago in whole years, else months, else days; empty for a day to come."""
    months = (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day)
    days = (today - day).days
    if days < 0:
        return ""
    if months >= 12:
        return f"{months // 12} 年前"
    if months:
        return f"{months} 个月前"
    return f"{days} 天前" if days else "今天"


SIZES = {"": "标准", "large": "大", "extra": "特大"}  # of text, by the parameter ``size``


def link(path: str, /, *, size: str = "", anchor: str = "", **query: object) -> str:
    """An address within this site; parameters that are None or empty are left out."""
    asked = {name: value for name, value in query.items() if value not in (None, "", (), [])}
    if size:
        asked["size"] = size
    address = quote(path, safe="/") + ("?" + urlencode(asked, doseq=True) if asked else "")
    return f"{address}#{anchor}" if anchor else address


def place(letter_id: str, span: Span) -> str:
    """The address of a letter's page at ``span``."""
    return link(f"/letters/{letter_id}", start=span.start, end=span.end, anchor="quote")


def web_address(url: str) -> str | None:
    """``url`` if it is one that a page may link to, else None (``javascript:`` and the like)."""
    return url if re.match(r"https?://[^\s]+\Z", url) else None
