"""The last step on a commitment taken back: as a new event, which says what the old one changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kb.errors import WrongUse
from kb.ledger.columns import BLANK
from kb.ledger.events import Book, booking
from kb.ledger.history import history, taken_back
from kb.ledger.types import ASIDE, KINDS, Event, Kind, Seen
from kb.staff.connection import Database
from kb.staff.database import PROGRAM, By, stamp

# What a person decides, as against what they say beside it.
UNDOABLE: frozenset[Kind] = frozenset(
    ("added", "moved", "corrected", "extended", "accepted", "linked", "unlinked",
     "attached", "dated", "submitted", "signed", "sent_back", "merged", "split", "assigned")
)  # fmt: skip


# What leaves a report that waits for a signature as it is.
_BESIDE: frozenset[Kind] = ASIDE | {"assigned", "linked", "unlinked", "attached", "undone"}


def last_step(database: Database, number: int, *, who: str = "") -> Event | None:
    """The last thing that a person did to a commitment, if it is one that can be taken back.

    What the program read since does not hinder it where it changed something else. A report that
    waits for a signature is the last step of ``who`` made it, whatever others did beside it, and
    of everybody once nothing else is: its signature was undone.
    """
    events = history(database, number)
    step, report = _last(events), _report(events)
    if report and (step is None or (report.who == who != step.who)):
        return report
    return step


def _report(events: Sequence[Event]) -> Event | None:
    """The report that waits for a signature, if one does."""
    gone = taken_back(events)
    for event in events:
        if event.kind == "submitted" and event.id not in gone:
            return event
        if event.kind not in _BESIDE and event.id not in gone and event.who != PROGRAM:
            return None
    return None


def _last(events: Sequence[Event]) -> Event | None:
    since: set[str] = set()
    for event in events:  # the latest first
        if event.kind in ASIDE:
            continue
        if event.who != PROGRAM:
            made = event.kind == "split" and event.version == 1  # a part goes with its whole
            sound = event.kind in UNDOABLE and not made and not since & event.became.keys()
            return event if sound else None
        since |= event.became.keys()
    return None


def undo(database: Database, seen: Seen, *, by: By, reason: str = "") -> Kind:
    """Take the last step back; which it was.

    Who may is asked of ``kb.ledger.policy`` before. Raises WrongUse (nothing can be taken back),
    CommitmentNotFound, CommitmentOutdated.
    """
    with booking(database, by) as book:
        book.unchanged(seen)
        event = last_step(database, seen.id, who=by.who)
        if event is None:
            raise WrongUse(
                f"第 {seen.id} 号承诺没有可以撤销的上一步；拆分出来的请到原来那一条撤销，"
                "别的请改变状态或更正"
            )
        take_back(book, seen.id, event, reason=reason)
        return event.kind


def take_back(book: Book, number: int, event: Event, *, reason: str) -> None:
    """Undo ``event``, the last step on a commitment, inside a transaction. Raises WrongUse."""
    for other, columns in _others(book, number, event):
        undid = {"undid": history(book.database, other)[0].id}
        book.record(other, "undone", columns, reason=_told(event, reason), told=undid)
    went = event.was.get("evidence")
    book.record(
        number,
        "undone",
        _before(event),
        reason=_told(event, reason),
        unlinked=event.id if _brought(event) else None,
        linked=int(str(went)) if went is not None else None,
        told={"undid": event.id},
    )


def _others(book: Book, number: int, event: Event) -> list[tuple[int, dict[str, Any]]]:
    """What else the same step changed, and what each becomes. Raises WrongUse."""
    if event.kind == "split":
        parts = book.database.execute(
            "SELECT id, version FROM commitment WHERE split_from = ? AND live = 1", (number,)
        ).fetchall()
        _check_untouched([part for part, version in parts if version > 1])
        return [(part, {"status": "replaced", "merged_into": number}) for part, _ in parts]
    if event.kind != "merged" or "merged_into" in event.became:
        return []  # of one that was merged into another, it alone comes back
    rows = book.database.execute(
        "SELECT commitment_event.commitment, max(commitment_event.id) = commitment.event"
        " FROM commitment JOIN commitment_event ON commitment_event.commitment = commitment.id"
        " WHERE merged_into = ? AND kind = 'merged' AND who = ? AND at = ?"
        " GROUP BY commitment_event.commitment, commitment.event",
        (number, event.who, stamp(event.at)),
    ).fetchall()
    _check_untouched([other for other, last in rows if not last])
    return [(other, _before(history(book.database, other)[0])) for other, _ in rows]


def _check_untouched(numbers: list[int]) -> None:
    """Raise WrongUse where somebody went on with what else the step changed."""
    if numbers:
        some = "、".join(map(str, numbers))
        raise WrongUse(f"第 {some} 号承诺后来又改过，不能一起撤销；请先看过它们再决定")


def _told(event: Event, reason: str) -> str:
    return reason or f"撤销“{KINDS[event.kind]}”"


def _before(event: Event) -> dict[str, Any]:
    """The columns as they were before ``event``."""
    if event.kind == "added":  # there was nothing: it is no promise, and stays on record
        return {"status": "rejected"}
    columns = {name: value for name, value in event.was.items() if name in BLANK}
    if columns.get("extensions") == 0:  # older events do not tell the day themselves
        columns["original_last"] = None
    return columns


def _brought(event: Event) -> bool:
    """True if evidence came with ``event``."""
    attached: Mapping[str, object] = event.became
    return event.quote is not None or "attachment" in attached
