"""Is the time of reading foreign text linear in its length: ``python -m tests.bench.bench_linear``.

Every regular expression of the packages that read foreign text is fed strings made from itself and
those of ``tests.support.worst``, and so is every function that a letter or a question goes through.
Lengths are doubled until ``--bytes`` are reached. Prints what grows twice in a row by more than
``--growth`` times what linear growth would be (once may be a bound that is just being reached, or
another program), and the slowest of each; the exit code is 1 where anything grows so. A pattern
that only ever sees a bounded text is in ``BOUNDED`` with the bound, and is fed no more than that.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import partial
from typing import Any

import kb
from indexer.formats.raw import Raw
from indexer.letter.fields import read
from indexer.letter.headings import headings
from indexer.letter.mend import mend
from indexer.letter.passages import cut
from indexer.letter.rules import Rule
from indexer.letter.zones import LONGEST_FRONT, LONGEST_TAIL, OPENING
from kb.errors import UnreadableFile
from kb.extract.clauses import clauses_of
from kb.extract.commitments import LONGEST, commitments
from kb.extract.due import dues
from kb.extract.indicators import records
from kb.extract.proposal import points
from kb.privacy import pii
from kb.privacy.redact import redacted
from kb.profile import profile
from kb.text.normalize import folded, normalized
from kb.text.sentences import headings_over, quotable, sentences
from kb.text.tokens import tokens
from kb.types import Field, Letter, Span
from tests.support.worst import UNITS, repeated, units_of

PACKAGES = (
    "indexer.formats",
    "indexer.letter",
    "indexer.publicity",
    "indexer.register",
    "kb.text",
    "kb.extract",
    "kb.privacy",
    "kb.query",
)
# Patterns of a module that see at most so many code points, and why.
BOUNDED: Mapping[str, tuple[int, str]] = {
    "kb.query": (500, "questions"),
    "indexer.publicity": (320, "a piece of a line"),
    "kb.text.places": (500, "names and titles"),
    "kb.text.titles": (500, "titles"),
    "kb.extract": (LONGEST, "a clause"),
    "indexer.formats.parse": (4096, "the head of a file"),
    "indexer.formats.web.words": (300, "a line that may be a bar"),
    "indexer.formats.web.titles": (800, "titles"),
    "indexer.formats.web.attachments._REST": (500, "what stands beside a link"),
    "indexer.formats.web.attachments._IN_SCRIPT": (20_000, "the head of a script"),
    "indexer.formats.html": (4096, "attributes, the head of a page"),
}
# What rules of a letter's fields see of it, by their zone.
ZONES = {
    "opening": OPENING,
    "head": 1500,
    "title": 2000,
    "tail": LONGEST_TAIL,
    "end": LONGEST_TAIL,
    "front": LONGEST_FRONT,
}
UNBOUNDED = (
    "indexer.publicity.lines",
    "indexer.publicity.marks",
    "indexer.publicity.words.ST",
    "kb.extract.clauses",
    "kb.extract.promise_rules.BARS",
    "kb.extract.proposal",
)
FLOOR = 0.02  # seconds; what is faster cannot be measured here
TOO_LONG = 20.0  # seconds of one step


@dataclass(frozen=True, slots=True, kw_only=True)
class Fed:
    """Something that is fed text, and how much of it at most."""

    name: str
    run: Callable[[str], object]
    units: tuple[str, ...]
    most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """Two lengths and their seconds; ``times`` is 1 where time grows as length does."""

    unit: str
    length: int
    seconds: float
    times: float


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_linear", description=__doc__)
    parser.add_argument("names", nargs="*", help="only what has one of these in its name")
    parser.add_argument("--bytes", type=int, default=1_000_000, help="of UTF-8, at most")
    parser.add_argument("--growth", type=float, default=1.2, help="times linear that is allowed")
    given = parser.parse_args()
    steep = 0
    for fed in (*functions(), *patterns()):
        if given.names and not any(name in fed.name for name in given.names):
            continue
        grown = [growth(fed, unit, most=given.bytes, allowed=given.growth) for unit in fed.units]
        worst = max(grown, key=lambda found: found.seconds, default=None)
        bad = [found for found in grown if found.times > given.growth]
        steep += bool(bad)
        for found in bad or ([worst] if worst and worst.seconds > 10 * FLOOR else []):
            mark = "STEEP" if bad else "     "
            shown = f"{found.unit[:16]!r} × {found.length:,}: {found.seconds:.3f} s"
            sys.stdout.write(f"{mark} {fed.name}: {shown}, {found.times:.2f} × linear\n")
            sys.stdout.flush()
    sys.stdout.write(f"{steep} grow faster than {given.growth} × linear\n")
    return 1 if steep else 0


def growth(fed: Fed, unit: str, *, most: int, allowed: float) -> Growth:
    """How the time of ``fed`` grows, measured again where it seems steep."""
    length = 2000
    most = min(
        most // max(1, len(unit.encode("utf-8", "surrogatepass")) // len(unit)), fed.most or most
    )
    before, steep_before = _seconds(fed, unit, length // 2), False
    while True:
        length = min(length, most)
        seconds = _seconds(fed, unit, length)
        times = seconds / before / 2 if before and length < most else 1.0
        if seconds > FLOOR and times > allowed:
            for _ in range(4):  # others use this machine too
                before = min(before, _seconds(fed, unit, length // 2))
                seconds = min(seconds, _seconds(fed, unit, length))
            times = seconds / before / 2
        steep = seconds > FLOOR and times > allowed
        sure = steep and (steep_before or 2 * length > most)
        if sure or length >= most or seconds > TOO_LONG:
            return Growth(unit=unit, length=length, seconds=seconds, times=times if sure else 1.0)
        length, before, steep_before = 2 * length, seconds, steep


def _seconds(fed: Fed, unit: str, length: int) -> float:
    text = repeated(unit, length)
    began = time.process_time()
    fed.run(text)
    return time.process_time() - began


def functions() -> Iterator[Fed]:
    """What a letter or a question goes through, each with a text of any length."""
    named: Mapping[str, tuple[Callable[[str], object], int | None]] = {
        "mend": (mend, None),
        "fields": (_read, None),
        "headings": (lambda text: headings(text, Span(start=0, end=len(text))), None),
        "passages": (lambda text: cut(_letter(text)), None),
        "masks": (lambda text: redacted(_letter(text), profile().masking), None),
        "numbers": (pii.masked, None),
        "a name again": (lambda text: pii.masked(f"业主周强反映，{text}"), None),
        "sentences": (_quotable, None),
        "tokens": (tokens, None),
        "normalized": (normalized, None),
        "folded": (folded, None),
        "clauses": (lambda text: list(clauses_of(_letter(text))), None),
        "promises": (lambda text: commitments(_letter(text), profile()), None),
        "figures": (lambda text: records(_letter(text), ()), None),
        "dues": (lambda text: dues(text, signed=date(2024, 5, 6)), LONGEST),
        "points": (points, None),
    }
    for name, (run, most) in named.items():
        yield Fed(name=name, run=run, units=UNITS, most=most)


def _letter(text: str) -> Letter:
    body = Span(start=0, end=len(text))
    return Letter(
        id="甲",
        text=text,
        sha256="",
        source="",
        title=None,
        body=body,
        fields={"issued_on": Field(value="2024-05-06", span=None, rule="")},
        headings=headings(text, body),
    )


def _read(text: str) -> None:
    with suppress(UnreadableFile):
        read(Raw(id=None, text=text), letter_id="甲", source="甲")


def _quotable(text: str) -> None:
    letter = _letter(text)
    for sentence in sentences(text, letter.body):
        quotable(letter, sentence)
        headings_over(letter, sentence.start)


def patterns() -> Iterator[Fed]:
    """Every regular expression in the packages that read foreign text, each once."""
    seen: set[tuple[str, int]] = set()
    for module in _modules():
        for name, pattern in _patterns_in(module):
            key = (pattern.pattern, pattern.flags)
            if isinstance(pattern.pattern, str) and key not in seen:
                seen.add(key)
                units = tuple(dict.fromkeys((*units_of(pattern), *" 、一1啊：（“\n")))
                run = partial(_all, pattern)
                yield Fed(name=name, run=run, units=units, most=_bound(name))


def _all(pattern: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in pattern.finditer(text))


def _bound(name: str) -> int | None:
    if name.startswith(UNBOUNDED):
        return None
    if "@" in name:
        return ZONES[name.rpartition("@")[2]]
    return next((most for start, (most, _) in BOUNDED.items() if name.startswith(start)), None)


def _modules() -> Iterator[Any]:
    for root in (kb, importlib.import_module("indexer")):
        for found in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
            if found.name.startswith(PACKAGES):
                yield importlib.import_module(found.name)


def _patterns_in(module: Any) -> Iterator[tuple[str, re.Pattern[Any]]]:
    for name, value in vars(module).items():
        yield from _within(value, f"{module.__name__}.{name}")


def _within(value: object, name: str) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """The patterns in a constant: itself, those of a table's rows."""
    if isinstance(value, re.Pattern):
        yield name, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _within(inner, f"{name}[{key!r}]")
    elif isinstance(value, (tuple, list)):
        for number, inner in enumerate(value):
            yield from _within(inner, f"{name}[{number}]")
    elif is_dataclass(value) and not isinstance(value, type):
        row = getattr(value, "name", getattr(value, "kind", ""))
        row += f"@{value.zone}" if isinstance(value, Rule) else ""
        for part in fields(value):
            if isinstance(inner := getattr(value, part.name, None), re.Pattern):
                yield f"{name} {row}", inner


if __name__ == "__main__":
    sys.exit(main())
