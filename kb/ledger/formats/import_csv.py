"""Corrections from a table that was exported, changed by people and brought back.

A row is compared with the commitment as it was at the version that the row names, so that what
nobody touched changes nothing, whatever became of it since; what was touched is refused if
somebody else changed the commitment in the meantime. All of the corrections are made, or none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from kb.errors import KbError, WrongUse
from kb.ledger.edit import correct_all
from kb.ledger.formats import csv
from kb.ledger.formats.csv import CsvRecord
from kb.ledger.formats.table import READABLE, BadCell, Line, cells, clean
from kb.ledger.history import entry_at
from kb.ledger.organs import Known
from kb.ledger.types import OPEN, OVERDUE, STATUSES, Entry, Seen
from kb.staff.connection import Database
from kb.staff.database import By

WHOLE = ""  # the column of a problem that is one of the whole row
_LONGEST_NUMBER = 15  # digits; beyond that no number of ours is
_TODAY = date.min  # no cell that is compared depends on the day


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a row cannot be taken: its number in the file and the column, ``WHOLE`` for all."""

    row: int
    column: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a row changes in a commitment: label, what it was, what it becomes."""

    row: int
    id: int
    text: str
    changes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became, or would become, of a file; ``sha256`` is that of its bytes.

    Nothing was changed where there are ``problems``.
    """

    sha256: str
    rows: int
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    row: int
    seen: Seen
    text: str
    fields: Mapping[str, Any]


def corrections(
    database: Database,
    content: bytes,
    *,
    by: By,
    reason: str = "",
    dry: bool,
    shown: str | None = None,
    known: Known | None = None,
) -> Imported:
    """Correct what a CSV file corrects; with ``dry`` only say what that would be.

    ``known`` are the organs that it may name, None for any.
    ``shown`` is the SHA-256 of the file that a person saw the changes of. Raises WrongUse for
    another than that, and for what is no such file; what is wrong in its rows is among the
    problems.
    """
    digest = sha256(content).hexdigest()
    if shown is not None and shown != digest:
        raise WrongUse("这不是刚才显示的那个文件，没有改动；请重新上传")
    rows = csv.read(content)
    wishes, problems = _wishes(database, rows, known)
    wanted = [(wish.seen, wish.fields) for wish in wishes]
    dry = dry or bool(problems)
    outcomes = correct_all(database, wanted, by=by, reason=reason, dry=dry)
    changes: list[Change] = []
    for wish, outcome in zip(wishes, outcomes, strict=True):
        if outcome.problem:
            problems.append(Problem(row=wish.row, column=WHOLE, text=outcome.problem))
        elif outcome.changes:
            changes.append(
                Change(row=wish.row, id=wish.seen.id, text=wish.text, changes=outcome.changes)
            )
    return Imported(
        sha256=digest,
        rows=len(rows),
        changes=tuple(changes),
        problems=tuple(sorted(problems, key=lambda problem: problem.row)),
    )


def _wishes(
    database: Database, rows: Sequence[CsvRecord], known: Known | None
) -> tuple[list[_Wish], list[Problem]]:
    """What the rows want to change, and what is wrong in them."""
    wishes: list[_Wish] = []
    problems: list[Problem] = []
    seen: dict[int, int] = {}
    for row in rows:
        try:
            wish = _wish(database, row, known)
            _check_once(wish, seen)
        except KbError as error:
            column = error.column if isinstance(error, BadCell) else WHOLE
            problems.append(Problem(row=row.number, column=column, text=str(error)))
        else:
            if wish.fields:
                wishes.append(wish)
    return wishes, problems


def _wish(database: Database, row: CsvRecord, known: Known | None) -> _Wish:
    """What a row wants to change. Raises BadCell, CommitmentNotFound."""
    seen = Seen(id=_number(row, "编号"), version=_number(row, "版本"))
    base = entry_at(database, seen)
    if base is None:
        raise BadCell("版本", f"第 {seen.id} 号承诺没有第 {seen.version} 版；请照导出的表填写")
    before = {name: clean(cell) for name, cell in _cells(base).items()}
    _check_fixed(row, base, before)
    after = {**before, **row.cells}
    fields: dict[str, Any] = {}
    for name, readable in READABLE.items():
        if all(after[column] == before[column] for column in readable.columns):
            continue
        value = readable.read(after)
        if value != getattr(base, name):
            fields[name] = value
            _check_organs(base, name, value, known)
    return _Wish(row=row.number, seen=seen, text=base.text, fields=fields)


def _check_organs(base: Entry, name: str, value: Any, known: Known | None) -> None:
    """Raise BadCell where the cell names an organ that is not known."""
    try:
        if known:
            known.check_fields(base, {name: value})
    except WrongUse as error:
        raise BadCell(READABLE[name].columns[0], str(error)) from error


def _number(row: CsvRecord, column: str) -> int:
    cell = row.cells[column]
    if not (cell.isascii() and cell.isdecimal() and len(cell) <= _LONGEST_NUMBER):
        raise BadCell(column, f"“{cell[:40]}”不是{column}；请照导出的表填写")
    return int(cell)


def _cells(base: Entry) -> dict[str, str]:
    return cells(Line(entry=base, evidence=0, today=_TODAY))


def _check_fixed(row: CsvRecord, base: Entry, before: Mapping[str, str]) -> None:
    """Raise BadCell where a person changed what is not changed by way of a table."""
    late = (OVERDUE,) if base.status in OPEN else ()
    words: Mapping[str, Sequence[str]] = {
        "状态": (STATUSES[base.status], *late),
        "承诺原文": (before["承诺原文"],),
    }
    for column, good in words.items():
        cell = row.cells.get(column)
        if cell is not None and cell not in good:
            raise BadCell(
                column, f"{column}不能用表格改（应是“{good[0][:60]}”）；请照原样，或在网页上改"
            )


def _check_once(wish: _Wish, seen: dict[int, int]) -> None:
    """Raise BadCell for a commitment that an earlier row has; else note this row."""
    first = seen.setdefault(wish.seen.id, wish.row)
    if first != wish.row:
        raise BadCell("编号", f"第 {wish.seen.id} 号承诺在第 {first} 行已有；请只留一行")
