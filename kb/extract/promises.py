"""The promises of a clause: which parts go together, and how far each promise reaches."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.extract.promise_cues import STRENGTHS, Mark, Said, marked
from kb.extract.promise_rules import (
    ACTS,
    BACKGROUND,
    BY_DATE,
    BY_EVENT,
    CONDITION,
    DONE,
    EVENT,
    LISTED,
    TAIL,
    TOLD,
)
from kb.extract.types import Strength

BACK = 2.1  # times its own length: what stands before a promise to tell its subject
PARTS_BACK = 4
APART = 3  # parts between two heads of one promise

_OWN = re.compile(r"[\u4e00-\u9fffA-Z]{2,}")
# What may stand before a cue and is no subject of it.
_NO_SUBJECT = re.compile(
    r"[\d年月日底前]|同时|另外|此外|并且?|但是?|目前|近日|现|也|还|都|均|必|再|将|拟|于|在|我们|计划|预计"
    r"|有望|可|要|全部|其中|下一?步|今后|后续|下阶段|近期|正|确保|到|努力|积极|尽快|会"
)
_REST = re.compile(r"其余|剩余|余下")
_STAGE = re.compile(r"第[一二三四五\d]+[批期]|[一二三]期")
_AND = re.compile(r"并|且|同时也|届时|其中")
_NOW = re.compile(r"目前|现(?!场|有|状)")
_NEW = re.compile(r"今后|下一?步|同时|后续|近期|下阶段|另外")


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A promise within a clause: ``start`` to ``end`` in its words.

    It hangs on the part ``head``, whose cue stands ``at`` that offset.
    """

    start: int
    end: int
    head: int
    at: int
    strength: Strength


def promises(said: Said) -> Iterator[Promise]:
    """The promises of a clause, in order, none overlapping."""
    marks, parts = marked(said), said.clause.parts
    groups = list(_groups(said, marks))
    free = 0
    for number, group in enumerate(groups):
        following = groups[number + 1][0] if number + 1 < len(groups) else len(marks)
        last = _last(said, marks, group[-1], before=following)
        if not _is_promise(said, marks, group, last=last):
            continue
        first = _first(said, marks, group[0], last=last, free=free)
        free = last + 1
        yield Promise(
            start=parts[first][0],
            end=parts[last][1],
            head=group[0],
            at=marks[group[0]].at,
            strength=_strength(marks, group),
        )


def _groups(said: Said, marks: Sequence[Mark]) -> Iterator[list[int]]:
    """The parts that promise, those of one promise together."""
    group: list[int] = []
    for number, mark in enumerate(marks):
        if mark.cue is None:
            continue
        if group and _parted(said, marks, group[-1], number):
            yield group
            group = []
        group.append(number)
    if group:
        yield group


def _parted(said: Said, marks: Sequence[Mark], number: int, following: int) -> bool:
    """True if two parts that promise aren't of the same promise; 其余 goes with what it is of."""
    if following - number > APART or any(mark.barred for mark in marks[number:following]):
        return True
    return not _REST.match(said.clause.part(following)) and _fresh(said, marks, following)


def _fresh(said: Said, marks: Sequence[Mark], number: int) -> bool:
    """True if this part has a subject of its own, and so a promise of its own."""
    words, cue = said.clause.part(number), marks[number].cue
    if _AND.match(words) or cue is BY_EVENT:
        return False
    if _REST.match(words) or _STAGE.match(words) or cue is TOLD:
        return True
    before = said.clause.masked[said.clause.parts[number][0] : marks[number].at]
    return bool(_OWN.search(_NO_SUBJECT.sub("", before)))


def _is_promise(said: Said, marks: Sequence[Mark], group: Sequence[int], *, last: int) -> bool:
    """False where all that promises would need a due date, and has none of its own."""
    if any(cue and not cue.dated for cue in (marks[number].cue for number in group)):
        return True
    start, end = said.clause.parts[group[0]][0], said.clause.parts[last][1]
    return any(start <= time.span.start < end and not time.past for time in said.dated)


def _first(said: Said, marks: Sequence[Mark], head: int, *, last: int, free: int) -> int:
    """The part at which the promise begins: its own, that of its subject or of its condition."""
    clause, first = said.clause, head
    if EVENT.match(clause.part(head)) or _NEW.match(clause.part(head)):
        return head
    while first > free and _leads(said, first - 1) and not marks[first - 1].barred:
        first -= 1
    if first < head or _fresh(said, marks, head):
        return first
    while (
        first > max(free, head - PARTS_BACK)
        and not marks[first - 1].barred
        and not BACKGROUND.match(clause.part(first - 1))
        and not _NOW.match(clause.part(first))
    ):
        first -= 1
    own = clause.parts[last][1] - clause.parts[head][0]
    while clause.parts[head][0] - clause.parts[first][0] > BACK * own:
        first += 1
    return first


def _leads(said: Said, number: int) -> bool:
    return bool(CONDITION.match(said.clause.part(number))) or said.timed(number)


def _last(said: Said, marks: Sequence[Mark], head: int, *, before: int) -> int:
    """The last part that still tells what is promised; a reason in between is passed over."""
    clause, last = said.clause, head
    while last + 1 < before and not marks[last + 1].barred:
        words = clause.part(last + 1)
        if CONDITION.match(words) or DONE.search(words) or _NOW.match(words) or "正在" in words:
            break
        if TAIL.match(words):
            on = last + 2 < before and not marks[last + 2].barred
            if not (on and ACTS.match(clause.part(last + 2))):
                break
            last += 1
        last += 1
    return last


def _strength(marks: Sequence[Mark], group: Sequence[int]) -> Strength:
    """The weightiest; words that only date or list it count where there are no others."""
    cues = [cue for number in group if (cue := marks[number].cue)]
    weighty = [cue for cue in cues if cue not in (BY_DATE, LISTED)] or cues
    return min((cue.strength for cue in weighty), key=STRENGTHS.index)
