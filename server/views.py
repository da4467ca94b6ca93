"""What pages show, worked out before any template sees it: marks, ages, links, examples."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from urllib.parse import quote, urlencode

from kb.profile import profile
from kb.store import LetterHead, Reader
from kb.types import SINGLE_FIELDS, Letter, Quote, Span

EXAMPLES = 4
LABELS = {
    "issuer": "发文单位",
    "number": "文号",
    "issued_on": "发文日期",
    "result_class": "办理结果",
    "assembly": "会议",
    "kind": "类型",
    "proposal_no": "编号",
    "proposal_title": "题目",
    "addressees": "答复对象",
    "co_organs": "会办单位",
    "signer": "签发人",
    "contact_unit": "联系单位",
    "cc": "抄送",
}
_SUBJECT = re.compile(r"^关于(?P<subject>[^第《]{4,40})的(?:提案|建议|议案|答复|复函|函)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of one line; ``anchor`` is true of the first marked piece of a letter."""

    text: str
    marked: bool = False
    anchor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a letter in pieces that join to it exactly, and what kind of line it is."""

    kind: Literal["title", "heading", "text"]
    pieces: tuple[Piece, ...]


def span_of(start: str, end: str, *, length: int) -> Span | None:
    """The span that two query parameters name; None unless it lies within ``length``."""
    if not (re.fullmatch(r"[0-9]{1,9}", start) and re.fullmatch(r"[0-9]{1,9}", end)):
        return None
    span = Span(start=int(start), end=int(end))
    return span if span.start < span.end <= length else None


def lines(letter: Letter, *, mark: Span | None) -> list[Line]:
    """The letter line by line, with ``mark`` on exactly the code points that it names."""
    title = letter.title.span if letter.title else None
    headings = {(one.span.start, one.span.end) for one in letter.headings}
    shown, start, anchored = [], 0, False
    for text in letter.text.split("\n"):
        span = Span(start=start, end=start + len(text))
        pieces = tuple(_pieces(letter.text, span, mark=mark, anchored=anchored))
        anchored = anchored or any(piece.anchor for piece in pieces)
        kind: Literal["title", "heading", "text"] = "text"
        if title and title.holds(span) and text:
            kind = "title"
        elif (span.start, span.end) in headings:
            kind = "heading"
        shown.append(Line(kind=kind, pieces=pieces))
        start = span.end + 1
    return shown


def _pieces(text: str, line: Span, *, mark: Span | None, anchored: bool) -> Iterator[Piece]:
    first = min(max(mark.start, line.start), line.end) if mark else line.end
    last = max(min(mark.end, line.end), first) if mark else line.end
    if text[line.start : first]:
        yield Piece(text=text[line.start : first])
    if text[first:last]:
        yield Piece(text=text[first:last], marked=True, anchor=not anchored)
    if text[last : line.end]:
        yield Piece(text=text[last : line.end])


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
    """A row of a letter's table; ``span`` links to the place where it stands."""

    label: str
    value: str
    span: Span | None


def facts(letter: Letter, *, today: date) -> list[Fact]:
    """What is known of a letter, in the order in which citizens look for it."""
    rows = []
    for name, label in LABELS.items():
        single = name in SINGLE_FIELDS
        found = [letter.fields.get(name)] if single else list(letter.lists.get(name, ()))
        for field in found:
            if field:
                value = field.value
                if name == "issued_on":
                    value = dated(value, today=today)
                elif name == "result_class":
                    value = graded(value)
                rows.append(Fact(label=label, value=value, span=field.span))
    return rows


def graded(result_class: str | None) -> str:
    """A result class with its meaning in plain words: B 所提问题正在解决."""
    return " ".join(filter(None, (result_class, profile().meaning(result_class))))


def dated(iso: str | None, *, today: date) -> str:
    """2024年6月28日（2 年前）; what is no date is shown as it is."""
    try:
        day = date.fromisoformat(iso or "")
    except ValueError:
        return iso or ""
    age = ago(day, today=today)
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


def link(path: str, /, *, large: bool = False, anchor: str = "", **query: object) -> str:
    """An address within this site; parameters that are None or empty are left out."""
    asked = {name: value for name, value in query.items() if value not in (None, "")}
    if large:
        asked["size"] = "large"
    found = quote(path, safe="/") + ("?" + urlencode(asked) if asked else "")
    return f"{found}#{anchor}" if anchor else found


def web_address(url: str) -> str | None:
    """``url`` if it is one that a page may link to, else None (``javascript:`` and the like)."""
    return url if re.match(r"https?://[^\s]+\Z", url) else None


def newest_first(heads: Sequence[LetterHead]) -> list[LetterHead]:
    """By date, the latest first; letters without one last."""
    return sorted(heads, key=lambda head: head.issued_on or "", reverse=True)


def examples(heads: Sequence[LetterHead], reader: Reader) -> list[str]:
    """Questions about the subjects of the newest letters, one of each issuer."""
    found: list[str] = []
    seen: set[str | None] = set()
    for head in newest_first(heads):
        if head.issuer in seen:
            continue
        subject = subject_of(reader.letter(head.id))
        if subject:
            seen.add(head.issuer)
            found.append(f"{re.split('[、，]', subject)[0]}，下一步有什么打算？")
        if len(found) == EXAMPLES:
            break
    return found


def name_of(letter: Letter) -> str:
    """What a citizen knows the letter by: the proposal's title, else its own, else its id."""
    title = letter.title.value if letter.title else None
    return letter.value("proposal_title") or title or letter.id


def subjects(heads: Sequence[LetterHead], reader: Reader) -> dict[str, str]:
    """The names of these letters by id."""
    return {head.id: name_of(reader.letter(head.id)) for head in heads}


def subject_of(letter: Letter) -> str | None:
    """What the proposal wants: 关于加装电梯的建议 gives 加装电梯; None if no title tells."""
    for title in (letter.value("proposal_title"), letter.title.value if letter.title else None):
        match = _SUBJECT.match(title or "")
        if match:
            return match["subject"]
    return None
