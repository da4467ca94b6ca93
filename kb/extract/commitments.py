"""Find what a letter promises.

Clause by clause: the parts that promise (``kb.extract.promises``), who is to act, until when, and
how much. Software proposes, a person decides.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from kb.errors import WrongUse
from kb.extract.actors import actor, co_organs, provider
from kb.extract.clauses import Clause, clauses_of
from kb.extract.days import Clock
from kb.extract.due import Dated, dues
from kb.extract.figures import target
from kb.extract.promise_cues import Said
from kb.extract.promise_rules import BLANK, DONE, PLANS_AHEAD
from kb.extract.promises import Promise, promises
from kb.extract.types import Commitment, Due
from kb.extract.undated import undated
from kb.profile import Profile
from kb.types import Letter, Span

RUN_IN = 5  # level of the headings 一是, 二是, which are content
LONGEST = 600  # characters of a clause; what is longer is a table or noise
MOST = 500  # promises of a letter that are proposed; no person makes more, nor reads them
NEAR = 3  # code points between two clauses of one sentence
ACTION = 60  # characters that are shown of an action
_GOES_ON = re.compile(r"其余|剩余|余下|同时|并|另")
_RELATIVE = re.compile(r"\d{0,3}[一二两三四五六七八九十半]{0,3}个?[^\d]{1,3}内")
_IF = re.compile(r"如果|若(?!干)|假如|倘若")
_PLAN = re.compile(r"[“\"]?十.五")
# What is dated by this is only a part of what is done: 完成今年列入的40个小区.
_OF_IT = re.compile(r"(?:度|计划|已)?(?:列入|纳入|下达|确定|安排|新增|签约|任务)[^，。；]{0,8}的")
_START = re.compile(r"^[^，]{0,12}(?:开工|动工|启动|开建|开始|征地|招标)(?!.{0,6}(?:完|建成))")


def commitments(letter: Letter, profile: Profile) -> tuple[Commitment, ...]:
    """The first ``MOST`` promises of ``letter``, in the order of its text; no two overlap."""
    clauses = [clause for clause in clauses_of(letter) if len(clause.plain.words) <= LONGEST]
    found: list[Commitment] = []
    for number, clause in enumerate(clauses):
        if len(found) >= MOST:
            break
        said = _with_times(letter, clause, profile, before=found[-1] if found else None)
        if _title(letter, clause) and not said.dated:
            continue
        after = clauses[number + 1].plain.words if number + 1 < len(clauses) else ""
        before = found[-1] if found else None
        for promise in promises(said):
            commitment = _commitment(letter, said, promise, after=after, profile=profile)
            found.append(_carried(commitment, before, clause))
    return tuple(found[:MOST])


def commitment_at(letter: Letter, span: Span, profile: Profile) -> Commitment:
    """What a person finds promised at ``span``: who, until when, how much, as the rules read it.

    Raises WrongUse for more than one clause: each is a promise of its own.
    """
    touched = [c for c in clauses_of(letter) if c.span.end > span.start and c.span.start < span.end]
    if len(touched) > 1 or span.end - span.start > LONGEST:
        raise WrongUse("这段原话不止一句，或者太长；请一句一句地补录")
    if not touched:
        return Commitment(
            letter_id=letter.id,
            span=span,
            organ=letter.value("issuer"),
            co_organs=(),
            action=span.of(letter.text)[:ACTION],
            due=None,
            target=None,
            strength="will",
        )
    clause = touched[0]
    start, end = (bisect_left(clause.plain.offsets, at) for at in (span.start, span.end))
    said = _with_times(letter, clause, profile, before=None)
    alike = next((promise for promise in promises(said) if start <= promise.at < end), None)
    head = next(n for n, (_, stop) in enumerate(clause.parts) if stop > start)
    plain = Promise(start=start, end=end, head=head, at=start, strength="will")
    promise = replace(alike, start=start, end=end) if alike else plain
    return replace(_commitment(letter, said, promise, after="", profile=profile), span=span)


def _with_times(
    letter: Letter, clause: Clause, profile: Profile, *, before: Commitment | None
) -> Said:
    """The clause with its due expressions; not those in what it cites, but for a 五年规划."""
    dated = tuple(
        time
        for time in dues(clause.plain.words, signed=letter.issued_on, calendar=profile.calendar)
        if BLANK not in clause.masked[time.span.start : time.span.end] or _PLAN.match(time.due.raw)
    )
    ahead = any(PLANS_AHEAD.search(heading.text) for heading in clause.path)
    return Said(
        clause=clause,
        dated=dated,
        signed=letter.issued_on,
        ahead=ahead and not _title(letter, clause),
        listed=clause.numbered and before is not None and clause.sentence.holds(before.span),
    )


def _title(letter: Letter, clause: Clause) -> bool:
    """True if the clause is a heading; a numbered line that is a whole sentence is none."""
    if not clause.path or clause.path[-1].level >= RUN_IN:
        return False
    end = clause.span.end
    held = clause.path[-1].span.holds(clause.span)
    return held and letter.text[end : end + 2].rstrip() != "。"


def _carried(commitment: Commitment, before: Commitment | None, clause: Clause) -> Commitment:
    """其余83个… is done by whom the clause just before it named."""
    if before and commitment.span.start - before.span.end <= NEAR and _GOES_ON.match(clause.masked):
        return replace(commitment, organ=before.organ)
    return commitment


def _commitment(
    letter: Letter, said: Said, promise: Promise, *, after: str, profile: Profile
) -> Commitment:
    clause, start, end = said.clause, promise.start, promise.end
    own = [
        time
        for time in said.dated
        if start <= time.span.start < end and not time.past and not _supposed(clause, time)
    ]
    words = clause.plain.words[start:end]
    parts = clause.masked[start:end], clause.part(promise.head)
    return Commitment(
        letter_id=letter.id,
        span=clause.plain.span(start, end),
        organ=_organ(letter, clause, parts, after=after),
        co_organs=co_organs(words),
        action=_action(clause, promise, own),
        due=_due(letter, clause, own, end=end) or _undated(letter, clause, start, end, profile),
        target=target(words),
        strength=promise.strength,
    )


def _due(letter: Letter, clause: Clause, own: Sequence[Dated], *, end: int) -> Due | None:
    """Of several the last one by which it is done: no start, a day rather than a season."""
    if not own:
        return None

    def drawbacks(number: int) -> tuple[bool | int, ...]:
        due, tail = own[number].due, clause.masked[own[number].span.end : end]
        vague = due.first is None and due.last is None
        starts = bool(_START.match(tail)) or (due.last is None and not vague)
        return (
            bool(DONE.match(tail)) or bool(_OF_IT.match(tail)),
            due.precision == "recurring",
            starts,
            vague,
            bool(_RELATIVE.fullmatch(due.raw)),
            _aside(clause, own, number),
            -number,
        )

    chosen = own[min(range(len(own)), key=drawbacks)]
    raw = clause.plain.span(chosen.span.start, chosen.span.end).of(letter.text)
    return replace(chosen.due, raw=raw)


def _supposed(clause: Clause, time: Dated) -> bool:
    """True in a part that only supposes: 如果2026年继续实施这一政策，…."""
    part = next(part for part in clause.parts if part[0] <= time.span.start < part[1])
    return bool(_IF.match(clause.masked, part[0]))


def _aside(clause: Clause, own: Sequence[Dated], number: int) -> bool:
    """True for what only says another time again: 9月6日（下周五）."""
    start = own[number].span.start
    again = any(start - time.span.end in (1, 3) for time in own)  # 之前 may stand between
    return again and clause.masked[:start].endswith("（")


def _undated(letter: Letter, clause: Clause, start: int, end: int, profile: Profile) -> Due | None:
    """What the promise says of its time where it names no day: 近期, 待验收合格后."""
    signed = letter.issued_on
    clock = Clock(signed=signed, year=signed.year if signed else None, calendar=profile.calendar)
    found = undated(clause.masked[start:end], clock=clock)
    if found is None:
        return None
    span, due = found
    raw = clause.plain.span(start + span.start, start + span.end).of(letter.text)
    return replace(due, raw=raw)


def _action(clause: Clause, promise: Promise, own: Sequence[Dated]) -> str:
    """What is to be done: the words from the cue on, without the due expression after it."""
    begin = promise.at
    for time in own:
        if time.span.start <= begin < time.span.end or begin <= time.span.start <= begin + 3:
            begin = time.span.end
    end = next((end for start, end in clause.parts if start <= begin < end), promise.end)
    end = min(end, promise.end)
    words = clause.plain.words
    return words[begin:end][:ACTION] or words[promise.start : promise.end][:ACTION]


def _organ(letter: Letter, clause: Clause, parts: Sequence[str], *, after: str) -> str | None:
    """The subject of the part or of the clause, else who gave the section, else the issuer."""
    named = actor(parts, clause.masked, after=after)
    if named:
        return named
    if named is None:
        above = (heading.text for heading in reversed(clause.path))
        for words in (clause.sentence.of(letter.text)[:LONGEST], *above):
            if given := provider(words):
                return given
    return letter.value("issuer")
