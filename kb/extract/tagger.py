"""Which parts of a letter promise: a chain of labels, by weights that were learned.

A linear-chain conditional random field (Lafferty et al. 2001) over the parts of all clauses, in
plain Python: no library has to be loaded where letters are read. ``eval.training.fit_promises``
fits the weights, and says in their file how they did on replies that they were not fitted on. What
a model that read the whole letter says of the parts (``kb.models.tagging``) is added to theirs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from pathlib import Path
from typing import Any

from kb.extract.formal_deeds import with_formal
from kb.extract.listed import with_items
from kb.extract.promise_cues import STRENGTHS
from kb.extract.promise_features import Part, features
from kb.extract.promise_rules import BARS, BY_DATE, JOINT, LISTED
from kb.extract.promises import Promise
from kb.extract.types import Strength
from kb.models.tagging import Odds
from kb.types import Letter

WEIGHTS = Path(__file__).parent / "promises.json"
OUT, BEGINS, GOES_ON = range(3)  # labels: outside, first part of a promise, further part of it
MOST = 20_000  # parts that are looked at; what has more is no letter
_SURE = tuple(bar for bar in BARS if bar.sure)
NEVER = -1e4  # log-odds of what cannot be
NOTHING: Odds = (0.0, 0.0)  # is known beside


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """``parts``: feature → log-odds that a part begins, that it goes on with a promise.

    ``within`` and ``across``: log-odds of a label (second index) after a label (first), for
    parts of one clause and for a new clause. ``eager``: added where a part is in a promise.
    ``vague`` and ``conditional``: feature of a promise → log-odds that it is so.
    """

    parts: Mapping[str, tuple[float, float]]
    within: tuple[tuple[float, ...], ...]
    across: tuple[tuple[float, ...], ...]
    eager: float
    vague: Mapping[str, float]
    conditional: Mapping[str, float]


@cache
def weights(*, whole: bool = False) -> Weights:
    """The weights that come with the program.

    ``whole``: those for letters in which a sentence of several steps is one promise.
    """
    return weights_of(json.loads(WEIGHTS.read_bytes()), whole=whole)


def weights_of(content: Mapping[str, Any], *, whole: bool) -> Weights:
    """The weights that the content of a file of them has, for letters of one kind."""
    chain = content["letters" if whole else "mailbox"]
    return Weights(
        parts={name: (begins, goes_on) for name, (begins, goes_on) in chain["parts"].items()},
        within=tuple(map(tuple, chain["within"])),
        across=tuple(map(tuple, chain["across"])),
        eager=chain["eager"],
        vague=content["vague"],
        conditional=content["conditional"],
    )


def labels(
    letter: Letter,
    parts: Sequence[Part],
    *,
    whole: bool,
    by: Weights | None = None,
    beside: Sequence[Odds] = (),
) -> list[int]:
    """The likeliest labels of the parts of ``letter`` (Viterbi 1967).

    ``whole``: a sentence of several steps is one promise; ``by`` are other weights than those
    that come with the program; ``beside`` are log-odds that are added, by part, if there are any.
    A rule that is ``sure`` keeps a part out, where ``whole`` any rule that bars; a cue that is
    ``sure`` keeps it in. Items under 下步工作 that say a deed are added, and where
    ``whole`` the deeds of running text that have a day or a doer.
    """
    learned = by or weights(whole=whole)
    if not parts:
        return []
    read = parts[:MOST]
    odds = [
        _odds(part, row, learned, whole=whole, beside=more)
        for part, row, more in zip(
            read, features(letter, read), beside or repeat(NOTHING, len(read)), strict=True
        )
    ]
    best, back = [odds[0][OUT], odds[0][BEGINS], NEVER], []
    for n in range(1, len(read)):
        same = parts[n].said is parts[n - 1].said
        moves = learned.within if same else learned.across
        ways = [[best[old] + moves[old][new] for old in range(3)] for new in range(3)]
        back.append([way.index(max(way)) for way in ways])
        best = [max(way) + odds[n][new] for new, way in enumerate(ways)]
    chosen = [best.index(max(best))]
    for came in reversed(back):
        chosen.append(came[chosen[-1]])
    every = chosen[::-1] + [OUT] * (len(parts) - len(read))
    items = with_items(parts, every, out=OUT, begins=BEGINS, goes_on=GOES_ON)
    return with_formal(parts, items, out=OUT, begins=BEGINS, goes_on=GOES_ON) if whole else items


def _surely(part: Part) -> bool:
    """True if a rule that is ``sure`` keeps the part out."""
    clause = part.said.clause
    start, end = clause.parts[part.number]
    return any(bar.pattern.search(clause.masked, 0 if bar.whole else start, end) for bar in _SURE)


def _odds(
    part: Part, row: Sequence[str], learned: Weights, *, whole: bool, beside: Odds
) -> tuple[float, float, float]:
    """The log-odds of each label, where no rule is the last word."""
    if part.mark.barred and (whole or _surely(part)):
        return 0.0, NEVER, NEVER
    begins, goes_on = (learned.eager + odds for odds in beside)
    find = learned.parts.get
    for name in row:
        found = find(name)
        if found:
            begins += found[0]
            goes_on += found[1]
    cue = part.mark.cue
    return NEVER if cue and cue.sure and part.place else 0.0, begins, goes_on


def tagged(parts: Sequence[Part], labelled: Sequence[int]) -> Iterator[tuple[Part, Promise]]:
    """The promises that the labels stand for, each with its first part."""
    group: list[Part] = []
    for part, label in zip(parts, labelled, strict=True):
        if group and label != GOES_ON:
            yield group[0], _promise(group)
            group = []
        if label != OUT:
            group.append(part)
    if group:
        yield group[0], _promise(group)


def _promise(group: Sequence[Part]) -> Promise:
    clause = group[0].said.clause
    head = next((part for part in group if part.mark.cue), group[0])
    start, stop = clause.parts[group[0].number]
    joint = JOINT.match(clause.masked, start, stop)
    if joint and joint.end() < stop:
        start = joint.end()
    at = head.mark.at if head.mark.cue else start
    return Promise(
        start=start,
        end=clause.parts[group[-1].number][1],
        head=head.number,
        at=max(at, start),
        strength=_strength(group),
    )


def _strength(group: Sequence[Part]) -> Strength:
    """The weightiest that the rules' cues say; 将 where they say none."""
    cues = [part.mark.cue for part in group if part.mark.cue]
    weighty = [cue for cue in cues if cue not in (BY_DATE, LISTED)] or cues
    return min((cue.strength for cue in weighty), key=STRENGTHS.index, default="will")
