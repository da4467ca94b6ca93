"""The parts of a letter in which its fields stand: front, head, title, opening, tail, end."""

from __future__ import annotations

import re
from collections.abc import Mapping

from indexer.letter.rules import Zone
from kb.text.numerals import DAY
from kb.text.organs import SIGNER
from kb.types import Field, Span

OPENING = 700  # code points after the title in which a letter says what it answers
HEAD = 1500  # code points of a head at the most
TAIL_LINES = 14  # lines at the end that may hold 落款, 联系单位, 抄送, 印发
LONGEST_TAIL, LONGEST_FRONT = 20_000, 20_000  # code points of the zones that only lines would bound
ABOVE = 5  # lines above the day that may belong to the signature
BELOW = 12  # lines below the day within which an attachment begins
SHORT = 80  # code points of a line that may be a signature, or the name of what is attached

_HEADING = re.compile(r"^一、", re.MULTILINE)
_SIGNED = re.compile(rf"(?:{SIGNER}\s?)?{DAY}")
_SIGNER = re.compile(rf"(?:{SIGNER}\s?)+")
_ATTACHED = re.compile(
    r"附\s?件\s?[\d一二三四五六七八九十]{0,2}[：:]?(?![\u4e00-\u9fff])[^。]*"
    r"|[^。，]*(?:征询|征求|反馈|满意|评议|测评|评价|回执|回访|意见)[^。，]{0,10}[表单卡函执]"
)


def zones_of(view: str, body: Span, title: Field | None) -> dict[Zone, Span]:
    """Where to look in ``view`` for the fields of the letter ``body``, which ``title`` names."""
    after = max(title.span.end, body.start) if title and title.span else body.start
    heading = _HEADING.search(view, after, body.end)
    first = heading.start() if heading else body.end
    opening = Span(start=after, end=min(after + OPENING, max(first, after), body.end))
    return {
        "front": Span(start=0, end=min(max(0, body.start - 1), LONGEST_FRONT)),
        "head": Span(start=body.start, end=min(max(opening.end, body.start), body.start + HEAD)),
        "title": title.span if title and title.span else Span(start=body.start, end=body.start),
        "opening": opening,
        **_ends(view, body, after=after),
    }


def _ends(view: str, body: Span, *, after: int) -> Mapping[Zone, Span]:
    """The lines around the signature, and the last lines, which follow what is attached to it."""
    lines = body.of(view).split("\n")
    starts = [body.start]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    last = max(0, len(lines) - TAIL_LINES)
    end = Span(start=max(starts[last], body.end - LONGEST_TAIL), end=body.end)
    after_title = next((at for at, start in enumerate(starts[:-1]) if start > after), len(lines))
    signed = _signature(lines, after=after_title, last=last)
    if signed is None:
        return {"tail": end, "end": end}
    day, cut = signed
    start = starts[max(day - ABOVE, after_title)]
    stop = min(starts[cut] - 1, body.end, start + LONGEST_TAIL)
    return {"tail": Span(start=start, end=max(start, stop)), "end": end}


def _signature(lines: list[str], *, after: int, last: int) -> tuple[int, int] | None:
    """The line of the day under a signature that stands above the last lines or above something
    attached, and the line where that begins; None where the last lines are the signature's.
    """
    days = [at for at in range(after, len(lines)) if _is_day(lines, at)]
    for day in days:
        for below in range(day + 1, min(day + 1 + BELOW, len(lines))):
            if len(lines[below]) <= SHORT and _ATTACHED.fullmatch(lines[below]):
                return day, below
    if days and days[0] < last and not any(at >= last for at in days):
        return days[0], len(lines)
    return None


def _is_day(lines: list[str], at: int) -> bool:
    """True if the line ``at`` is a day with whoever signed on the same line or on the next."""
    line = lines[at]
    if len(line) > SHORT or not _SIGNED.fullmatch(line):
        return False
    beside = [lines[near] for near in (at - 1, at + 1) if 0 <= near < len(lines)]
    return not line[0].isdigit() or any(
        len(near) <= SHORT and _SIGNER.match(near) for near in beside
    )
