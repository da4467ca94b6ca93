"""What staff decided of missed questions: every change is a row that stays, with who and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kb.errors import KbError, WrongUse
from kb.feedback.questions import Location, State, columns_of, group, place_of
from kb.feedback.retention import FORGOTTEN
from kb.staff.connection import Database
from kb.staff.database import stamp, writing
from kb.text.normalize import standing_in
from kb.types import Letter


class RulingOutdated(KbError):
    """Somebody else ruled on the group in the meantime."""

    status, code = 409, "ruling_outdated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """The words that answer a question, and where they stand: ``place.span`` of its letter."""

    place: Location
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What is to become of a group, and why. ``seen`` is the last event that its judge knew.

    A ``case`` has its ``question`` and the ``gold`` that answers it; without gold the right
    reply is a refusal.
    """

    group_id: int
    seen: int
    became: State
    reason: str = ""
    question: str | None = None
    gold: Gold | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A ruling as it was recorded."""

    at: datetime
    who: str
    was: State
    became: State
    reason: str
    question: str | None
    gold: Gold | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question for the evaluation; nothing answers it where ``gold`` is None."""

    id: int
    question: str
    gold: Gold | None


def rule(database: Database, ruling: Ruling, *, who: str, at: datetime) -> None:
    """Record ``ruling``.

    Raises WrongUse (dropped without a reason), GroupNotFound, RulingOutdated.
    """
    if ruling.became == "dropped" and not ruling.reason:
        raise WrongUse("不处理要写明原因；请填写后再试")
    if ruling.question == FORGOTTEN:
        raise WrongUse("这组问题过了保存期，文字已删去；请写出题目再试")
    gold = ruling.gold
    with writing(database):
        now = group(database, ruling.group_id)
        if now.event != ruling.seen:
            raise RulingOutdated("这组问题刚被别人处理过，没有改动；请看过最新情况再决定")
        database.execute(
            "INSERT INTO event (at, who, kin, upto, was, became, reason, question, words, letter,"
            " start, stop) VALUES (?, ?, ?, (SELECT last FROM standing WHERE id = ?),"
            " ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                stamp(at),
                who,
                ruling.group_id,
                ruling.group_id,
                now.state,
                ruling.became,
                ruling.reason,
                ruling.question,
                gold.words if gold else None,
                *columns_of(gold.place if gold else None),
            ),
        )


def gold_in(letter: Letter, words: str) -> Gold:
    """Where ``words`` first stand in ``letter``, white space aside. Raises WrongUse."""
    span = next(standing_in(letter.text, words), None)
    if span is None:
        raise WrongUse("复文里没有这段原话；请从复文页面一字不差地复制")
    return Gold(place=Location(letter_id=letter.id, span=span), words=span.of(letter.text))


def events(database: Database, group_id: int) -> list[Event]:
    """All that was decided of a group, the latest first."""
    rows = database.execute(
        "SELECT at, who, was, became, reason, question, words, letter, start, stop FROM event"
        " WHERE kin = ? ORDER BY id DESC",
        (group_id,),
    )
    return [
        Event(
            at=datetime.fromisoformat(at),
            who=who,
            was=was,
            became=became,
            reason=reason,
            question=question,
            gold=_gold(words, *place),
        )
        for at, who, was, became, reason, question, words, *place in rows
    ]


def cases(database: Database) -> list[Case]:
    """The cases in force, in the order of their groups."""
    rows = database.execute(
        "SELECT standing.id, event.question, words, letter, start, stop"
        " FROM standing JOIN event ON event.id = standing.event"
        " WHERE state = 'case' ORDER BY standing.id"
    )
    return [
        Case(id=number, question=question, gold=_gold(words, *place))
        for number, question, words, *place in rows
    ]


def _gold(words: str | None, *columns: str | int | None) -> Gold | None:
    place = place_of(*columns)  # type: ignore[arg-type]
    return Gold(place=place, words=words) if place and words else None
