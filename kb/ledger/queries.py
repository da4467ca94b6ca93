"""Looking into the ledger: lists with a cursor, and counts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal

from kb.errors import WrongUse
from kb.ledger.columns import ENTRY, ENTRY_NAMES, named
from kb.ledger.cursor import ORDERS, Order, keys_of, written
from kb.ledger.finding import expression
from kb.ledger.rows import entry_of
from kb.ledger.types import Entry, Kept, Stage, Status
from kb.profile import profile
from kb.staff.connection import Database
from kb.types import Publicity

Facet = Literal["organ", "year", "result_class", "topic", "status", "due_month", "strength"]
Firm = Literal["concrete", "vague"]  # vague: nobody could ever check it
FIRM: Mapping[Firm, str] = {"concrete": "具体的", "vague": "空泛的"}
MOST = 500  # rows of one page
# Status, how it was done, how many there are, of them overdue, of them lapsed.
_Some = tuple[Status, Kept | None, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which commitments: what is None or "" chooses nothing. Those off the lists (rejected,
    replaced, withdrawn) are left out unless ``status`` names them.

    ``stage``: "queue" those proposed, "open" those to be done, "closed" the rest. Days and
    months are ISO (2025-06-30, 2025-06) and speak of the last day. ``organs``: one of these.
    ``owner`` is the name of an account.
    ``kept``: what was done, in time or late. ``firm``: those that anybody could check, or the rest.
    ``moved``: only those whose letter changed under them;
    ``pending``: that somebody has to sign; ``extended``: whose last day was put off. ``words``
    stand in the text.
    """

    status: Status | None = None
    stage: Stage | None = None
    organ: str | None = None
    organs: tuple[str, ...] = ()
    owner: str | None = None
    letter_id: str | None = None
    year: str | None = None
    result_class: str | None = None
    strength: str | None = None
    topic: str | None = None
    due_month: str | None = None
    due_from: str | None = None
    due_to: str | None = None
    publicity: Publicity | None = None
    kept: Kept | None = None
    firm: Firm | None = None
    moved: bool = False
    pending: bool = False
    extended: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some commitments in order; ``after`` is where the next page begins, None on the last."""

    rows: tuple[Entry, ...]
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many commitments there are of one kind; ``key`` has a value for each facet counted by.

    ``overdue`` ones are among those of their statuses, and so are ``lapsed`` ones: nobody looked
    at them yet and their last day is over. ``kept`` tells of those that are done.
    """

    key: tuple[str | None, ...]
    total: int = 0
    overdue: int = 0
    lapsed: int = 0
    statuses: Mapping[Status, int] = field(default_factory=dict)
    kept: Mapping[Kept, int] = field(default_factory=dict)


# A wish → the condition that it sets.
_CONDITIONS: Mapping[str, str] = {
    "status": "status = ?",
    "stage": "stage = ?",
    "organ": "organ = ?",
    "organs": "organ IN (SELECT value FROM json_each(?))",
    "owner": "owner = ?",
    "letter_id": "letter = ?",
    "year": "year = ?",
    "result_class": "result_class = ?",
    "strength": "strength = ?",
    "topic": "EXISTS (SELECT 1 FROM json_each(topics) WHERE value = ?)",
    "due_month": "due_month = ?",
    "due_from": "due_key >= ?",
    "due_to": "due_key <= ?",
    "publicity": "publicity = ?",
    "kept": "kept = ?",
}
# Those that are few, each with an index of its own → the condition.
_FEW: Mapping[str, str] = {
    "moved": "place <> 'found'",
    "pending": "pending IS NOT NULL",
    "extended": "extensions > 0",
}
# The letter of the condition is that of the indexes of the vague ones.
_FIRM: Mapping[Firm, str] = {"vague": "vague = 1", "concrete": "vague = 0"}
# What is counted by → the expression that gives it.
_FACETS: Mapping[Facet, str] = {
    "organ": "organ",
    "year": "year",
    "result_class": "result_class",
    "topic": "topic.value",
    "status": "status",
    "due_month": "due_month",
    "strength": "strength",
}


def overdue(today: date, *, organ: str | None = None) -> Wanted:
    """What is to be done and its last day is over."""
    return Wanted(stage="open", due_to=(today - timedelta(days=1)).isoformat(), organ=organ)


def lapsed(today: date, *, organ: str | None = None) -> Wanted:
    """What nobody looked at yet and its last day is over: it may be overdue, or no promise."""
    return replace(overdue(today, organ=organ), stage="queue")


def coming(today: date, *, days: int, organ: str | None = None) -> Wanted:
    """What is to be done within ``days`` days, today included."""
    until = (today + timedelta(days=days)).isoformat()
    return Wanted(stage="open", due_from=today.isoformat(), due_to=until, organ=organ)


def page(
    database: Database,
    wanted: Wanted,
    *,
    limit: int,
    order: Order = "due",
    after: str | None = None,
) -> Page:
    """Some of the wanted from the cursor ``after`` on; undated ones come last by due.

    Raises WrongUse for a limit, an order or a cursor that cannot be.
    """
    if order not in ORDERS or not 1 <= limit <= MOST:
        raise WrongUse(f"次序应是 {'、'.join(ORDERS)} 之一，每页 1 到 {MOST} 条；请改正")
    sorting = ORDERS[order]
    conditions, values = _where(database, wanted)
    if after:
        conditions.append(sorting.beyond())
        values += keys_of(after, order)
    rows = database.execute(
        f"SELECT {ENTRY_NAMES}, {named(sorting.keys)} FROM commitment"
        f" WHERE {' AND '.join(conditions)} ORDER BY {sorting.sql()} LIMIT ?",
        [*values, limit + 1],
    ).fetchall()
    shown = rows[:limit]
    last = written(order, shown[-1][len(ENTRY) :]) if len(rows) > limit else None
    return Page(rows=tuple(entry_of(row[: len(ENTRY)]) for row in shown), after=last)


def each(database: Database, wanted: Wanted, *, order: Order = "due") -> Iterator[Entry]:
    """All of the wanted, page by page, for exports."""
    after: str | None = None
    while True:
        found = page(database, wanted, limit=MOST, order=order, after=after)
        yield from found.rows
        if (after := found.after) is None:
            return


def total(database: Database, wanted: Wanted) -> int:
    """How many are wanted."""
    if wanted.firm == "concrete":  # only the vague ones, the fewer, have an index
        some = (replace(wanted, firm=firm) for firm in (None, "vague"))
        every, vague = (total(database, choice) for choice in some)
        return every - vague
    conditions, values = _where(database, wanted)
    sql = f"SELECT count(*) FROM commitment WHERE {' AND '.join(conditions)}"
    return int(database.execute(sql, values).fetchone()[0])


def counts(
    database: Database,
    by: Sequence[Facet],
    *,
    today: date,
    wanted: Wanted | None = None,
) -> list[Count]:
    """How many there are of each value of the facets ``by``, in order; of several topics in each.

    Raises WrongUse for what cannot be counted by.
    """
    if unknown := [facet for facet in by if facet not in _FACETS]:
        raise WrongUse(f"不能按“{unknown[0]}”统计；可以按：{'、'.join(_FACETS)}")
    conditions, values = _where(database, wanted or Wanted())
    keys = [_FACETS[facet] for facet in by]
    places = [str(place + 1) for place in range(len(keys) + 2)]
    topics = ", json_each(topics) AS topic" if "topic" in by else ""
    rows = database.execute(
        f"SELECT {', '.join((*keys, 'status', 'kept'))}, count(*),"
        " count(*) FILTER (WHERE status IN ('not_started', 'under_way') AND due_key < ?1),"
        " count(*) FILTER (WHERE status = 'proposed' AND due_key < ?1)"
        f" FROM commitment{topics} WHERE {' AND '.join(conditions)}"
        f" GROUP BY {', '.join(places)} ORDER BY {' NULLS FIRST, '.join(places)} NULLS FIRST",
        [today.isoformat(), *values],
    )
    found: dict[tuple[str | None, ...], list[_Some]] = {}
    for *key, status, kept, times, late, past in rows:
        found.setdefault(_one_name(by, key), []).append((status, kept, times, late, past))
    return [_counted(key, some) for key, some in found.items()]


def _counted(key: tuple[str | None, ...], some: Sequence[_Some]) -> Count:
    statuses: dict[Status, int] = {}
    ways: dict[Kept, int] = {}
    for status, kept, times, *_ in some:
        statuses[status] = statuses.get(status, 0) + times
        if kept:
            ways[kept] = ways.get(kept, 0) + times
    return Count(
        key=key,
        total=sum(statuses.values()),
        overdue=sum(late for *_, late, _ in some),
        lapsed=sum(past for *_, past in some),
        statuses=statuses,
        kept=ways,
    )


def _one_name(by: Sequence[Facet], key: Sequence[str | None]) -> tuple[str | None, ...]:
    """The key with the one name of its organ, by whatever name the ledger has it."""
    one = profile().organs.one_name
    return tuple(
        one(value) if value and facet == "organ" else value
        for facet, value in zip(by, key, strict=True)
    )


def organs(database: Database) -> list[str]:
    """Every organ that has a commitment, each by one name."""
    one = profile().organs.one_name
    return sorted({one(name) for name in names_of_organs(database)})


def names_of_organs(database: Database) -> list[str]:
    """Every name of an organ that stands in the ledger."""
    rows = database.execute(
        "SELECT DISTINCT organ FROM commitment WHERE organ IS NOT NULL ORDER BY organ"
    )
    return [organ for (organ,) in rows]


def _spelled(organs: Sequence[str]) -> tuple[str, ...]:
    """Every name that one of the organs goes by."""
    spellings = profile().organs.spellings
    return tuple(dict.fromkeys(name for organ in organs for name in spellings(organ)))


def _where(database: Database, wanted: Wanted) -> tuple[list[str], list[Any]]:
    conditions: list[str] = []
    values: list[Any] = []
    for name, condition in _CONDITIONS.items():
        value = getattr(wanted, name)
        if value and name == "organ" and len(names := _spelled([value])) > 1:
            condition, value = _CONDITIONS["organs"], names
        elif value and name == "organs":
            value = _spelled(value)
        if value:
            value = json.dumps(value) if isinstance(value, tuple) else value
            conditions.append(condition)
            values.append(value)
    if wanted.words:  # the index first: only what it finds is read
        conditions.append("instr(words, ?) > 0")
        values.append(wanted.words)
        if (terms := expression(database, wanted.words)) is not None:
            conditions.append(
                "commitment.id IN (SELECT rowid FROM commitment_text WHERE told MATCH ?)"
                if terms
                else "1 = 0"
            )
            values += [terms] if terms else []
    few = [condition for name, condition in _FEW.items() if getattr(wanted, name)]
    conditions += few
    if wanted.firm:
        conditions.append(_FIRM[wanted.firm])
    if wanted.status is None and wanted.stage is None:
        # An equation, or no index serves; with +, that of the few does.
        conditions.append("+live = 1" if few else "live = 1")
    return conditions, values
