"""The board: commitments in columns by status, by organ or by the month of their last day."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb.errors import WrongUse
from kb.ledger.columns import UNDATED
from kb.ledger.queries import Count, Facet, Wanted, counts, organs, page
from kb.ledger.types import OPEN, OVERDUE, STATUSES, Entry, Status
from server.console.access.auth import StaffRoute, Visiting, requires, staff_database
from server.console.filters import asked, filter_of, offered
from server.console.layout import show
from server.console.ledger.list import row_words
from server.desk import AtDesk
from server.pages.render import Text
from server.present.views import SHAPES

CARDS = 10  # of a column
MOST = 12  # columns with cards; of the others there is the number
routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: ``wanted`` is what stands in it, ``address`` the parameters that list all of it.

    Without ``wanted`` only the number is shown, without ``address`` no list has just that.
    """

    name: str
    number: int
    shape: str = ""
    wanted: Wanted | None = None
    address: Mapping[str, str] | None = None
    rows: tuple[Entry, ...] = ()


Columns = Callable[[Sequence[Count], Wanted, date], Iterator[Column]]


@routes.get("/staff/board")
@requires("read")
def board(request: Request, desk: AtDesk, visit: Visiting, by: Text = "status") -> Response:
    """The commitments that the address asks for, in columns."""
    if by not in BOARDS:
        raise WrongUse(f"看板不能按“{by}”分栏；请从页面上选择")
    today = desk.today()
    facet, _, columns_of = BOARDS[by]
    with staff_database(desk) as database:
        known = organs(database)
        chosen = filter_of(request, visit, today=today, organs=known)
        counted = counts(database, [facet], today=today, wanted=chosen.wanted)
        columns = [
            _filled(database, column)
            for column in columns_of(counted, chosen.wanted, today)
            if column.number
        ]
    return show(
        "board.html",
        request=request,
        visit=visit,
        by=by,
        boards={name: word for name, (_, word, _) in BOARDS.items()},
        columns=[column for column in columns if column.wanted],
        others=[column for column in columns if not column.wanted],
        asked=asked(chosen),
        choices=offered(known),
        **row_words(),
    )


def _filled(database: sqlite3.Connection, column: Column) -> Column:
    if column.wanted is None:
        return column
    return replace(column, rows=page(database, column.wanted, limit=CARDS).rows)


def _by_status(counted: Sequence[Count], wanted: Wanted, today: date) -> Iterator[Column]:
    """逾期 first, each of its commitments in no other column."""
    until = (today - timedelta(days=1)).isoformat()
    until = min(until, wanted.due_to or until)
    yield Column(
        name=OVERDUE,
        shape=SHAPES["overdue"],
        number=sum(count.overdue for count in counted),
        wanted=replace(wanted, stage="open", due_to=until),
        address={"list": "overdue", "due_to": until},
    )
    start = max(today.isoformat(), wanted.due_from or "")
    by_status = {count.key[0]: count for count in counted}
    for status, word in STATUSES.items():
        count = by_status.get(status, Count(key=(status,)))
        yield _of_status(status, word, count, wanted, start)


def _of_status(status: Status, word: str, count: Count, wanted: Wanted, start: str) -> Column:
    address, within = {"status": str(status)}, replace(wanted, status=status)
    if status in OPEN:
        within = replace(within, due_from=start)
    if count.overdue:
        address["due_from"] = start
    return Column(
        name=word,
        shape=SHAPES[status],
        number=count.total - count.overdue,
        wanted=within,
        address=address,
    )


def _by_organ(counted: Sequence[Count], wanted: Wanted, today: date) -> Iterator[Column]:
    """Those with most first."""
    for place, count in enumerate(sorted(counted, key=lambda count: (-count.total, count.key))):
        organ = count.key[0]
        if organ is None:
            yield Column(name="没有写明单位", number=count.total)
        else:
            within = replace(wanted, organ=organ) if place < MOST else None
            yield Column(name=organ, number=count.total, wanted=within, address={"organ": organ})


def _by_month(counted: Sequence[Count], wanted: Wanted, today: date) -> Iterator[Column]:
    """From this month on; those before and the far ones are only counted."""
    now = today.isoformat()[:7]
    dated = sorted(
        (count for count in counted if count.key[0]), key=lambda count: str(count.key[0])
    )
    near = [count.key[0] for count in dated if str(count.key[0]) >= now][:MOST]
    for count in dated:
        month = str(count.key[0])
        within = replace(wanted, due_month=month) if month in near else None
        yield Column(
            name=f"{month[:4]}年{int(month[5:])}月",
            number=count.total,
            wanted=within,
            address={"due_month": month},
        )
    undated = sum(count.total for count in counted if count.key[0] is None)
    yield Column(name="没有期限", number=undated, wanted=replace(wanted, due_from=UNDATED))


# What can be asked for as ``by`` → what is counted by, its word, the columns it gives.
BOARDS: Mapping[str, tuple[Facet, str, Columns]] = {
    "status": ("status", "状态", _by_status),
    "organ": ("organ", "负责单位", _by_organ),
    "due_month": ("due_month", "到期月", _by_month),
}
