"""What a run of words says: a label with its values, boxes with what is ticked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.publicity.compact import LINE, Compact, Token
from indexer.publicity.words import LABELS, TICKS, YES
from kb.privacy.publicity import strictest
from kb.text.chars import bare
from kb.types import Publicity, Span

LONGEST = 60  # code points of a mark's words that are kept


Found = tuple[list[Publicity], bool]  # the levels, and whether they are understood


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What one mark says and where (None: not in the letter); ``clear``: it is understood.

    Of one that is not, ``level`` is the strictest that it may mean. ``empty``: a label with
    nothing after it.
    """

    level: Publicity
    words: str
    span: Span | None
    clear: bool = True
    empty: bool = False


def words_of(text: str, span: Span) -> str:
    """The words of a mark at ``span``, without white space."""
    return bare(span.of(text))[:LONGEST]


def said(tokens: Sequence[Token], *, of: Compact, text: str) -> Iterator[Mark]:
    """The marks in ``tokens``, which stand next to each other in ``of``, made of ``text``."""
    for label, items in segments(tokens, of=of):
        run = [label, *items] if label else items
        span = of.span(run[0].start, run[-1].end)
        words = words_of(text, span)
        if label and label.kind == "reason":
            found = _reason(label, items)
        elif label and label.kind == "secrecy":
            found = _secrecy(items)
        elif any(token.kind in TICKS for token in items):
            found = _ticked(items, label, of=of)
        else:
            found = _listed(items, label)
        if found:
            levels, clear = found
            for level in dict.fromkeys(levels):
                yield Mark(level=level, words=words, span=span, clear=clear and level != "held")
        elif label and label.kind in ("label", "question"):
            yield Mark(level="held", words=words, span=span, clear=False, empty=True)


def segments(tokens: Sequence[Token], *, of: Compact) -> Iterator[tuple[Token | None, list[Token]]]:
    """Each label with the words of publicity that follow it; those before any have none.

    A label's value without boxes ends with its line.
    """
    label: Token | None = None
    items: list[Token] = []
    for token in tokens:
        if token.kind in LABELS:
            if label or items:
                yield label, items
            label, items = token, []
        elif label and items and _begins_anew(token, items, of=of):
            yield label, items
            label, items = None, [token]
        elif token.says or (label and token.kind in ("answer", "why")):
            items.append(token)
    if label or items:
        yield label, items


def _begins_anew(token: Token, items: Sequence[Token], *, of: Compact) -> bool:
    """True if ``token`` is on a later line than the value before it, and neither has a box."""
    lines = LINE in of.gap[items[-1].end : token.start + 1]
    return lines and token.says and not any(t.kind in TICKS for t in (*items, token))


def _reason(label: Token, items: Sequence[Token]) -> Found | None:
    """A reason not to publish, unless it is 无."""
    if not any(token.says or token.kind == "why" for token in items):
        return None
    return ["on_request" if "申请" in label.text or "主动" in label.text else "closed"], True


def level_under(label: Token | None, token: Token) -> Publicity | None:
    """What a value or an answer says under ``label``."""
    if token.kind != "answer":
        return token.level
    if label is None:
        return None
    yes = bool(YES.fullmatch(token.text))
    if "依申请" in label.text or "不" in label.text:
        return ("on_request" if "依申请" in label.text else "closed") if yes else "held"
    return "public" if yes else "closed"


def _secrecy(items: Sequence[Token]) -> Found | None:
    """Only what is secret is a mark here: that something is not is no leave to publish it."""
    ticks = [token for token in items if token.kind in TICKS]
    if ticks:
        return ["held"], False
    closed = any(
        token.level not in (None, "public")
        or (token.kind == "answer" and YES.fullmatch(token.text) is not None)
        for token in items
    )
    return (["closed"], True) if closed else None


def _listed(items: Sequence[Token], label: Token | None) -> Found | None:
    """Values without boxes; several that differ after one label are a choice nobody made."""
    named = any(token.level for token in items)
    levels = [
        level
        for token in items
        if (level := level_under(label, token))
        and not (named and token.kind == "answer" and YES.fullmatch(token.text))  # 是不予公开
    ]
    if not levels:
        return None
    return levels, not (label and len(set(levels)) > 1)


def _ticked(items: Sequence[Token], label: Token | None, *, of: Compact) -> Found | None:
    """What is ticked; where that cannot be told, the strictest of what may be, not understood."""
    options = [(n, level) for n, t in enumerate(items) if (level := level_under(label, t))]
    ticks = [n for n, token in enumerate(items) if token.kind in TICKS]
    if not options:
        # A box beside nothing says something only under a label, or where many stand.
        return (["held"], False) if label else None
    before = _boxes_before(items, ticks, of=of)
    chosen: list[Publicity] = []
    clear = True
    for n in ticks:
        if not _is_ticked(items, n):
            continue
        sides = [n - 1, n + 1] if before is None else [n + 1] if before else [n - 1]
        beside = [level for at, level in options if at in sides]
        chosen += beside
        clear = clear and len(beside) == 1
    if not chosen:
        return [strictest(tuple(level for _, level in options))], False
    return chosen, clear and len(set(chosen)) == 1


def _is_ticked(items: Sequence[Token], n: int) -> bool:
    """☒ is a tick in Word, and a cross where another box has a tick."""
    if items[n].kind != "ticked":
        return False
    others = [token.text for token in items if token.kind == "ticked"]
    return "☒" not in items[n].text or all("☒" in other for other in others)


def _boxes_before(items: Sequence[Token], ticks: Sequence[int], *, of: Compact) -> bool | None:
    """True if each box stands before its option, False if after; None if that cannot be told."""
    kinds = "".join("T" if token.kind in TICKS else "V" for token in items)
    half = len(kinds) // 2
    if kinds == "TV" * half:
        return True
    if kinds == "VT" * half:
        return False
    close_before = close_after = 0
    for n in ticks:
        left = n > 0 and items[n - 1].kind not in TICKS
        right = n + 1 < len(items) and items[n + 1].kind not in TICKS
        apart_left = not left or of.gap[items[n].start] or items[n - 1].end < items[n].start
        apart_right = not right or of.gap[items[n].end] or items[n + 1].start > items[n].end
        close_before += bool(apart_left and right and not apart_right)
        close_after += bool(apart_right and left and not apart_left)
    if bool(close_before) != bool(close_after):
        return bool(close_before)
    return None
