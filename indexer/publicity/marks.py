"""Where marks of publicity stand in a text, as opposed to sentences that speak of publicity.

A mark stands alone on its line or in its cell, in brackets at an end of a line, behind a label,
beside a tick, with a ★, or is said of this very letter (此件…). Every text is read once, line by
line; of a line only what stands near such a place is looked at.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from indexer.publicity.compact import CELL, LINE, WORD, Compact, Token, compact
from indexer.publicity.runs import REACH, extended, line_end, lines_of, whole
from indexer.publicity.segments import Mark, said, words_of
from indexer.publicity.words import (
    ABOUT,
    CHOICE,
    LABEL,
    LABELS,
    NOTHING,
    OPEN,
    PLEA,
    STARRED,
    plain,
)
from kb.text.chars import bare
from kb.types import Publicity, Span

LONGEST_LABEL = 30  # code points of a label that heads a column
MANY = 200  # marks of one letter from which on it is not read further: nobody understands it
VALUE = 16  # characters of a label's value that is no sentence
STRONG = 4  # characters of a word that is a mark wherever it stands apart
# Every mark has one of these; most sentences have none.
_TRIGGER = re.compile(
    r"[密秘㊙★☆]|公[开布]|发布|内部|内参|外[传泄借送]|对外|[上挂]网|申请|披露|敏感|涉敏|知悉|[仅只限供]|扩散|传播|泄露|保[存管]|阅[后知读]|参阅|传阅|掌握"
    r"|翻印|复[印制]|摘抄|(?:传达|发送|分发|发放|印发)范围|confidential|internal|public|secret|restricted|private|release|closed|request"
)
_NUMBERED = re.compile(
    r"#*[(]?(?:[一二三四五六七八九十\d①-⑳]{1,4}|第[一二三四五六七八九十百\d]{1,4}[章节条篇款项部]分?)[)、.,:]{0,2}"
)
_GOES_ON = re.compile(r"[\u4e00-\u9fff]")
# 备注：, or the first clauses of a short line, before the words of a mark.
_NOTE = re.compile(r"(?![问答]:)[\u4e00-\u9fff]{1,8}:|[^。;:]{2,16},")
_SENTENCE = re.compile(r"[。;；！!?？]")
# How something is made public, told at length: 公开形式：通过社区公告栏和微信群进行公示。
_WAYS = re.compile(r"(?:通过|利用|一是|采取|采用|以|在)[^不非密]{4,}$")
_LONG = 120  # compact characters of a line that spaces may divide into cells


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A text, the same compact, and where the labels stand that head a column with a mark."""

    text: str
    short: Compact
    heads: frozenset[int]
    triggers: Sequence[int]  # where a word of a mark stands, in compact text

    def near(self, start: int, stop: int) -> bool:
        """True if a word of a mark stands between ``start`` and ``stop``."""
        at = bisect_left(self.triggers, start)
        return at < len(self.triggers) and self.triggers[at] < stop

    def mark(
        self, start: int, end: int, *, level: Publicity = "closed", clear: bool = True
    ) -> Mark:
        """The mark of the compact characters from ``start`` to ``end``."""
        span = self.short.span(start, end)
        return Mark(level=level, words=words_of(self.text, span), span=span, clear=clear)


def marks(text: str) -> list[Mark]:
    """The marks in ``text``."""
    short = compact(text)
    columns = list(islice(_columns(text), MANY))
    page = _Page(
        text=text,
        short=short,
        heads=frozenset(head for head, _ in columns),
        triggers=[match.start() for match in _TRIGGER.finditer(short.text)],
    )
    found = [mark for _, mark in columns]
    done = 0
    for begins, ends in short.lines():
        if begins < done or not page.near(begins, max(ends + STRONG, begins + REACH)):
            continue
        if tokens := lines_of(short, begins, ends):
            found += said(tokens, of=short, text=text)
            done = tokens[-1].end
        elif page.near(begins, ends + STRONG):
            found += islice(_in_line(page, begins, ends), MANY)
        if len(found) >= MANY:
            found.append(page.mark(begins, ends, level="held", clear=False))
            break
    return found


def _columns(text: str) -> Iterator[tuple[int, Mark]]:
    """Marks whose label heads a column of a table, each after the label's place."""
    above: list[tuple[int, str]] = []
    start = 0
    for line in text.split("\n"):
        cells, at = list[tuple[int, str]](), start
        for cell in line.split("\t"):
            cells.append((at, cell))
            at += len(cell) + 1
        start += len(line) + 1
        for (head, label), (place, value) in zip(above, cells, strict=False):
            named = len(cells) > 1 and len(label) <= LONGEST_LABEL and value.strip()
            if named and LABEL.fullmatch(plain(bare(label))):
                pair = f"{label}：{value}"
                tokens = extended(short := compact(pair[:REACH]), 0, len(short.text))
                span = Span(start=place, end=place + len(value))
                if tokens and whole(tokens, of=short):
                    yield from (
                        (head, replace(mark, span=span))
                        for mark in said(tokens, of=short, text=pair)
                    )
        above = cells if len(cells) > 1 else []


def _in_line(page: _Page, begins: int, ends: int) -> Iterator[Mark]:
    """The marks in a line that holds other words too."""
    yield from _labelled(page, begins, ends)
    yield from _apart(page, begins, ends)
    line = page.short.text[begins:ends]
    for pattern in (STARRED, PLEA):
        for match in pattern.finditer(line):
            yield page.mark(begins + match.start(), begins + match.end())
    if CHOICE.fullmatch(line):
        yield page.mark(begins, ends, clear=False)
    for match in ABOUT.finditer(line):
        level: Publicity = "on_request" if "申请公开" in match["said"] else "closed"
        if not match.start() or line[match.start() - 1] in "。;,(:" or match[0][0] in "此本":
            yield page.mark(begins + match.start(), begins + match.end(), level=level)


def _labelled(page: _Page, begins: int, ends: int) -> Iterator[Mark]:
    """The marks behind a label in a line: what its value says, or that it is not understood."""
    short, done = page.short, begins
    for match in LABEL.finditer(short.text, begins, ends):
        start, after = match.span()
        if start < done or short.at[start] in page.heads:
            continue
        stop = min(start + REACH, len(short.text))
        stop = min(stop, ends if after < ends - 1 else line_end(short, min(ends, after), stop))
        tokens = extended(short, start, stop)
        if not tokens or tokens[0].kind not in LABELS:
            continue
        done = tokens[-1].end
        begun = start == begins or short.gap[start] or short.text[start - 1] in "()[],.;:。"
        valued = any(token.says or token.kind in ("answer", "why") for token in tokens)
        if valued and not _goes_on(short, tokens, stop):
            yield from said(tokens, of=short, text=page.text)
        elif begun and (mark := _not_understood(page, tokens[0], ends)):
            yield mark


def _goes_on(short: Compact, tokens: Sequence[Token], stop: int) -> bool:
    """True if a sentence goes on behind the words: they speak of publicity, and are no mark."""
    last = tokens[-1]
    joined = (
        last.end < stop
        and not short.gap[last.end]
        and last.kind not in ("separator", "why")
        and _GOES_ON.match(short.text, last.end)
    )
    after = tokens[0].end
    colon = short.text[after] in ":=(" or short.gap[after] >= CELL
    if tokens[0].kind == "secrecy" and not colon:
        return True
    return bool(joined) and (last.kind == "answer" or not colon or tokens[0].kind == "weak")


def _not_understood(page: _Page, label: Token, ends: int) -> Mark | None:
    """The mark of a label with a value that none of the rows reads; None if it is a sentence."""
    short, after = page.short, label.end
    colon = after < ends and short.text[after] in ":="
    if not colon and not (after < ends and short.gap[after] >= CELL):
        return None
    start = after + colon
    ends = min(ends, start + REACH)
    stops = (n for n in range(start + 1, ends) if short.gap[n] >= CELL or short.text[n] in "。;")
    end = next(stops, ends)
    value = short.text[start:end]
    if label.kind == "reason":
        return None
    if label.kind == "secrecy":
        if NOTHING.fullmatch(value) or len(value) > VALUE:
            return None
    elif OPEN.fullmatch(value):
        return page.mark(label.start, end, level="public")
    elif label.kind == "weak":
        if not re.search(r"[不非密未限]|内部|申请", value[:VALUE]) and not re.fullmatch(
            r"[a-z\d]{1,2}", value
        ):
            return None
        if len(value) > VALUE:
            return None
    elif _WAYS.match(value) or (
        len(value) > VALUE and not re.match(r"[不非未免限暂]|内部|依|部分", value)
    ):
        return None
    mark = page.mark(label.start, max(end, after), level="held", clear=False)
    return replace(mark, empty=not value)


def _apart(page: _Page, begins: int, ends: int) -> Iterator[Mark]:
    """The marks of a line that stand apart: in a cell, in brackets, as a sentence of their own."""
    short, done = page.short, begins
    for start in range(begins, ends):
        before = short.text[start - 1] if start > begins else ""
        bracketed, sentence = before == "(", bool(_SENTENCE.match(before))
        noted = before == ":" or (before == "," and short.text[ends - 1] not in "。;")
        sentence = sentence or bool(noted and _NOTE.fullmatch(short.text, begins, start))
        gap = LINE if start == begins else short.gap[start]
        spaced = gap >= CELL or (gap == WORD and ends - begins <= _LONG)
        if start < done or not (bracketed or sentence or spaced) or short.text[start] in "()":
            continue
        if not page.near(start, start + REACH) or _NUMBERED.fullmatch(short.text, begins, start):
            continue
        stop = min(ends, start + REACH)
        tokens = _closed(short, extended(short, start, stop), ends, bracketed=bracketed)
        if not tokens or not whole(tokens, of=short):
            continue
        if sentence and not (tokens[0].kind == "subject" or _strong(tokens[0])):
            continue
        end = tokens[-1].end
        cell = gap >= CELL and short.gap[end] >= CELL
        at_an_end = start - 1 == begins or end >= ends - 1 or short.gap[end] >= WORD
        if bracketed and not at_an_end:
            continue
        # （不公开） before or after a title, but not in a sentence that goes on or ends with 。
        cell = cell or (bracketed and (start - 1 == begins or short.gap[end] == LINE))
        if any(_strong(token) or (token.says and cell) for token in tokens):
            yield from said(tokens, of=short, text=page.text)
            done = end


def _closed(short: Compact, tokens: list[Token], ends: int, *, bracketed: bool) -> list[Token]:
    """``tokens`` up to the last place at which a mark may end; [] if there is none."""
    while tokens:
        last = tokens[-1]
        if bracketed:
            ended = last.text == ")" or short.text.startswith(")", last.end)
        else:
            ended = last.end == ends or bool(short.gap[last.end] or _SENTENCE.match(last.text))
            ended = ended or bool(_SENTENCE.match(short.text, last.end))
        if ended:
            return tokens
        tokens.pop()
    return tokens


def _strong(token: Token) -> bool:
    """True of words that no sentence begins with, nor ends."""
    starred = token.level == "closed" and any(mark in token.text for mark in "★☆")
    return token.kind in LABELS or starred or (token.says and len(token.text) >= STRONG)
