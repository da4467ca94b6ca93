"""Corrections of what was read of a letter: who, when, from what to what; they outlive indexing.

``field_event`` only grows. What holds of a field is its last event: a value that staff gave, or
None where the correction was undone, so that what the program reads holds again.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from kb.errors import WrongUse
from kb.profile import profile
from kb.staff import audit
from kb.staff.connection import Database
from kb.staff.database import By, opened, stamp, writing
from kb.staff.places import Place
from kb.text import labels
from kb.types import MULTI_FIELDS, SINGLE_FIELDS, Letter

TITLE = "title"
CORRECTABLE = (TITLE, *SINGLE_FIELDS, *MULTI_FIELDS)
CORRECTED = "corrected"  # the flag of a letter of which staff corrected something
RULE = "人工更正"  # the rule of a field that staff gave
LONGEST = 300  # code points of one value
MOST = 50  # values of one field
LONGEST_REASON = 500
Value = str | tuple[str, ...]  # "" or () where the letter has no such field
Values = Mapping[str, Value]
# Of each field what was shown, and what it shall be: None, what the program reads.
Changes = Mapping[str, tuple[Value, Value | None]]
LABELS: Mapping[str, str] = {TITLE: "标题", **labels.LABELS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """An event of a field: ``was`` is what was shown before it; ``became`` None for an undoing."""

    id: int
    at: datetime
    who: str
    letter: str
    field: str
    was: Value
    became: Value | None
    reason: str


def value_of(letter: Letter, field: str) -> Value:
    """What ``letter`` has of ``field``, one of CORRECTABLE."""
    if field == TITLE:
        return letter.title.value if letter.title else ""
    if field in MULTI_FIELDS:
        return tuple(member.value for member in letter.lists.get(field, ()))
    return letter.value(field) or ""


def typed(field: str, text: str) -> Value:
    """``text`` as a form has it, a value a line where there may be several. Raises WrongUse."""
    if field not in CORRECTABLE:
        raise WrongUse(f"没有“{field}”这一项；请从页面上选择")
    lines = [" ".join(line.split()) for line in text.split("\n")]
    values = tuple(line for line in lines if line)
    label = LABELS[field]
    if field not in MULTI_FIELDS and len(values) > 1:
        raise WrongUse(f"{label}只能有一行；请改正")
    if len(values) > MOST:
        raise WrongUse(f"{label}最多 {MOST} 行；请改正")
    for value in values:
        _check(field, value)
    return values if field in MULTI_FIELDS else "".join(values)


def correct(
    database: Database,
    letter: str,
    changes: Changes,
    *,
    by: By,
    reason: str = "",
) -> int:
    """Note ``changes``.

    Returns how many there were. Raises WrongUse for a field or a reason that may not be.
    """
    if len(reason) > LONGEST_REASON:
        raise WrongUse(f"说明最多 {LONGEST_REASON} 个字；请缩短")
    if unknown := [name for name in changes if name not in CORRECTABLE]:
        raise WrongUse(f"没有“{unknown[0]}”这一项；请从页面上选择")
    if not changes:
        return 0
    with writing(database):
        record(database, letter, changes, by=by, reason=reason)
    return len(changes)


def record(
    database: Database,
    letter: str,
    changes: Changes,
    *,
    by: By,
    reason: str,
) -> None:
    """``correct`` inside a transaction of the caller's."""
    for name, (was, became) in changes.items():
        row = (stamp(by.at), by.who, letter, name, _json(was), _json(became), reason)
        database.execute(
            "INSERT INTO field_event (at, who, letter, field, was, became, reason)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            row,
        )
    fields = [LABELS[name] for name in changes]
    undone = all(became is None for _, became in changes.values())
    action = "field_restored" if undone else "field_corrected"
    audit.append(database, action, who=by.who, at=by.at, subject=letter, detail={"fields": fields})


def in_force(database: Database) -> dict[str, Values]:
    """What staff corrected, by letter and field; {} for a letter all of whose were undone."""
    found: dict[str, dict[str, Value]] = {}
    rows = database.execute(
        "SELECT letter, field, became FROM field_event WHERE id IN"
        " (SELECT max(id) FROM field_event GROUP BY letter, field) ORDER BY id"
    )
    for letter, field, became in rows:
        of_letter = found.setdefault(letter, {})
        value = _value(became)
        if value is not None:
            of_letter[field] = value
    return dict(found)


def in_force_at(place: Place) -> dict[str, Values]:
    """``in_force`` of a database; {} where staff have none. Raises StaffUnusable."""
    if not place.exists():
        return {}
    with opened(place) as database:
        return in_force(database)


def history(database: Database, letter: str) -> list[Correction]:
    """The events of a letter, the latest first."""
    rows = database.execute(
        "SELECT id, at, who, letter, field, was, became, reason FROM field_event"
        " WHERE letter = ? ORDER BY id DESC",
        (letter,),
    )
    return [
        Correction(
            id=number,
            at=datetime.fromisoformat(at),
            who=who,
            letter=name,
            field=field,
            was=_value(was) or "",
            became=_value(became),
            reason=reason,
        )
        for number, at, who, name, field, was, became, reason in rows
    ]


def holding(events: Sequence[Correction]) -> dict[str, Correction]:
    """Of a letter's ``events``, the latest first, those that hold, by field.

    ``was`` of each is what the program had read: that of the first since the field was last
    as read.
    """
    latest: dict[str, Correction] = {}
    first: dict[str, Correction] = {}
    closed: set[str] = set()
    for event in events:
        latest.setdefault(event.field, event)
        if event.became is None:
            closed.add(event.field)
        elif event.field not in closed:
            first[event.field] = event
    return {
        name: replace(event, was=first[name].was)
        for name, event in latest.items()
        if event.became is not None
    }


def last(database: Database) -> int:
    """The number of the last event; 0 where there is none."""
    return int(database.execute("SELECT coalesce(max(id), 0) FROM field_event").fetchone()[0])


def applied(database: Database) -> int:
    """The last event that the letters in the snapshot show."""
    return int(database.execute("SELECT upto FROM field_applied").fetchone()[0])


def note_applied(database: Database, upto: int) -> None:
    """The letters show every event up to this one."""
    with writing(database):
        database.execute("UPDATE field_applied SET upto = ?1 WHERE upto < ?1", (upto,))


def _check(field: str, value: str) -> None:
    label = LABELS[field]
    if len(value) > LONGEST:
        raise WrongUse(f"{label}最多 {LONGEST} 个字；请缩短")
    if any(unicodedata.category(char)[0] == "C" for char in value):
        raise WrongUse(f"{label}里有看不见的字符；请删去重打")
    if field == "issued_on" and not _is_day(value):
        raise WrongUse(f"{label}“{value}”要写成 2025-06-30 的样子；请改正")
    if field == "result_class" and value not in profile().classes:
        known = "、".join(profile().classes)
        raise WrongUse(f"{label}“{value}”不认识；请改成 {known} 之一")


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _json(value: Value | None) -> str:
    return json.dumps(value, ensure_ascii=False)


def value_in(value: Any) -> Any:
    """A value as JSON has it: several are a list there."""
    return tuple(value) if isinstance(value, list) else value


def _value(text: str) -> Value | None:
    value: Value | None = value_in(json.loads(text))
    return value
