"""A message as it was typed, understood once: small talk, one question or several."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, partial

from kb.query import readings
from kb.query.asked import AskedIn, asked_in, said_beside, unstuttered
from kb.query.comparison import Side, compared
from kb.query.directory import Directory
from kb.query.follow_up import Mended, Resolved
from kb.query.parse import Query, QueryPart, checked, parse
from kb.query.spelling import spelled
from kb.query.talk import talk
from kb.settings import Settings
from kb.store.protocol import SnapshotReader

Put = Callable[[str], Query]
Ways = tuple[Resolved, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """``query`` is what is looked for; ``changed`` says what was done to the words typed.

    By the question that was answered in the end: of several ways to read one, the surest.
    """

    query: Query
    changed: Mapping[str, Resolved] = field(default_factory=dict)

    def resolved(self, question: str) -> Resolved | None:
        """What was done to come to ``question``; None where it is looked for as it was typed."""
        return self.changed.get(question)


def understood(
    question: str,
    known: Directory,
    *,
    settings: Settings,
    before: Sequence[str] = (),
    as_typed: bool = False,
    today: date | None = None,
    reader: SnapshotReader | None = None,
) -> Understood:
    """What ``question`` asks of the letters in ``known``, after the questions ``before`` it.

    With the ``reader`` of those letters, mistyped words are put right by theirs. With
    ``as_typed`` nothing is taken over, left out or mended: the way out of all of that.
    Raises WrongUse for an empty, too long or unencodable question.
    """
    typed = checked(question, settings=settings)
    plain = typed if as_typed else unstuttered(typed)
    put: Put = cache(partial(parse, known=known, settings=settings, today=today))  # each text once
    whole = put(plain)
    if as_typed:
        return Understood(query=whole)
    code = talk(typed) or said_beside(plain)
    if code:
        return Understood(query=replace(put(typed), talk=code))
    one = whole.listing or (whole.field and len(whole.field.askings) > 1) or compared(whole, known)
    asked = AskedIn(questions=(plain,), whole=plain) if one else asked_in(plain)
    if plain != typed and not asked.kind:
        asked = replace(asked, kind="story")
    base = _Base(known=known, put=put, reader=reader)
    asked, fixed = base.spelled(asked)
    return _of(asked, typed, base.said(before), base, fixed)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Base:
    """The letters that are asked, as far as a question is understood by them."""

    known: Directory
    put: Put
    reader: SnapshotReader | None

    def spelled(self, asked: AskedIn) -> tuple[AskedIn, tuple[Mended, ...]]:
        """``asked`` with its words as the letters spell them, and what that changed."""
        if self.reader is None:
            return asked, ()
        each = [spelled(question, self.known, self.reader) for question in asked.questions]
        whole, fixed = spelled(asked.whole, self.known, self.reader)
        return replace(asked, questions=tuple(text for text, _ in each), whole=whole), fixed

    def held(self, word: str) -> bool:
        """True if a letter has ``word``."""
        if self.reader is None:
            return True
        return bool(self.reader.lexical((word,), limit=1, scope=self.known.scope))

    def said(self, before: Sequence[str]) -> tuple[str, ...]:
        """The questions ``before``, each as it reads after those before it: 那2024年呢 too."""
        found: list[str] = []
        for question in before:
            found.append(readings.after(self.put(question), found, self.known)[0].question)
        return tuple(found)

    def ways(self, question: str, story: str, before: Sequence[str]) -> Ways:
        """The ways to read ``question``, in a ``story`` or after the questions ``before`` it."""
        if story:
            return readings.with_story(question, story, held=self.held)
        return readings.after(self.put(question), before, self.known)


def _of(
    asked: AskedIn, typed: str, before: Sequence[str], base: _Base, fixed: tuple[Mended, ...]
) -> Understood:
    """The one or the several questions that are ``asked`` in what was ``typed``."""
    put, each, earlier = base.put, list[Ways](), list(before)
    for one in asked.questions:
        each.append(base.ways(one, asked.story, earlier))
        earlier.append(each[-1][0].question)
    if len(each) > 1:
        parts = tuple(
            QueryPart(
                label=ways[0].question.rstrip("？?。"), query=_read(ways, put, story=asked.story)
            )
            for ways in each
        )
        each.append(base.ways(asked.whole, asked.story, before))
        query = replace(_read(each[-1], put, story=asked.story, before=before), parts=parts)
        return Understood(query=query, changed=_changed(typed, asked, each, fixed))
    changed = _changed(typed, asked, each, fixed)
    query = _read(each[0], put, story=asked.story, before=before)
    sides = tuple(
        QueryPart(label=side.label, query=_of_side(side, put))
        for side in compared(query, base.known)
    )
    return Understood(query=replace(query, parts=sides, compares=bool(sides)), changed=changed)


def _read(ways: Ways, put: Put, *, story: str = "", before: Sequence[str] = ()) -> Query:
    """The first of ``ways``, and the others beside it.

    Where the first is led by a subject the question cannot stand alone: it is as sure as any.
    """
    first, *others = (_way(way, put(way.question), story=story, before=before) for way in ways)
    least = 0.0 if first.led else first.least
    after = put(before[-1]) if before else None
    return replace(first, least=least, otherwise=tuple(others), after=after)


def _way(way: Resolved, query: Query, *, story: str, before: Sequence[str]) -> Query:
    """``query`` as one way to read a question, with how sure an answer to it must be."""
    led = "：" in way.question and bool(way.carried)
    own = readings.own_nouns(way.question.split("：")[-1])
    if led:
        least = readings.FOLLOWED if before else readings.LED
        return replace(query, led=True, own=own, least=least)
    if way.carried and query.setting.places:  # of 明溪县 instead: what is quoted must tell of it
        return replace(query, own=tuple(place.called for place in query.setting.places))
    return replace(query, least=readings.VAGUE) if story and not own else query


def _of_side(side: Side, put: Put) -> Query:
    query = put(side.question)
    return replace(query, scope=replace(query.scope, issuer=side.issuer)) if side.issuer else query


def _changed(
    typed: str, asked: AskedIn, each: Sequence[Ways], fixed: tuple[Mended, ...]
) -> Mapping[str, Resolved]:
    """By every question that may be answered in the end, how it came from what was ``typed``."""
    found = dict[str, Resolved]()
    for ways in each:
        for way in ways:
            now = way.question.strip()
            told = (Mended(kind=asked.kind, was=typed, now=now),) if asked.kind else ()
            mended = (*told, *(word for word in fixed if word.now in now))
            if way.carried or mended:
                found[now] = replace(way, mended=mended)
    if len(each) > 1:  # the last are those of all the questions in one
        whole = "；".join(ways[0].question for ways in each[:-1])
        carried = tuple(taken for ways in each[:-1] for taken in ways[0].carried)
        mended = (Mended(kind="split", was=typed, now=whole), *fixed)
        found[whole] = Resolved(question=whole, carried=carried, mended=mended)
    return found
