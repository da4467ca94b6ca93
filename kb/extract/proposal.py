"""What a proposal asks for, point by point, out of its plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from kb.extract.asking import (
    AS_FOLLOWS,
    ASKING,
    ASKS,
    BARE,
    BLOCK,
    BY_OTHERS,
    CLOSING,
    CUT,
    DEPTH,
    DOES,
    FIRST,
    FURTHER,
    HEAD,
    LABEL,
    NEXT,
    NUMBER,
    OF_ORGAN,
    OPENED,
    PREAMBLE,
    PROBLEM,
    SHOULD,
    SIGNED,
    SURELY,
    TELLING,
    TITLE,
)
from kb.text.chars import bare
from kb.text.sentences import trimmed
from kb.text.voices import contact, formal
from kb.types import Field, Letter, Span

LONGEST_TITLE = 80  # code points
SHORTEST, FEWEST = 4, 2  # characters of a point, and of one with a number
BRIEF = 14  # characters: what is shorter may be the name of what follows
PART = 6  # characters: what is shorter under a point is a place or a name
LONGEST_HEADING = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing that is asked for: ``text`` is verbatim what stands at ``span`` of the proposal."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A stretch up to a mark or to the next number; ``kind`` of its number, "" without one."""

    span: Span
    words: str
    kind: str
    first: bool = False  # of its list: 一, 1., ①
    opens: bool = False  # it has a colon at its end, or the first number right behind it
    joined: bool = False  # a semicolon stands before it
    heads: bool = False  # a line begins with it


def title_of(text: str) -> str:
    """The title of a proposal: 关于…的提案, else its first telling line, else what it asks first.

    Cut short; "" where there is none.
    """
    if match := TITLE.search(text):
        return match[0]
    lines = [LABEL.sub("", line).strip() for line in text.splitlines()]
    telling = [line for line in lines if line and not (HEAD.search(line) or _idle(line))]
    prose = not telling or telling[0].endswith(("。", "；")) or len(telling[0]) > LONGEST_TITLE
    asked = points(text) if prose else ()
    return (asked[0].text if asked else next(iter(telling), ""))[:LONGEST_TITLE]


def as_letter(text: str) -> Letter:
    """The proposal in the form that the readers of letters take; it has no other field."""
    field = Field(value=title_of(text), span=None, rule="提案")
    return Letter(
        id="",
        text=text,
        sha256="",
        source="",
        title=None,
        body=Span(start=0, end=len(text)),
        fields={"proposal_title": field},
    )


def points(text: str) -> tuple[Point, ...]:
    """All that ``text`` asks for, in its order: the items under 建议 and the sentences that ask.

    Where no heading and no opening says what is asked, the numbered items are, but for problems.
    """
    pieces = list(_pieces(text))
    said = any(_turns(piece, after) for piece, after in zip_longest(pieces, pieces[1:]))
    spans = dict.fromkeys(_spans(text, pieces, listed=not said))
    numbered = {piece.span.start for piece in pieces if piece.kind}
    kept = (
        span
        for span in spans
        if _weight(span.of(text)) >= (FEWEST if span.start in numbered else SHORTEST)
    )
    return tuple(Point(span=span, text=span.of(text)) for span in kept)


def _idle(words: str) -> bool:
    return formal(words) or contact(words) or bool(CLOSING.search(words) or SIGNED.search(words))


def _weight(words: str) -> int:
    return sum(char.isalnum() for char in words)


def _pieces(text: str) -> Iterator[_Piece]:
    """The stretches of ``text`` without their numbers and marks; a heading's label is one too."""
    for line in re.finditer(r"[^\n]+", text):
        start, block = line.start(), BLOCK.match(line[0])
        label = bare(block[1]) if block else ""  # 建    议：
        if block and (ASKING.search(label) or TELLING.search(label)):
            yield _Piece(span=Span(start=start, end=start + block.end()), words=label, kind="")
            start += block.end()
        if BY_OTHERS.match(line[0]):
            continue
        yield from _cut(text, start, line.end())


def _cut(text: str, start: int, line_end: int) -> Iterator[_Piece]:
    """The stretches of one line."""
    line_start, mark = start, ""
    for cut in [*CUT.finditer(text, start, line_end), None]:
        end = cut.start() if cut else line_end
        number = NUMBER.match(text, start, end)
        begin = number.end() if number else start
        span = trimmed(text, Span(start=begin, end=begin + len(text[begin:end].rstrip("，,、 "))))
        if span.start < span.end and _weight(span.of(text)):
            behind = NUMBER.match(text, end, line_end) if cut and not cut[0] else None
            yield _Piece(
                span=span,
                words=span.of(text),
                kind=(number.lastgroup or "") if number else "",
                first=bool(number and FIRST.search(number[0])),
                opens=text[start:end].rstrip()[-1:] in ("：", ":")
                or bool(behind and FIRST.search(behind[0])),
                joined=mark[:1] in ("；", ";"),
                heads=start == line_start,
            )
        if cut:
            start, mark = cut.end(), cut[0]


def _spans(text: str, pieces: Sequence[_Piece], *, listed: bool) -> Iterator[Span]:
    """Where the points stand, as ``points`` tells them; ``listed``: numbered ones are, unasked."""
    asking: bool | None = None  # None where no heading says it
    over = ""  # the kind of number that the heading has
    item: Span | None = None
    head: _Piece | None = None  # with which the item begins
    itemised = True  # whether the items of the section have numbers
    asked = False  # the piece before it was a sentence that asks
    for number, (piece, after) in enumerate(zip_longest(pieces, pieces[1:])):
        turns, begins = _turns(piece, after), False
        if turns is None and asking and over and piece.kind == over:
            asking, over = (True, "") if piece.first else (None, "")  # the next heading
        if turns is not None:
            asking, over, itemised = turns, piece.kind, _listing(pieces[number + 1 :])
        else:
            begins = _begins(piece, asking, listed=listed) or bool(
                asking and (FURTHER.search(piece.words) or (not itemised and _new(piece, item)))
            )
            asking = asking or (begins and piece.kind == "asked") or asking
        idle = _idle(piece.words) or bool(TITLE.fullmatch(piece.words))
        begins = begins and not (idle and not piece.kind)
        begins = begins and not (item and head and _part(piece, head))
        if item and not (turns is not None or begins or idle or (asking is None and not listed)):
            item = Span(start=item.start, end=piece.span.end)
            continue
        if item:
            yield item
        item = piece.span if begins and not _names(piece, after) else None
        head = piece
        asked = not (begins or idle) and _asked(piece, turns, asking, asked)
        if asked:
            yield from (
                one
                for one in _several(text, piece.span)
                if not _opening(one.of(text), last=piece.opens and one.end == piece.span.end)
            )
    if item:
        yield item


def _asked(piece: _Piece, turns: bool | None, asking: bool | None, before: bool) -> bool:
    """True of a sentence that asks by its own words, or that goes on with one that does."""
    if turns is not None:
        return bool(turns and not piece.kind and ASKS.search(piece.words))
    if before and piece.joined and not piece.kind:
        return True
    return bool((SURELY if asking is False else ASKS).search(piece.words))


def _listing(pieces: Sequence[_Piece]) -> bool:
    """True if a numbered piece comes before the next heading."""
    for piece, after in zip_longest(pieces, pieces[1:]):
        if piece.kind or _turns(piece, after) is not None:
            return bool(piece.kind)
    return False


def _new(piece: _Piece, item: Span | None) -> bool:
    """True of an unnumbered piece under 建议 that is another point than the one before it."""
    return not item or piece.heads or piece.joined or bool(DOES.search(piece.words))


def _names(piece: _Piece, after: _Piece | None) -> bool:
    """True of a short point that only names those under it."""
    return bool(
        after
        and len(piece.words) <= BRIEF
        and DEPTH[piece.kind] < DEPTH[after.kind] < DEPTH[""]
        and not _part(after, piece)
    )


def _part(piece: _Piece, head: _Piece) -> bool:
    """True of a name in the list that a point ends with: 增设助餐点：1.石桥街道；2.新城街道."""
    deeper = DEPTH[head.kind] < DEPTH[piece.kind] < DEPTH[""]
    return head.opens and deeper and len(piece.words) <= PART


def _turns(piece: _Piece, after: _Piece | None) -> bool | None:
    """True if from here on it is asked, False if told; None of what is no heading."""
    if piece.kind == "asked":
        return None
    words = bare(piece.words).rstrip("：:，,")
    if len(words) <= LONGEST_HEADING:
        if ASKING.search(words) or (BARE.search(words) and not piece.kind):
            return True
        if TELLING.search(words):
            return False
    if piece.kind or not (piece.opens and after and after.kind):
        return None
    if ASKS.search(words) or (_opening(words, last=True) and not PROBLEM.search(words)):
        return True
    return False if PROBLEM.search(words) else None


def _opening(words: str, *, last: bool) -> bool:
    """True of words that only open a list, ``last`` right before it: they are no point."""
    plain = bare(words).rstrip("：:，,")
    if BARE.search(plain) or ASKING.search(plain):
        return True
    return last and bool(OF_ORGAN.search(plain) or AS_FOLLOWS.search(plain))


def _begins(piece: _Piece, asking: bool | None, *, listed: bool) -> bool:
    """True if a numbered point begins with it."""
    if piece.kind == "asked":
        return True
    alone = asking is None and (
        SHOULD.search(piece.words) or (listed and not PROBLEM.search(piece.words))
    )
    return bool(piece.kind and (asking or alone))


def _several(text: str, span: Span) -> Iterator[Span]:
    """The things that one sentence asks for, each in its own words."""
    opening = OPENED.match(text, span.start, span.end) or PREAMBLE.match(text, span.start, span.end)
    start = opening.end() if opening else span.start
    for cut in NEXT.finditer(text, start, span.end):
        if _weight(text[start : cut.start()]) >= SHORTEST + 2:
            yield trimmed(text, Span(start=start, end=cut.start()))
            start = cut.end()
    yield trimmed(text, Span(start=start, end=span.end))
