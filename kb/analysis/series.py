"""Figures of all letters: kept in ``staff.db``, looked up, and put in order of time.

Letters that tell different figures for one time are shown as they are, never averaged.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from kb.extract.indicators import Record
from kb.staff.connection import Database
from kb.types import Span

MOST = 2000  # records that are looked at for one page
_COLUMNS = (
    "letter",
    "start",
    "stop",
    "raw",
    "indicator",
    "value",
    "unit",
    "scope",
    "as_of",
    "precision",
    "during",
    "stated",
    "organ",
    "publicity",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Letters that tell different figures of one indicator for one time."""

    as_of: str
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One indicator of one scope over time, in order of ``as_of``.

    ``during``: each figure is of a period, else it is what there was on the day.
    """

    indicator: str
    unit: str
    scope: str
    during: bool
    records: tuple[Record, ...]
    conflicts: tuple[Conflict, ...]


def series(records: Sequence[Record]) -> tuple[Series, ...]:
    """The records by indicator, unit, scope and kind; those of most letters first."""
    made = []
    for (indicator, unit, scope, during), group in groupby(sorted(records, key=_order), key=_key):
        own = tuple(group)
        made.append(
            Series(
                indicator=indicator,
                unit=unit,
                scope=scope,
                during=during,
                records=own,
                conflicts=tuple(_conflicts(own)),
            )
        )
    return tuple(
        sorted(made, key=lambda trend: (-_letters(trend.records), trend.indicator, trend.scope))
    )


def store(database: Database, letter_id: str, records: Sequence[Record]) -> None:
    """Keep the records of a letter in place of those of before; inside a transaction."""
    drop(database, letter_id)
    database.executemany(
        f"INSERT INTO record ({', '.join(_COLUMNS)})"
        f" VALUES ({', '.join('?' * len(_COLUMNS))}) ON CONFLICT DO NOTHING",
        [
            (
                record.letter_id,
                record.span.start,
                record.span.end,
                record.raw,
                record.indicator,
                record.value,
                record.unit,
                record.scope,
                record.as_of,
                record.precision,
                record.during,
                record.stated,
                record.organ,
                record.publicity,
            )
            for record in records
        ],
    )


def drop(database: Database, letter_id: str) -> None:
    """Forget the records of a letter; inside a transaction."""
    database.execute("DELETE FROM record WHERE letter = ?", (letter_id,))


def kept_records(
    database: Database,
    *,
    words: str = "",
    organ: str | None = None,
    letter_ids: Sequence[str] = (),
    public_only: bool = False,
    most: int = MOST,
) -> tuple[Record, ...]:
    """The records whose indicator holds ``words``, of ``organ``, of these letters; the newest.

    What is empty chooses nothing.
    """
    conditions = {
        "instr(indicator, ?) > 0": words,
        "organ = ?": organ,
        "letter IN (SELECT value FROM json_each(?))": letter_ids and json.dumps(list(letter_ids)),
        "publicity = ?": public_only and "public",
    }
    chosen = {condition: value for condition, value in conditions.items() if value}
    rows = database.execute(
        f"SELECT {', '.join(_COLUMNS)} FROM record WHERE {' AND '.join(chosen) or '1 = 1'}"
        " ORDER BY as_of DESC, letter, start LIMIT ?",
        [*chosen.values(), most],
    )
    return tuple(_record(row) for row in rows)


def told_often(
    database: Database,
    *,
    words: str = "",
    organ: str | None = None,
    public_only: bool = False,
    most: int = 50,
) -> tuple[Series, ...]:
    """The series that at least two letters tell of, those of most letters first."""
    conditions = {
        "instr(indicator, ?) > 0": words,
        "organ = ?": organ,
        "publicity = ?": public_only and "public",
    }
    chosen = {condition: value for condition, value in conditions.items() if value}
    where, values = " AND ".join(chosen) or "1 = 1", list(chosen.values())
    rows = database.execute(
        f"SELECT {', '.join(_COLUMNS)} FROM record WHERE {where} AND (indicator, unit, scope,"
        f" during) IN (SELECT indicator, unit, scope, during FROM record WHERE {where}"
        "  GROUP BY indicator, unit, scope, during HAVING count(DISTINCT letter) > 1"
        "  ORDER BY count(DISTINCT letter) DESC, indicator, unit, scope, during LIMIT ?)",
        [*values, *values, most],
    )
    return series([_record(row) for row in rows])


def _record(row: tuple[Any, ...]) -> Record:
    at = dict(zip(_COLUMNS, row, strict=True))
    at |= {"during": bool(at["during"]), "stated": bool(at["stated"])}
    span = Span(start=at.pop("start"), end=at.pop("stop"))
    return Record(letter_id=at.pop("letter"), span=span, **at)


def _conflicts(own: Sequence[Record]) -> Iterator[Conflict]:
    """Of one time and stated so, by different letters, with different values."""
    for (day, _), group in groupby(own, key=lambda record: (record.as_of, record.precision)):
        stated = tuple(record for record in group if record.stated)
        if _letters(stated) > 1 and len({record.value for record in stated}) > 1:
            yield Conflict(as_of=day, records=stated)


def _letters(records: Sequence[Record]) -> int:
    return len({record.letter_id for record in records})


def _key(record: Record) -> tuple[str, str, str, bool]:
    return record.indicator, record.unit, record.scope, record.during


def _order(record: Record) -> tuple[object, ...]:
    return (*_key(record), record.as_of, record.precision, record.letter_id, record.span.start)
