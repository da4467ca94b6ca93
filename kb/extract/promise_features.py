"""What is known of each part of a letter's clauses, as names of features that weights go with.

The rules' verdicts are among them: what a rule says by its name, never as the last word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kb.extract.promise_cues import Mark, Said, marked
from kb.extract.promise_rules import (
    ACTS,
    AFTER_IT,
    AHEAD,
    BACKGROUND,
    BARS,
    CONDITION,
    CUES,
    DOES,
    DONE,
    EVENT,
    PLANS_AHEAD,
    TAIL,
    TELLS,
)
from kb.extract.promises import Promise
from kb.types import Letter, Span

FAR = 12  # parts that 下一步 reaches over, at most
MOST = 80  # characters of a part that are looked at; what is longer is a list of names
_DIGITS = re.compile(r"\d+")
_FIRST = re.compile(
    r"(?:^|[^一二三四五六七八九十\d])(?:第?一[、是，]|（一）|1[、.．)）]|①|首先，)$"
)
_STARTS = (
    ("acts", ACTS),
    ("back", BACKGROUND),
    ("cond", CONDITION),
    ("event", EVENT),
    ("tail", TAIL),
    ("after", AFTER_IT),
)
_HOLDS = (("done", DONE), ("does", DOES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a clause with what the rules say of it.

    ``place``: "B" where a promise that the rules find begins, "I" where it goes on, else "".
    """

    said: Said
    number: int
    mark: Mark
    place: str

    @property
    def words(self) -> str:
        """Its words, quotations blanked."""
        return self.said.clause.part(self.number)

    @property
    def span(self) -> Span:
        """Where it stands in its letter."""
        clause = self.said.clause
        return clause.plain.span(*clause.parts[self.number])


@dataclass(slots=True, kw_only=True)
class _Before:
    """What was said before a part: in its sentence, above its list, since 下一步."""

    since: int = FAR + 1
    cue: str = ""
    opening: str = ""
    past: int = 0
    will: int = 0
    item: int = 0
    intro: tuple[str, ...] = ("intro none",)


def parts_of(said: Said, found: Sequence[Promise]) -> list[Part]:
    """The parts of a clause in which the rules have ``found`` promises."""
    marks, parts = marked(said), said.clause.parts
    places = [""] * len(parts)
    for promise in found:
        inside = [n for n, (start, _) in enumerate(parts) if promise.start <= start < promise.end]
        for n in inside:
            places[n] = "I" if n > inside[0] else "B"
    return [
        Part(said=said, number=n, mark=mark, place=place)
        for n, (mark, place) in enumerate(zip(marks, places, strict=True))
    ]


def features(letter: Letter, parts: Sequence[Part]) -> Iterator[list[str]]:
    """The features of each part: its own, those of the parts beside it and of where it stands.

    Yields them part by part, for together they would be large.
    """
    flags = [_flags(part) for part in parts]
    grams: dict[int, list[str]] = {}
    before = _Before()
    for n, part in enumerate(parts):
        grams |= {
            k: _grams(parts[k].words) for k in (n, n + 1) if k < len(parts) and k not in grams
        }
        row = [*_own(part), *flags[n], *(f"w{gram}" for gram in grams[n])]
        row += _place(part, n, len(parts)) + _context(letter, parts, n, flags, before)
        for step in (-2, -1, 1, 2):
            row += _beside(parts, n, step, flags, grams)
        plain = [flag for flag in flags[n] if not flag.startswith("cue")]
        row += [f"{one}&{other}" for k, one in enumerate(plain) for other in plain[k + 1 :]]
        yield row
        grams.pop(n - 1, None)


def _grams(words: str) -> list[str]:
    plain = _DIGITS.sub("0", words)[:MOST]
    return sorted({plain[n : n + size] for size in (1, 2, 3) for n in range(len(plain) - size + 1)})


def _own(part: Part) -> list[str]:
    words = _DIGITS.sub("0", part.words)
    row = [f"n{min(len(words) // 4, 8)}"]
    row += [f"^{words[:size]}" for size in (1, 2, 3, 4)]
    row += [f"${words[-size:]}" for size in (1, 2, 3)]
    row += [f"cue {cue.name}" for cue in CUES if cue.pattern.search(part.words)]
    row += [f"bar {bar.name}" for bar in BARS if bar.pattern.search(part.words)]
    return row


def _flags(part: Part) -> list[str]:
    words, mark = part.words, part.mark
    row = [f"rule{part.place}", f"cue={mark.cue.name if mark.cue else mark.barred}"]
    row += [row.name for row in TELLS if row.pattern.search(words)]
    row += [name for name, pattern in _STARTS if pattern.match(words)]
    row += [name for name, pattern in _HOLDS if pattern.search(words)]
    for time in part.said.within(part.number):
        row.append("gone" if time.past else f"due {time.due.precision}")
    if part.said.timed(part.number):
        row.append("timed")
    return row


def _place(part: Part, number: int, count: int) -> list[str]:
    said, clause = part.said, part.said.clause
    last = len(clause.parts) - 1
    row = [f"at{min(part.number, 4)}", f"left{min(last - part.number, 3)}"]
    row.append(f"where{number * 6 // count}")
    if number < 3:
        row.append(f"top{number}")
    if count - number <= 4:
        row.append(f"end{count - number}")
    row += [name for name, held in (("plans", said.ahead), ("listed", said.listed)) if held]
    if clause.numbered:
        row += ["numbered", "item"] if part.number == 0 else ["numbered"]
    row += [f"head{PLANS_AHEAD.search(heading.text) is not None}" for heading in clause.path[-1:]]
    return row


def _context(
    letter: Letter,
    parts: Sequence[Part],
    number: int,
    flags: Sequence[Sequence[str]],
    before: _Before,
) -> list[str]:
    """What stands before the part, which ``before`` keeps and is told of."""
    part, clause = parts[number], parts[number].said.clause
    span = clause.plain.span(*clause.parts[part.number])
    text, lead = letter.text, letter.text[max(0, span.start - 8) : span.start].strip()
    before.since = 0 if AHEAD.search(part.words) else before.since + 1
    fresh = number == 0 or clause.sentence != parts[number - 1].said.clause.sentence
    if part.number == 0 and fresh:
        before.cue, before.opening, before.past, before.will = "", part.words[:3], 0, 0
    if _FIRST.search(lead):
        before.item, before.intro = 1, _intro(parts, number, flags, before)
    elif part.number == 0 and clause.numbered:
        before.item += 1
    row = [f"before{before.cue}", f"opening{before.opening}", f"item{min(before.item, 4)}"]
    row += [f"past{min(before.past, 2)}", f"will{min(before.will, 2)}", *before.intro]
    row += [f"lead{lead[-1:]}", f"tail{text[span.end : span.end + 1].strip()}"]
    if before.since <= FAR:
        row.append(f"ahead{min(before.since, 6)}")
    before.past += "has past" in flags[number]
    before.will += "has will" in flags[number]
    if part.mark.cue:
        before.cue = part.mark.cue.name
    return row


def _intro(
    parts: Sequence[Part], number: int, flags: Sequence[Sequence[str]], before: _Before
) -> tuple[str, ...]:
    """What the part before a list says, which its items hang on."""
    if not number:
        return ("intro none",)
    row = [*(f"intro {flag}" for flag in flags[number - 1])]
    row.append(f"intro ${parts[number - 1].words[-2:]}")
    return (*row, "intro ahead") if before.since <= FAR else tuple(row)


def _beside(
    parts: Sequence[Part],
    number: int,
    step: int,
    flags: Sequence[Sequence[str]],
    grams: Mapping[int, Sequence[str]],
) -> list[str]:
    """What a part so many steps away says."""
    at = number + step
    if not 0 <= at < len(parts):
        return [f"{step}edge"]
    mark = "=" if parts[at].said is parts[number].said else "/"
    row = [f"{step}{mark}{flag}" for flag in flags[at]]
    if abs(step) == 1:
        words = parts[at].words
        row += [f"{step}{mark}w{gram}" for gram in grams[at] if len(gram) == 2]
        row += [f"{step}{mark}^{words[:2]}", f"{step}{mark}${words[-2:]}"]
    return row
