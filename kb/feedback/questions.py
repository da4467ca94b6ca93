"""What was asked and missed: every reply noted, like questions grouped, frequent ones found."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from kb.errors import KbError
from kb.feedback.grouping import FULL, Likeness, like, likeness, made, unruled
from kb.feedback.visitors import Counting
from kb.privacy.pii import logged, masked
from kb.replies import Refusal, Reply
from kb.settings import QuestionLog
from kb.staff.connection import Database
from kb.staff.database import stamp, writing
from kb.types import Span

State = Literal["open", "case", "done", "dropped"]
PIECE = 0.2  # seconds that one transaction of notes may take
PAUSE = 0.1  # seconds between two, as long as those who wait for the file may sleep


class GroupNotFound(KbError):
    """No group of missed questions has this number."""

    status, code = 404, "group_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where in which letter."""

    letter_id: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A reply, or what its asker said of it: then ``useful`` is not None.

    ``question`` is None where only the fact is kept. ``nearest`` are letter ids; ``quote`` is
    the one that the asker spoke of, and ``reason`` what was said. ``visitor`` is what its asker
    is known by today (``kb.feedback.visitors``); it is never written down.
    """

    at: datetime
    question: str | None
    snapshot: str
    verdict: str
    code: str | None = None
    nearest: tuple[str, ...] = ()
    useful: bool | None = None
    reason: str | None = None
    quote: Location | None = None
    visitor: bytes | None = None

    @property
    def missed(self) -> bool:
        """True of a refusal, and of a reply that was called useless."""
        return self.verdict == "refusal" if self.useful is None else not self.useful


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """Why a reply was called useless, where its asker said so, and of which quote."""

    at: datetime
    reason: str | None
    quote: Location | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Like questions that were missed: how often refused, how often called useless.

    ``latest`` and ``code`` are those of the last miss, ``nearest`` those of the last that had
    any; ``event`` is the number of the last ruling on the group, 0 before the first.
    """

    id: int
    question: str
    refused: int
    useless: int
    latest: datetime
    code: str | None
    nearest: tuple[str, ...]
    state: State
    event: int


def noted(reply: Reply, *, at: datetime) -> Noted:
    """What is to be noted of ``reply``."""
    return Noted(
        at=at,
        question=reply.question,
        snapshot=reply.snapshot,
        verdict=type(reply).__name__.lower(),
        code=reply.code if isinstance(reply, Refusal) else None,
        nearest=tuple(near.citation.letter_id for near in reply.nearest),
    )


def _as_logged(noted: Noted, log: QuestionLog) -> Noted:
    """``noted`` as far as it may be kept: without the words, nothing that tells what was asked."""
    asked, reason = (
        None if text is None else logged(text, log) for text in (noted.question, noted.reason)
    )
    snapshot = masked(noted.snapshot)  # an asker names it, and may write anything
    if asked is None:
        return replace(noted, question=None, snapshot=snapshot, nearest=(), reason=None, quote=None)
    named = noted.quote if noted.quote and _tells_nothing(noted.quote.letter_id) else None
    return replace(noted, question=asked, snapshot=snapshot, reason=reason, quote=named)


def _tells_nothing(letter_id: str) -> bool:
    """False for an id that an asker made up of personal data."""
    return masked(letter_id) == letter_id


def note(
    database: Database,
    all_noted: Iterable[Noted],
    *,
    log: QuestionLog,
    visitors: Counting | None = None,
) -> int:
    """Write down ``all_noted``, each with the group that it is like.

    Of those of ``visitors`` only the first of each visitor, day and group counts.

    In several transactions, none much longer than ``PIECE`` and with a pause between, so that
    nobody who writes to the same file waits long; what is dear is worked out before they begin.
    How many were noted without a group is returned: those like no other when there were enough.
    """
    waiting = deque(
        (noted, None if noted.question is None else likeness(noted.question))
        for noted in (_as_logged(noted, log) for noted in all_noted)
    )
    groupless = 0
    while waiting:
        with writing(database):
            groupless += _note_some(database, waiting, visitors)
        if waiting:
            time.sleep(PAUSE)
    return groupless


def _note_some(
    database: Database,
    waiting: deque[tuple[Noted, Likeness | None]],
    visitors: Counting | None,
) -> int:
    """Write down the first of ``waiting``, and more while there is time; how many groupless."""
    until = time.monotonic() + PIECE
    room = FULL - unruled(database)
    groupless = 0
    while waiting:
        noted, question = waiting.popleft()
        kin = like(database, question) if question else None
        if question and kin is None and room > 0:
            kin = made(database, question)
            room -= 1
        groupless += question is not None and kin is None
        _insert(database, noted, kin=kin, counted=_counted(noted, kin, visitors))
        if time.monotonic() >= until:
            break
    return groupless


def _counted(noted: Noted, kin: int | None, visitors: Counting | None) -> bool:
    """True if ``noted`` is not the same visitor's again."""
    if visitors is None or noted.visitor is None or kin is None:
        return True
    return visitors.first(noted.visitor, kin, opinion=noted.useful is not None)


def _insert(database: Database, noted: Noted, *, kin: int | None, counted: bool) -> None:
    database.execute(
        "INSERT INTO asked (at, kin, question, snapshot, verdict, code, nearest, useful,"
        " reason, letter, start, stop, missed, counted) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            stamp(noted.at),
            kin,
            noted.question,
            noted.snapshot,
            noted.verdict,
            noted.code,
            json.dumps(noted.nearest),
            noted.useful,
            noted.reason,
            *columns_of(noted.quote),
            noted.missed,
            counted,
        ),
    )


def columns_of(place: Location | None) -> tuple[str | None, int | None, int | None]:
    """``place`` as the three columns that hold it."""
    return (place.letter_id, place.span.start, place.span.end) if place else (None, None, None)


def place_of(letter: str | None, start: int | None, stop: int | None) -> Location | None:
    """The place that three columns name."""
    if letter is None or start is None or stop is None:
        return None
    return Location(letter_id=letter, span=Span(start=start, end=stop))


_GROUP = "SELECT id, question, refused, useless, at, code, nearest, state, event FROM standing "


def groups(database: Database, *, state: State, limit: int, offset: int = 0) -> list[Group]:
    """The groups in ``state``, the most missed first, then the latest."""
    rows = database.execute(
        _GROUP + "WHERE state = ? ORDER BY refused + useless DESC, last DESC LIMIT ? OFFSET ?",
        (state, limit, offset),
    )
    return [_group(row) for row in rows]


def group(database: Database, group_id: int) -> Group:
    """One group. Raises GroupNotFound."""
    row = database.execute(_GROUP + "WHERE id = ?", (group_id,)).fetchone()
    if row is None:
        raise GroupNotFound(f"没有第 {group_id} 组问题；请回到列表")
    return _group(row)


def _group(row: tuple[Any, ...]) -> Group:
    number, question, refused, useless, at, code, nearest, state, event = row
    return Group(
        id=number,
        question=question,
        refused=refused,
        useless=useless,
        latest=datetime.fromisoformat(at),
        code=code,
        nearest=tuple(json.loads(nearest)),
        state=state,
        event=event,
    )


def states(database: Database) -> dict[str, int]:
    """How many groups stand in each state that any is in."""
    return dict(database.execute("SELECT state, count(*) FROM standing GROUP BY state"))


def wordings(database: Database, group_id: int) -> list[tuple[str, int]]:
    """How the missed questions of a group were put, and by how many, the most frequent first."""
    return database.execute(
        "SELECT question, sum(counted) FROM asked WHERE missed AND kin = ? AND question IS NOT NULL"
        " GROUP BY question ORDER BY sum(counted) DESC, min(id)",
        (group_id,),
    ).fetchall()


def complaints(database: Database, group_id: int) -> list[Complaint]:
    """What askers said who called a reply useless, the latest first."""
    rows = database.execute(
        "SELECT at, reason, letter, start, stop FROM asked"
        " WHERE missed AND kin = ? AND useful IS NOT NULL ORDER BY id DESC",
        (group_id,),
    )
    return [
        Complaint(at=datetime.fromisoformat(at), reason=reason, quote=place_of(*place))
        for at, reason, *place in rows
    ]


def wordless(database: Database) -> list[tuple[str | None, bool, int]]:
    """Misses noted without a group or words: (code, whether an asker said so, how many)."""
    return database.execute(
        "SELECT code, useful IS NOT NULL, count(*) FROM asked"
        " WHERE missed AND kin IS NULL GROUP BY 1, 2 ORDER BY 3 DESC, 1 NULLS FIRST, 2"
    ).fetchall()
