"""Runs of words that stand next to each other, over lines and with the reasons behind them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.publicity.compact import LINE, Compact, Token
from indexer.publicity.segments import segments
from indexer.publicity.words import LABELS, TICKS

REACH = 160  # compact characters that one mark may take, over as many lines as it likes
_WHY = re.compile(
    r"[,:;。(]{0,2}(?:的?(?:理由|原因|依据)|因|涉及|涉|属于?|鉴于|根据|含|详见|见|依据|内容|系|敏感|影响|可能|由|提案人|委员|代表|经|待|除|但|附件|仅|删)"
)
_BOX = re.compile(r"[□☐○☑√■✓✔●☒]")


def lines_of(short: Compact, begins: int, ends: int) -> list[Token]:
    """The words that fill whole lines from ``begins`` on, if they are a mark; else []."""
    for stop in (min(begins + REACH, len(short.text)), min(ends, begins + REACH)):
        tokens = _block(short, begins, stop)
        if any(token.says or token.kind in LABELS for token in tokens) and whole(tokens, of=short):
            return tokens
    return []


def _block(short: Compact, start: int, stop: int) -> list[Token]:
    tokens = extended(short, start, stop)
    while tokens and short.gap[tokens[-1].end] != LINE:
        tokens.pop()
    return tokens


def whole(tokens: Sequence[Token], *, of: Compact) -> bool:
    """True if each label has its value, and nothing is answered that was not asked."""
    labels = [n for n, token in enumerate(tokens) if token.kind in LABELS]
    first = labels[0] if labels else len(tokens)
    choices = [
        token for token in tokens if token.kind == "enumerator" and token.text[0] not in "abcd"
    ]
    if len(choices) == 1 and not any(token.kind in TICKS for token in tokens):
        return False
    return all(items for label, items in segments(tokens, of=of) if label) and not any(
        token.kind == "answer" for token in tokens[:first]
    )


def extended(short: Compact, start: int, stop: int) -> list[Token]:
    """``Compact.scan``; reasons after a value are words of it, to the end of their line."""
    tokens: list[Token] = []
    while True:
        tokens += short.scan(start, stop)
        if not tokens or tokens[-1].end >= stop:
            return tokens
        tail = _tail(short, tokens, stop)
        if tail is None:
            return tokens
        tokens.append(tail)
        start = tail.end


def _tail(short: Compact, tokens: Sequence[Token], stop: int) -> Token | None:
    """The reason that stands after the value at the end of ``tokens``."""
    kept = len(tokens)
    while kept and tokens[kept - 1].kind in ("separator", "link"):
        kept -= 1
    valued = [t for t in tokens[:kept] if t.level is not None or t.kind in ("answer", "reason")]
    if not valued or tokens[kept - 1] is not valued[-1]:
        return None
    after = valued[-1].end
    at = tokens[-1].end
    if short.gap[at] == LINE:
        return None
    reasoned = valued[-1].kind == "reason"
    if not reasoned and (at == after or not _WHY.match(short.text, at, stop)):
        return None
    end = line_end(short, at, stop)
    boxed = _BOX.search(short.text, at, end)
    if "(" in short.text[after:at] and (boxed or short.text[end - 1] != ")"):
        closing = short.text.find(")", at, end)
        end = closing if closing >= 0 else end
    return Token(kind="why", start=at, end=end, text="", level=None) if end > at else None


def line_end(short: Compact, start: int, stop: int) -> int:
    """Where the line of ``start`` ends, ``stop`` at the latest."""
    return next((n for n in range(start + 1, stop) if short.gap[n] == LINE), stop)
