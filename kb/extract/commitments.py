"""Find what a letter promises.

Clause by clause: what the rules say of their parts (``kb.extract.promises``), which of these
promise (``kb.extract.tagger``), who is to act, until when, and how much. Software proposes, a
person decides.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice, pairwise

from kb.errors import WrongUse
from kb.extract.actors import actor, co_organs, provider
from kb.extract.clauses import Clause, clauses_of
from kb.extract.due import Dated, dues
from kb.extract.figures import target
from kb.extract.promise_cues import Said
from kb.extract.promise_features import Part, parts_of
from kb.extract.promise_rules import BLANK, DONE, PLANS_AHEAD
from kb.extract.promises import Promise, promises
from kb.extract.tagger import Weights, labels, tagged, weights
from kb.extract.types import Commitment, Due
from kb.extract.vagueness import features, is_so
from kb.profile import Profile
from kb.types import Letter, Span

RUN_IN = 5  # level of the headings 一是, 二是, which are content
LONGEST = 600  # characters of a clause; what is longer is a table or noise
MOST = 500  # promises of a letter that are proposed; no person makes more, nor reads them
NEAR = 3  # code points between two clauses of one sentence
ACTION = 60  # characters that are shown of an action
_GOES_ON = re.compile(r"其余|剩余|余下|同时|并|另")
_RELATIVE = re.compile(r"\d{0,3}[一二两三四五六七八九十半]{0,3}个?[^\d]{1,3}内")
_PLAN = re.compile(r"[“\"]?十.五")
_START = re.compile(r"^[^，]{0,12}(?:开工|动工|启动|开建|开始|征地|招标)(?!.{0,6}(?:完|建成))")


def commitments(letter: Letter, profile: Profile) -> tuple[Commitment, ...]:
    """The first ``MOST`` promises of ``letter``, in the order of its text; no two overlap."""
    parts = parts_read(letter, profile)
    labelled = labels(letter, parts, whole=formal(letter))
    return promised(letter, parts, labelled)


def formal(letter: Letter) -> bool:
    """True for a reply to a proposal, with its number: there a sentence is one promise.

    In a reply from the mailbox each step is one. So both were annotated
    (``eval/annotations/README.md``).
    """
    return any(letter.value(field) for field in ("number", "proposal_no", "proposal_title"))


def parts_read(letter: Letter, profile: Profile) -> list[Part]:
    """The parts of the clauses of ``letter`` with what the rules say of them; no headings."""
    clauses = [clause for clause in clauses_of(letter) if len(clause.plain.words) <= LONGEST]
    parts: list[Part] = []
    before: Span | None = None
    for clause in clauses:
        said = _with_times(letter, clause, profile, before=before)
        if _title(letter, clause) and not said.dated:
            continue
        found = list(promises(said))
        parts += parts_of(said, found)
        if found:
            before = clause.plain.span(found[-1].start, found[-1].end)
    return parts


def promised(
    letter: Letter, parts: Sequence[Part], labelled: Sequence[int], *, by: Weights | None = None
) -> tuple[Commitment, ...]:
    """The first ``MOST`` promises that the labels of the parts stand for.

    ``by`` are other weights than those that come with the program.
    """
    saids = list({id(part.said): part.said for part in parts}.values())
    following = {id(said): later.clause.plain.words for said, later in pairwise(saids)}
    found: list[Commitment] = []
    for part, promise in islice(tagged(parts, labelled), MOST):
        after = following.get(id(part.said), "")
        commitment = _commitment(letter, part.said, promise, after=after, by=by or weights())
        found.append(_carried(commitment, found[-1] if found else None, part.said.clause))
    return tuple(found)


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
    return replace(_commitment(letter, said, promise, after="", by=weights()), span=span)


def _with_times(letter: Letter, clause: Clause, profile: Profile, *, before: Span | None) -> Said:
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
        listed=clause.numbered and before is not None and clause.sentence.holds(before),
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
    letter: Letter, said: Said, promise: Promise, *, after: str, by: Weights
) -> Commitment:
    clause, start, end = said.clause, promise.start, promise.end
    own = [time for time in said.dated if start <= time.span.start < end and not time.past]
    words = clause.plain.words[start:end]
    parts = clause.masked[start:end], clause.part(promise.head)
    told = features(words, dated=bool(own))
    return Commitment(
        letter_id=letter.id,
        span=clause.plain.span(start, end),
        organ=_organ(letter, clause, parts, after=after),
        co_organs=co_organs(words),
        action=_action(clause, promise, own),
        due=_due(letter, clause, own, end=end),
        target=target(words),
        strength=promise.strength,
        vague=is_so(told, by.vague),
        conditional=is_so(told, by.conditional),
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
            bool(DONE.match(tail)),
            due.precision == "recurring",
            starts,
            vague,
            bool(_RELATIVE.fullmatch(due.raw)),
            -number,
        )

    chosen = own[min(range(len(own)), key=drawbacks)]
    raw = clause.plain.span(chosen.span.start, chosen.span.end).of(letter.text)
    return replace(chosen.due, raw=raw)


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
