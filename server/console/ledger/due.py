"""期限: what is late, the longest first; what comes due, month by month; what has no day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb.ledger.columns import UNDATED
from kb.ledger.queries import Wanted, counts, organs, page, total
from kb.ledger.types import Entry
from server.console.access.auth import StaffRoute, Visiting, requires, staff_database
from server.console.filters import asked, filter_of, offered
from server.console.layout import show
from server.console.ledger.list import row_words
from server.desk import AtDesk
from server.pages.render import Text

LATE, EACH, UNDATED_EACH = 50, 10, 20  # commitments shown of what is late, of a month, undated
MONTHS = 12
# This page says itself which stage and which days: such parameters mean nothing to it.
_STILL: Mapping[str, Any] = {
    "stage": "open", "status": None, "kept": None, "moved": False, "pending": False,
    "extended": False, "due_from": None, "due_to": None,
    "due_month": None,
}  # fmt: skip
_OURS = ("list", "order", *_STILL)
routes = APIRouter(include_in_schema=False, route_class=StaffRoute)


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What is still to be done by the end of a month; ``key`` is ISO (2026-07)."""

    key: str
    number: int
    wanted: Wanted
    rows: tuple[Entry, ...] = ()

    @property
    def name(self) -> str:
        """2026年7月."""
        return f"{self.key[:4]}年{int(self.key[5:])}月"


@routes.get("/staff/due")
@requires("read")
def due(request: Request, desk: AtDesk, visit: Visiting, after: Text = "") -> Response:
    """The days that commitments are due, as far as the address does not narrow them down."""
    today = desk.today()
    with staff_database(desk) as database:
        known = organs(database)
        chosen = filter_of(request, visit, today=today, organs=known)
        still = replace(chosen.wanted, **_STILL)
        late = replace(still, due_to=(today - timedelta(days=1)).isoformat())
        undated = replace(still, due_from=UNDATED)
        counted = counts(
            database, ["due_month"], today=today, wanted=replace(still, due_from=today.isoformat())
        )
        numbers = {str(count.key[0]): count.total for count in counted if count.key[0]}
        months = [
            replace(month, rows=page(database, month.wanted, limit=EACH).rows)
            for month in _months(numbers, still, today)
        ]
        undated_page = page(database, undated, limit=UNDATED_EACH, after=after or None)
        return show(
            "due.html",
            request=request,
            visit=visit,
            choices=offered(known),
            asked={name: value for name, value in asked(chosen).items() if name not in _OURS},
            late=page(database, late, limit=LATE).rows,
            late_number=total(database, late),
            lapsed=page(database, replace(late, stage="queue"), limit=EACH).rows,
            lapsed_number=total(database, replace(late, stage="queue")),
            days_late=lambda entry: _days_late(entry, today),
            months=months,
            undated=undated_page.rows,
            undated_number=total(database, undated),
            further=sum(numbers.values()) - sum(month.number for month in months),
            until=_first_days(today)[-1].isoformat(),
            following=undated_page.after,
            **row_words(),
        )


def _months(numbers: dict[str, int], still: Wanted, today: date) -> Iterator[Month]:
    """This month, what is left of it, and those that follow."""
    for first in _first_days(today)[:-1]:
        key = first.isoformat()[:7]
        if numbers.get(key):
            wanted = replace(still, due_month=key, due_from=today.isoformat())
            yield Month(key=key, number=numbers[key], wanted=wanted)


def _first_days(today: date) -> Sequence[date]:
    """The first days of this month and of the next ``MONTHS``."""
    months = [today.year * 12 + today.month - 1 + ahead for ahead in range(MONTHS + 1)]
    return [date(month // 12, month % 12 + 1, 1) for month in months]


def _days_late(entry: Entry, today: date) -> int:
    """How many days its last day is over."""
    last = entry.due.last if entry.due else None
    return (today - date.fromisoformat(last)).days if last else 0
