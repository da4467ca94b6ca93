"""A commitment as a row of an exported table: its columns as people read them, and those back.

What is written here is read again by ``read``: a table that went through a spreadsheet comes
back with its days as 2025/6/30 and its line breaks changed, and means the same.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from kb.errors import WrongUse
from kb.extract.types import PRECISIONS, STRENGTHS, Due, Precision, Strength, Target
from kb.ledger import columns
from kb.ledger.cursor import Order
from kb.ledger.policy import as_seen
from kb.ledger.queries import MOST, Wanted, page
from kb.ledger.types import KEPT, STATUSES, Entry
from kb.staff.connection import Database

Cell = str | int | float | date | datetime | None
# What earlier exports wrote in a column → what stands there now; such files are still read.
FORMER: Mapping[str, Mapping[str, str]] = {
    "精确到": {
        "季度": PRECISIONS["quarter"],
        "大约": PRECISIONS["approximate"],
        "约数（工作日）": PRECISIONS["approximate"],
        "说不出日子": PRECISIONS["vague"],
    }
}
YES = "是"  # in a column that says only whether something is so
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 0?0:00(?::00)?)?")
_BETWEEN = re.compile(r"[、，,；;\n]")


class BadCell(WrongUse):
    """A cell that cannot be read; ``column`` is its column's name."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A commitment and how much evidence there is of it, of those merged into it too."""

    entry: Entry
    evidence: int
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its name, how many characters wide it is shown, what stands in it."""

    name: str
    width: int
    cell: Callable[[Line], Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Readable:
    """What may be corrected: the columns it stands in, and how it is read out of their cells."""

    columns: tuple[str, ...]
    read: Callable[[Mapping[str, str]], Any]


def _column(name: str, width: int, cell: Callable[[Line], Cell]) -> Column:
    return Column(name=name, width=width, cell=cell)


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None


def _pending(entry: Entry) -> str | None:
    return f"{STATUSES[entry.pending]}（{entry.pending_by}报请）" if entry.pending else None


def _figure(target: Target | None) -> int | float | None:
    return columns.number(target.value) if target else None


COLUMNS = (
    _column("编号", 8, lambda line: line.entry.id),
    _column("版本", 6, lambda line: line.entry.version),
    _column("状态", 10, lambda line: line.entry.label(line.today)),
    _column("完成情况", 12, lambda line: KEPT[line.entry.kept] if line.entry.kept else None),
    _column("完成日期", 12, lambda line: _day(line.entry.done_on)),
    _column("待签批", 10, lambda line: _pending(line.entry)),
    _column("承诺原文", 60, lambda line: line.entry.text),
    _column("负责单位", 24, lambda line: line.entry.organ),
    _column("责任人", 12, lambda line: line.entry.owner),
    _column("会办单位", 24, lambda line: "、".join(line.entry.co_organs)),
    _column("事项", 30, lambda line: line.entry.action),
    _column("期限", 16, lambda line: line.entry.due.raw if line.entry.due else None),
    _column("首日", 12, lambda line: _day(line.entry.due.first) if line.entry.due else None),
    _column("末日", 12, lambda line: _day(line.entry.due.last) if line.entry.due else None),
    _column("原定末日", 12, lambda line: _day(line.entry.put_off_from)),
    _column("延期次数", 8, lambda line: line.entry.extensions or None),
    _column(
        "精确到", 10, lambda line: PRECISIONS[line.entry.due.precision] if line.entry.due else None
    ),
    _column("目标", 14, lambda line: line.entry.target.text if line.entry.target else None),
    _column("目标数值", 10, lambda line: _figure(line.entry.target)),
    _column("目标单位", 10, lambda line: line.entry.target.unit if line.entry.target else None),
    _column("语气", 12, lambda line: STRENGTHS[line.entry.strength]),
    _column("空泛", 6, lambda line: YES if line.entry.vague else None),
    _column("有条件", 6, lambda line: YES if line.entry.conditional else None),
    _column("复文标题", 40, lambda line: line.entry.citation.name),
    _column("文号", 20, lambda line: line.entry.citation.number),
    _column("日期", 12, lambda line: _day(line.entry.citation.issued_on)),
    _column("类别", 6, lambda line: line.entry.citation.result_class),
    _column("所在标题", 30, lambda line: " › ".join(line.entry.headings)),
    _column("备注", 30, lambda line: line.entry.note),
    _column("佐证数", 8, lambda line: line.evidence),
    _column("催办次数", 8, lambda line: line.entry.reminders),
    _column("更新时间", 18, lambda line: line.entry.changed_at.astimezone()),
)
NAMES = tuple(column.name for column in COLUMNS)


def lines(
    database: Database,
    wanted: Wanted,
    *,
    today: date,
    order: Order = "due",
    unmasked: bool,
) -> Iterator[Line]:
    """All of the wanted, some at a time; ``unmasked`` as in ``as_seen``."""
    after: str | None = None
    while True:
        rows, after = line_page(
            database, wanted, limit=MOST, order=order, after=after, today=today, unmasked=unmasked
        )
        yield from rows
        if after is None:
            return


def line_page(
    database: Database,
    wanted: Wanted,
    *,
    limit: int,
    order: Order,
    after: str | None,
    today: date,
    unmasked: bool,
) -> tuple[list[Line], str | None]:
    """Some of the wanted, as ``kb.ledger.queries.page``; and where the next page begins."""
    found = page(database, wanted, limit=limit, order=order, after=after)
    seen = (as_seen(entry, unmasked=unmasked) for entry in found.rows)
    return lines_of(database, [entry for entry in seen if entry], today=today), found.after


def lines_of(database: Database, found: Sequence[Entry], *, today: date) -> list[Line]:
    """The rows of commitments."""
    counts = _evidence(database, [entry.id for entry in found])
    return [Line(entry=entry, evidence=counts.get(entry.id, 0), today=today) for entry in found]


def cells(line: Line) -> dict[str, str]:
    """The row as text, by the names of the columns; "" for nothing."""
    return {column.name: _written(column.cell(line)) for column in COLUMNS}


def _written(cell: Cell) -> str:
    if isinstance(cell, datetime):  # before its kin, the day
        return f"{cell:%Y-%m-%d %H:%M}"
    return "" if cell is None else str(cell)


def _evidence(database: Database, numbers: list[int]) -> dict[int, int]:
    """How much evidence each has, that of what was merged into it included."""
    return dict(
        database.execute(
            "WITH RECURSIVE family(root, id) AS (SELECT number, number FROM"
            "  (SELECT CAST(value AS BIGINT) AS number FROM json_each(?)) AS given UNION"
            "  SELECT root, commitment.id FROM commitment JOIN family ON merged_into = family.id)"
            " SELECT root, count(*) FROM family JOIN (SELECT commitment FROM evidence"
            "  UNION ALL SELECT commitment FROM attachment) AS proof"
            " ON proof.commitment = family.id GROUP BY root",
            (json.dumps(numbers),),
        ).fetchall()
    )


def _text(name: str) -> Callable[[Mapping[str, str]], str]:
    return lambda cells: cells[name]


def _read_day(cells: Mapping[str, str], name: str) -> str | None:
    """The day in a cell, as ISO. Raises BadCell."""
    if not cells[name]:
        return None
    match = _DAY.fullmatch(cells[name])
    try:
        return date(*map(int, match.groups())).isoformat() if match else _no_day(cells, name)
    except ValueError:
        return _no_day(cells, name)


def _no_day(cells: Mapping[str, str], name: str) -> str:
    raise BadCell(name, f"“{cells[name]}”不是日子；请写成 2025-06-30 的样子")


def _read_due(cells: Mapping[str, str]) -> Due | None:
    raw, word = cells["期限"], cells["精确到"]
    first, last = _read_day(cells, "首日"), _read_day(cells, "末日")
    if not (raw or first or last):
        return None  # 精确到 alone says nothing
    if not raw:
        raise BadCell("期限", "有日子而没有期限的原话；请照复文补上，如 2025年6月底前")
    if first and last and first > last:
        raise BadCell("末日", f"末日 {last} 早于首日 {first}；请改正")
    precision = _word(cells, "精确到", PRECISIONS) if word else ("day" if last else "vague")
    return Due(raw=raw, first=first, last=last, precision=cast(Precision, precision))


def _read_target(cells: Mapping[str, str]) -> Target | None:
    text, number, unit = cells["目标"], cells["目标数值"], cells["目标单位"]
    if not (text or number or unit):
        return None
    if not text:
        raise BadCell("目标", "有数值或单位而没有目标的原话；请照复文补上，如 60部")
    try:
        value = float(number.replace(",", ""))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise BadCell("目标数值", f"“{number}”不是数字；请写成 15000 的样子")
    return Target(value=value, unit=unit, text=text)


def _flag(name: str) -> Callable[[Mapping[str, str]], bool]:
    return lambda cells: bool(cells[name]) and _word(cells, name, {1: YES, 0: "否"}) == "1"


def _read_strength(cells: Mapping[str, str]) -> Strength:
    return cast(Strength, _word(cells, "语气", STRENGTHS))


def _word(cells: Mapping[str, str], name: str, words: Mapping[Any, str]) -> str:
    """What the word in a cell stands for. Raises BadCell, naming the words that do."""
    for meaning, word in words.items():
        if cells[name] == word:
            return str(meaning)
    known = "／".join(words.values())
    raise BadCell(name, f"“{cells[name]}”读不懂；可以写：{known}")


# What may be corrected, by the names of ``kb.ledger.columns.CORRECTABLE``.
READABLE: Mapping[str, Readable] = {
    "organ": Readable(columns=("负责单位",), read=lambda cells: cells["负责单位"] or None),
    "co_organs": Readable(
        columns=("会办单位",),
        read=lambda cells: tuple(
            organ.strip() for organ in _BETWEEN.split(cells["会办单位"]) if organ.strip()
        ),
    ),
    "action": Readable(columns=("事项",), read=_text("事项")),
    "due": Readable(columns=("期限", "首日", "末日", "精确到"), read=_read_due),
    "target": Readable(columns=("目标", "目标数值", "目标单位"), read=_read_target),
    "strength": Readable(columns=("语气",), read=_read_strength),
    "vague": Readable(columns=("空泛",), read=_flag("空泛")),
    "conditional": Readable(columns=("有条件",), read=_flag("有条件")),
    "note": Readable(columns=("备注",), read=_text("备注")),
}


def clean(cell: str, column: str = "") -> str:
    """A cell without what a spreadsheet changes by itself: line ends, white space around it.

    A word that earlier exports wrote in ``column`` becomes the one of now.
    """
    plain = cell.replace("\r\n", "\n").strip()
    return FORMER.get(column, {}).get(plain, plain)
