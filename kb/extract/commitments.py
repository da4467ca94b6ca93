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
from kb.extract.actions import LONGEST as LONGEST_ACTION
from kb.extract.actions import deed
from kb.extract.actors import actor, co_organs, provider
from kb.extract.annexes import annex_titles
from kb.extract.clauses import Clause, clauses_of, stands_alone
from kb.extract.deadline import deadline
from kb.extract.due import dues
from kb.extract.figures import target
from kb.extract.halves import completed
from kb.extract.promise_cues import Said
from kb.extract.promise_features import Part, parts_of
from kb.extract.promise_rules import BLANK, PLANS_AHEAD
from kb.extract.promises import Promise, promises
from kb.extract.statements import only_states, speaks_of_the_future
from kb.extract.tagger import GOES_ON, OUT, Weights, labels, tagged, weights
from kb.extract.tagger import MOST as MOST_PARTS
from kb.extract.types import Commitment
from kb.extract.vagueness import features, is_so, names_no_thing
from kb.models.tagging import Odds, TaggingModel
from kb.profile import Profile
from kb.text.chars import bare
from kb.text.organs import organs_apart
from kb.types import Letter, Span

RUN_IN = 5  # level of the headings 一是, 二是, which are content
LONGEST = 600  # characters of a clause; what is longer is a table or noise
MOST = 500  # promises of a letter that are proposed; no person makes more, nor reads them
NEAR = 3  # code points between two clauses of one sentence
_GOES_ON = re.compile(r"其余|剩余|余下|同时|并|另")
_PLAN = re.compile(r"[“\"]?十.五")


def commitments(
    letter: Letter, profile: Profile, tagger: TaggingModel | None = None
) -> tuple[Commitment, ...]:
    """The first ``MOST`` promises of ``letter``, in the order of its text; no two overlap.

    ``tagger`` is asked too, if there is one.
    """
    beside = tagger.odds(letter.text, asked(letter, profile)) if tagger else ()
    return commitments_beside(letter, profile, beside)


def asked(letter: Letter, profile: Profile) -> tuple[Span, ...]:
    """The places in ``letter`` of which a tagging model is asked: none where it learned nothing."""
    parts = () if formal(letter) else parts_read(letter, profile)[:MOST_PARTS]
    return tuple(part.span for part in parts)


def commitments_beside(
    letter: Letter, profile: Profile, beside: Sequence[Odds]
) -> tuple[Commitment, ...]:
    """The same, where a tagging model said ``beside`` of the places that are ``asked``."""
    parts = parts_read(letter, profile)
    labelled = labels(letter, parts, whole=formal(letter), beside=beside)
    return promised(letter, parts, labelled, profile=profile)


def formal(letter: Letter) -> bool:
    """True for a reply to a proposal, with its number: there a sentence is one promise.

    In a reply from the mailbox each step is one. So both were annotated
    (``eval/annotations/README.md``).
    """
    return any(letter.value(field) for field in ("number", "proposal_no", "proposal_title"))


def parts_read(letter: Letter, profile: Profile) -> list[Part]:
    """The parts of the clauses of ``letter`` with what the rules say of them; no headings."""
    titles = list(annex_titles(letter.text))
    clauses = [
        clause
        for clause in clauses_of(letter)
        if len(clause.plain.words) <= LONGEST
        and not any(title.meets(clause.span) for title in titles)
    ]
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
    letter: Letter,
    parts: Sequence[Part],
    labelled: Sequence[int],
    *,
    profile: Profile,
    by: Weights | None = None,
) -> tuple[Commitment, ...]:
    """The first ``MOST`` promises that the labels of the parts stand for.

    ``by`` are other weights than those that come with the program.
    """
    saids = list({id(part.said): part.said for part in parts}.values())
    following = {
        id(said): later.clause.plain.words
        for said, later in pairwise(saids)
        if not later.clause.numbered and later.clause.path == said.clause.path
    }
    found: list[Commitment] = []
    whole = completed(parts, labelled, out=OUT, goes_on=GOES_ON)
    held = (
        (part, promise)
        for part, promise in tagged(parts, whole)
        if not _states(part.said.clause.masked, promise)
    )
    for part, promise in islice(held, MOST):
        after = following.get(id(part.said), "")
        commitment = _commitment(
            letter, part.said, promise, after=after, profile=profile, by=by or weights()
        )
        found.append(_carried(commitment, found[-1] if found else None, part.said.clause))
    return tuple(found)


def _states(masked: str, promise: Promise) -> bool:
    return only_states(masked[promise.start : promise.end], before=masked[: promise.start])


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
            organ=_one_name(letter.value("issuer"), profile),
            co_organs=(),
            action=span.of(letter.text)[:LONGEST_ACTION],
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
    commitment = _commitment(letter, said, promise, after="", profile=profile, by=weights())
    return replace(commitment, span=span)


def _with_times(letter: Letter, clause: Clause, profile: Profile, *, before: Span | None) -> Said:
    """The clause with its due expressions; not those in what it cites, but for a 五年规划."""
    dated = tuple(
        time
        for time in dues(clause.plain.words, signed=letter.issued_on, calendar=profile.calendar)
        if not _cited(clause.masked, time.span) or _PLAN.match(time.due.raw)
    )
    ahead = any(PLANS_AHEAD.search(heading.text) for heading in clause.path)
    return Said(
        clause=clause,
        dated=dated,
        signed=letter.issued_on,
        ahead=ahead and not _title(letter, clause),
        listed=clause.numbered and before is not None and clause.sentence.holds(before),
    )


def _cited(masked: str, time: Span) -> bool:
    """True if it stands in a quotation that is more than a part of it: not 明年“五一”前."""
    return BLANK * 2 in (
        masked[max(0, time.start - 1) : time.start + 1],
        masked[time.end - 1 : time.end + 1],
    )


def _title(letter: Letter, clause: Clause) -> bool:
    """True if the clause is a heading: no numbered line that is a whole sentence or an item."""
    if not clause.path or clause.path[-1].level >= RUN_IN:
        return False
    end = clause.span.end
    held = clause.path[-1].span.holds(clause.span)
    return held and letter.text[end : end + 2].rstrip() != "。" and not stands_alone(letter, clause)


def _carried(commitment: Commitment, before: Commitment | None, clause: Clause) -> Commitment:
    """其余83个… is done by whom the clause just before it named."""
    if before and commitment.span.start - before.span.end <= NEAR and _GOES_ON.match(clause.masked):
        return replace(commitment, organ=before.organ)
    return commitment


def _commitment(
    letter: Letter,
    said: Said,
    promise: Promise,
    *,
    after: str,
    profile: Profile,
    by: Weights,
) -> Commitment:
    clause, start, end = said.clause, promise.start, promise.end
    due, main = deadline(letter, said, promise, calendar=profile.calendar)
    words = clause.plain.words[start:end]
    parts = [
        clause.masked[max(first, start) : last]
        for first, last in clause.parts[: promise.head + 1]
        if last > start
    ]
    doer = _organ(letter, clause, parts, after=after)
    organ, *others = organs_apart(doer or "") or (None,)
    done = deed(letter.text, clause, start=start, end=end, dated=said.dated, main=main, doer=doer)
    others += co_organs(words, clause.plain.words, after=after)
    span = clause.plain.span(start, end)
    grounds = (
        said.ahead or (due is not None and due.first is not None) or _to_come(letter, said, span)
    )
    told = features(words, dated=due is not None and due.last is not None)
    return Commitment(
        letter_id=letter.id,
        span=span,
        organ=_one_name(organ, profile),
        co_organs=tuple(dict.fromkeys(map(profile.organs.one_name, filter(None, others)))),
        action=done.action,
        due=due,
        target=target(done.words),
        strength=promise.strength,
        vague=not grounds or is_so(told, by.vague) or names_no_thing(done.action),
        conditional=is_so(told, by.conditional),
    )


def _to_come(letter: Letter, said: Said, span: Span) -> bool:
    """True if the sentence up to the end of ``span`` says that something is still to be done."""
    start = said.clause.sentence.start
    return formal(letter) or speaks_of_the_future(bare(letter.text[start : span.end]))


def _one_name(organ: str | None, profile: Profile) -> str | None:
    return profile.organs.one_name(organ) if organ else organ


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
